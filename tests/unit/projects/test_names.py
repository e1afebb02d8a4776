"""Names of projects: valid for Pulumi and for Press, whatever the folder is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_press.cli import main
from pulumi_press.projects.names import is_name, make_name

if TYPE_CHECKING:
    from pathlib import Path

PULUMI = re.compile(r"[A-Za-z0-9_.-]{1,100}")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("orders", "orders"),
        ("Daily Orders!", "daily-orders"),
        ("2024_orders--v2", "orders-v2"),
        ("Größe", "grosse"),
        ("--x--", "x"),
        ("a" * 62 + "-b", "a" * 62),
        ("42", ""),
        ("日本", ""),
    ],
)
def test_a_folder_gives_a_name(text: str, name: str) -> None:
    """It is as near to the folder's as it can be; empty where nothing is left."""
    assert make_name(text) == name


@given(st.text())
def test_every_name_that_is_made_is_one(text: str) -> None:
    """Whatever it is made of, Pulumi takes it too, and a name stays as it is."""
    name = make_name(text)

    assert not name or (is_name(name) and PULUMI.fullmatch(name) and make_name(name) == name)
    assert not is_name(text) or name == text


@pytest.mark.parametrize(
    ("words", "end"),
    [
        (["--name", "My Orders"], "; `--name my-orders` would do"),
        (["--name", "42"], "at most 63 characters"),
        (["日本"], "no name can be made of the folder's name '日本': add --name"),
    ],
)
def test_a_name_that_cannot_be_says_which_can(
    words: list[str], end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written then."""
    monkeypatch.chdir(tmp_path)

    assert main(["new", *words]) == 1

    assert end in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
