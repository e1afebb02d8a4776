"""Values of the harness, and those of the engine's protocol: by a table of names and rules of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct, Value

from pulumi_press.carried import SECRET, SIGNATURE_KEY, UNKNOWN_TEXT
from pulumi_press.schema.plain import UNKNOWN, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_press.provider.values import Values

__all__ = ["Secret", "find_secrets", "mark_some", "read", "write"]

NAMES = {
    "spec_id": "specId",
    "auto_run_on_deploy": "autoRunOnDeploy",
    "revision_number": "revisionNumber",
    "on_failure": "onFailure",
    "ignore_files": "ignoreFiles",
    "default_ignores": "defaultIgnores",
}
"""The names of the programs of the harness, and those of the schema."""

_BACK = {there: here for here, there in NAMES.items()}

Path = tuple[str, ...]


@dataclass(frozen=True)
class Secret:
    """A value that the program or the plugin marks as secret."""

    value: Any


def write(values: Values, *, named: bool = True) -> Struct:
    """Write values as the engine sends them.

    Args:
        values: the values.
        named: whether their names are those of a resource.
    """
    return Struct(fields=_write_fields(values, NAMES if named else {}))


def _write_fields(values: Values, names: Mapping[str, str]) -> dict[str, Value]:
    return {
        names.get(name, name): _write(value, names if name == "artifact" else {})
        for name, value in values.items()
        if value is not None
    }


def _write(value: Any, names: Mapping[str, str]) -> Value:
    match value:
        case Secret():
            fields = {SIGNATURE_KEY: Value(string_value=SECRET), "value": _write(value.value, names)}
            return Value(struct_value=Struct(fields=fields))
        case Unknown():
            return Value(string_value=UNKNOWN_TEXT)
        case dict():
            return Value(struct_value=Struct(fields=_write_fields(value, names)))
        case list() | tuple():
            return Value(list_value=ListValue(values=[_write(item, {}) for item in value]))
        case _:
            return _write_leaf(value)


def _write_leaf(value: Any) -> Value:
    if value is None:
        return Value(null_value=NullValue.NULL_VALUE)
    if isinstance(value, bool):
        return Value(bool_value=value)
    return Value(string_value=value) if isinstance(value, str) else Value(number_value=value)


def read(struct: Struct, *, named: bool = True) -> Values:
    """Read values as the engine does.

    Args:
        struct: the values.
        named: whether to read them by the names of the harness.
    """
    return _read_fields(struct.fields, _BACK if named else {})


def _read_fields(fields: Mapping[str, Value], names: Mapping[str, str]) -> Values:
    values = {name: _read(value, names if name == "artifact" else {}) for name, value in fields.items()}
    return {names.get(name, name): value for name, value in values.items() if value is not None}


def _read(value: Value, names: Mapping[str, str]) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return [_read(item, {}) for item in value.list_value.values]
    if kind == "struct_value":
        fields = value.struct_value.fields
        return Secret(_read(fields["value"], names)) if SIGNATURE_KEY in fields else _read_fields(fields, names)
    leaf = None if kind in (None, "null_value") else getattr(value, kind)
    if leaf == UNKNOWN_TEXT:
        return UNKNOWN
    return int(leaf) if isinstance(leaf, float) and leaf.is_integer() else leaf


SECRETS: Mapping[str, tuple[Path, ...]] = {
    "BlockSpec": (("metadata", "title"), ("release", "notes")),
    "BlockSpecRelease": (("release", "notes"),),
    "BlockDeployment": (("parameters", "run", "rows"), ("revision", "notes"), ("triggers",), ("metadata", "title")),
}
"""What a program may mark as secret, by kind."""


def mark_some(kind: str, props: Values) -> Values:
    """Mark some values of a program as secret. Which ones follows from the values, so an equal program has the same."""
    for path in SECRETS[kind]:
        value = _at(props, path)
        if value is not None and sum(str(value).encode()) % 2:
            props = _put(props, path, Secret(value))
    return props


def find_secrets(values: Any, path: Path = ()) -> dict[Path, str]:
    """Give the paths of what is secret, with its text; empty where it is no text that a message could show."""
    if isinstance(values, Secret):
        return {path: values.value if isinstance(values.value, str) else ""}
    found: dict[Path, str] = {}
    for key, value in values.items() if isinstance(values, dict) else ():
        found |= find_secrets(value, (*path, key))
    return found


def _at(values: Any, path: Path) -> Any:
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    return values


def _put(values: Values, path: Path, value: Any) -> Values:
    key, *rest = path
    return {**values, key: _put(values[key], tuple(rest), value) if rest else value}
