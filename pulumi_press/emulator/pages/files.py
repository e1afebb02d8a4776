"""The files in the zip of an artifact, as text."""

from __future__ import annotations

import io
import zipfile

__all__ = ["LONGEST", "read_text"]

LONGEST = 256 * 2**10
"""A file with more bytes is not shown as text."""


def read_text(content: bytes, path: str) -> str | None:
    """Return the text of a file; None: it is no UTF-8 text, or longer than `LONGEST`.

    Args:
        content: the zip.
        path: path of the file in it.

    Raises:
        KeyError: there is no such file.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(path) as file:
        data = file.read(LONGEST + 1)
    if len(data) > LONGEST or b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None
