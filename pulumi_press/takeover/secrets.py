"""Secrets in the arguments of a program: it asks the project's configuration for them instead of showing them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi_press.blockfiles import FromEnvironment
from pulumi_press.lifecycle.hidden import find_secrets
from pulumi_press.programs import Code
from pulumi_press.programs.texts import write_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pulumi_press.lifecycle import Values
    from pulumi_press.lifecycle.resource import SecretPath

__all__ = ["ask_for_secrets", "find_credentials", "find_written_secrets", "name_key"]

GROUPS = ("build", "run")
VALUED = ("env", *GROUPS)
"""Maps of names to values that people choose: what is secret in them can be told by its name only."""
# The names of secrets, as in DB_PASSWORD, apiKey or token.
_NAMES = re.compile(
    r"(password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|credentials?)$", re.IGNORECASE
)
_URL_PASSWORD = re.compile(r"://[^/@\s:]*:[^/@\s]+@")
# Parts of a path that say nothing about the value.
_PLAIN = {"config", "steps", "parameters", *VALUED}


def find_credentials(arguments: Values) -> list[SecretPath]:
    """Find what is secret by itself in arguments, but for parameters: tokens of repositories."""
    return [path for path in find_secrets(arguments) if path[0] == "config"]


def find_written_secrets(arguments: Values, hidden: Collection[str]) -> list[SecretPath]:
    """Find secrets that somebody wrote into a file.

    Args:
        arguments: what the file says.
        hidden: parameters that a spec of the program hides, as `group.name`.
    """
    credentials = set(find_credentials(arguments))
    return [
        path
        for path, text in _list_texts(arguments, ())
        if path in credentials or _is_secret(arguments, path, text, hidden)
    ]


def _list_texts(value: Any, path: SecretPath) -> Iterator[tuple[SecretPath, str]]:
    if isinstance(value, str):
        # What comes from the environment is not in the program anyway.
        if value and not isinstance(value, FromEnvironment):
            yield path, value
        return
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield from _list_texts(item, (*path, key))


def _is_secret(arguments: Values, path: SecretPath, text: str, hidden: Collection[str]) -> bool:
    *_, before, last = ("", *path)
    if path[0] == "parameters" and last == "defaultValue":
        return _at(arguments, path[:-1]).get("hideValue") is True
    if before in VALUED and isinstance(last, str) and (f"{before}.{last}" in hidden or _NAMES.search(last)):
        return True
    return bool(_URL_PASSWORD.search(text))


def ask_for_secrets(
    arguments: Values, resource_name: str, paths: Iterable[SecretPath], *, taken: Collection[str]
) -> tuple[Values, dict[str, str]]:
    """Ask the configuration for what stands at some paths.

    Args:
        arguments: the arguments of a resource.
        resource_name: its name.
        paths: where the secrets stand.
        taken: keys that other resources of the program ask for.

    Returns:
        The arguments, and what they ask for by its key.
    """
    asked, secrets = arguments, dict[str, str]()
    for path in paths:
        key = name_key(resource_name, *_name_parts(arguments, path), taken=[*taken, *secrets])
        secrets[key] = _at(arguments, path)
        asked = _put(asked, path, Code(f"config.require_secret({write_text(key)})", needs_config=True))
    return asked, secrets


def _name_parts(arguments: Any, path: SecretPath) -> Iterator[str]:
    """Name a value by its path: items of lists by their own names."""
    value = arguments
    for key in path:
        value = value[key]
        if isinstance(key, int):
            yield str(value["name"] if isinstance(value, dict) and "name" in value else key + 1)
        elif key not in _PLAIN:
            yield key


def name_key(*parts: str, taken: Collection[str] = ()) -> str:
    """Name a key of the configuration, one that is no option of a command either."""
    plain = re.sub(r"[^\w.-]", "_", "-".join(parts)).lstrip("-") or "secret"
    names = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def _at(values: Any, path: SecretPath) -> Any:
    for key in path:
        values = values[key]
    return values


def _put(value: Any, path: SecretPath, code: Code) -> Any:
    if not path:
        return code
    copy = value.copy()
    copy[path[0]] = _put(value[path[0]], path[1:], code)
    return copy
