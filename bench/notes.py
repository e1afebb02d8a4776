"""What was measured so far, kept on disk at once, so that a run that is ended can be taken up."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Notes", "digest_code"]


class Notes:
    """Measurements by name, in a JSON file.

    Args:
        path: the file.
        code: digest of what is measured; notes of other code are forgotten.
    """

    def __init__(self, path: Path, code: str) -> None:
        self._path = path
        self._asked: set[str] = set()
        try:
            written = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            written = {}
        self._written: dict[str, Any] = written if written.get("code") == code else {"code": code, "measured": {}}

    def once(self, name: str, measure: Callable[[], Any]) -> Any:
        """Give what was measured under this name, in an earlier run or now."""
        measured = self._written["measured"]
        self._asked.add(name)
        if name not in measured:
            measured[name] = measure()
            self._write()
        return measured[name]

    def forget(self) -> None:
        """Forget everything."""
        self._written["measured"] = {}
        self._path.unlink(missing_ok=True)

    def finish(self) -> None:
        """Forget what this run asked for: the next one measures it anew."""
        kept = {name: found for name, found in self._written["measured"].items() if name not in self._asked}
        self._written["measured"] = kept
        if kept:
            self._write()
        else:
            self.forget()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(self._written, indent=1), encoding="utf-8")
        beside.replace(self._path)


def digest_code(*paths: Path) -> str:
    """Give one digest of Python files, and of those in folders."""
    digest = hashlib.sha256()
    for path in sorted(file for place in paths for file in ([place] if place.is_file() else place.rglob("*.py"))):
        content = path.read_bytes()
        digest.update(f"{path} {len(content)}\n".encode() + content)
    return digest.hexdigest()
