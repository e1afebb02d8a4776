"""A rollout is reported as part of its deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.report import Outcome
from tests.unit.report.conftest import state_of, urn_of

if TYPE_CHECKING:
    from tests.unit.report.conftest import Preview

RUN: dict[str, Any] = {"metadata": {"name": "etl-prod"}, "spec": {"id": "spec-1"}, "revision_number": 1}
ROLLOUT: dict[str, Any] = {"deployment_id": "id-1", "revision": 1, "status": "deployed"}
PARENT = urn_of("BlockDeployment", "etl-prod")


def add_rollout(preview: Preview, op: str, old: dict[str, Any] | None, new: dict[str, Any] | None, **more: Any) -> None:
    """Add a step on the rollout of `etl-prod`."""
    states = {"oldState": state_of(old, parent=PARENT, **more), "newState": state_of(new, parent=PARENT)}
    preview.add(op, "Rollout", "etl-prod", **{key: state for key, state in states.items() if state})


def test_a_rollout_that_follows_is_not_told(preview: Preview) -> None:
    """The rollout of a new revision goes without saying."""
    preview.add("update", "BlockDeployment", "etl-prod", RUN, {**RUN, "triggers": {"a": 1}, "revision_number": 2})
    add_rollout(preview, "update", ROLLOUT, {**ROLLOUT, "revision": 2})

    assert preview.list_changes() == [(Outcome.REVISION, "etl-prod: revision 1 -> 2 (triggers.a)")]


@pytest.mark.parametrize(
    ("op", "old", "new", "told"),
    [
        (
            "create",
            None,
            ROLLOUT,
            (
                Outcome.ROLLOUT,
                "etl-prod: its rollout is waited for; should it have failed, it is deployed again first",
            ),
        ),
        (
            "delete",
            ROLLOUT,
            None,
            (Outcome.NOTE, "etl-prod (BlockDeployment): its rollouts are no longer waited for"),
        ),
        (
            "update",
            ROLLOUT,
            {**ROLLOUT, "timeouts": {"create": "1h"}},
            (
                Outcome.NOTE,
                "etl-prod (BlockDeployment): changes how its rollouts are waited for: timeouts.create",
            ),
        ),
        (
            "update",
            ROLLOUT,
            {**ROLLOUT, "revision": 2},
            (Outcome.ROLLOUT, "etl-prod: the rollout of its live revision is waited for"),
        ),
        (
            "update",
            {**ROLLOUT, "status": "failed"},
            ROLLOUT,
            (Outcome.ROLLOUT, "etl-prod: deployed again, for its last rollout did not end well"),
        ),
    ],
)
def test_a_rollout_alone_is_told_of_its_deployment(
    preview: Preview, op: str, old: dict[str, Any] | None, new: dict[str, Any] | None, told: tuple[Outcome, str]
) -> None:
    """A change of a rollout alone is reported as a change of its deployment."""
    add_rollout(preview, op, old, new)

    assert preview.list_changes() == [told]


def test_a_rollout_that_failed_is_waited_for_again(preview: Preview) -> None:
    """A rollout whose last try failed is waited for again, though none of its properties differs."""
    add_rollout(preview, "update", ROLLOUT, ROLLOUT, initErrors=["it failed"])

    assert preview.list_changes() == [(Outcome.ROLLOUT, "etl-prod: waited for again, for the last rollout failed")]


def test_a_rollout_beside_a_change_in_place_is_told_with_it(preview: Preview) -> None:
    """A deployment that is changed in place and deployed again is one change, with the stronger outcome."""
    preview.add("update", "BlockDeployment", "etl-prod", RUN, {**RUN, "metadata": {"name": "etl-prod", "title": "T"}})
    add_rollout(preview, "update", {**ROLLOUT, "status": "failed"}, ROLLOUT)

    ((outcome, line),) = preview.list_changes()

    assert outcome is Outcome.ROLLOUT
    assert line == "etl-prod: deployed again, for its last rollout did not end well (changed in place: metadata.title)"


def test_steps_that_a_failed_preview_does_not_tell_are_not_guessed(preview: Preview) -> None:
    """If the engine stopped early, a rollout without its deployment is not reported."""
    add_rollout(preview, "delete", ROLLOUT, None)
    preview.add_diagnostic("error", "it is protected")

    assert preview.list_changes() == []
