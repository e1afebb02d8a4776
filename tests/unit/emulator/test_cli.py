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
        (["--rollout", "soon"], "'soon' is no length of a rollout"),
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
    monkeypatch.setattr("pulumi_press.emulator.extra.MODULES", ("starlette", "not_there"))
    assert _run("--state", str(tmp_path / "state")) == 1
    assert capsys.readouterr().err == (
        "pulumi-press emulator: the local Press needs not_there; install it with: "
        "pip install 'pulumi-press[emulator]'\n"
    )
    assert not (tmp_path / "state").exists()
