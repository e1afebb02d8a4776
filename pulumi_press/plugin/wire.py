"""Values of the engine's protocol, and the core's plain ones.

Secrets lose their wrapping on the way in, and their paths are returned; on the way out they are wrapped again. What is
not known yet is `UNKNOWN`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from google.protobuf.struct_pb2 import ListValue, NullValue, Struct, Value

from pulumi_press.carried import (
    ARCHIVE,
    ASSET,
    REFUSED,
    SECRET,
    SIGNATURE_KEY,
    UNKNOWN_TEXT,
    UNKNOWN_TEXTS,
    carry,
    why_not_carried,
    why_not_key,
)
from pulumi_press.plugin.names import is_named, to_camel, to_snake
from pulumi_press.provider.secrets import texts_in
from pulumi_press.provider.values import make_whole
from pulumi_press.schema.plain import UNKNOWN, Refused, Unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pulumi_press.provider.values import SecretPath, Values

__all__ = ["Received", "dump", "find_texts", "load"]


class Received(NamedTuple):
    """Values of the engine's, as plain ones."""

    values: Values
    secrets: frozenset[SecretPath]
    """Where secrets stand among them. A list that holds one is secret as a whole: it may come back in another order."""


def load(struct: Struct, *, named: bool = True) -> Received:
    """Read values of the engine; what it holds and the core cannot becomes a `Refused`, which the check reports.

    Args:
        struct: the values.
        named: whether their names are this package's, as those of a resource are.
    """
    secrets: set[SecretPath] = set()
    values = _load_fields(struct.fields, (), secrets, named=named)
    return Received(values, frozenset(secrets))


def _load_fields(fields: Mapping[str, Value], path: SecretPath, secrets: set[SecretPath], *, named: bool) -> Values:
    names = to_snake if named and is_named(path) else str
    loaded = {}
    for key, value in fields.items():
        name = names(key)
        item = _load(value, (*path, name), secrets, named=named)
        # The engine makes no difference between null and absent, in objects.
        if item is not None:
            loaded[name] = item
    return loaded


def _load(value: Value, path: SecretPath, secrets: set[SecretPath], *, named: bool) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return _load_text(value.string_value)
        case "number_value":
            return make_whole(value.number_value)
        case "bool_value":
            return value.bool_value
        case "list_value":
            inner: set[SecretPath] = set()
            items = [_load(item, (), inner, named=False) for item in value.list_value.values]
            if inner:
                secrets.add(path)
            return items
        case "struct_value":
            return _load_struct(value.struct_value.fields, path, secrets, named=named)
        case _:
            return None


def _load_text(text: str) -> Any:
    if text.startswith(REFUSED):
        return Refused(text.removeprefix(REFUSED))
    return UNKNOWN if text in UNKNOWN_TEXTS else text


def _load_struct(fields: Mapping[str, Value], path: SecretPath, secrets: set[SecretPath], *, named: bool) -> Any:
    if SIGNATURE_KEY not in fields:
        return _load_fields(fields, path, secrets, named=named)
    signature = fields[SIGNATURE_KEY].string_value
    if signature == SECRET:
        secrets.add(path)
        return _load(fields["value"], path, secrets, named=named)
    if signature in (ASSET, ARCHIVE):
        return Refused("is a file or an archive of Pulumi, which is not supported; give a path")
    return Refused("is a value of Pulumi that is not supported")


def dump(values: Values, secrets: Collection[SecretPath] = (), *, named: bool = True) -> Struct:
    """Write values for the engine.

    What was refused comes back as the text that it came as. What the service has and the engine cannot hold becomes a
    text: such a value must not keep a stack from being refreshed or changed.

    Args:
        values: the values.
        secrets: paths of what is to be marked as secret.
        named: whether their names are this package's, as those of a resource are.
    """
    return Struct(fields=_dump_fields(values, (), frozenset(secrets), named=named))


def _dump_fields(values: Values, path: SecretPath, secrets: frozenset[SecretPath], *, named: bool) -> dict[str, Value]:
    names = to_camel if named and is_named(path) else str
    return {
        names(name): _dump(value, (*path, name), secrets, named=named)
        for name, value in values.items()
        if value is not None
    }


def _dump(value: Any, path: SecretPath, secrets: frozenset[SecretPath], *, named: bool) -> Value:
    if path not in secrets:
        return _dump_plain(value, path, secrets, named=named)
    # All of it is secret, so no part of it is marked once more.
    written = _dump_plain(value, path, frozenset(), named=named)
    return Value(struct_value=Struct(fields={SIGNATURE_KEY: Value(string_value=SECRET), "value": written}))


def _dump_plain(value: Any, path: SecretPath, secrets: frozenset[SecretPath], *, named: bool) -> Value:
    if isinstance(value, dict):
        if any(map(why_not_key, value)):
            return Value(string_value=carry(value))
        return Value(struct_value=Struct(fields=_dump_fields(value, path, secrets, named=named)))
    if isinstance(value, (list, tuple)):
        items = [_dump(item, (*path, index), secrets, named=False) for index, item in enumerate(value)]
        return Value(list_value=ListValue(values=items))
    return _dump_leaf(value)


def _dump_leaf(value: Any) -> Value:
    if value is None:
        return Value(null_value=NullValue.NULL_VALUE)
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, Unknown):
        value = UNKNOWN_TEXT
    elif isinstance(value, Refused):
        value = REFUSED + value.reason
    elif why_not_carried(value):
        value = carry(value)
    return Value(string_value=value) if isinstance(value, str) else Value(number_value=value)


def find_texts(values: Values, paths: Collection[SecretPath]) -> Iterator[str]:
    """Yield the texts that stand at the paths and are long enough not to be found by chance."""
    for path in paths:
        value: Any = values
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        yield from texts_in(value)
