"""Local files that stand in for a deployment, for a program that runs outside of one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pulumi_press.client.errors import InvalidArgument, LocalFileMissing

if TYPE_CHECKING:
    from pulumi_press.client.answers import Json

__all__ = ["deployment_id_or_none", "read_details", "read_parameters"]

VARIABLE = "PRESS_DEPLOYMENT_ID"


def deployment_id_or_none(argument: str | None) -> str | None:
    """Return the id of the deployment that the program runs in, else the one it was given, else None.

    The variable counts even if it is empty: then there is no id, whatever the argument says. So does the SDK.
    """
    return os.environ.get(VARIABLE, argument) or None


def read_parameters(path: str | os.PathLike[str] | None) -> Json:
    """Read `{name: value}` from a YAML or JSON file.

    Raises:
        InvalidArgument: No path was given, or the file does not hold an object.
        LocalFileMissing: There is no such file.
    """
    content = _read(path, "fallback_params_file")
    if not isinstance(content, dict):
        raise InvalidArgument(f"fallback_params_file {str(path)!r} must hold an object of names and values")
    return content


def read_details(path: str | os.PathLike[str] | None) -> list[Json]:
    """Read a list of block details from a YAML or JSON file.

    Raises:
        InvalidArgument: No path was given, or the file does not hold a list of objects.
        LocalFileMissing: There is no such file.
    """
    content = _read(path, "fallback_details_file")
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise InvalidArgument(f"fallback_details_file {str(path)!r} must hold a list of objects")
    return content


def _read(path: str | os.PathLike[str] | None, argument: str) -> Any:
    if not path:
        raise InvalidArgument(f"there is no deployment id: give deployment_id, set {VARIABLE}, or give {argument}")
    file = Path(path)
    if not file.is_file():
        raise LocalFileMissing(f"{argument} {str(path)!r} does not exist")
    try:
        text = file.read_text(encoding="utf-8-sig")
        try:
            return json.loads(text)  # First: YAML does not read all of JSON, such as 1e3 or tabs, as JSON does.
        except ValueError:
            return yaml.safe_load(text)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        reason = str(error)
    raise InvalidArgument(f"{argument} {str(path)!r} cannot be read as YAML or JSON: {reason}")
