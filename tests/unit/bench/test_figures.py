"""The bench's own arithmetic: ratios, medians, tables, and what is said of the targets."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bench.cost import ROWS, Cost, Lane, Life, compare, grow, merge, ratio
from bench.report.tables import draw, show_figures, show_ratios
from bench.report.targets import Verdict, judge
from bench.results import Results

if TYPE_CHECKING:
    from pathlib import Path

COST = Cost(seconds=2.0, cpu_seconds=1.0, requests=300, connections=3, engine_mib=100, provider_mib=50)


def life(side: str, count: int = 300, **figures: float) -> Life:
    """Make a life whose commands all cost the same."""
    cost = replace(COST, **figures)
    return Life(side, count, 0, dict.fromkeys(ROWS, cost), state_bytes=1000)


def results(*lives: Life) -> Results:
    """Make results that hold these lives alone."""
    return Results("2026-01-31", {"system": "Test"}, lives)


def missed(*lives: Life) -> set[str]:
    """Give what the missed targets are about."""
    return {verdict.target for verdict in judge(results(*lives)) if not verdict.met}


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"), [(1, 4, 0.25), (4, 1, 4), (0, 3, 0), (0, 0, 1), (2, 0, math.inf)]
)
def test_a_ratio_says_how_many_times_the_other_we_take(ours: float, theirs: float, expected: float) -> None:
    """Nothing beside nothing is as much; something beside nothing is no finite number of times."""
    assert ratio(ours, theirs) == expected


def test_lives_of_a_kind_become_their_medians() -> None:
    """One disturbed life does not count, and lives of other kinds are left apart."""
    several = [life("ours", seconds=seconds) for seconds in (3.0, 100.0, 2.0)]

    merged = merge([several[0], life("naive", seconds=7), *several[1:], life("ours", count=10, seconds=1)])

    assert [(one.side, one.count, one.rows["create"].seconds, one.runs) for one in merged] == [
        ("ours", 300, 3.0, 3),
        ("naive", 300, 7, 1),
        ("ours", 10, 1, 1),
    ]


def test_what_ran_at_the_same_time_is_compared() -> None:
    """A machine that is ten times slower for one run, and a run that only one side has, change no ratio."""
    ours = [life("ours", seconds=seconds) for seconds in (1.0, 10.0, 3.0)]
    naive = [life("naive", seconds=seconds) for seconds in (2.0, 20.0)]

    assert compare([ours[0], naive[0], ours[1], naive[1], ours[2]], "naive", 300, 0) == dict.fromkeys(ROWS, 0.5)
    assert compare(ours, "naive", 300, 0) == {}


def test_every_target_is_met_at_its_limit() -> None:
    """A target is the most that a figure may be."""
    naive = life("naive", seconds=100, engine_mib=1000)
    ours = life("ours", seconds=25, engine_mib=150, connections=9)

    assert missed(ours, naive, life("floor", seconds=25 / 1.15)) == set()


@pytest.mark.parametrize(
    ("worse", "told"),
    [
        ({"seconds": 26.0}, {"time of update against naive"}),
        ({"engine_mib": 151.0}, {"memory of the engine against naive"}),
        ({"requests": 301.0}, {"requests against naive, the worst row of all"}),
        ({"connections": 10.0}, {"connections, the worst row of all"}),
    ],
)
def test_a_figure_beyond_its_limit_is_told(worse: dict[str, float], told: set[str]) -> None:
    """Each target is missed by what it is about, and by nothing else."""
    figures = {"seconds": 25.0, "engine_mib": 150.0, **worse}
    ours = life("ours", 300, **figures)

    found = missed(ours, life("naive", seconds=100, engine_mib=1000), life("floor", seconds=25))

    assert {target.rpartition(": ")[2] for target in found} == told


def test_every_row_is_held_to_the_floor() -> None:
    """One slow command is enough to miss."""
    ours, floor = life("ours"), life("floor")
    slow = replace(ours, rows={**ours.rows, "refresh": replace(COST, seconds=2.31)})

    assert missed(ours, floor) == set()
    assert missed(slow, floor) == {"300 resources, 0 ms: time of refresh against the floor"}


def test_a_small_stack_may_be_a_tenth_slower() -> None:
    """Of a small stack the worst command counts."""
    naive = life("naive", count=10)

    assert missed(life("ours", count=10, seconds=2.2), naive) == set()
    assert missed(life("ours", count=10, seconds=2.21), naive) == {
        "10 resources, 0 ms: time of the worst row, preview, against naive"
    }


def test_deployments_that_wait_take_at_most_half() -> None:
    """The medians of all runs are compared, and their requests as well."""
    base = results()
    naive = [replace(COST, seconds=seconds) for seconds in (10.0, 12.0, 50.0)]

    def judged(ours: Cost) -> list[tuple[float, bool]]:
        verdicts = judge(replace(base, waiting={"ours": [ours], "naive": naive}))
        return [(verdict.measured, verdict.met) for verdict in verdicts]

    assert judged(replace(COST, seconds=6.0)) == [(0.5, True), (1, True), (3, True)]
    assert judged(replace(COST, seconds=9.0, requests=600)) == [(0.75, False), (2, False), (3, True)]


def test_what_was_not_measured_is_not_judged() -> None:
    """A part of the bench is judged by the targets that it has figures for."""
    assert judge(results()) == []
    assert [verdict.target for verdict in judge(results(life("ours")))] == ["connections, the worst row of all"]
    assert all("naive" not in verdict.target for verdict in judge(results(life("ours"), life("floor"))))


def test_nothing_beside_nothing_misses_no_target() -> None:
    """Commands that send no request send no more than naive's."""
    assert missed(life("ours", seconds=1, requests=0), life("naive", seconds=100, engine_mib=9999, requests=0)) == set()


