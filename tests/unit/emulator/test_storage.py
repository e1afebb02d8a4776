"""The state folder: nothing is lost, nothing is shared, nothing is misread."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.emulator import LocalPress, start
from pulumi_press.emulator.backend.store import StateError, Store
from tests.unit.emulator.conftest import Api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def _launch(folder: Path, *options: str) -> tuple[subprocess.Popen[str], LocalPress]:
    command = [sys.executable, "-m", "pulumi_press.emulator", "--state", str(folder), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    assert told["pid"] == process.pid
    return process, LocalPress(told["url"], "token")


def _end(process: subprocess.Popen[str], number: int) -> int:
    assert process.stdout is not None
    os.kill(process.pid, number)
    code = process.wait(30)
    process.stdout.close()
    return code


def test_nothing_that_was_answered_is_lost(tmp_path: Path, api: Api, make_zip: Callable[..., bytes]) -> None:
    """After kill -9 everything is there: objects, artifacts, rollouts under way and the clock."""
    process, press = _launch(tmp_path, "--rollout", "seconds:100")
    client = type(api)(press, "token", api.session)
    content = make_zip({"a": "1"})
    spec_id = client.make_spec(artifact=content)
    done, waiting = (client.make_deployment(spec_id, name) for name in ("done", "waiting"))
    press.freeze()
    press.advance(100)
    client.revise(waiting, revision={"notes": "second"})
    before = press.state()
    assert _end(process, signal.SIGKILL) == -signal.SIGKILL
    process, press = _launch(tmp_path, "--rollout", "seconds:100")
    client = type(api)(press, "token", api.session)
    try:
        assert press.state() == before
        assert (client.status(done), client.status(waiting)) == ("deployed", "deploying")
        press.advance(100)
        assert client.status(waiting) == "deployed"
    finally:
        assert _end(process, signal.SIGTERM) == 0


def test_a_folder_serves_one_process(tmp_path: Path) -> None:
    """A second local Press on the same folder is refused, and told which process has it."""
    with start(state=tmp_path):
        command = [sys.executable, "-m", "pulumi_press.emulator", "--state", str(tmp_path)]
        second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (second.returncode, second.stdout) == (1, "")
    assert f"another local Press (process {os.getpid()}) uses the state folder {tmp_path}" in second.stderr
    with start(state=tmp_path) as press:
        assert press.state()["specs"] == []


def test_a_folder_is_made_when_it_is_not_there(tmp_path: Path) -> None:
    """Parents too."""
    with start(state=tmp_path / "a" / "b"):
        pass
    assert (tmp_path / "a" / "b" / "press.sqlite3").exists()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """The message names the path."""
    (tmp_path / "file").write_text("x")
    with ExitStack() as stack, pytest.raises(StateError, match="file cannot be used"):
        stack.enter_context(start(state=tmp_path / "file"))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("PRAGMA user_version = 99", "has format 99, and this local Press reads format 2"),
        ("PRAGMA application_id = 7", "is not the state of a local Press"),
    ],
)
def test_another_format_is_refused(tmp_path: Path, spoil: str, words: str) -> None:
    """The format's version stands in the file, and a stranger's file is left alone."""
    Store(tmp_path).close()
    database = sqlite3.connect(tmp_path / "press.sqlite3")
    database.execute(spoil)
    database.close()
    with pytest.raises(StateError, match=words):
        Store(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """It is not overwritten."""
    (tmp_path / "press.sqlite3").write_bytes(b"precious" * 1000)
    with pytest.raises(StateError, match="cannot be read"):
        Store(tmp_path)
    assert (tmp_path / "press.sqlite3").read_bytes() == b"precious" * 1000


@pytest.fixture
def open_mask() -> Iterator[None]:
    """Let files be made as open as they can be."""
    before = os.umask(0)
    yield
    os.umask(before)


def _modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in [folder, *folder.iterdir()]}


NAMES = ("lock", "press.sqlite3", "press.sqlite3-wal", "press.sqlite3-shm")


@pytest.mark.usefixtures("open_mask")
def test_what_is_stored_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the umask: the folder that was made, the database, the files beside it, and the lock."""
    with start(state=tmp_path / "state") as press:
        Api(press, press.token).make_spec()
        assert _modes(tmp_path / "state") == {"state": 0o700} | dict.fromkeys(NAMES, 0o600)


@pytest.mark.usefixtures("open_mask")
@pytest.mark.parametrize("mode", [0o644, 0o666, 0o640, 0o604])
def test_files_that_others_could_read_are_closed_to_them(tmp_path: Path, mode: int) -> None:
    """Those that an earlier version left, also behind a process that was killed; nothing in them is lost."""
    process, press = _launch(tmp_path)
    spec_id = Api(press, press.token).make_spec()
    _end(process, signal.SIGKILL)
    for file in tmp_path.iterdir():
        file.chmod(mode)
    with start(state=tmp_path) as again:
        assert {name: bits for name, bits in _modes(tmp_path).items() if name in NAMES} == dict.fromkeys(NAMES, 0o600)
        assert [spec["id"] for spec in again.state()["specs"]] == [spec_id]


def test_the_mode_of_a_strangers_file_is_left_alone(tmp_path: Path) -> None:
    """What is not the state of a local Press is neither read further nor changed."""
    (tmp_path / "press.sqlite3").write_bytes(b"precious" * 1000)
    (tmp_path / "press.sqlite3").chmod(0o644)
    with pytest.raises(StateError, match="cannot be read"):
        Store(tmp_path)
    assert _modes(tmp_path)["press.sqlite3"] == 0o644


def test_what_raises_leaves_no_trace() -> None:
    """A transaction is done wholly or not at all."""
    store = Store()

    def fail() -> None:
        with store.transaction():
            store.insert("meta", key="a", value="b")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    rows: list[Any] = store.db.execute("SELECT * FROM meta").fetchall()
    store.close()
    assert rows == []


def test_parallel_writers_do_not_disturb_each_other(api: Api) -> None:
    """Of many creates with one name at the same time, one succeeds."""
    from concurrent.futures import ThreadPoolExecutor

    spec_id = api.make_spec()
    clients = [type(api)(api.press, api.token) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda client: client.send_deployment(spec_id).status_code, clients * 3))
    for client in clients:
        client.session.close()
    assert sorted(statuses) == [201] + [422] * 23
