"""The policy pack: hands the rules to the engine."""

# The pack has an environment of its own, which a type checker of the program does not see.
# pyright: reportMissingImports=false

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pulumi_policy import (  # type: ignore[import-not-found]
    EnforcementLevel,
    PolicyConfigSchema,
    PolicyPack,
    ResourceValidationPolicy,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError  # type: ignore[import-not-found]
from rules import (  # type: ignore[import-not-found]
    RULES,
    UNKNOWN,
    Rule,
    find_unwatched_rollouts,
    is_native,
    is_production,
    kind_of,
)

if TYPE_CHECKING:
    from pulumi_policy import ReportViolation, ResourceValidationArgs, StackValidationArgs

PRODUCTION = {"productionStacks": ["prod", "prod-*", "production", "production-*"]}
"""Patterns of the names of production stacks, a setting of each rule for production."""


def make_policy(rule: Rule) -> ResourceValidationPolicy:
    """Make the policy of a rule."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        settings = args.get_config()
        if kind_of(args.resource_type) not in rule.kinds:
            return
        if rule.production and not is_production(stack_of(args.urn), settings["productionStacks"]):
            return
        for violation in rule.find(to_plain(args.props), settings):
            report(violation)

    defaults = {**rule.settings, **(PRODUCTION if rule.production else {})}
    return ResourceValidationPolicy(
        rule.name, rule.description, validate, EnforcementLevel(rule.level), make_schema(defaults)
    )


def validate_rollouts(args: StackValidationArgs, report: ReportViolation) -> None:
    """See that each deployment waits until its revision is live: itself, or by a rollout of its own."""
    patterns = args.get_config()["productionStacks"]
    deployments = [item for item in args.resources if kind_of(item.resource_type) == "BlockDeployment"]
    rollouts = [item for item in args.resources if kind_of(item.resource_type) == "Rollout"]
    waited_for = [item.parent.urn for item in rollouts if item.parent]
    for item in deployments:
        is_told_not_to = "wait" in item.props and read(item.props, "wait") is False
        if is_native(item.resource_type) and not is_told_not_to:
            waited_for.append(item.urn)
    for urn in find_unwatched_rollouts([item.urn for item in deployments], waited_for):
        if is_production(stack_of(urn), patterns):
            report("wait is False, so nothing tells whether its revisions come up; leave wait out", urn)


def make_schema(defaults: Mapping[str, list[str]]) -> PolicyConfigSchema:
    """Describe settings that are lists of texts."""
    texts = {"type": "array", "items": {"type": "string"}}
    return PolicyConfigSchema({name: {**texts, "default": value} for name, value in defaults.items()})


def stack_of(urn: str) -> str:
    """Give the name of the stack."""
    return urn.split(":")[2]


def to_plain(value: Any) -> Any:
    """Take the SDK's wrapping off: reading a value that is not known yet would raise."""
    if isinstance(value, Mapping):
        return {key: read(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [read(value, index) for index in range(len(value))]
    return value


def read(values: Any, key: Any) -> Any:
    """Read one value."""
    try:
        return to_plain(values[key])
    except UnknownValueError:
        return UNKNOWN


PolicyPack(
    "press-blocks",
    [
        *map(make_policy, RULES),
        StackValidationPolicy(
            "production-waits",
            "In production, an update waits until what it deploys is live.",
            validate_rollouts,
            EnforcementLevel.ADVISORY,
            make_schema(PRODUCTION),
        ),
    ],
)