def test_a_table_has_a_cell_for_each_head() -> None:
    """Columns are as wide as their widest cell, names to the left and figures to the right."""
    assert draw(("what", "s"), [("a", "1.00"), ("longer", "10.00")]).splitlines() == [
        "| what   |     s |",
        "| ------ | ----: |",
        "| a      |  1.00 |",
        "| longer | 10.00 |",
    ]


def test_ratios_are_those_of_the_figures() -> None:
    """The tables show ours over the other, by number of resources, whatever order they were measured in."""
    lives = [life("naive", seconds=8), life("ours"), life("naive", count=10, seconds=1), life("ours", count=10)]

    tables = dict(show_ratios(results(*lives)))

    lines = [line.replace(" ", "") for line in tables["Time, where naive takes 1"].splitlines()[2:]]
    assert lines == ["|10|0ms|yes" + "|2.00" * 6 + "|", "|300|0ms|yes" + "|0.25" * 6 + "|"]
    assert "Time, where the floor takes 1" not in tables


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    """The file for machines holds every run, and the page can be written from it anew."""
    path = tmp_path / "performance.json"
    whole = Results(
        "2026-01-31",
        {"system": "Test"},
        [life("ours"), life("ours", seconds=3)],
        {"ours": [COST]},
        [{"digest": 1.0, "sha256sum": 0.5, "pack": 3.0, "zip": 2.0}],
        [{"python": 0.01, "pulumi": 0.11, "pulumi_press": 0.12, "pulumi.dynamic": 0.2, "provider": 0.25}],
    )

    whole.write(path, [Verdict("a target", 1.0, 2.0)])
    read = Results.read(path)

    assert read == whole
    assert dict(show_ratios(read)) == dict(show_ratios(whole))
    assert dict(show_figures(read)) == dict(show_figures(whole))


def test_the_native_plugin_may_take_a_tenth_more_than_the_dynamic_provider() -> None:
    """It is judged beside the dynamic provider of the same run, row by row."""
    good, slow = life("native", seconds=2.1), life("native", seconds=2.3)

    assert not missed(life("ours"), good)
    assert missed(life("ours"), slow) == {f"300 resources, 0 ms, native: time of {row} against dynamic" for row in ROWS}
    titles = [title for title, _ in show_ratios(results(life("ours"), good))]
    assert "Time of the native plugin, where the dynamic provider takes 1" in titles


def test_the_state_of_native_deployments_is_at_most_half() -> None:
    """Its size is measured after the `up` that makes them."""
    ours, native = replace(COST, state_bytes=1000), replace(COST, state_bytes=501)
    measured = replace(results(), waiting={"ours": [ours], "native": [native]})

    assert [verdict.target for verdict in judge(measured) if not verdict.met] == [
        "24 deployments, native: state against dynamic"
    ]


def skipping(side: str, count: int, seconds: float) -> Life:
    """Make a life without checkpoints."""
    return replace(life(side, count, seconds=seconds), checkpoints=False)


def test_lives_without_checkpoints_are_kinds_of_their_own() -> None:
    """They are neither merged nor compared with the others, unless that is asked for."""
    both = [life("ours", seconds=4), skipping("ours", 300, 1), life("floor", seconds=2), skipping("floor", 300, 2)]

    assert [(one.lane, one.runs) for one in merge(both)] == [(one.lane, 1) for one in both]
    assert compare(both, "floor", 300, 0) == dict.fromkeys(ROWS, 2)
    assert compare(both, Lane("floor", checkpoints=False), 300, 0, one=Lane("ours", checkpoints=False)) == (
        dict.fromkeys(ROWS, 0.5)
    )
    assert compare(both, "ours", 300, 0, one=Lane("ours", checkpoints=False)) == dict.fromkeys(ROWS, 0.25)


def test_growth_leaves_out_what_a_command_takes_by_itself() -> None:
    """Twice as much for each further resource is a growth of two, whatever the start of a command takes."""
    lives = [skipping("ours", count, seconds) for count, seconds in ((100, 9), (300, 11), (1000, 25))]

    assert grow(lives, Lane("ours", checkpoints=False), (100, 300, 1000), 0) == dict.fromkeys(ROWS, 2)
    assert grow(lives, Lane("ours"), (100, 300, 1000), 0) == {}
    assert grow(lives[1:], Lane("ours", checkpoints=False), (100, 300, 1000), 0) == {}


def test_without_checkpoints_each_command_is_held_to_the_floor() -> None:
    """What sends no request must beat it, what sends some may take more; the mode must pay, and its cost not grow."""
    lives = [
        life("ours", seconds=20),
        *(skipping("ours", count, seconds) for count, seconds in ((100, 4), (300, 10), (1000, 32))),
        *(skipping("floor", count, seconds) for count, seconds in ((100, 4), (300, 10), (1000, 31))),
    ]

    at = [f"{count} resources, 0 ms, without checkpoints" for count in ("300", "1,000")]
    assert missed(*lives) == {
        *(f"{where}: time of {row} against the floor" for where in at for row in ("preview", "no change")),
        *(f"without checkpoints: growth of a resource's cost in {row} against the floor" for row in ROWS),
    }
    slow = [life("ours", seconds=15), *lives[1:]]
    paying = {f"300 resources, 0 ms: time of {row} without checkpoints against with" for row in ("create", "update")}
    assert paying < missed(*slow)
    titles = [title for title, _ in show_ratios(results(*lives))]
    assert "Time without checkpoints, where the same with checkpoints takes 1" in titles
    assert "Cost of a resource between 300 and 1,000, where one between 100 and 300 costs 1" in titles
