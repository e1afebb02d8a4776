"""Where the engine finds the native plugin: a script in its own folder of plugins.

The engine looks on PATH first, and warns of each plugin that it finds there; then in this folder, into which its own
installer puts plugins too. So a plain `pip install` of this package puts nothing on PATH.
"""

from __future__ import annotations

import errno
import math
import os
import shlex
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from pulumi_press.plugin.home import find_home
from pulumi_press.plugin.package import SCHEMA, VERSION

__all__ = ["NAME", "Installation", "find_folder", "find_script", "install", "list_installed", "remove"]

NAME = "pulumi-resource-press"
"""What the engine calls the plugin's executable."""

_EXECUTABLE = 0o755

_LONGEST_INTERPRETER = 120
"""Characters of an interpreter's path that every system accepts after `#!`."""

_SHELL = "#!/bin/sh"
_EXEC = "'''exec' "
"""How the second line begins where the shell starts the interpreter: for Python, it is in a text."""


def find_folder() -> Path:
    """Return the engine's folder of plugins.

    Raises:
        RuntimeError: there is no home folder.
    """
    return find_home() / "plugins"


def find_script(version: str = VERSION) -> Path:
    """Return the path of the plugin's script, whether it is there or not."""
    return find_folder() / f"resource-press-v{version}" / NAME


def script_text() -> str:
    """Return the script: it starts this very installation, with this interpreter."""
    start = f"#!{sys.executable}"
    if len(start) > _LONGEST_INTERPRETER or any(map(str.isspace, sys.executable)):
        start = f"{_SHELL}\n{_EXEC}{shlex.quote(sys.executable)} \"$0\" \"$@\"\n' '''"
    return f"{start}\nfrom pulumi_press.plugin.process import main\n\nmain()\n"


class Installation:
    """What is at the plugin's place in the engine's folder."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = find_script() if path is None else path
        self.text = ""
        self.is_there = True
        """Whether there is a plugin; found out together with its text, since another run may install one meanwhile."""
        try:
            self.text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self.is_there = False
        except (OSError, ValueError):
            self.is_there = self.path.exists()

    @property
    def interpreter(self) -> str:
        """The interpreter that it starts; empty where it is no script of this package."""
        first, second = [*self.text.splitlines(), "", ""][:2]
        if "pulumi_press" not in self.text or not first.startswith("#!"):
            return ""
        if first != _SHELL:
            return first.removeprefix("#!")
        with suppress(ValueError, IndexError):
            return shlex.split(second)[1] if second.startswith(_EXEC) else ""
        return ""

    @property
    def is_executable(self) -> bool:
        """Whether the engine can start it."""
        return os.access(self.path, os.X_OK)

    @property
    def is_current(self) -> bool:
        """Whether it starts this installation."""
        return self.text == script_text() and self.is_executable

    @property
    def is_foreign(self) -> bool:
        """Whether something else than a script of this package is there, that must not be lost."""
        return self.is_there and not self.interpreter and (self.path.is_dir() or self.path.stat().st_size > 0)


def install() -> Path:
    """Put the plugin into the engine's folder, whole or not at all; return its path.

    Raises:
        OSError: the folder cannot be written, or something else is there.
    """
    found = Installation()
    if found.is_current:
        _forget_schemas(SCHEMA.stat().st_mtime)
        return found.path
    if found.is_foreign:
        raise FileExistsError(errno.EEXIST, "is no script of pulumi-press; move it away", str(found.path))
    _forget_schemas(math.inf)
    folder = found.path.parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, path = tempfile.mkstemp(dir=folder, prefix=".")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(script_text())
        Path(path).chmod(_EXECUTABLE)
        Path(path).replace(found.path)
    except BaseException:
        with suppress(OSError):
            Path(path).unlink()
        raise
    return found.path


def _forget_schemas(before: float) -> None:
    """Remove the schemas that the engine took from this plugin before a time: it asks once for each version."""
    for path in find_folder().glob("schema-press-*.json"):
        with suppress(OSError):
            if path.stat().st_mtime < before:
                path.unlink()


def list_installed() -> list[Installation]:
    """Return every version of the plugin in the engine's folder, but nobody else's plugin of that name."""
    found = (Installation(folder / NAME) for folder in sorted(find_folder().glob("resource-press-v*")))
    return [installation for installation in found if installation.interpreter]


def remove() -> list[Path]:
    """Remove every version of the plugin from the engine's folder; return the folders that are gone.

    Raises:
        OSError: one cannot be removed.
    """
    gone = []
    _forget_schemas(math.inf)
    for installation in list_installed():
        folder = installation.path.parent
        if folder.is_symlink():
            folder.unlink()
        else:
            shutil.rmtree(folder)
        gone.append(folder)
        with suppress(OSError):
            folder.with_name(folder.name + ".lock").unlink()
    return gone
