"""Every input of a `BlockSpec`: what a change of it does, from the first preview to the last delete."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.provider.fields import Effect
from pulumi_press.provider.spec import SpecResource
from tests.unit.provider.every_field.conftest import ignore_changes, ignored_paths, value_at

if TYPE_CHECKING:
    from tests.unit.provider.conftest import World
    from tests.unit.provider.every_field.conftest import Case

ONLY = {"test_drift": ("metadata", "featured", "scope", "tenants")}
"""Paths of the inputs that the service tells and lets anybody change."""

RESOURCE = "BlockSpec"

EFFECTS = {
    "version": Effect.NONE,
    "kind": Effect.REPLACE,
    "metadata": Effect.PATCH,
    "featured": Effect.PATCH,
    "scope": Effect.PATCH,
    "tenants": Effect.PATCH,
    "release": Effect.RELEASE,
    "config": Effect.RELEASE,
    "parameters": Effect.RELEASE,
    "auto_run_on_deploy": Effect.RELEASE,
    "adopt": Effect.NONE,
}
"""What the design says of each argument, beside `artifact`."""

ARTIFACT = {
    "artifact.path": {
        "artifact.path": Effect.NONE,
        "artifact.digest": Effect.RELEASE,
        'artifact.files["main.sql"]': Effect.NONE,
    },
    "artifact.default_ignores": {
        "artifact.default_ignores": Effect.NONE,
        "artifact.digest": Effect.RELEASE,
        'artifact.files["old.pyd"]': Effect.NONE,
    },
    "artifact.ignore_files[0]": {
        "artifact.ignore_files[0]": Effect.NONE,
        "artifact.digest": Effect.RELEASE,
        'artifact.files["notes.txt"]': Effect.NONE,
    },
}
"""What changes with the artifact: its content is what counts."""


OTHERS = {"featured": True, "scope": "public", "auto_run_on_deploy": True}
"""Other changes: two in place, and one that makes a release."""

CONTENT = ("auto_run_on_deploy",)


def test_change(case: Case, world: World) -> None:
    """A change of one input is previewed as that alone, does what is declared, leaves no drift and is cleaned up."""
    before, after = located(case.before), located(case.after)
    spec = world.manage(SpecResource())

    spec.up(before)
    identity = spec.id
    assert spec.preview(before).changes == ()
    assert world.writes() == ["POST /v1/blocks/specs/"]

    expected = expected_effects(case)
    diff = spec.preview(after)
    assert {leaf: change.field.effect for change in diff.changes for leaf in change.paths} == expected

    spec.up(after)
    calls = [call for call in world.calls() if call["method"] != "GET"]
    assert [f"{call['method']} {call['path']}" for call in calls] == declared_calls(set(expected.values()), identity)
    if Effect.PATCH in expected.values():
        assert calls[0]["body"] == declared_patch(case)

    as_written = spec.inputs
    assert spec.refresh()
    assert spec.inputs == as_written
    assert spec.preview(after).changes == ()

    spec.destroy()
    assert world.press.state() == {"specs": [], "deployments": []}


def test_ignored(case: Case, world: World) -> None:
    """With `ignore_changes` of an input, or of what it is in, the next other change goes through with the old value."""
    before, after = located(case.before), located(case.after)
    for path in ignored_paths(case):
        world.press.reset()
        program = after
        spec = world.manage(SpecResource())
        spec.up(before)
        assert spec.preview(ignore_changes(path, spec.inputs, after)).changes == ()
        old = value_at(path, spec.inputs)

        for name, value in OTHERS.items():
            # A version that is held back holds back the content too, for a release never changes.
            if name == path or (path.startswith("release") and path != "release.notes" and name in CONTENT):
                continue
            program = {**program, name: value}
            diff = spec.up(ignore_changes(path, spec.inputs, program))
            assert {change.field.path for change in diff.changes} - {"release.version"} == {name}
            assert value_at(path, spec.inputs) == old


def test_drift(case: Case, world: World) -> None:
    """What somebody changed on the service shows as that alone, and `up` puts it back with one call."""
    spec = world.manage(SpecResource())
    spec.up(case.before)
    world.client.update_spec_metadata(spec.id, declared_patch(case))

    assert spec.refresh()
    assert {leaf for change in spec.preview(case.before).changes for leaf in change.paths} == case.leaves

    world.calls()
    spec.up(case.before)
    assert world.sent() == [f"PATCH /v1/blocks/specs/{spec.id}"]
    assert spec.refresh()
    assert spec.preview(case.before).changes == ()


def test_no_field_is_left_out(untried: set[str]) -> None:
    """The table changes every field that the schema declares."""
    assert untried == set()


def located(program: dict[str, Any]) -> dict[str, Any]:
    """Give the program with its artifact's folder where it really lies."""
    if "artifact" not in program:
        return program
    path = Path(__file__).parent / program["artifact"]["path"]
    return {**program, "artifact": {**program["artifact"], "path": str(path)}}


def expected_effects(case: Case) -> dict[str, Effect]:
    """Say what the preview must show: each changed value with its effect, and the version where a release follows."""
    expected = ARTIFACT.get(case.at) or {
        leaf: EFFECTS[leaf.partition(".")[0].partition("[")[0]] for leaf in case.leaves
    }
    # A spec that is replaced begins at the first version, which is the one that it has.
    is_next = Effect.RELEASE in expected.values() and Effect.REPLACE not in expected.values()
    follows = {"release.version": Effect.RELEASE} if is_next else {}
    return {**expected, **follows}


def declared_calls(effects: set[Effect], identity: str) -> list[str]:
    """Give the writes that the effects stand for."""
    if Effect.REPLACE in effects:
        return ["POST /v1/blocks/specs/", f"DELETE /v1/blocks/specs/{identity}"]
    calls = {
        Effect.PATCH: f"PATCH /v1/blocks/specs/{identity}",
        Effect.RELEASE: f"POST /v1/blocks/specs/{identity}/releases",
    }
    return [call for effect, call in calls.items() if effect in effects]


def declared_patch(case: Case) -> dict[str, Any]:
    """Give the body of the PATCH: the changed argument, or the changed text of the metadata."""
    (leaf,) = case.leaves
    argument, _, text = leaf.partition("[")[0].partition(".")
    value = case.after[argument]
    return {argument: {text: value[text]} if text else value}
