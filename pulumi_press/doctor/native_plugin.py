"""Where the engine finds the native plugin, and what it starts there."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

from pulumi_press.doctor.checks import Finding, problem, warning
from pulumi_press.doctor.installation import PACKAGE as DISTRIBUTION
from pulumi_press.doctor.installation import ask_python, own_version
from pulumi_press.plugin.discovery import NAME, Installation, find_script, list_installed
from pulumi_press.plugin.package import VERSION
from pulumi_press.plugin.tokens import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pulumi_press.doctor.installation import Project, Python

__all__ = ["check_native_plugin", "find_interpreter"]

CHECK = "native plugin"
INSTALL = "run `pulumi-press plugin install`"
NEEDED = (
    "needed only for programs with `pulumi_press.native`, which install it themselves, and before their first run for "
    "`refresh` and `destroy`"
)


def check_native_plugin(project: Project | None, python: Python) -> Finding:
    """Check that the engine finds the native plugin and can start it.

    Args:
        project: the project that the working folder belongs to.
        python: the Python that runs the provider.
    """
    if (named := _find_named(project)) is not None:
        return _check_named(named)
    if found := shutil.which(NAME):
        return warning(
            CHECK,
            f"{found} is on PATH: the engine warns of it at each operation, and takes it before an installed one",
            f"take it off PATH, and {INSTALL}",
        )
    try:
        installed = Installation()
    except RuntimeError:
        return warning(CHECK, "there is no home folder, in which the engine looks for plugins", "set PULUMI_HOME")
    if not installed.is_there:
        return _describe_absent(project)
    return _check_installed(installed, python)


def find_interpreter(project: Project | None) -> str | None:
    """Return the interpreter of the plugin that serves a project in another language; None for other projects."""
    if project is None or project.is_python:
        return None
    try:
        return Installation(_find_named(project)).interpreter or None
    except RuntimeError:
        return None


def _find_named(project: Project | None) -> Path | None:
    """Return the path of the plugin that `Pulumi.yaml` names; None if it names none."""
    plugins: Any = ((project and project.settings) or {}).get("plugins")
    providers = plugins.get("providers") if isinstance(plugins, dict) else None
    for item in providers if isinstance(providers, list) else ():
        if project and _names_plugin(item):
            return project.folder / str(item["path"]) / NAME
    return None


def _names_plugin(item: Mapping[str, Any] | Any) -> bool:
    return isinstance(item, dict) and item.get("name") == PACKAGE and bool(item.get("path"))


def _check_named(path: Path) -> Finding:
    if os.access(path, os.X_OK) and path.is_file():
        return Finding(CHECK, f"{path}, which Pulumi.yaml names")
    state = "is not executable" if path.is_file() else "does not exist"
    return problem(
        CHECK,
        f"{path}, which Pulumi.yaml names under `plugins`, {state}",
        f"correct the path, or remove the entry and {INSTALL}",
    )


def _describe_absent(project: Project | None) -> Finding:
    path = find_script()
    others = ", ".join(
        item.path.parent.name.removeprefix("resource-press-v") for item in list_installed() if item.path != path
    )
    found = f"version {VERSION} is not installed" + (f", only {others}" if others else "")
    if not _is_writable(path):
        return warning(
            CHECK,
            f"{found}, and {path.parents[1]} cannot be written",
            "set PULUMI_HOME to a folder that can be, or name the plugin in Pulumi.yaml",
        )
    if project is not None and not project.is_python:
        return problem(CHECK, f"{found}: the engine needs it for this project", INSTALL)
    return Finding(CHECK, f"{found}: {NEEDED}", advice=f"for that, {INSTALL}")


def _is_writable(path: Path) -> bool:
    """Return whether a path can be made: whether its nearest folder that exists can be written."""
    nearest = next(parent for parent in path.parents if parent.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def _check_installed(installed: Installation, python: Python) -> Finding:
    path, interpreter = installed.path, installed.interpreter
    if installed.is_foreign:
        return problem(CHECK, f"{path} is no script of pulumi-press", f"move it away, and {INSTALL}")
    if installed.is_current:
        return Finding(CHECK, f"{path}, which starts this installation")
    if not installed.is_executable or not interpreter:
        return problem(CHECK, f"{path} cannot be started by the engine", INSTALL)
    asked = python if interpreter == python.path else ask_python(interpreter)
    if failure := _find_failure(interpreter, asked):
        return problem(CHECK, f"{path} starts {interpreter}, which {failure}", INSTALL)
    if asked is python:
        return Finding(CHECK, f"{path}, which starts {interpreter}")
    return warning(
        CHECK,
        f"{path} starts {interpreter}, and this is {sys.executable}: the last program that ran decides",
        f"if that is not meant, {INSTALL}",
    )


def _find_failure(interpreter: str, asked: Python) -> str:
    """Return why an interpreter cannot serve this version; empty if it can."""
    if not os.access(interpreter, os.X_OK):
        return "does not exist"
    if asked.failure:
        return f"cannot be run: {asked.failure}"
    if not asked.package:
        return f"does not have {DISTRIBUTION}"
    return "" if asked.package == own_version() else f"has {DISTRIBUTION} {asked.package}, not {own_version()}"
