"""New files in a folder: all of them or none, and none in the place of another."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["find_taken", "write_files"]


def find_taken(folder: Path, names: Iterable[str]) -> list[str]:
    """Return which of the paths in a folder are taken: by anything, or by a file or link where a folder must be."""
    return list(dict.fromkeys(taken for name in names for taken in _find_taken(folder, name)))


def _find_taken(folder: Path, name: str) -> Iterator[str]:
    path = Path(name)
    if os.path.lexists(folder / path):
        yield name
    for above in list(path.parents)[:-1]:
        # A link would lead to a folder elsewhere.
        if os.path.lexists(folder / above) and ((folder / above).is_symlink() or not (folder / above).is_dir()):
            yield above.as_posix()


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write new files, by their paths in a folder, and the folders that they need. On an error, none of it stays.

    Raises:
        OSError: one cannot be written, or something is at its place.
    """
    made: list[Path] = []
    try:
        for name, text in files.items():
            path = folder / name
            for above in reversed([parent for parent in path.parents if not parent.exists()]):
                above.mkdir()
                made.append(above)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                made.append(path)
                file.write(text)
    except BaseException:
        for path in reversed(made):
            # What somebody else has put into a new folder meanwhile stays.
            with suppress(OSError):
                if path.is_dir():
                    path.rmdir()
                else:
                    path.unlink()
        raise
