"""The variables of a template: those of a file, overridden by those given one by one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pulumi_press.peakfiles.errors import BlockfileError, Place

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

__all__ = ["gather_variables", "read_text", "read_texts_file"]

TEXT_SUFFIXES = (".md", ".txt")


def gather_variables(params: Mapping[str, Any] | None, params_file: str | os.PathLike[str] | None) -> dict[str, Any]:
    """Read the variables. One whose value is null is as good as not given.

    Args:
        params: values by name; they win.
        params_file: a YAML file with values by name.

    Raises:
        BlockfileError: the file cannot be read, or holds something else.
    """
    given = {} if params_file is None else _read_map(params_file)
    try:
        cleaned: dict[str, Any] = _without_nulls({**given, **(params or {})})
    except RecursionError:
        place = None if params_file is None else Place(str(params_file))
        raise BlockfileError("the parameters are nested too deeply", place) from None
    return cleaned


def read_text(path: str | os.PathLike[str]) -> str:
    """Read a file of text.

    Raises:
        BlockfileError: there is none, or it is not text in UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BlockfileError("there is no such file", Place(str(path))) from None
    except UnicodeDecodeError:
        raise BlockfileError("is not text in UTF-8", Place(str(path))) from None
    except OSError as error:
        raise BlockfileError(f"cannot be read: {error.strerror}", Place(str(path))) from None


def read_texts_file(path: str | os.PathLike[str]) -> str:
    """Read a file that holds a description or notes; nothing in it is taken for a template.

    Raises:
        BlockfileError: as `read_text`, or it is of another sort than `.md` and `.txt`.
    """
    if Path(path).suffix not in TEXT_SUFFIXES:
        raise BlockfileError(f"must be a {' or '.join(TEXT_SUFFIXES)} file", Place(str(path)))
    return read_text(path)


def _read_map(path: str | os.PathLike[str]) -> dict[str, Any]:
    text = read_text(path)
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        # The library quotes what it found, which may be a secret.
        problem = re.sub(r"""['"].+['"]""", "...", getattr(error, "problem", None) or "a character is not allowed")
        raise BlockfileError(f"is not YAML: {problem}", Place(str(path), mark.line + 1 if mark else None)) from None
    except RecursionError:
        raise BlockfileError("is nested too deeply", Place(str(path))) from None
    if not isinstance(values, dict):
        raise BlockfileError("must hold parameters by name, such as `stage: prod`", Place(str(path)))
    return values


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return value
