"""The same programs with resources of the native plugin: scenarios that the report must read as it reads the others."""

from __future__ import annotations

from dataclasses import replace

from tools.record_previews import drift, effects, troubles, values
from tools.record_previews.scenario import Scenario, Stage

PREFIX = "native-"
TWINS = (
    "create",
    "config-release",
    "artifact-release",
    "kind-replace",
    "run-parameters",
    "release-version",
    "many-effects",
    "destroy",
    "drift-metadata",
    "drift-parameters",
    "drift-revision",
    "drift-deleted",
    "failed-rollout",
    "failed-rollout-refresh",
    "mistakes",
    "unknown-create",
    "secret-change",
)
"""Scenarios that are recorded with native resources too."""

NATIVE_IMPORT = ("import pulumi_press as press", "from pulumi_press import native as press")
NO_WAIT = ('triggers={"again": 1},', 'triggers={"again": 1}, wait=False,')


def make_native(scenario: Scenario) -> Scenario:
    """Return the scenario under the name of its native recording."""
    return replace(scenario, name=f"{PREFIX}{scenario.name}", what=f"{scenario.what}; native")


def list_twins() -> tuple[Stage, ...]:
    """Return the stages of the twins."""
    found = []
    for stage in (*effects.STAGES, *drift.STAGES, *troubles.STAGES, *values.STAGES):
        scenarios = tuple(make_native(scenario) for scenario in stage.scenarios if scenario.name in TWINS)
        if scenarios:
            found.append(replace(stage, scenarios=scenarios, edits=(*stage.edits, NATIVE_IMPORT)))
    return tuple(found)


STAGES = (
    *list_twins(),
    Stage(
        "shop",
        (
            Scenario("native-unwaited", "A trigger, for a deployment that does not wait; native", (("1},", "2},"),)),
            Scenario("native-waits-again", "A deployment waits from now on; native", (NO_WAIT[::-1],)),
        ),
        files=effects.SHOP_FILES,
        edits=(NATIVE_IMPORT, NO_WAIT),
    ),
    Stage(
        "shop",
        (Scenario("native-moved", "The import: dynamic resources become native ones", (NATIVE_IMPORT,)),),
        files=effects.SHOP_FILES,
    ),
    Stage(
        "shop",
        (Scenario("native-moved-back", "The import: native resources become dynamic ones", (NATIVE_IMPORT[::-1],)),),
        files=effects.SHOP_FILES,
        edits=(NATIVE_IMPORT,),
    ),
)
