"""`pulumi-press import` of many blocks: several requests at once, each once, one order, and the progress."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from pulumi_press.client.client import Client
from pulumi_press.client.errors import NotFound
from pulumi_press.client.session import CONNECTIONS
from pulumi_press.emulator import start
from pulumi_press.importing import progress, read_ahead
from pulumi_press.importing.progress import CLEAR, OFTEN, SELDOM, Progress
from pulumi_press.importing.read_ahead import ReadAhead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator import LocalPress
    from tests.unit.importing.conftest import Desk

COUNT = 15
BODY = {
    "version": 1,
    "kind": "workflow",
    "release": {"version": "1.0.0"},
    "config": {"steps": {"load": {"imageDetails": {"id": 1}, "command": "x"}}},
}
HIDDEN = {"name": "key", "type": "string", "required": False, "hideValue": True}


@pytest.fixture
def press() -> Iterator[LocalPress]:
    """A local Press with specs, and a deployment of each, some of an older release."""
    with start() as running, Client(running.url, running.token) as client:
        for number in range(COUNT):
            metadata = {"name": f"block-{number}", "summary": "s"}
            declared = {"run": [HIDDEN]} if number % 2 else None
            spec = client.create_spec({**BODY, "metadata": metadata}, parameters=declared)["id"]
            if number % 3:
                client.create_spec_release(spec, {"release": {"version": "2.0.0"}, "config": BODY["config"]})
            values = {"parameters": {"run": {"key": f"s3cr3t-{number}"}}} if number % 2 else {}
            source = {"spec": {"id": spec, "release": {"version": "1.0.0"}}}
            client.create_deployment({"metadata": {"name": f"run-{number}"}, **source, **values})
        running.clear_requests()
        yield running


def import_all(desk: Desk) -> tuple[str, str, str]:
    """Import all blocks; return both files and what was told."""
    ran = desk.run("import", "--all", "--force")
    assert ran.code == 0, ran.err
    return desk.read("import.json"), desk.read("__main__.py"), ran.err


def test_several_requests_run_at_once_and_none_twice(at_press: Desk, press: LocalPress) -> None:
    """No more connections than the client has, and each object is asked for once."""
    press.faults({"then": {"delay": 0.02}})

    import_all(at_press)

    calls = press.requests()
    assert [path for path, number in Counter(call["path"] for call in calls).items() if number > 1] == []
    assert 1 < len({call["connection"] for call in calls}) <= CONNECTIONS


def test_files_and_messages_do_not_depend_on_what_is_answered_first(
    at_press: Desk, press: LocalPress, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request after the other, and several of which the first ones take longer, lead to the same."""
    with monkeypatch.context() as patched:
        patched.setattr(read_ahead, "CONNECTIONS", 1)
        expected = import_all(at_press)

    press.faults({"times": COUNT, "then": {"delay": 0.1}})

    assert import_all(at_press) == expected
    names = [item["logicalName"] for item in json.loads(expected[0])["resources"]]
    assert len(names) == 3 * COUNT
    assert expected[2].count("the service masks the value of key") == COUNT // 2


def test_a_response_is_a_copy_and_an_error_is_raised_each_time(press: LocalPress) -> None:
    """What one caller changes in a response, or the error that it handles, is not seen by the next one."""
    with Client(press.url, press.token) as client:
        ahead = ReadAhead(client)
        spec = next(iter(ahead.client.list_specs()))["id"]
        ahead.client.describe_spec(spec).clear()
        assert ahead.client.describe_spec(spec)["id"] == spec
        for _ in range(2):
            with pytest.raises(NotFound):
                ahead.client.describe_spec("00000000-0000-4000-8000-000000000000")


def test_nothing_is_requested_after_a_block_that_stops_the_import(at_press: Desk, press: LocalPress) -> None:
    """The first block does not exist: those that were not requested by then are not requested any more."""
    many = 50 * CONNECTIONS
    press.faults({"then": {"delay": 0.02}})
    wanted = [word for number in range(many) for word in (f"s{number}", f"id-{number}")]

    ran = at_press.run("import", "spec", *wanted)

    assert (ran.code, ran.err) == (1, "pulumi-press import: there is no spec with the id id-0\n")
    assert len(press.requests()) < many


class Terminal(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        """Return that it is one."""
        return True


def test_a_terminal_has_one_line_of_progress_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is written over; messages stand on lines of their own, also after a block that cannot be read."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    with Progress("import") as shown, suppress(ValueError):
        for number in shown.follow(range(3 * OFTEN), 3 * OFTEN, "read {} of {} blocks"):
            if number == OFTEN:
                shown.log("warning: one is odd")
            if number == 2 * OFTEN:
                raise ValueError

    assert terminal.getvalue() == (
        f"{CLEAR}pulumi-press import: read {OFTEN} of {3 * OFTEN} blocks"
        f"{CLEAR}pulumi-press import: warning: one is odd\n"
        f"{CLEAR}pulumi-press import: read {2 * OFTEN} of {3 * OFTEN} blocks{CLEAR}"
    )


@pytest.mark.parametrize(("count", "lines"), [(SELDOM, 0), (SELDOM + 1, 1), (2 * SELDOM + 1, 2)])
def test_a_file_has_a_line_of_progress_now_and_then(capsys: pytest.CaptureFixture[str], count: int, lines: int) -> None:
    """Elsewhere than on a terminal, few lines count, none for an import of ordinary size, and none at the end."""
    assert list(Progress("import").follow(range(count), count, "read {} of {} blocks")) == list(range(count))

    assert capsys.readouterr().err.splitlines() == [
        f"pulumi-press import: read {(number + 1) * progress.SELDOM:,} of {count:,} blocks" for number in range(lines)
    ]
