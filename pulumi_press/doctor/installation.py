"""What is installed for this project: the engine, its plugins, the Python of the provider, and the local Press."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import yaml
from semver import Version

from pulumi_press.doctor.checks import Finding, ask, problem, unchecked, warning
from pulumi_press.emulator.local_press import MissingExtraError, require_extra

__all__ = [
    "PACKAGE",
    "Project",
    "Python",
    "ask_python",
    "check_engine",
    "check_language_host",
    "check_local_press",
    "check_package",
    "check_project",
    "check_provider_host",
    "check_sdk",
    "find_engine",
    "find_project",
    "least_sdk",
    "own_version",
    "read_version",
]

PACKAGE = "pulumi-press"
_NUMBERS = re.compile(r"\d+(?:\.\d+){0,2}")


def read_version(text: str) -> Version | None:
    """Read a version such as `v3.259.0` or `3.9`; None if the text holds none."""
    found = _NUMBERS.search(text)
    if found is None:
        return None
    return Version.parse(found.group(), optional_minor_and_patch=True)


def own_version() -> str:
    """Return the version of this package; empty if it is not installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return ""


def least_sdk() -> Version | None:
    """Return the least version of Pulumi's SDK that this package asks for."""
    try:
        wanted = requires(PACKAGE) or []
    except PackageNotFoundError:
        return None
    return next((read_version(line) for line in wanted if re.match(r"pulumi\s*>=", line)), None)


LEAST_ENGINE = Version(3, 254)
"""The first that imports from a file with inputs and outputs."""
INSTALL = "install Pulumi: https://www.pulumi.com/docs/install/"
LANGUAGE_HOST = "pulumi-language-python"
PROVIDER_HOST = "pulumi-resource-pulumi-python"


def find_engine() -> str | None:
    """Find `pulumi` on PATH."""
    return shutil.which("pulumi")


def check_engine(engine: str | None) -> Finding:
    """Look for the engine, and at its version."""
    check = "engine"
    if engine is None:
        return problem(check, "`pulumi` is not on PATH", INSTALL)
    told = ask([engine, "version"])
    if told.failure:
        return problem(check, f"`{engine} version` fails: {told.failure}", INSTALL)
    version = read_version(told.said)
    if version is None:
        return warning(check, f"{engine} does not tell its version", f"use a release of Pulumi from {LEAST_ENGINE} on")
    if version < LEAST_ENGINE:
        return warning(
            check,
            f"pulumi {version} at {engine} is older than {LEAST_ENGINE}",
            "update Pulumi: this one cannot take over live blocks with `pulumi import --file`",
        )
    return Finding(check, f"pulumi {version} at {engine}")


def check_language_host(engine: str | None) -> Finding:
    """Look for what runs Python programs."""
    return _check_host("language host", LANGUAGE_HOST, "the engine cannot run Python programs without it", engine)


def check_provider_host(engine: str | None) -> Finding:
    """Look for what runs providers written in Python."""
    return _check_host("provider host", PROVIDER_HOST, "the engine cannot run this package without it", engine)


def _check_host(check: str, name: str, loss: str, engine: str | None) -> Finding:
    # The engine looks on PATH, and beside itself.
    beside = str(Path(engine).resolve().parent) if engine else None
    found = shutil.which(name) or shutil.which(name, path=beside)
    if found:
        return Finding(check, f"{name} at {found}")
    return problem(check, f"{name} is neither on PATH nor beside `pulumi`: {loss}", INSTALL)


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


QUESTION = """\
import json, sys
from importlib.metadata import PackageNotFoundError, version
def find(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
print(json.dumps([sys.executable, find("pulumi-press"), find("pulumi")]))
"""


@dataclass(frozen=True)
class Python:
    """A Python, and the versions that are installed for it; empty where there is none."""

    path: str
    package: str = ""
    sdk: str = ""
    failure: str = ""
    """Why it could not be asked; empty if it was."""


def ask_python(project: Project | None) -> Python:
    """Ask the Python that runs the provider: that of the project's environment, else the first `python3` on PATH."""
    environment = project.virtualenv if project else None
    path = str(environment / "bin" / "python") if environment else os.environ.get("PULUMI_PYTHON_CMD") or "python3"
    answer = ask([path, "-c", QUESTION], project.program if project else None)
    with suppress(ValueError):
        found, package, sdk = json.loads(answer.said)
        return Python(str(found), str(package), str(sdk))
    return Python(path, failure=answer.failure or "it does not answer as Python does")


def check_package(python: Python) -> Finding:
    """Look whether the provider's Python has this package, in this version."""
    check, own = "python", own_version()
    if python.failure:
        return problem(
            check,
            f"{python.path}, which the engine runs the provider with, cannot be run: {python.failure}",
            "put the `bin` of an environment with this package first on PATH",
        )
    if not python.package:
        return problem(
            check,
            f"{python.path}, which the engine runs the provider with, does not have {PACKAGE}",
            f"run `{python.path} -m pip install {PACKAGE}`, or put the `bin` of {sys.prefix} first on PATH",
        )
    if python.package != own:
        return warning(
            check,
            f"{python.path}, which the engine runs the provider with, has {PACKAGE} {python.package}, and this is "
            f"{own or 'not installed'}",
            "use one environment for both: put its `bin` first on PATH",
        )
    return Finding(check, f"{PACKAGE} {own} at {python.path}")


def check_sdk(python: Python) -> Finding:
    """Look at the version of Pulumi's SDK that the provider uses."""
    check, least = "sdk", least_sdk()
    if python.failure:
        return unchecked(check, "the provider's Python cannot be run")
    wanted = f"pulumi>={least}" if least else "pulumi"
    install = f"run `{python.path} -m pip install '{wanted}'`"
    if not python.sdk:
        return problem(check, f"{python.path} does not have the package pulumi", install)
    version = read_version(python.sdk)
    if version is None or (least is not None and version < least):
        return problem(check, f"pulumi {python.sdk} is older than {least}", install)
    return Finding(check, f"pulumi {python.sdk}")


def check_local_press() -> Finding:
    """Look whether a local Press could be started."""
    check = "local Press"
    try:
        require_extra()
    except MissingExtraError as error:
        return Finding(check, "not installed, and nothing but `pulumi-press emulator` needs it", advice=str(error))
    return Finding(check, "installed: `pulumi-press emulator` starts it")
