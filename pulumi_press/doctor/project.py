"""The Pulumi project in the working folder, if there is one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from pulumi_press.doctor.finding import Finding, problem, warning
from pulumi_press.doctor.processes import ask

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Project", "check_project", "find_project"]

FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
UV_FOLDER = ".venv"


@dataclass(frozen=True)
class Project:
    """A project's file, and what of it this package depends on."""

    file: Path
    settings: dict[str, Any] | None
    """What the file says; None if it cannot be read."""

    @property
    def folder(self) -> Path:
        """Where the file lies."""
        return self.file.parent

    @property
    def program(self) -> Path:
        """The folder of the program, which `main` names."""
        main = self.folder / str((self.settings or {}).get("main") or ".")
        return main if main.is_dir() else main.parent

    @property
    def virtualenv(self) -> Path | None:
        """The environment that the project names, where the engine looks for it to run a provider; None if none."""
        runtime = (self.settings or {}).get("runtime")
        options = (runtime.get("options") if isinstance(runtime, dict) else None) or {}
        toolchain, named = options.get("toolchain"), options.get("virtualenv")
        if not named and toolchain == "uv":
            named = UV_FOLDER
        if not named and toolchain == "poetry" and shutil.which("poetry"):
            named = ask(["poetry", "env", "info", "--path"], self.folder).said.strip()
        return self.program / str(named) if named else None


def find_project(folder: Path) -> Project | None:
    """Find the project that a folder belongs to, as the engine does: there or further up."""
    for place in (folder, *folder.parents):
        for name in FILES:
            if (place / name).is_file():
                return _read(place / name)
    return None


def _read(file: Path) -> Project:
    try:
        settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        settings = None
    return Project(file, settings if isinstance(settings, dict) else None)


def check_project(project: Project | None) -> Finding:
    """Look at the project's file: can it be read, and does the engine find its environment?"""
    check = "project"
    if project is None:
        return Finding(check, "none in this folder; the settings come from the environment alone")
    if project.settings is None:
        return problem(
            check, f"{project.file} cannot be read as YAML", "correct it: `pulumi about` says where it fails"
        )
    runtime = project.settings.get("runtime")
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        return warning(
            check,
            f"{project.file} has the runtime {name!r}, and this package is for programs in Python",
            "run this command in a Python project, or set `runtime: python`",
        )
    environment = project.virtualenv
    if environment is None or (environment / "bin" / "python").is_file():
        return Finding(check, str(project.file))
    if project.program.resolve() != project.folder.resolve():
        return problem(
            check,
            f"{project.file} has `main` together with a virtual environment: the engine looks for the provider's at "
            f"{environment}, where there is none",
            "leave the options `virtualenv` and `toolchain` out, and put the environment's `bin` first on PATH",
        )
    return problem(
        check,
        f"{project.file} names the virtual environment {environment}, where there is none",
        "make it: `pulumi install`",
    )
