"""The workspace of a program: its project, its main program, the settings of its stack, and the steps of an import."""

from __future__ import annotations

import os
import re
import shlex
import sys
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pulumi_press.doctor.checks import run_program
from pulumi_press.doctor.configuration import Configuration, read_configuration
from pulumi_press.doctor.installation import Project, find_engine, find_project
from pulumi_press.importing.output_files import CommandError
from pulumi_press.output import STDOUT
from pulumi_press.provider.settings import read_settings
from pulumi_press.settings import ADDRESS, TOKEN, Settings, find_wrong_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = [
    "Place",
    "StackSettings",
    "Written",
    "find_place",
    "find_working_folder",
    "list_steps",
    "read_stack_settings",
]

MAIN = "__main__.py"
NEW_STACK = "dev"
SHADOWED = {"pulumi", "pulumi_press", *sys.stdlib_module_names}
"""Modules that a program of the same name would hide."""


@dataclass(frozen=True)
class Place:
    """The place of a program in its project."""

    project: Project | None
    folder: Path
    """Folder for `pulumi` commands: the project's, or the one where the project will be created."""
    main: Path
    """The main program, which the engine runs."""
    module: str
    """The module that the main program must import; empty if the program is the main one or is printed."""

    @property
    def is_imported(self) -> bool:
        """Whether the main program already imports the module."""
        try:
            text = self.main.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return False
        return any(line.split()[:2] == ["import", self.module] for line in text.splitlines())


def find_place(program: Path) -> Place:
    """Return the place of a program in the project that it belongs to.

    Raises:
        CommandError: the project's main program cannot import it.
    """
    start = _find_folder(program)
    project = find_project(start)
    folder = project.folder if project else start
    main = _find_main(project, folder)
    if program == STDOUT or start / program.name == main:
        return Place(project, folder, main, "")
    return Place(project, folder, main, _name_module(program, start / program.name, main.parent))


def find_working_folder(program: Path) -> Path:
    """Return the folder for relative paths in a program: that of its project's main program."""
    start = _find_folder(program)
    project = find_project(start)
    return _find_main(project, project.folder if project else start).parent


def _find_folder(program: Path) -> Path:
    return Path.cwd() if program == STDOUT else Path(os.path.abspath(program)).parent  # noqa: PTH100  # Keeps links.


def _find_main(project: Project | None, folder: Path) -> Path:
    main = Path(os.path.abspath(folder / str(((project and project.settings) or {}).get("main") or ".")))  # noqa: PTH100
    return main if main.suffix == ".py" else main / MAIN


def _name_module(program: Path, path: Path, root: Path) -> str:
    if not path.is_relative_to(root) or path.suffix != ".py":
        raise CommandError(f"{program} cannot be imported by the main program: choose a .py file in {root}")
    parts = path.relative_to(root).with_suffix("").parts
    if not all(part.isidentifier() and not iskeyword(part) for part in parts):
        raise CommandError(
            f"{program} cannot be imported by {MAIN}: choose a name that Python can import, such as blocks.py"
        )
    if parts[0] in SHADOWED:
        raise CommandError(f"{program} would hide the module {parts[0]} from the program: choose another name")
    return ".".join(parts)


@dataclass(frozen=True)
class StackSettings:
    """The settings of a stack, and how they were found."""

    settings: Settings
    has_stack: bool
    """Whether the stack to import into exists; True if that is unknown."""
    unread: str
    """Why the stack's configuration could not be read; empty if it was read, or there is no project."""
    repairs: tuple[tuple[str, ...], ...]
    """Commands that give the stack the settings that only this command was given."""


