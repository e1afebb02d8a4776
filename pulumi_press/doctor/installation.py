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

from pulumi_press.doctor.checks import Finding, problem, run_program, unchecked, warning
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
    "find_python",
    "least_sdk",
    "own_version",
    "read_version",
]

PACKAGE = "pulumi-press"
_NUMBERS = re.compile(r"\d+(?:\.\d+){0,2}")


def read_version(text: str) -> Version | None:
    """Return a version such as `v3.259.0` or `3.9`; None if the text holds none."""
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
"""The first version that imports from a file with inputs and outputs."""
INSTALL = "install Pulumi: https://www.pulumi.com/docs/install/"
LANGUAGE_HOST = "pulumi-language-python"
PROVIDER_HOST = "pulumi-resource-pulumi-python"


def find_engine() -> str | None:
    """Find `pulumi` on PATH."""
    return shutil.which("pulumi")


def check_engine(engine: str | None) -> Finding:
    """Check the engine and its version."""
    check = "engine"
    if engine is None:
        return problem(check, "`pulumi` is not on PATH", INSTALL)
    output = run_program([engine, "version"])
    if output.failure:
        return problem(check, f"`{engine} version` fails: {output.failure}", INSTALL)
    version = read_version(output.text)
    if version is None:
        return warning(check, f"{engine} does not report its version", f"use Pulumi {LEAST_ENGINE} or later")
    if version < LEAST_ENGINE:
        return warning(
            check,
            f"pulumi {version} at {engine} is older than {LEAST_ENGINE}",
            "update Pulumi: this version cannot import live blocks with `pulumi import --file`",
        )
    return Finding(check, f"pulumi {version} at {engine}")


def check_language_host(engine: str | None, project: Project | None) -> Finding:
    """Check for the plugin that runs programs in the project's language."""
    check = "language host"
    if project is None or project.is_python:
        return _check_host(check, LANGUAGE_HOST, "the engine needs it to run Python programs", engine)
    found = _check_host(check, f"pulumi-language-{project.runtime}", "the engine needs it to run this project", engine)
    # The engine installs those of other languages itself, elsewhere.
    return found if found.level == "ok" else found._replace(level="warning")


def check_provider_host(engine: str | None, project: Project | None) -> Finding:
    """Check for the plugin that runs dynamic providers written in Python."""
    check = "provider host"
    if project is not None and not project.is_python:
        return Finding(check, "not needed: the native plugin serves this project")
    return _check_host(check, PROVIDER_HOST, "the engine needs it to run this package", engine)


def _check_host(check: str, name: str, loss: str, engine: str | None) -> Finding:
    # The engine searches PATH, and its own folder.
    own_folder = str(Path(engine).resolve().parent) if engine else None
    found = shutil.which(name) or shutil.which(name, path=own_folder)
    if found:
        return Finding(check, f"{name} at {found}")
    return problem(check, f"{name} is neither on PATH nor in the folder of `pulumi`: {loss}", INSTALL)


FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
UV_FOLDER = ".venv"


@dataclass(frozen=True)
class Project:
    """A project's file, and the parts of it that matter to this package."""

    file: Path
    settings: dict[str, Any] | None
    """Content of the file; None if it cannot be read."""

    @property
    def folder(self) -> Path:
        """Folder of the file."""
        return self.file.parent

    @property
    def program(self) -> Path:
        """The folder of the program, which `main` names."""
        main = self.folder / str((self.settings or {}).get("main") or ".")
        return main if main.is_dir() else main.parent

    @property
    def runtime(self) -> str:
        """The language of the program, such as `python`; empty if the file names none."""
        runtime = (self.settings or {}).get("runtime")
        return str((runtime.get("name") if isinstance(runtime, dict) else runtime) or "")

    @property
    def is_python(self) -> bool:
        """Whether the program is in Python, as far as the file can be read."""
        return self.runtime in ("", "python")

    @property
    def virtualenv(self) -> Path | None:
        """The virtual environment that the project names, where the engine expects it for a provider; None if none."""
        runtime = (self.settings or {}).get("runtime")
        options = (runtime.get("options") if isinstance(runtime, dict) else None) or {}
        toolchain, named = options.get("toolchain"), options.get("virtualenv")
        if not named and toolchain == "uv":
            named = UV_FOLDER
        if not named and toolchain == "poetry" and shutil.which("poetry"):
            named = run_program(["poetry", "env", "info", "--path"], self.folder).text.strip()
        return self.program / str(named) if named else None


def find_project(folder: Path) -> Project | None:
    """Return the project that a folder belongs to, found as the engine does: in it or above it."""
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
    """Check that the project's file can be read, and that the engine finds its virtual environment."""
    check = "project"
    if project is None:
        return Finding(check, "none in this folder or above it; the settings come from the environment only")
    if project.settings is None:
        return problem(
            check, f"{project.file} cannot be read as YAML", "correct it: `pulumi about` shows where it fails"
        )
    if not project.runtime:
        return problem(check, f"{project.file} has no runtime", "set one, such as `runtime: python`")
    return _check_environment(project)


def _check_environment(project: Project) -> Finding:
    check = "project"
    if not project.is_python:
        return Finding(check, f"{project.file}, with the runtime {project.runtime!r}: the native plugin serves it")
    environment = project.virtualenv
    if environment is None or (environment / "bin" / "python").is_file():
        return Finding(check, str(project.file))
    if project.program.resolve() != project.folder.resolve():
        return problem(
            check,
            f"{project.file} has `main` and a virtual environment: the engine expects the provider's at "
            f"{environment}, which does not exist",
            "remove the options `virtualenv` and `toolchain`, and put the environment's `bin` first on PATH",
        )
    return problem(
        check,
        f"{project.file} names the virtual environment {environment}, which does not exist",
        "create it: `pulumi install`",
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
    """A Python, and the versions of packages that it has; empty if it lacks them."""

    path: str
    package: str = ""
    sdk: str = ""
    failure: str = ""
    """Why it could not be run; empty if it was."""


def find_python(project: Project | None, interpreter: str | None = None) -> Python:
    """Return the Python that runs the provider: that of the project's environment, else the first `python3` on PATH.

    Args:
        project: the project.
        interpreter: what the native plugin starts, for a project in another language.
    """
    if project is not None and not project.is_python:
        return ask_python(interpreter or sys.executable)
    environment = project.virtualenv if project else None
    path = str(environment / "bin" / "python") if environment else os.environ.get("PULUMI_PYTHON_CMD") or "python3"
    return ask_python(path, project.program if project else None)


def ask_python(path: str, folder: Path | None = None) -> Python:
    """Return a Python, with what it says of itself."""
    output = run_program([path, "-c", QUESTION], folder)
    with suppress(ValueError):
        found, package, sdk = json.loads(output.text)
        return Python(str(found), str(package), str(sdk))
    return Python(path, failure=output.failure or "it does not answer as Python does")


def check_package(python: Python) -> Finding:
    """Check that the provider's Python has this package, in this version."""
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
    """Check the version of Pulumi's SDK that the provider uses."""
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
    """Check that a local Press can be started."""
    check = "local Press"
    try:
        require_extra()
    except MissingExtraError as error:
        return Finding(check, "not installed; only `pulumi-press emulator` needs it", advice=str(error))
    return Finding(check, "installed: `pulumi-press emulator` starts it")
