"""Rules about several fields, which a shape alone cannot express.

Each rule takes any value, since it also runs where the shape has mistakes, and says nothing of what is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.output import shorten
from pulumi_press.schema import arguments, bodies, parameters, service, workflow
from pulumi_press.schema.failures import CheckFailure, find_nearest, join
from pulumi_press.schema.plain import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["find"]

MOST_NAMES = 100
"""More names than these are neither listed nor searched for the nearest."""

LONGEST_NAMES = 1000
"""Most characters of all names in a message."""

AUTH_NEEDS = {
    "oauth": ("clientId", "authUrl"),
    "basic": ("username",),
    "bearer-token": ("bearerToken",),
}
"""The keys that each kind of authentication requires."""


def find(shape: Any, value: object, at: str) -> Iterator[CheckFailure]:
    """Yield what violates the rules of `shape`."""
    for path, rule in _RULES.get(shape, ()):
        part = value
        if path:
            part = value.get(path) if isinstance(value, dict) else None
        yield from rule(part, join(at, path) if path else at)


def _config(config: object, at: str) -> Iterator[CheckFailure]:
    if isinstance(config, dict):
        rule = _workflow if bodies.kind_of_config(config) == "workflow" else _service
        yield from rule(config, at)


def _workflow(config: object, at: str) -> Iterator[CheckFailure]:
    if not isinstance(config, dict):
        return
    images, steps = config.get("images", {}), _dict(config.get("steps"))
    for name, step in steps.items():
        if isinstance(step, dict):
            path = join(at, "steps", name)
            yield from _step(step, path)
            yield from _references(name, step, images, steps, path)
    yield from _cycles(steps, join(at, "steps"))
    for index, trigger in enumerate(_list(config.get("triggers"))):
        yield from _one_of(trigger, ("cron", "webhook"), join(at, "triggers", index))
    for index, watcher in enumerate(_list(config.get("watchers"))):
        yield from _one_of(watcher, ("user", "webhook", "email"), join(at, "watchers", index))


def _step(step: dict[str, Any], at: str) -> Iterator[CheckFailure]:
    kind = step.get("type", "standard")
    if kind == "standard":
        yield from _one_of(step, ("image", "imageRef", "imageDetails"), at)
    elif kind == "sql":
        yield from _one_of(step, ("sqlQueryPath", "repository"), at)
    elif kind == "http":
        auth = _dict(step.get("auth"))
        way = auth.get("type")
        for key in AUTH_NEEDS.get(way, ()) if isinstance(way, str) else ():
            if key not in auth:
                yield CheckFailure(join(at, "auth", key), f"is required when the type is {way}")


def _references(
    name: str, step: dict[str, Any], images: object, steps: dict[str, Any], at: str
) -> Iterator[CheckFailure]:
    image = step.get("imageRef")
    if isinstance(image, str) and isinstance(images, dict) and image not in images:
        yield CheckFailure(join(at, "imageRef"), f"names no image: {_known(image, images, 'config.images')}")
    for index, parent in enumerate(_list(step.get("parents"))):
        if parent == name:
            yield CheckFailure(join(at, "parents", index), "names the step itself")
        elif isinstance(parent, str) and parent not in steps:
            yield CheckFailure(join(at, "parents", index), f"names no step: {_known(parent, steps, 'config.steps')}")
    conditions = _list(_dict(step.get("executionParameters")).get("conditional"))
    for index, condition in enumerate(conditions):
        other = _dict(condition).get("stepName")
        if isinstance(other, str) and other not in steps:
            path = join(at, "executionParameters", "conditional", index, "stepName")
            yield CheckFailure(path, f"names no step: {_known(other, steps, 'config.steps')}")


def _cycles(steps: dict[str, Any], at: str) -> Iterator[CheckFailure]:
    """Yield a failure for each step that waits for itself through others."""
    parents = {name: [p for p in _texts(_dict(step).get("parents")) if p in steps] for name, step in steps.items()}
    circles = {name: group for group in _group_circles(parents) if len(group) > 1 for name in group}
    for name in steps:
        if name in circles:
            others = [other for other in parents[name] if other in circles[name]]
            reason = "form a circle: the step would wait for itself; take away "
            yield CheckFailure(join(at, name, "parents"), reason + shorten(" or ".join(others), LONGEST_NAMES))


def _group_circles(parents: dict[str, list[str]]) -> list[list[str]]:
    """Return the groups of steps that wait for one another, in linear time."""
    children: dict[str, list[str]] = {name: [] for name in parents}
    for name, others in parents.items():
        for parent in others:
            children[parent].append(name)
    seen: set[str] = set()
    ends = [name for root in parents for name in _walk(root, parents, seen)]
    seen = set()
    return [_walk(root, children, seen) for root in reversed(ends)]


def _walk(root: str, graph: dict[str, list[str]], seen: set[str]) -> list[str]:
    """Return the unseen nodes that can be reached from a node, each after all that can be reached from it."""
    if root in seen:
        return []
    seen.add(root)
    listed: list[str] = []
    around = [(root, iter(graph[root]))]
    while around:
        name, others = around[-1]
        following = next((other for other in others if other not in seen), None)
        if following is None:
            listed.append(name)
            around.pop()
        else:
            seen.add(following)
            around.append((following, iter(graph[following])))
    return listed


def _service(config: object, at: str) -> Iterator[CheckFailure]:
    if not isinstance(config, dict):
        return
    yield from _one_of(config, ("image", "imageDetails"), at)
    if config.get("serviceType", "web-app") == "api":
        for key in ("sessionStickiness", "scaleToZero"):
            # False is an API's default.
            if config.get(key, False) is not False and not isinstance(config[key], Unknown):
                yield CheckFailure(join(at, key), "is only for a service of type web-app")


def _kind(spec: object, at: str) -> Iterator[CheckFailure]:
    """Check that the config is of the spec's kind."""
    if not isinstance(spec, dict) or not isinstance(spec.get("config"), dict):
        return
    kind, found = spec.get("kind"), bodies.kind_of_config(spec["config"])
    if kind in ("workflow", "service") and kind != found:
        keys = "steps, triggers and watchers" if found == "workflow" else "no steps"
        cure = "take those away" if found == "workflow" else "give it steps"
        reason = f"is that of a {found} ({keys}), but kind is {kind}; set kind to {found}, or {cure}"
        yield CheckFailure(join(at, "config"), reason)