def read_stack_settings(place: Place, stack: str | None, given: Mapping[str, str | None]) -> StackSettings:
    """Return the settings as the provider would read them: the stack's configuration first, then the environment.

    Args:
        place: the program's place.
        stack: the stack; None: the selected one.
        given: settings that override both, by key.

    Raises:
        CommandError: the token is in the configuration but cannot be read, or a key is not a setting.
        SettingsError: a setting is missing or invalid.
    """
    engine = find_engine()
    configuration = read_configuration(engine, place.project, stack)
    wrong = list(find_wrong_keys([*configuration.values, *configuration.hidden], configuration.project))
    if wrong:
        raise CommandError("; ".join(wrong))
    if TOKEN.key in configuration.hidden:
        raise CommandError(
            f"{TOKEN.key} is set in the stack's configuration but cannot be read: {configuration.failure}; set "
            "PULUMI_CONFIG_PASSPHRASE, or log in"
        )
    values, environment = dict(configuration.values), dict(os.environ)
    if any(given.values()):
        # Options of the command override what was set earlier.
        for setting in ADDRESS:
            values.pop(setting.key, None)
            for name in setting.variables:
                environment.pop(name, None)
        values.update({key: value for key, value in given.items() if value})
    settings = read_settings(values.get, environment)
    has_stack = _has_stack(engine, place, stack, configuration)
    repairs = tuple(_list_repairs(given, configuration.values)) if any(given.values()) else ()
    return StackSettings(settings, has_stack, configuration.failure, repairs)


def _list_repairs(given: Mapping[str, str | None], values: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for setting in ADDRESS:
        value, known = given.get(setting.key), values.get(setting.key)
        if value:
            if known != value and (known or not any(os.environ.get(name) == value for name in setting.variables)):
                yield ("pulumi", "config", "set", setting.key, value)
            return  # It overrides the settings after it.
        if known:
            yield ("pulumi", "config", "rm", setting.key)
        for name in setting.variables:
            if os.environ.get(name):
                yield ("unset", name)


def _has_stack(engine: str | None, place: Place, stack: str | None, configuration: Configuration) -> bool:
    if engine is None or place.project is None:
        return place.project is not None
    if not configuration.failure:
        return True
    command = [engine, "stack", "--show-name", "--non-interactive", *(["--stack", stack] if stack else [])]
    return not run_program(command, place.folder).failure


class Written(NamedTuple):
    """The files that the command wrote."""

    import_file: Path
    program: Path
    secrets: Sequence[str]
    """Configuration keys of the program's secrets."""


def list_steps(written: Written, place: Place, stack: str | None, settings: StackSettings) -> Iterator[str]:
    """Yield the steps from the written files to an empty preview: shell commands, and comments for manual steps.

    Args:
        written: the files that the command wrote.
        place: the program's place.
        stack: the stack that the command was given.
        settings: the stack's settings.
    """
    named = ("--stack", stack) if stack else ()
    if place.folder != Path.cwd():
        yield _quote("cd", str(place.folder))
    if place.project is None:
        name = re.sub(r"[^A-Za-z0-9_.-]", "-", place.folder.name) or "blocks"
        yield f"printf 'name: {name}\\nruntime: python\\n' > Pulumi.yaml"
    if not settings.has_stack:
        yield _quote("pulumi", "stack", "init", stack or NEW_STACK)
    for command in settings.repairs:
        yield _quote(*command, *(named if command[0] == "pulumi" else ()))
    # Through a link to the folder, a relative path would lead elsewhere.
    file = os.path.abspath(written.import_file) if place.folder != Path.cwd() else str(written.import_file)  # noqa: PTH100
    for key in written.secrets:
        value = _quote("pulumi-press", "import", "--secret", key, "--out-file", file)
        yield f"{value} | {_quote('pulumi', 'config', 'set', '--secret', key, *named)}"
    yield _quote("pulumi", "import", "--file", file, "--generate-code=false", "--yes", *named)
    main = os.path.relpath(place.main, place.folder)
    if written.program == STDOUT:
        yield f"# save the printed program as {shlex.quote(main)}"
    elif place.module and not place.is_imported:
        yield f"printf '{_start_of_line(place.main)}import {place.module}\\n' >> {shlex.quote(main)}"
    yield _quote("pulumi", "preview", *named)


def _start_of_line(path: Path) -> str:
    """Return the line break that a file needs before another line is appended, or an empty text."""
    try:
        content = path.read_bytes()
    except OSError:
        return ""
    return "\\n" if content and not content.endswith(b"\n") else ""


def _quote(*words: str) -> str:
    return shlex.join(words)
