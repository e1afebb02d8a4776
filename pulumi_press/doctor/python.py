"""The Python that the engine runs the provider with, and what is installed there."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi_press.doctor.finding import Finding, problem, unchecked, warning
from pulumi_press.doctor.processes import ask
from pulumi_press.doctor.versions import PACKAGE, least_sdk, own_version, read_version
from pulumi_press.emulator.extra import MissingExtraError, require_extra

if TYPE_CHECKING:
    from pulumi_press.doctor.project import Project

__all__ = ["Python", "ask_python", "check_local_press", "check_package", "check_sdk"]

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
