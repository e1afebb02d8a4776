"""Values that are secret by themselves, whether the program marks them or not.

A release hides the values of parameters that it declares with `hideValue`, and their defaults; an object with a member
that is hidden is hidden as a whole. The token of a repository is a credential.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.provider.values import SecretPath, Values, get
from pulumi_press.schema.hidden import hides, list_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.provider.context import Context

__all__ = ["drop_secrets", "find_secrets", "name_hidden", "note_hidden", "redact", "texts_in"]

GROUPS = ("build", "run")

GROUPED = 2
"""Length of the path to a whole group of parameters."""

HIDDEN_KEYS = ("defaultValue", "options")
"""What a hidden declaration must not reveal."""

SHORTEST = 4
"""A shorter text may occur in messages by chance."""


def note_hidden(parameters: Any, context: Context) -> None:
    """Remember what a spec or release hides, of the program or of the service: not every deployment names its own."""
    context.cache.secret_parameters.update(_names(parameters))


def _names(parameters: Any) -> Iterator[str]:
    for group, item in _declared_hidden(parameters):
        yield f"{group}.{item['name']}"


def name_hidden(olds: Values, news: Values, context: Context) -> list[str]:
    """Return the parameters given to a deployment whose values are hidden, as `group.name`.

    What the release hides is taken from what this process has seen of it. Where it has not seen the release, the
    parameters that were hidden before still are, and so is one that any release seen hides under the same name. Where
    it has seen none of the spec, whatever is given for the first time is hidden.
    """
    spec_id, version = get(news, "spec.id"), get(news, "spec.release.version")
    declared, key = context.cache.declared, (spec_id, version)
    if isinstance(spec_id, str) and isinstance(version, str) and key in declared:
        known = set(_names(declared[key]))
    else:
        known = context.cache.secret_parameters.union(olds.get("hidden", ()))
    given = [
        (group, name)
        for group in GROUPS
        if isinstance(values := get(news, f"parameters.{group}"), dict)
        for name in values
    ]
    if isinstance(spec_id, str) and not any(spec == spec_id for spec, _ in list(declared)):
        # The service could not be asked. A value that turns out to be none can be shown later, and not the other way.
        known |= {f"{group}.{name}" for group, name in given if name not in (get(olds, f"parameters.{group}") or {})}
    return sorted({f"{group}.{name}" for group, name in given} & known)


def find_secrets(values: Values) -> Iterator[SecretPath]:
    """Return the paths of what is secret by itself in the inputs or outputs of any resource."""
    for name in values.get("hidden", ()):
        group, _, parameter = name.partition(".")
        yield ("parameters", group, parameter)
    # A list that holds a secret is secret as a whole: the engine makes it so when it comes back from a refresh.
    yield from {("parameters", group): None for group, _ in _declared_hidden(values.get("parameters"))}
    steps = get(values, "config.steps")
    for name, step in steps.items() if isinstance(steps, dict) else ():
        repository = get(step, "repository")
        if isinstance(repository, dict) and "token" in repository:
            yield ("config", "steps", name, "repository", "token")


def drop_secrets(values: Values) -> Values:
    """Copy values without what is secret by itself, such as for a digest that everybody may see."""
    for path in find_secrets(values):
        values = _without(values, path)
    return values


def _without(value: Any, path: SecretPath) -> Any:
    key, *rest = path
    if not isinstance(value, dict) or key not in value:
        return value
    copy = value.copy()
    if rest:
        copy[key] = _without(value[key], tuple(rest))
    elif isinstance(value[key], list):
        # A group of declarations: only what a hidden one would show is taken out.
        copy[key] = [_without_values(item) if hides(item) else item for item in value[key]]
    else:
        copy[key] = None
    return copy


def _without_values(declaration: Values) -> Values:
    """Copy a hidden declaration without the values that it would show, its members' too."""
    shown = {name: part for name, part in declaration.items() if name not in HIDDEN_KEYS}
    if isinstance(members := shown.get("properties"), list):
        shown["properties"] = [_without_values(item) if isinstance(item, dict) else item for item in members]
    return shown


def redact(message: str, values: Values) -> str:
    """Remove values that are secret by themselves from a message: the service's message may repeat them."""
    hidden = [_at(values, path) for path in find_secrets(values) if path[:1] != ("parameters",) or len(path) > GROUPED]
    declared = [part for _, item in _declared_hidden(values.get("parameters")) for part in list_members(item)]
    hidden += [part.get(key) for part in declared for key in HIDDEN_KEYS]
    for text in (text for value in hidden for text in texts_in(value)):
        message = message.replace(text, "[secret]")
    return message


def _at(values: Any, path: SecretPath) -> Any:
    for key in path:
        values = values[key]
    return values


def texts_in(value: Any) -> Iterator[str]:
    """Return the texts in a value that are long enough not to be found by chance."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif isinstance(value, str) and len(value) >= SHORTEST:
        yield value


def _declared_hidden(parameters: Any) -> Iterator[tuple[str, Values]]:
    for group in GROUPS:
        items = get(parameters, group)
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and isinstance(item.get("name"), str) and hides(item):
                yield group, item
