"""Which backend keeps the state: no call of the engine says, so it is found as the engine finds it."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path

__all__ = ["find_backend"]

_PROJECT_BACKEND = re.compile(r"^backend:[^\n]*\n(?:[ \t]+[^\n]*\n)*?[ \t]+url:[ \t]*(\S+)", re.MULTILINE)


def find_backend() -> str:
    """Give the backend's URL: of the environment, of the project, or the one logged in to; empty for the default.

    A folder that is named from the working directory is made absolute.
    """
    url = os.environ.get("PULUMI_BACKEND_URL") or _read_project() or _read_login()
    scheme, separator, path = url.partition("://")
    if separator and scheme == "file" and not path.startswith(("/", "~")):
        return f"file://{os.path.normpath(Path.cwd() / path)}"
    return url


def _read_project() -> str:
    here = Path.cwd()
    for folder in (here, *here.parents):
        for name in ("Pulumi.yaml", "Pulumi.yml"):
            with suppress(OSError, ValueError):
                found = _PROJECT_BACKEND.search((folder / name).read_text(encoding="utf-8") + "\n")
                return found[1].strip("\"'") if found else ""
    return ""


def _read_login() -> str:
    with suppress(OSError, ValueError, RuntimeError):
        home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
        current = json.loads((home / "credentials.json").read_text(encoding="utf-8")).get("current")
        return current if isinstance(current, str) else ""
    return ""
