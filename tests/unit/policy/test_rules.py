"""The rules of the policy pack, where the engine's tests do not go: values that are not known, and shapes that vary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from examples.policy.rules import DYNAMIC, NATIVE, RULES, UNKNOWN, is_native, is_production, kind_of
from pulumi_press.plugin import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = {rule.name: rule for rule in RULES}

GOOD: dict[str, Any] = {
    "kind": "workflow",
    "scope": "private",
    "metadata": {"name": "orders", "summary": "Adds up.", "tags": [{"name": "team-a"}]},
    "spec": {"id": "1", "release": {"version": "1.0.0"}},
    "config": {
        "images": {"base": {"dockerfile": "Dockerfile", "context": ".", "buildArguments": {"VERSION": "3"}}},
        "imageDetails": {"id": 7, "versionId": 3},
        "parameters": {"env": {"CURRENCY": "EUR"}},
        "steps": {
            "a": {"imageDetails": {"id": 7, "versionId": 3}, "parameters": {"env": {"TOKEN": "@param:token"}}},
            "b": {"image": {"dockerfile": "Dockerfile", "buildArguments": {"VERSION": "3"}}},
        },
        "watchers": [{"user": "ann@example.com", "events": {"fail": True}}],
    },
}
"""Inputs that hold all that any rule looks at, and break none."""


def find(name: str, inputs: dict[str, Any], **settings: list[str]) -> list[str]:
    """Give what a rule says."""
    rule = RULE[name]
    return list(rule.find(inputs, {**rule.settings, **settings}))


def veil(value: Any) -> Iterator[Any]:
    """Give copies of a value, each with another part of it unknown."""
    yield UNKNOWN
    if isinstance(value, dict):
        for key, part in value.items():
            yield from ({**value, key: veiled} for veiled in veil(part))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from ([*value[:index], veiled, *value[index + 1 :]] for veiled in veil(part))


@pytest.mark.parametrize("name", RULE)
def test_what_is_not_known_breaks_no_rule(name: str) -> None:
    """Whatever part of good inputs is not known yet, no rule is broken, and none fails."""
    veiled = [inputs for inputs in veil(GOOD) if isinstance(inputs, dict)]

    assert len(veiled) > len(GOOD)
    assert [inputs for inputs in [GOOD, *veiled] if find(name, inputs)] == []


@pytest.mark.parametrize("name", RULE)
def test_only_what_must_be_there_is_missed(name: str) -> None:
    """Nearly empty inputs fail no rule; only tags and a release that should be named are missed."""
    expected = {"tags-present", "production-release-pinned"}

    assert bool(find(name, {})) == (name in expected)


@pytest.mark.parametrize(
    ("watchers", "is_told"),
    [
        ([], True),
        ([{"events": {"success": True}}], True),
        ([{"events": {"fail": False}}, {"events": {"fail": True}}], False),
        ([{"events": {"fail": "@param:watch"}}], False),
    ],
)
def test_a_workflow_needs_a_watcher_of_failures(watchers: list[Any], is_told: bool) -> None:  # noqa: FBT001
    """Only a watcher that hears of failures counts; a parameter may make it one."""
    config = {"steps": {"a": {"command": "a"}}, "watchers": watchers}

    assert bool(find("failures-watched", {"config": config})) == is_told


def test_a_service_needs_no_watcher() -> None:
    """A service has no watchers, so nothing is missed."""
    assert find("failures-watched", {"kind": "service", "config": {"serviceType": "api"}}) == []


def test_each_tag_that_is_asked_for_is_missed_by_its_pattern() -> None:
    """Every pattern wants a tag of its own, and the message has the tags that are there."""
    (said,) = find("tags-present", GOOD, required=["team-*", "cost-*"])

    assert said == "metadata.tags has none like 'cost-*' (there: team-a)"


@pytest.mark.parametrize("name", ["DB_PASSWORD", "api_key", "GithubToken", "AWS_SECRET_ACCESS_KEY"])
def test_names_under_which_people_keep_secrets_are_known(name: str) -> None:
    """An environment variable with such a name is told by its path, without its value, unless it is allowed."""
    inputs = {"config": {"parameters": {"env": {name: "canary"}}}}

    (said,) = find("secrets-not-in-clear", inputs)

    assert said.startswith(f"config.parameters.env.{name} is in clear")
    assert "canary" not in said
    assert find("secrets-not-in-clear", inputs, allowed=[name]) == []


def test_both_kinds_of_type_token_are_known() -> None:
    """A rule looks at dynamic and at native resources; those of other packages are none of its business."""
    assert (DYNAMIC, NATIVE) == (tokens.DYNAMIC, tokens.NATIVE)
    assert {kind_of(f"{prefix}BlockSpec") for prefix in (DYNAMIC, NATIVE)} == {"BlockSpec"}
    assert [is_native(f"{prefix}BlockSpec") for prefix in (DYNAMIC, NATIVE)] == [False, True]
    assert [kind_of(name) for name in ("aws:s3:Bucket", "pulumi:providers:press", "")] == ["", "", ""]


def test_production_stacks_are_told_by_patterns() -> None:
    """A pattern must fit the whole name."""
    assert is_production("prod-eu", ["prod", "prod-*"])
    assert not is_production("preprod", ["prod", "prod-*"])
