"""What a long run found so far, kept on disk at once, so that a run that is ended goes on where it was."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Kept"]

T = TypeVar("T")


class Kept:
    """Outcomes by name, in a file that only grows until the run is finished.

    Args:
        path: the file; None keeps nothing.
        code: digest of what is tried; outcomes of other code are forgotten.
    """

    def __init__(self, path: Path | None = None, code: str = "") -> None:
        self._path = path
        self._code = code
        self._found: dict[str, object] = {}
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._read(path)

    def __len__(self) -> int:
        """How many outcomes an earlier run left."""
        return len(self._found)

    def __contains__(self, name: str) -> bool:
        """Whether there is an outcome of this name."""
        return name in self._found

    def __getitem__(self, name: str) -> object:
        """Give the outcome of this name."""
        return self._found[name]

    def add(self, name: str, outcome: object) -> None:
        """Keep an outcome."""
        self._found[name] = outcome
        if self._path is not None:
            with self._path.open("ab") as file:
                pickle.dump((self._code, name, outcome), file)

    def once(self, name: str, work: Callable[[], T]) -> T:
        """Give the outcome of this name, of an earlier run or of this one."""
        if name not in self._found:
            self.add(name, work())
        return self._found[name]  # type: ignore[return-value]  # It was kept under this name.

    def finish(self) -> None:
        """Forget everything: the next run tries it anew."""
        self._found.clear()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _read(self, path: Path) -> None:
        """Read what is whole, of this code; cut off what a run that was killed wrote in part."""
        try:
            file = path.open("r+b")
        except FileNotFoundError:
            return
        with file:
            while True:
                whole = file.tell()
                try:
                    code, name, outcome = pickle.load(file)  # noqa: S301  # This file is our own.
                except Exception:  # noqa: BLE001  # Damaged bytes raise whatever they happen to mean.
                    break
                if code == self._code:
                    self._found[name] = outcome
            file.truncate(whole if self._found else 0)
