"""The program that deploys one block to several tenants, as a person would run it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress
    from pulumi_press.emulator.control.faults import FaultMatch
    from tests.engine.conftest import Stack

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TOKENS = {"north": "canary-of-north", "south": "canary-of-south"}
DAY = 86_400


@dataclass(frozen=True)
class Done:
    """What the program printed, and its exit code."""

    text: str
    errors: str
    code: int

    def table(self) -> dict[str, dict[str, str]]:
        """Read the summary: cells by title, by tenant."""
        lines = self.text.splitlines()
        first = next(number for number, line in enumerate(lines) if line.startswith("tenant "))
        titles = lines[first].split()
        rows = [re.split(r" {2,}", line) for line in lines[first + 2 : first + 2 + len(TOKENS)]]
        return {row[0]: dict(zip(titles, row, strict=True)) for row in rows}


@dataclass(frozen=True)
class Program:
    """The program, two tenants of a local Press, and a folder for their stacks."""

    folder: Path
    stack: Stack

    @property
    def press(self) -> LocalPress:
        """The local Press."""
        return self.stack.press

    def command(self, *arguments: str) -> list[str]:
        """Give the command line."""
        return [sys.executable, "-m", "automation", "--tenants", str(self.folder / "tenants.json"), *arguments]

    def environment(self, **tokens: str) -> dict[str, str]:
        """Give the environment, with the tenants' tokens."""
        given = {f"{tenant.upper()}_TOKEN": token for tenant, token in {**TOKENS, **tokens}.items()}
        return {**self.stack.environment(), **given}

    def run(self, *arguments: str, **tokens: str) -> Done:
        """Run it to its end."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder / "examples",
            env=self.environment(**tokens),
            capture_output=True,
            text=True,
            check=False,
        )
        for token in (*TOKENS.values(), *tokens.values()):
            assert token not in done.stdout + done.stderr
        return Done(done.stdout, done.stderr, done.returncode)

    def succeed(self, *arguments: str) -> Done:
        """Run it to its end, which must be a good one."""
        done = self.run(*arguments)
        assert (done.code, done.errors) == (0, ""), done
        return done

    def live(self, tenant: str) -> list[dict[str, Any]]:
        """Read what a tenant has from the local Press, without what is each tenant's own."""
        state = self.press.state()
        return [
            _without_own(item) for kind in ("specs", "deployments") for item in state[kind] if item["tenant"] == tenant
        ]

    def begin(self, line: str) -> subprocess.Popen[str]:
        """Start it in a session of its own, and wait until both tenants have told such a line."""
        process = subprocess.Popen(
            self.command(),
            cwd=self.folder / "examples",
            env=self.environment(),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        waiting = set(TOKENS)
        while waiting:
            told = process.stdout.readline()
            assert told, "it ended too early"
            if line in told:
                waiting.discard(told.split()[0])
        return process


def _without_own(item: Any) -> Any:
    """Take out ids, times and the tenant: all that may differ between two tenants with the same blocks."""
    own = ("id", "tenant", "createdAt", "updatedAt", "createdBy", "updatedBy", "at")
    if isinstance(item, dict):
        return {key: _without_own(value) for key, value in item.items() if key not in own and not key.endswith("Id")}
    return [_without_own(value) for value in item] if isinstance(item, list) else item


@pytest.fixture
def press() -> Iterator[LocalPress]:
    """A local Press with two tenants, whose rollouts are done at once."""
    with start(tokens={token: tenant for tenant, token in TOKENS.items()}) as running:
        yield running


@pytest.fixture
def slow_press() -> Iterator[LocalPress]:
    """A local Press with two tenants, whose rollouts take a day of a clock that stands still."""
    with start(tokens={token: tenant for tenant, token in TOKENS.items()}, rollout=f"seconds:{DAY}") as running:
        running.freeze()
        yield running


@pytest.fixture
def make_program(tmp_path: Path, build_stack: Callable[..., Stack]) -> Callable[[LocalPress], Program]:
    """Make the program's folder: a copy of the example, two tenants, and an empty backend."""

    def make(press: LocalPress) -> Program:
        shutil.copytree(EXAMPLES / "automation", tmp_path / "examples" / "automation")
        tenants = [
            {"name": tenant, "endpoint": press.url, "tokenVariable": f"{tenant.upper()}_TOKEN"} for tenant in TOKENS
        ]
        (tmp_path / "tenants.json").write_text(json.dumps({"tenants": tenants}))
        # Neither a token nor an endpoint comes from anywhere but the file of tenants.
        return Program(tmp_path, build_stack(tmp_path, press, PEAK_AUTH_TOKEN=None, PRESS_ENDPOINT=None))

    return make


@pytest.fixture
def program(make_program: Callable[[LocalPress], Program], press: LocalPress) -> Program:
    """The program with a local Press whose rollouts are quick."""
    return make_program(press)


def test_a_preview_tells_what_would_change_and_changes_nothing(program: Program) -> None:
    """`--preview` names what it would create for each tenant, and sends nothing that changes anything."""
    done = program.succeed("--preview")

    for tenant in TOKENS:
        assert f"daily-orders/{tenant}: 2 created\n" in done.text
        assert done.table()[tenant]["status"] == "preview"
        assert done.table()[tenant]["changes"] == "2 create"
    assert {call["method"] for call in program.press.requests()} <= {"GET"}


def test_both_tenants_end_with_the_same_and_only_what_changed_is_changed(program: Program) -> None:
    """Both tenants get the same, no state holds a token, a second run sends nothing, and a new file is a release."""
    first = program.succeed()

    assert program.live("north") == program.live("south") != []
    for tenant, row in first.table().items():
        told = {key: row[key] for key in ("release", "revision", "status", "changes")}
        assert told == {"release": "1.0.0", "revision": "1", "status": "deployed", "changes": "2 create"}
        (spec,) = [item for item in program.press.state()["specs"] if item["tenant"] == tenant]
        assert row["spec"] == spec["id"]
        assert f"{tenant}  created BlockDeployment orders\n" in first.text
    kept = [path.read_bytes() for path in (program.folder / "backend").rglob("*") if path.is_file()]
    assert kept
    assert not [content for content in kept for token in TOKENS.values() if token.encode() in content]

    program.press.clear_requests()
    second = program.succeed()

    assert {row["changes"] for row in second.table().values()} == {"none"}
    assert program.press.requests() == []

    with (program.folder / "examples/automation/orders/main.py").open("a") as file:
        file.write("# Changed.\n")
    third = program.succeed("--preview")

    assert {row["changes"] for row in third.table().values()} == {"1 release, 1 revision"}
    assert third.text.count("release 1.0.0 -> 1.0.1 (artifact +0 ~1 -0 files)") == len(TOKENS)


def test_one_tenant_that_fails_does_not_stop_the_other(program: Program) -> None:
    """A refused token fails its tenant alone and the exit code says so; with the right one the next run goes on."""
    failed = program.run(south="canary-wrong")

    assert failed.code == 1
    assert {tenant: row["status"] for tenant, row in failed.table().items()} == {
        "north": "deployed",
        "south": "failed",
    }
    reason = failed.text[failed.text.index("\nsouth failed:\n") :]
    assert "401 Unauthorized" in reason
    assert "here the token comes from SOUTH_TOKEN" in reason
    assert failed.errors == ""
    assert program.live("south") == []

    program.succeed()
    assert program.live("north") == program.live("south")

    program.succeed("--destroy")
    assert program.press.state()["specs"] == program.press.state()["deployments"] == []
    assert json.loads(program.stack.succeed("stack", "ls", "--all", "--json"))[1:] == []
    assert {row["status"] for row in program.succeed("--destroy").table().values()} == {"no stack"}


def test_a_tenant_whose_service_fails_is_told_with_the_services_words(program: Program) -> None:
    """What the service refuses for one tenant is in the summary, and the other tenant is deployed."""
    match: FaultMatch = {"method": "POST", "tenant": "north", "path": "/v1/blocks/deployments*"}
    program.press.faults({"match": match, "then": {"status": 403, "detail": "no room"}})

    done = program.run()

    assert done.code == 1
    assert {tenant: row["status"] for tenant, row in done.table().items()} == {"north": "failed", "south": "deployed"}
    (spec,) = [item for item in program.press.state()["specs"] if item["tenant"] == "north"]
    assert done.table()["north"]["spec"] == spec["id"]
    assert {tenant: row["changes"] for tenant, row in done.table().items()} == {
        "north": "1 create",
        "south": "2 create",
    }
    assert "no room" in done.text[done.text.index("\nnorth failed:\n") :]


def test_an_interrupted_run_ends_in_good_order_and_the_next_goes_on(
    make_program: Callable[[LocalPress], Program], slow_press: LocalPress
) -> None:
    """Ctrl-C ends both tenants with their stacks unlocked, and the next run waits for the same rollouts."""
    program = make_program(slow_press)
    process = program.begin("Rollout orders: revision 1")

    os.killpg(process.pid, signal.SIGINT)
    rest, _ = process.communicate()

    assert process.returncode == 1
    assert "interrupted" in rest
    slow_press.advance(DAY)
    assert {row["changes"] for row in program.succeed().table().values()} == {"1 rollout"}
    assert program.live("north") == program.live("south")


def test_a_killed_run_is_told_with_what_to_do_and_doing_it_helps(
    make_program: Callable[[LocalPress], Program], slow_press: LocalPress
) -> None:
    """After a kill, the lock is told with a command that releases it, and the next run takes up what was begun."""
    program = make_program(slow_press)
    process = program.begin("Rollout orders: revision 1")
    _kill_session(process)
    slow_press.advance(DAY)

    locked = program.run()

    assert locked.code == 1
    remedies = re.findall(r"^ +(PULUMI_BACKEND_URL=.* pulumi cancel .*)$", locked.text, re.MULTILINE)
    assert len(remedies) == len(TOKENS)
    for remedy in remedies:
        subprocess.run(remedy, shell=True, check=True, env=program.environment(), cwd=program.folder)  # noqa: S602

    refused = program.run("--destroy")
    assert refused.code == 1
    assert "deploy once" in refused.text

    told = "killed while it worked on Rollout orders"
    assert told in program.succeed().text
    assert told not in program.succeed("--destroy").text
    assert program.press.state()["specs"] == program.press.state()["deployments"] == []


def _kill_session(process: subprocess.Popen[str]) -> None:
    """Kill a process with all that it started, as when the machine goes down."""
    listed = subprocess.run(["ps", "-o", "pid=", "-s", str(process.pid)], capture_output=True, text=True, check=True)  # noqa: S607
    for pid in map(int, listed.stdout.split()):
        os.kill(pid, signal.SIGKILL)
    process.communicate()


MISTAKES = {
    "no tenant": ({"tenants": []}, "tenants: "),
    "no address": ({"tenants": [{"name": "north", "tokenVariable": "T"}]}, "tenants.0.endpoint: "),
    "a token in the file": (
        {"tenants": [{"name": "north", "endpoint": "http://localhost", "tokenVariable": "eyJ-canary.token"}]},
        "tenants.0.tokenVariable: ",
    ),
    "the same name twice": (
        {"tenants": [{"name": "north", "endpoint": "http://localhost", "tokenVariable": "T"}] * 2},
        "more than one tenant is called north",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_wrong_file_of_tenants_is_told_before_anything_is_begun(mistake: str, tmp_path: Path) -> None:
    """A mistake in the file of tenants is told by its path, without the value, and ends with 2."""
    content, expected = MISTAKES[mistake]
    path = tmp_path / "tenants.yaml"
    path.write_text(json.dumps(content))

    done = subprocess.run(
        [sys.executable, "-m", "automation", "--tenants", str(path), "--backend", tmp_path.as_uri()],
        cwd=EXAMPLES,
        env={**os.environ, "PULUMI_CONFIG_PASSPHRASE": "test"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr
    assert "canary" not in done.stderr


def test_a_missing_passphrase_is_told_before_anything_is_begun(tmp_path: Path) -> None:
    """Without a passphrase for the stacks the program says so, and ends with 2."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}

    done = subprocess.run(
        [sys.executable, "-m", "automation", "--backend", tmp_path.as_uri()],
        cwd=EXAMPLES,
        env=mine,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "PULUMI_CONFIG_PASSPHRASE" in done.stderr
