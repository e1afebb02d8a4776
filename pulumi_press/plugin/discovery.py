"""Where the engine finds the native plugin: a script in its own folder of plugins.

The engine looks on PATH first, and warns of each plugin that it finds there; then in this folder, into which its own
installer puts plugins too. So a plain `pip install` of this package puts nothing on PATH.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from pulumi_press.plugin.package import SCHEMA, VERSION

__all__ = ["NAME", "Installation", "find_folder", "find_script", "install", "remove"]

NAME = "pulumi-resource-press"
"""What the engine calls the plugin's executable."""

_EXECUTABLE = 0o755


def find_folder() -> Path:
    """Return the engine's folder of plugins.

    Raises:
        RuntimeError: there is no home folder.
    """
    home = os.environ.get("PULUMI_HOME")
    return (Path(home) if home else Path.home() / ".pulumi") / "plugins"


def find_script(version: str = VERSION) -> Path:
    """Return the path of the plugin's script, whether it is there or not."""
    return find_folder() / f"resource-press-v{version}" / NAME


def script_text() -> str:
    """Return the script: it starts this very installation, with this interpreter."""
    return f"#!{sys.executable}\nfrom pulumi_press.plugin.process import main\n\nmain()\n"


class Installation:
    """What is at the plugin's place in the engine's folder."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = find_script() if path is None else path
        self.text = ""
        with suppress(OSError, ValueError):
            self.text = self.path.read_text(encoding="utf-8")

    @property
    def is_there(self) -> bool:
        """Whether there is a plugin."""
        return self.path.exists()

    @property
    def interpreter(self) -> str:
        """The interpreter that it starts; empty where it is no script of this package."""
        first = self.text.partition("\n")[0]
        return first.removeprefix("#!") if first.startswith("#!") and "pulumi_press" in self.text else ""

    @property
    def is_current(self) -> bool:
        """Whether it starts this installation."""
        return self.text == script_text()


def install() -> Path:
    """Put the plugin into the engine's folder, whole or not at all; return its path.

    Raises:
        OSError: the folder cannot be written.
    """
    found = Installation()
    _forget_schemas(SCHEMA.stat().st_mtime if found.is_current else math.inf)
    if found.is_current:
        return found.path
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


def remove() -> list[Path]:
    """Remove every version of the plugin from the engine's folder; return the folders that are gone.

    Raises:
        OSError: one cannot be removed.
    """
    gone = []
    _forget_schemas(math.inf)
    for folder in sorted(find_folder().glob("resource-press-v*")):
        if folder.is_dir() and Installation(folder / NAME).interpreter:
            shutil.rmtree(folder)
            gone.append(folder)
            with suppress(OSError):
                folder.with_name(folder.name + ".lock").unlink()
    return gone
