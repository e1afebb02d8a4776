"""The stream that tells pages of changes."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_press.emulator import start
from pulumi_press.emulator.pages import changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.unit.emulator.conftest import Api

PATH = "/_emulator/changes"


class _Stream:
    """An open stream; `event` waits for its next one."""

    def __init__(self, url: str) -> None:
        self.response = requests.get(url + PATH, stream=True, timeout=30)
        assert self.response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        # One byte at a time: more would wait until there are as many.
        self._lines = self.response.iter_lines(chunk_size=1, decode_unicode=True)

    def event(self) -> str:
        """Return the data of the next event."""
        return str(next(line for line in self._lines if line.startswith("data: ")))

    def rest(self) -> list[str]:
        """Return what comes until the server ends the stream; a connection that breaks is an error."""
        return list(self._lines)

    def close(self) -> None:
        """Leave it."""
        self.response.close()


@pytest.fixture
def open_stream() -> Iterator[Callable[[Api], _Stream]]:
    """Give what opens a stream, which is closed at the end."""
    streams: list[_Stream] = []

    def open_(api: Api) -> _Stream:
        streams.append(_Stream(api.press.url))
        return streams[-1]

    yield open_
    for stream in streams:
        stream.close()


def _version_of(api: Api) -> str:
    page = requests.get(api.press.url + "/", timeout=30).text
    return page.partition('data-version="')[2].partition('"')[0]


def test_each_change_is_told_to_every_stream(api: Api, open_stream: Callable[[Api], _Stream]) -> None:
    """Calls of the API and writes of the control plane are; the first event is the present version."""
    streams = [open_stream(api) for _ in range(8)]
    seen = [{stream.event() for stream in streams}]
    for change in (api.make_spec, api.press.reset, lambda: api.get("/v1/blocks/specs/")):
        change()
        seen.append({stream.event() for stream in streams})
    assert [len(events) for events in seen] == [1, 1, 1, 1]
    assert len(set.union(*seen)) == 4
    assert seen[-1] == {f"data: {_version_of(api)}"}


def test_looking_is_no_change(api: Api) -> None:
    """Else an open page would fetch itself for ever."""
    before = _version_of(api)
    api.press.state()
    requests.get(f"{api.press.url}/_emulator/calls", timeout=30)
    with closing(_Stream(api.press.url)) as stream:
        stream.event()
    assert _version_of(api) == before


def test_many_changes_are_few_events(api: Api, open_stream: Callable[[Api], _Stream]) -> None:
    """However many calls there are, an event comes after each pause only."""
    stream, begun = open_stream(api), time.monotonic()
    first = stream.event()
    for _ in range(40):
        api.get("/v1/blocks/specs/")
    last = f"data: {_version_of(api)}"
    events = [first]
    while events[-1] != last:
        events.append(stream.event())
    assert len(events) <= (time.monotonic() - begun) / changes.PAUSE + 1


def test_a_rollout_by_time_is_told_without_any_call(
    make_api: Callable[..., Api], open_stream: Callable[[Api], _Stream]
) -> None:
    """Nobody asks for the deployment, and yet the stream tells that it has gone on."""
    api = make_api(rollout="seconds:0.3")
    deployment_id = api.make_deployment(api.make_spec())
    stream = open_stream(api)
    stream.event()
    stream.event()
    page = requests.get(f"{api.press.url}/_emulator/deployments/{deployment_id}", timeout=30).text
    assert '<span class="badge good">deployed</span>' in page


@pytest.mark.parametrize("is_kept", [False, True])
def test_streams_end_with_the_server(tmp_path: Path, *, is_kept: bool) -> None:
    """Each ends as a response does: none is cut off because the server would not wait any longer."""
    with start(state=tmp_path if is_kept else None) as press:
        streams = [_Stream(press.url) for _ in range(5)]
        for stream in streams:
            stream.event()
        rests: list[Any] = []
        threads = [threading.Thread(target=lambda stream=stream: rests.append(stream.rest())) for stream in streams]
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join(30)
    assert len(rests) == 5
    assert not any(line.startswith("data: ") for rest in rests for line in rest)


def test_a_stream_ends_after_its_time(
    monkeypatch: pytest.MonkeyPatch, api: Api, open_stream: Callable[[Api], _Stream]
) -> None:
    """A client that is gone without a word is forgotten; a browser connects again."""
    monkeypatch.setattr(changes, "LONGEST", -1)
    assert open_stream(api).rest()[0] == "retry: 1000"


def test_a_client_that_leaves_is_forgotten(api: Api) -> None:
    """Nothing of its stream is left: a server with many that came and went stops as if there had been none."""
    before = threading.active_count()
    for _ in range(50):
        with closing(_Stream(api.press.url)) as stream:
            stream.event()
    assert api.press.info()["counts"]["specs"] == 0
    assert threading.active_count() <= before


def test_versions_differ_after_a_restart(tmp_path: Path) -> None:
    """A page that was open meanwhile is not taken for a current one."""
    versions = set()
    for _ in range(2):
        with start(state=tmp_path) as press, closing(_Stream(press.url)) as stream:
            versions.add(stream.event())
    assert len(versions) == 2


def test_pages_of_other_sites_get_no_stream(api: Api) -> None:
    """They could hold on to connections."""
    answer = requests.get(api.press.url + PATH, headers={"Origin": "https://evil.example"}, timeout=30)
    assert answer.status_code == 403


def test_the_head_of_a_stream_can_be_asked_for(api: Api) -> None:
    """It ends at once."""
    answer = requests.head(api.press.url + PATH, timeout=30)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
