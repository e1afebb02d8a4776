"""What cannot work in a release that is to be published, though each part of it has its shape.

A release that is out already was taken by the service as it is, so these rules are for new ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.schema.cron import find_cron_failure
from pulumi_press.schema.defaults import find_default_failures
from pulumi_press.schema.failures import CheckFailure, join
from pulumi_press.schema.images import find_built_images
from pulumi_press.schema.nearest import find_nearest
from pulumi_press.schema.plain import REFERENCE
from pulumi_press.schema.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["find_content_failures"]

GROUPS = ("build", "run")


def find_content_failures(arguments: Mapping[str, Any]) -> Iterator[CheckFailure]:
    """Find what cannot work in the arguments of a spec or release; what is not known yet is skipped.

    Args:
        arguments: the arguments, whatever their shape.
    """
    config, parameters = arguments.get("config"), arguments.get("parameters")
    if isinstance(config, dict):
        yield from _find_unbuildable(config, arguments.get("artifact"))
        yield from _find_schedules(config)
        yield from _find_references(config, parameters)
    yield from find_default_failures(parameters)
    yield from _find_conditions(parameters)


def _find_unbuildable(config: dict[str, Any], artifact: object) -> Iterator[CheckFailure]:
    if artifact is not None:
        return
    for path in find_built_images(config):
        yield CheckFailure(
            path,
            'is to be built from the artifact, and there is none; add artifact={"path": "..."}, '
            "or name an image that exists in imageDetails",
        )
    for name, step in _items(config.get("steps")):
        if isinstance(step, dict) and step.get("type") == "sql" and "sqlQueryPath" in step:
            path = join("config", "steps", name, "sqlQueryPath")
            yield CheckFailure(path, 'is a file of the artifact, and there is none; add artifact={"path": "..."}')


def _find_schedules(config: dict[str, Any]) -> Iterator[CheckFailure]:
    triggers = config.get("triggers")
    for index, trigger in enumerate(triggers if isinstance(triggers, list) else ()):
        cron = trigger.get("cron") if isinstance(trigger, dict) else None
        if isinstance(cron, str) and (why := find_cron_failure(cron)):
            yield CheckFailure(join("config", "triggers", index, "cron"), why)


def _find_references(config: dict[str, Any], parameters: object) -> Iterator[CheckFailure]:
    """Find references to build parameters that are not declared."""
    build, run = _names(parameters, "build"), _names(parameters, "run")
    if build is None:
        return
    for path, text in _texts(config, "config"):
        name = text.removeprefix(REFERENCE)
        if name == text or name in build:
            continue
        if run and name in run:
            yield CheckFailure(
                path, f"refers to {name!r}, a run parameter; only those in parameters.build can stand here"
            )
            continue
        nearest = find_nearest(name, build)
        meant = f"; did you mean `{REFERENCE}{nearest}`?" if nearest else ""
        there = ", ".join(build) or "none"
        yield CheckFailure(
            path, f"refers to {name!r}, which is not declared in parameters.build (there: {there}){meant}"
        )


def _find_conditions(parameters: object) -> Iterator[CheckFailure]:
    """Find conditions on parameters that are not declared."""
    names = [_names(parameters, group) for group in GROUPS]
    if None in names:
        return
    known = [name for group in names for name in group or ()]
    for group in GROUPS:
        for path, condition in _walk(_get(parameters, group), join("parameters", group)):
            name = condition.get("dependsOn")
            if isinstance(name, str) and name not in known:
                nearest = find_nearest(name, known)
                meant = f"; did you mean `{nearest}`?" if nearest else ""
                yield CheckFailure(join(path, "dependsOn"), f"names a parameter that is not declared: {name!r}{meant}")


def _names(parameters: object, group: str) -> list[str] | None:
    """Give the names that are declared in a group; None where they are not all known yet."""
    declared = _get(parameters, group)
    if declared is None:
        return []
    if not isinstance(declared, list):
        return None
    names = [_get(item, "name") for item in declared]
    return None if any(isinstance(name, Unknown) for name in names) else [n for n in names if isinstance(n, str)]


def _get(value: object, key: str) -> Any:
    if isinstance(value, Unknown):
        return value
    return value.get(key) if isinstance(value, dict) else None


def _items(value: object) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _texts(value: object, at: str) -> Iterator[tuple[str, str]]:
    """Give every text in a value, with its path."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, join(at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, join(at, index))


def _walk(value: object, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every object in a value, with its path; values that are given as data are left alone."""
    if isinstance(value, dict):
        yield at, value
        for key in ("conditions", "properties"):
            yield from _walk(value.get(key), join(at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, join(at, index))
