"""What the harness on the real engine breaks, and where: processes, calls, and the choice among them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.reliability.core.plans import Plan
from tests.reliability.engine import crowd, processes
from tests.reliability.engine.crash import Crash, Victim
from tests.reliability.engine.crash_cases import MOST, draw_crashes, list_crashes, spread
from tests.reliability.engine.life import LIVES, copy_plan
from tests.reliability.engine.programs import write_program
from tests.reliability.engine.setups import MODES, SETUPS, WAYS, Setup, select_setups
from tests.reliability.engine.snapshots import Snapshot
from tests.reliability.engine.wire import Strike, Wire
from tests.reliability.oracle import Promise
from tests.reliability.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLS = ("POST /v1/blocks/specs/", "GET /v1/blocks/specs/1", "PATCH /v1/blocks/specs/1")
WITHOUT = Setup(mode="no-checkpoints")
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def snapshot(life: str = "main", setup: Setup = WITHOUT, calls: tuple[str, ...] = CALLS) -> Snapshot:
    """Give a stack before the first stage of a life."""
    plan = Plan(Path("artifacts"))
    return Snapshot(life, LIVES[life].stages[0], Path(), plan, plan, calls, {}, {}, setup)


@pytest.fixture
def command() -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own, as a command of the engine is."""
    with subprocess.Popen(SLEEP, start_new_session=True) as process:
        yield process
        process.kill()


def test_every_way_is_combined_with_every_mode() -> None:
    """Each way runs with checkpoints and without."""
    assert {(setup.way, setup.mode) for setup in SETUPS} == {(way, mode) for way in WAYS for mode in MODES}
    assert [str(setup) for setup in select_setups(["native"], ["no-checkpoints"])] == ["native, no-checkpoints"]
    assert Setup().environment == {}
    assert WITHOUT.environment == {"PULUMI_EXPERIMENTAL": "1", "PULUMI_SKIP_CHECKPOINTS": "1"}


def test_processes_are_killed_at_once_and_those_that_are_gone_are_fine(command: subprocess.Popen[bytes]) -> None:
    """When `end` returns, all have ended."""
    with subprocess.Popen(SLEEP) as other, subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
        processes.end(command.pid, gone.pid, other.pid)

        assert processes.find(command.pid) == {}
        assert (command.wait(), other.wait()) == (-9, -9)


def test_a_session_is_ended_whole(command: subprocess.Popen[bytes]) -> None:
    """The count says how many processes there were."""
    assert processes.end_session(command.pid) == 1
    assert processes.find(command.pid) == {}


def test_providers_are_told_from_other_processes(command: subprocess.Popen[bytes]) -> None:
    """Only what serves resources of this package is one."""
    assert processes.find_providers(command.pid) == []
    with subprocess.Popen([*SLEEP, "pulumi.dynamic"], start_new_session=True) as provider:
        assert processes.find_providers(provider.pid) == [provider.pid]
        processes.end(provider.pid)


@pytest.mark.parametrize(("of_changes", "call"), [(False, "GET /v1/b"), (True, "PATCH /v1/c")])
def test_a_strike_falls_once_at_its_call(of_changes: bool, call: str) -> None:  # noqa: FBT001
    """It counts all calls, or only those that change something."""
    wire, strike = Wire("http://127.0.0.1"), Strike(2, "after", of_changes=of_changes)
    wire.lay(strike)

    struck = [wire.enter(*call) for call in (("POST", "/v1/a", ""), ("GET", "/v1/b", ""), ("PATCH", "/v1/c", ""))]
    struck.append(wire.enter("GET", "/v1/d", ""))

    assert struck.count(strike) == 1
    assert strike.call == call


def test_without_checkpoints_each_process_and_all_of_them_are_killed_at_each_call() -> None:
    """Where the connection or the service breaks, nobody is killed, and the mode makes no difference."""
    crashes = list(list_crashes(snapshot()))

    assert {crash.at for crash in crashes} == {1, 2, 3}
    for at in (1, 3):
        assert [str(crash) for crash in crashes if crash.at == at] == [
            f"provider at call {at}, before the work",
            f"provider at call {at}, after the work",
            f"engine at call {at}, before the work",
            f"engine and provider at call {at}, before the work",
            f"engine and provider at call {at}, after the work",
            f"all at call {at}, before the work",
            f"all at call {at}, after the work",
        ]
    assert {crash.moment for crash in crashes if crash.at == 2 and crash.victim is not Victim.ENGINE} == {"after"}
    assert {crash.victim for crash in list_crashes(snapshot(setup=Setup()))} == set(Victim)