def _declarations(declared: object, at: str) -> Iterator[CheckFailure]:
    for group in ("build", "run"):
        seen: set[str] = set()
        for index, parameter in enumerate(_list(_dict(declared).get(group))):
            name = _dict(parameter).get("name")
            if isinstance(name, str) and name in seen:
                yield CheckFailure(join(at, group, index, "name"), f"is declared twice: {name!r}")
            elif isinstance(name, str):
                seen.add(name)


def _one_of(value: object, keys: tuple[str, ...], at: str) -> Iterator[CheckFailure]:
    """Check that exactly one of the keys is present."""
    if not isinstance(value, dict):
        return
    given = [key for key in keys if key in value]
    names = f"{', '.join(keys[:-1])} or {keys[-1]}"
    if not given:
        yield CheckFailure(at, f"needs {names}")
    elif len(given) > 1:
        yield CheckFailure(at, f"has {' and '.join(given)}; give only one of {names}")


def _known(name: str, known: dict[str, Any], where: str) -> str:
    # With many failures, searching and listing many names each time would take too long.
    nearest = find_nearest(name, known) if len(known) <= MOST_NAMES else None
    names = ", ".join(sorted(known)) if len(known) <= MOST_NAMES else f"{len(known)} names"
    there = f"{name!r} is not in {where} (there: {names or 'none'})"
    return f"{there}; did you mean `{nearest}`?" if nearest else there


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [item for item in _list(value) if isinstance(item, str)]


_Rule = tuple[str, "Callable[[object, str], Iterator[CheckFailure]]"]

_SPEC: tuple[_Rule, ...] = (("", _kind), ("config", _config), ("parameters", _declarations))

_RULES: dict[Any, tuple[_Rule, ...]] = {
    arguments.BlockSpecArgs: _SPEC,
    arguments.BlockSpecReleaseArgs: _SPEC[1:],
    bodies.SpecBody: _SPEC[:2],
    bodies.ReleaseBody: _SPEC[1:2],
    parameters.Parameters: (("", _declarations),),
    service.ServiceConfig: (("", _service),),
    workflow.WorkflowConfig: (("", _workflow),),
}
