"""Secrets in the arguments of a program, which reads them from the stack's configuration instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi_press.codegen.literals import Expression, Setting, write_text
from pulumi_press.peakfiles.variables import FromEnvironment
from pulumi_press.provider.secrets import HIDDEN_KEYS, find_secrets
from pulumi_press.schema.hidden import hides

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pulumi_press.provider.values import SecretPath, Values

__all__ = [
    "find_credentials",
    "find_written_secrets",
    "get_at",
    "is_secret_name",
    "name_key",
    "put_at",
    "replace_secrets",
]

GROUPS = ("build", "run")
VALUED = {("parameters", "env"), *(("parameters", group) for group in GROUPS), ("headers", "absolute")}
"""Maps whose keys people choose: a secret in them is recognized by its name only."""
# Names of secrets, such as DB_PASSWORD, apiKey, AWS_SECRET_ACCESS_KEY, X-Auth-Token or password2.
_NAMES = re.compile(
    r"(password|passwd|passphrase|secret|token|credential|authorization|cookie|connection[_-]?string"
    r"|(api|private|access|secret|encryption|signing|master|account|auth)[_-]?key([_-]?base)?"
    r"|(^|[_-])(pass|pwd))s?[_-]?\d*$",
    re.IGNORECASE,
)
_URL_PASSWORD = re.compile(r"://[^/@\s:]*:[^/@\s]+@")
# Secrets wherever they occur: tokens with a known prefix, private keys, values of authorization headers.
_TOKENS = re.compile(
    r"\b(gh[opsur]_\w{20}|github_pat_\w{20}|glpat-[\w-]{20}|xox[abeprs]-[\w-]{10}|sk_live_\w{10})"
    r"|-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY|\b(bearer|basic) +[\w.~+/-]{8}",
    re.IGNORECASE,
)
# Parts of a path that do not describe the value.
_PLAIN = {"config", "steps", "parameters", "env", *GROUPS}


# A bool is an int, too.
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}


def is_secret_name(name: str) -> bool:
    """Return whether a name is one that secrets have."""
    return bool(_NAMES.search(name))


def find_credentials(arguments: Values) -> list[SecretPath]:
    """Return the paths of secrets in arguments other than parameters: tokens of repositories."""
    return [path for path in find_secrets(arguments) if path[0] == "config"]


def find_written_secrets(arguments: Values, hidden: Collection[str]) -> list[SecretPath]:
    """Return the paths of secrets that a file contains in plain text.

    Args:
        arguments: the file's arguments.
        hidden: parameters with `hideValue` in a spec or release of the program, as `group.name`.
    """
    credentials = set(find_credentials(arguments))
    return [
        path
        for path, value in _list_scalars(arguments, ())
        if path in credentials or _is_secret(arguments, path, value, hidden)
    ]


def _list_scalars(value: Any, path: SecretPath) -> Iterator[tuple[SecretPath, str | float]]:
    if isinstance(value, (str, int, float)):
        # A value from the environment is not in the program anyway.
        if value != "" and not isinstance(value, FromEnvironment):
            yield path, value
        return
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield from _list_scalars(item, (*path, key))


def _is_secret(arguments: Values, path: SecretPath, value: str | float, hidden: Collection[str]) -> bool:
    text = value if isinstance(value, str) else ""
    if _URL_PASSWORD.search(text) or _TOKENS.search(text):
        return True
    if path[0] == "parameters" and isinstance(path[2], int):
        return _is_declared_secret(arguments, path)
    maps = (
        path[index:]
        for index in range(1, len(path))
        if path[index - 1 : index + 1] in VALUED or path[index] == "buildArguments"
    )
    group, *names = next(maps, ("",))
    is_named = any(isinstance(name, str) and _NAMES.search(name) for name in names)
    return (is_named and not isinstance(value, bool)) or (bool(names) and f"{group}.{names[0]}" in hidden)


def _is_declared_secret(arguments: Values, path: SecretPath) -> bool:
    """Return whether a value is a default or an option of a hidden parameter, or part of one."""
    keys = [index for index, key in enumerate(path) if key in HIDDEN_KEYS]
    if not keys or path[-1] == "title":
        return False
    around = [get_at(arguments, path[:index]) for index in range(1, len(path))]
    items = [item for item in around if isinstance(item, dict)]
    is_named = any(_NAMES.search(str(item.get("name", ""))) for item in items)
    is_hidden = any(item.get("hideValue") is True for item in items) or hides(get_at(arguments, path[: keys[0]]))
    return is_hidden or (is_named and not isinstance(get_at(arguments, path), bool))


def replace_secrets(
    arguments: Values, resource_name: str, paths: Iterable[SecretPath], *, taken: Collection[str]
) -> tuple[Values, dict[str, Any]]:
    """Return the arguments with the secrets replaced by reads of the configuration, and the secrets by key.

    Args:
        arguments: the arguments of a resource.
        resource_name: its name.
        paths: paths of the secrets.
        taken: keys that other resources of the program use.
    """
    replaced, secrets = arguments, dict[str, Any]()
    for path in paths:
        key = name_key(resource_name, *_name_parts(arguments, path), taken=[*taken, *secrets])
        value = secrets[key] = get_at(arguments, path)
        # Text is read as it is, other values as JSON.
        method = "require_secret" if isinstance(value, str) else "require_secret_object"
        setting = Setting(key, next(name for kind, name in _TYPES.items() if isinstance(value, kind)))
        text = f"config.{method}({write_text(key)})"
        replaced = put_at(replaced, path, Expression(text, needs_config=True, parts=(setting,)))
    return replaced, secrets


def _name_parts(arguments: Any, path: SecretPath) -> Iterator[str]:
    """Yield the parts of a name for the value at a path; items of lists by their own names."""
    value = arguments
    for key in path:
        value = value[key]
        if isinstance(key, int):
            yield str(value["name"] if isinstance(value, dict) and "name" in value else key + 1)
        elif key not in _PLAIN:
            yield key


def name_key(*parts: str, taken: Collection[str] = ()) -> str:
    """Return an unused key for the configuration, one that does not look like an option of a command."""
    plain = re.sub(r"[^\w.-]", "_", "-".join(parts)).lstrip("-") or "secret"
    names = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def get_at(values: Any, path: SecretPath) -> Any:
    """Return the value at a path."""
    for key in path:
        values = values[key]
    return values


def put_at(value: Any, path: SecretPath, item: Any) -> Any:
    """Return a copy with another value at a path."""
    if not path:
        return item
    copy = value.copy()
    copy[path[0]] = put_at(value[path[0]], path[1:], item)
    return copy