def test_many_operations_are_broken_at_some_of_their_changes() -> None:
    """The first, the last, and some between; reads are not counted."""
    calls = tuple(f"POST /v1/{number}" for number in range(133)) + CALLS[1:2]

    crashes = list(list_crashes(snapshot("100 blocks", calls=calls)))

    assert sorted({crash.at for crash in crashes}) == [1, 67, 133]
    assert all(crash.of_changes for crash in crashes)
    assert str(crashes[0]) == "provider at change 1, before the work"
    assert str(crashes[-1]) == "all at change 133, after the work"
    amid = next(crash for crash in crashes if crash.at == 67)
    assert str(amid) == "provider at change 67, before the work, and again at change 33 of the next command"
    assert amid.second == Crash(33, "before", Victim.PROVIDER, of_changes=True)
    assert {crash.at for crash in list_crashes(snapshot("100 blocks", Setup(), calls))} == {67}


@pytest.mark.parametrize(
    ("last", "count", "expected"),
    [(0, 3, []), (1, 3, [1]), (133, 1, [67]), (3, 3, [1, 2, 3]), (10, 4, [1, 4, 7, 10]), (133, 3, [1, 67, 133])],
)
def test_points_are_spread_from_the_first_to_the_last(last: int, count: int, expected: list[int]) -> None:
    """There are no more of them than numbers."""
    assert spread(last, count) == expected


def test_a_whole_run_tries_some_crashes_at_every_call() -> None:
    """The seed alone decides which."""
    snapshots = [snapshot(), snapshot(setup=Setup()), snapshot("10 blocks")]
    crashes = [(one, crash) for one in snapshots for crash in list_crashes(one)]

    drawn = draw_crashes(crashes, 1)

    assert drawn == draw_crashes(crashes, 1)
    assert drawn != draw_crashes(crashes, 2)
    for one, most in zip(snapshots, (MOST["no-checkpoints"], MOST["checkpoints"], (1, 1)), strict=True):
        of_one = [crash for there, crash in drawn if there is one]
        calls = {crash.at for there, crash in crashes if there is one}
        assert {crash.at for crash in of_one} == calls
        assert all(sum(crash.at == at for crash in of_one) <= most[at == 2] for at in calls)


@pytest.mark.parametrize(
    ("victim", "locks"), [(victim, victim.value in ("engine", "engine and provider", "all")) for victim in Victim]
)
def test_only_a_killed_engine_leaves_a_lock(victim: Victim, locks: bool) -> None:  # noqa: FBT001
    """Whatever dies with it."""
    assert Crash(1, "before", victim).leaves_lock is locks


def test_a_crowd_declares_blocks_whose_names_begin_alike(tmp_path: Path) -> None:
    """Some of its specs are deployed, and the program says so."""
    plan = Plan(tmp_path / "artifacts")
    crowd.declare(plan, 10)
    write_program(plan, tmp_path, "native")

    text = (tmp_path / "__main__.py").read_text()
    assert len(plan.specs) + len(plan.deployments) == crowd.count_declared(10) == 13
    assert text.count("press.BlockSpec(") == 10
    assert text.count("press.BlockDeployment(") == 3
    assert {"orders-1", "orders-10"} < plan.names()


def test_a_table_shows_the_figures_of_its_parts() -> None:
    """The whole has the sum, and each violation is printed."""
    whole = Table(7)
    for setup, found in ((SETUPS[0], []), (SETUPS[-1], ["lost", "twice"])):
        part = Table(0)
        part.count(Promise.ONCE, found, cases=1200)
        whole.add(part, str(setup))
    above = Table(7)
    above.add(whole)

    lines = str(above).splitlines()
    assert ["once", "2,400", "2", "7"] in [line.split() for line in lines]
    assert [line.split()[-1] for line in lines if line.startswith(("dynamic,", "native,"))] == ["0", "2"]
    assert lines[-2:] == ["  once: lost", "  once: twice"]


def test_a_copy_of_a_plan_is_the_same_program_elsewhere(tmp_path: Path) -> None:
    """It is changed apart from the first."""
    plan = Plan(tmp_path / "here", numbers=3, published={"1.0.0"}, in_block=True)
    crowd.declare(plan, 1)

    copy = copy_plan(plan, tmp_path / "there")

    assert copy == replace(plan, folder=tmp_path / "there" / "artifacts")
    copy.specs.clear()
    copy.published.clear()
    assert (len(plan.specs), plan.published) == (1, {"1.0.0"})
