"""Rules for Press Blocks: what each looks at, and what it says. Nothing here knows the policy SDK.

A rule is given the inputs of a resource after their check, as plain values, and its settings. It yields what is wrong.
A value that a preview does not know yet is `UNKNOWN`, and is never wrong: the update looks at it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Inputs = Mapping[str, Any]
    Settings = Mapping[str, Any]

__all__ = ["RULES", "UNKNOWN", "Rule", "find_unwatched_rollouts", "is_native", "is_production", "kind_of"]

UNKNOWN = object()
"""A value that is not known yet."""

DYNAMIC = "pulumi-python:dynamic/press:"
"""How the type token of a resource of `pulumi_press` begins."""

NATIVE = "press:index:"
"""How that of a resource of the native plugin begins, in whatever language the program is. Both have the same kinds."""

SECRET_NAME = re.compile(r"PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIAL|(API|ACCESS|PRIVATE)_?KEY", re.IGNORECASE)
"""Names under which people keep secrets."""


@dataclass(frozen=True)
class Rule:
    """A rule for single resources."""

    name: str
    description: str
    kinds: tuple[str, ...]
    """The kinds of resources that it looks at."""
    find: Callable[[Inputs, Settings], Iterable[str]]
    """Says what is wrong."""
    level: Literal["mandatory", "advisory"] = "mandatory"
    """Whether it stops the update, or only warns; a configuration of the pack may say otherwise."""
    production: bool = False
    """Whether it counts in production stacks only."""
    settings: Mapping[str, list[str]] = field(default_factory=dict)
    """Its settings, lists of texts, with their defaults."""


def kind_of(resource_type: str) -> str:
    """Give the kind, such as `BlockSpec`; nothing for resources of other packages."""
    for prefix in (DYNAMIC, NATIVE):
        if resource_type.startswith(prefix):
            return resource_type.removeprefix(prefix)
    return ""


def is_native(resource_type: str) -> bool:
    """Tell whether a resource is one of the native plugin, whose deployments wait themselves."""
    return resource_type.startswith(NATIVE)


def is_production(stack: str, patterns: Iterable[str]) -> bool:
    """Tell whether a stack is a production stack, by patterns such as `prod*`."""
    return any(fnmatchcase(stack, pattern) for pattern in patterns)


def find_unreviewed_scope(inputs: Inputs, settings: Settings) -> Iterator[str]:
    """A spec that everybody can find has been reviewed."""
    name = _get(inputs, "metadata", "name")
    if inputs.get("scope") == "public" and name is not UNKNOWN and name not in settings["reviewed"]:
        yield f"{name} has scope public; have it reviewed and add its name to `reviewed`, or make it private or shared"


def find_followed_release(inputs: Inputs, _: Settings) -> Iterator[str]:
    """A deployment names the release that it runs."""
    if _get(inputs, "spec", "release", "version") is None:
        yield "spec.release.version is left out, so it follows the latest release; name the version"


def find_loose_images(inputs: Inputs, _: Settings) -> Iterator[str]:
    """An image that exists already is named with its version."""
    for path, part in _parts_with_images(inputs):
        details = _get(part, "imageDetails")
        if isinstance(details, dict) and details.get("versionId") is None:
            yield f"{path}.imageDetails: versionId is left out, so it follows the latest version of the image"


def find_unwatched_failures(inputs: Inputs, _: Settings) -> Iterator[str]:
    """Somebody is told when a workflow fails."""
    config = inputs.get("config")
    if not isinstance(config, dict) or "steps" not in config:
        return
    watchers = config.get("watchers") or []
    events = [_get(watcher, "events", "fail") for watcher in watchers] if watchers is not UNKNOWN else [UNKNOWN]
    if not any(events):
        yield "nobody is told when it fails; add a watcher with events.fail to config.watchers"


def find_missing_tags(inputs: Inputs, settings: Settings) -> Iterator[str]:
    """Blocks have the tags by which they are found and paid for."""
    tags = _get(inputs, "metadata", "tags") or []
    if tags is UNKNOWN or any(_get(tag, "name") is UNKNOWN for tag in tags):
        return
    names = [_get(tag, "name") for tag in tags]
    for pattern in settings["required"]:
        if not any(fnmatchcase(name, pattern) for name in names):
            yield f"metadata.tags has none like {pattern!r} (there: {', '.join(names) or 'none'})"


def find_secrets_in_clear(inputs: Inputs, settings: Settings) -> Iterator[str]:
    """What is secret comes from the tenant's secrets: the service shows everything else in clear."""
    for path, words in _environments(inputs):
        for name, value in words.items():
            # A parameter may hide its value; a text cannot.
            is_text = isinstance(value, str) and not value.startswith("@param:")
            if is_text and SECRET_NAME.search(name) and name not in settings["allowed"]:
                yield f"{path}.{name} is in clear on the service; let the tenant keep it, and name it in `secrets`"


RULES = (
    Rule(
        "public-scope-reviewed",
        "A spec is public only after a review.",
        ("BlockSpec",),
        find_unreviewed_scope,
        settings={"reviewed": []},
    ),
    Rule(
        "production-release-pinned",
        "In production, a deployment names its release.",
        ("BlockDeployment",),
        find_followed_release,
        production=True,
    ),
    Rule(
        "images-pinned",
        "An image that exists already is named with its version.",
        ("BlockSpec", "BlockSpecRelease"),
        find_loose_images,
    ),
    Rule(
        "secrets-not-in-clear",
        "Environments and build arguments hold no secrets.",
        ("BlockSpec", "BlockSpecRelease"),
        find_secrets_in_clear,
        settings={"allowed": []},
    ),
    Rule(
        "tags-present",
        "Specs and deployments have the tags that are asked for.",
        ("BlockSpec", "BlockDeployment"),
        find_missing_tags,
        settings={"required": ["*"]},
    ),
    Rule(
        "failures-watched",
        "Somebody is told when a workflow fails.",
        ("BlockSpec", "BlockSpecRelease"),
        find_unwatched_failures,
        level="advisory",
    ),
)


def find_unwatched_rollouts(deployments: Iterable[str], waited_for: Iterable[str]) -> list[str]:
    """Find the deployments that no rollout waits for, by their URNs."""
    return sorted(set(deployments) - set(waited_for))


def _parts_with_images(inputs: Inputs) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give what may name an image, with its path: a service's config, the steps of a workflow."""
    config = inputs.get("config")
    if not isinstance(config, dict):
        return
    yield "config", config
    steps = config.get("steps")
    if isinstance(steps, dict):
        for name, step in steps.items():
            if isinstance(step, dict):
                yield f"config.steps.{name}", step


def _environments(inputs: Inputs) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the environments and build arguments, with their paths."""
    parts = list(_parts_with_images(inputs))
    images = _get(inputs, "config", "images")
    if isinstance(images, dict):
        parts += [(f"config.images.{name}", image) for name, image in images.items()]
    for path, part in parts:
        for keys in (("parameters", "env"), ("image", "buildArguments"), ("buildArguments",)):
            words = _get(part, *keys)
            if isinstance(words, dict):
                yield ".".join((path, *keys)), words


def _get(value: Any, *keys: str) -> Any:
    """Go down; give None where nothing is, and UNKNOWN where it is not known what is."""
    for key in keys:
        if not isinstance(value, dict):
            return UNKNOWN if value is UNKNOWN else None
        value = value.get(key)
    return value
