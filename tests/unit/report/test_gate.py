"""A report's exit code says what happens, and what counts can be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_press.report import FailOn, Report, exit_code, read_preview

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.report.conftest import Preview

DESTROY, REPLACE, CHANGE, DRIFT = FailOn


@pytest.mark.parametrize(
    ("name", "fail_on", "code"),
    [
        ("nothing", [], 0),
        ("outputs-only", [], 0),
        ("create", [], 2),
        ("run-parameters", [], 2),
        ("failed-rollout", [], 2),
        ("drift-none", [], 0),
        ("drift-refresh-only", [], 2),
        ("deployment-removed", [], 3),
        ("kind-replace", [], 3),
        ("mixed-replace", [], 3),
        ("mistakes", [], 1),
        ("protected", [], 1),
        # What does not count is passed over; what failed never is.
        ("create", [DESTROY, REPLACE, DRIFT], 0),
        ("deployment-removed", [DESTROY], 3),
        ("deployment-removed", [REPLACE], 0),
        ("deployment-removed", [REPLACE, CHANGE], 2),
        ("kind-replace", [REPLACE], 3),
        ("drift-refresh-only", [DRIFT], 2),
        ("drift-refresh-only", [CHANGE], 0),
        ("run-parameters", [DRIFT], 0),
        ("mistakes", [DRIFT], 1),
    ],
)
def test_recorded_previews_have_their_exit_codes(
    recording: Callable[[str], Path], name: str, fail_on: list[FailOn], code: int
) -> None:
    """0 for nothing, 2 for changes and drift, 3 for what is destroyed or replaced, 1 for what failed."""
    assert exit_code(read_preview(recording(name)), fail_on) == code


def test_the_worst_of_several_stacks_counts(recording: Callable[[str], Path]) -> None:
    """Of several stacks the worst decides: a failure, then destruction, then any change."""
    names = ("nothing", "staging", "kind-replace", "mistakes")
    codes = [exit_code(read_preview(*map(recording, names[:end]))) for end in range(1, len(names) + 1)]

    assert codes == [0, 2, 3, 1]


def test_no_stack_is_nothing() -> None:
    """A report on no stack passes."""
    assert exit_code(Report(())) == 0


def test_a_release_that_stays_on_the_service_is_not_destructive(preview: Preview) -> None:
    """A release that is only forgotten is a change, and nothing that a gate holds up."""
    preview.add("delete", "BlockSpecRelease", "etl-2", {"spec_id": "1", "release": {"version": "2.0.0"}})

    assert exit_code(read_preview(preview.write())) == 2
