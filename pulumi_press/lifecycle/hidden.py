"""Which values are secret by themselves, whether the program says so or not.

A release hides the values of parameters that it declares with `hideValue`, and their defaults. The token of a
repository is a credential.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.lifecycle.values import Values, get

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pulumi_press.lifecycle.resource import SecretPath

__all__ = ["GROUPS", "find_release_secrets", "find_value_secrets", "name_hidden", "note_hidden", "scrub"]

GROUPS = ("build", "run")

SHORTEST = 4
"""A shorter text stands in messages by chance."""

# The hidden parameters of each release that this process has seen, as `group.name`, by spec and version.
_hidden: dict[tuple[str, str], frozenset[str]] = {}


def note_hidden(spec_id: str, version: str, parameters: Any) -> None:
    """Keep in mind what a release hides."""
    _hidden[spec_id, version] = frozenset(f"{group}.{item['name']}" for group, _, item in _declared_hidden(parameters))


def name_hidden(olds: Values, news: Values) -> list[str]:
    """Name the parameters given to a deployment whose values are hidden, as `group.name`.

    What the release hides is taken from what this process has seen of it. Where it has not seen the release, the
    parameters that were hidden before still are, and so is one that any release seen hides under the same name.
    """
    spec_id, version = get(news, "spec.id"), get(news, "spec.release.version")
    known = _hidden.get((spec_id, version)) if isinstance(spec_id, str) and isinstance(version, str) else None
    if known is None:
        known = frozenset(olds.get("hidden", ())).union(*_hidden.values())
    given = (
        f"{group}.{name}"
        for group in GROUPS
        if isinstance(values := get(news, f"parameters.{group}"), dict)
        for name in values
    )
    return sorted(name for name in given if name in known)


def find_value_secrets(hidden: Iterable[str]) -> Iterator[SecretPath]:
    """Give the paths of a deployment's hidden values."""
    for name in hidden:
        group, _, parameter = name.partition(".")
        yield ("parameters", group, parameter)


def find_release_secrets(inputs: Values) -> Iterator[SecretPath]:
    """Give the paths of what is secret in a spec or release: hidden defaults and options, and repository tokens."""
    for group, index, item in _declared_hidden(inputs.get("parameters")):
        for key in ("defaultValue", "options"):
            if key in item:
                yield ("parameters", group, index, key)
    steps = get(inputs, "config.steps")
    for name, step in steps.items() if isinstance(steps, dict) else ():
        if get(step, "repository.token") is not None:
            yield ("config", "steps", name, "repository", "token")


def scrub(message: str, inputs: Values) -> str:
    """Take values that are secret by themselves out of a message: the service's own words may repeat them."""
    paths = [*find_release_secrets(inputs), *find_value_secrets(inputs.get("hidden", ()))]
    for path in paths:
        for text in _texts(_at(inputs, path)):
            message = message.replace(text, "[secret]")
    return message


def _at(values: Any, path: SecretPath) -> Any:
    for key in path:
        values = values[key]
    return values


def _texts(value: Any) -> Iterator[str]:
    """Give the texts in a value that are long enough not to be found by chance."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str) and len(value) >= SHORTEST:
        yield value


def _declared_hidden(parameters: Any) -> Iterator[tuple[str, int, Values]]:
    for group in GROUPS:
        items = get(parameters, group)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict) and item.get("hideValue") is True and isinstance(item.get("name"), str):
                yield group, index, item
