"""The command: what it prints, refuses and returns."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_press.emulator.assumptions import describe
from pulumi_press.emulator.cli import add_arguments, run

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "pulumi_press.emulator"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_one_line_and_ends_cleanly(number: int) -> None:
    """One JSON line with URL and pid, calls are answered by then, and a signal ends it with 0 and no words."""
    options = ["--token", "a=b=north", "--assume", "create-status=200", "--rollout", "reads:1", "--seed-number", "5"]
    process = subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    info = requests.get(f"{told['url']}/_emulator/info", timeout=30).json()
    known = requests.get(f"{told['url']}/v1/blocks/specs/", headers={"Authorization": "a=b"}, timeout=30)
    os.kill(process.pid, number)
    rest, errors = process.communicate(timeout=30)
    assert set(told) == {"url", "pid"}
    assert (told["url"].startswith("http://127.0.0.1:"), told["pid"]) == (True, process.pid)
    assert (info["tenants"], info["rollout"], info["seedNumber"]) == (["north"], "reads:1", 5)
    assert info["assumptions"]["create_status"] == 200
    assert known.status_code == 200
    assert (process.returncode, rest, errors) == (0, "", "")


def test_an_open_connection_does_not_hold_up_the_end() -> None:
    """A client that keeps its connection is let go."""
    process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with requests.Session() as session:
        session.get(json.loads(process.stdout.readline())["url"] + "/_emulator/health", timeout=30)
        process.terminate()
        assert process.wait(30) == 0
    process.stdout.close()


def _run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args(arguments))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rollout", "soon"], "'soon' is not a length of a rollout"),
        (["--assume", "colour=red"], "there is no assumption 'colour'; there are: create_status"),
        (["--assume", "duplicate_name=404"], "assumption duplicate_name cannot be '404'; it takes 422, 409, 400"),
        (["--assume", "max_page_size=0"], "assumption max_page_size cannot be '0'; it takes a number"),
        (["--assume", "x"], "--assume takes NAME=VALUE"),
        (["--token", "hush"], "--token takes TOKEN=TENANT"),
        (["--token", "=north"], "--token takes TOKEN=TENANT"),
    ],
)
def test_a_wrong_option_is_told(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    """Exit code 2, one line on stderr, nothing on stdout, and no token repeated."""
    assert _run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"pulumi-press emulator: {words}")
    assert (captured.out, "hush" in captured.err, captured.err.count("\n")) == ("", False, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "99999"], "cannot listen on 127.0.0.1 port 99999"),
        (["--host", "nowhere.invalid"], "cannot listen on nowhere.invalid port 0"),
        (["--seed", "/gone.yaml"], "the seed /gone.yaml cannot be read"),
    ],
)
def test_what_cannot_be_started_is_told(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    """Exit code 1 and one line on stderr."""
    assert _run(*arguments) == 1
    assert words in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The message has the port."""
    process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    port = json.loads(process.stdout.readline())["url"].rpartition(":")[2]
    assert _run("--port", port) == 1
    assert f"cannot listen on 127.0.0.1 port {port}: " in capsys.readouterr().err
    process.terminate()
    process.wait(30)
    process.stdout.close()


def test_help_lists_every_assumption() -> None:
    """Name, default and choices of each are there."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    text = parser.format_help()
    for assumption in describe():
        assert f"  {assumption.name} = {assumption.default}  ({assumption.words})" in text


def test_without_the_extra_it_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit code 1 and the command that helps; nothing is made."""
    monkeypatch.setattr("pulumi_press.emulator.local_press.MODULES", ("starlette", "not_there"))
    assert _run("--state", str(tmp_path / "state")) == 1
    assert capsys.readouterr().err == (
        "pulumi-press emulator: the local Press needs not_there; install it with: "
        "pip install 'pulumi-press[emulator]'\n"
    )
    assert not (tmp_path / "state").exists()


def test_tokens_come_from_the_environment_and_from_files(tmp_path: Path) -> None:
    """So that they are in no list of processes; all three ways go together."""
    (tmp_path / "a=b.txt").write_bytes(b"file=token\r\n")
    options = [
        *("--token", "given=north", "--token-env", "PRESS_TEST_TOKEN=south"),
        *("--token-file", f"{tmp_path / 'a=b.txt'}=west"),
    ]
    process = subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, text=True, env={**os.environ, "PRESS_TEST_TOKEN": "env-token"}
    )
    assert process.stdout is not None
    url = json.loads(process.stdout.readline())["url"]
    statuses = [
        requests.get(f"{url}/v1/blocks/specs/", headers={"Authorization": token}, timeout=30).status_code
        for token in ("given", "env-token", "file=token", "token", "PRESS_TEST_TOKEN")
    ]
    tenants = requests.get(f"{url}/_emulator/info", timeout=30).json()["tenants"]
    process.terminate()
    process.wait(30)
    process.stdout.close()
    assert (statuses, tenants) == ([200, 200, 200, 401, 401], ["north", "south", "west"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no token"),
        (b"\n", "has no token"),
        (b"hush\nhush2\n", "has more than a token"),
        (b"hush \n", "has more than a token"),
        (b"hush\xff", "cannot be read: it is not UTF-8 text"),
        (b"hush\xc3\xa4", "has more than a token"),
    ],
)
def test_a_file_without_one_token_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, words: str
) -> None:
    """By the file's name, and with none of what is in it."""
    file = tmp_path / "token"
    file.write_bytes(content)
    assert _run("--token-file", f"{file}=north") == 2
    told = capsys.readouterr().err
    assert f"the file {file} of --token-file {words}" in told
    assert "hush" not in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--token-env", "PRESS_TEST_GONE=north"],
            "the environment variable PRESS_TEST_GONE of --token-env has no token",
        ),
        (["--token-env", "PRESS_TEST_GONE"], "--token-env takes VARIABLE=TENANT"),
        (["--token-file", "/gone/token=north"], "the file /gone/token of --token-file cannot be read: No such file"),
        (["--token-file", "/gone/token"], "--token-file takes FILE=TENANT"),
        (["--token", "hush=north", "--token", "hush=south"], "one token is given for two tenants, north and south"),
    ],
)
def test_a_token_that_is_not_where_it_should_be_is_told(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    """Exit code 2, and no token repeated."""
    assert _run(*arguments) == 2
    told = capsys.readouterr().err
    assert words in told
    assert "hush" not in told
