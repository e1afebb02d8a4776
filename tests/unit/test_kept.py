"""What a long run found so far: a run that is ended goes on where it was."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from tests.reliability.kept import Kept

if TYPE_CHECKING:
    from pathlib import Path


def refuse() -> None:
    """Fail, where something is tried again."""
    pytest.fail("tried again")


def test_another_run_goes_on(tmp_path: Path) -> None:
    """What a run found is there for the next, in values as they were."""
    first = Kept(tmp_path / "build" / "kept", "code")
    first.add("one", {"cases": 1})

    second = Kept(tmp_path / "build" / "kept", "code")

    assert second.once("one", refuse) == {"cases": 1}
    assert ("two" in second, second.once("two", lambda: 2), len(second)) == (False, 2, 2)


@pytest.mark.parametrize(
    "foreign", [pickle.dumps(5), b"text", bytes(range(256)), pickle.dumps(("code", "one", 1))[:-1] + b"R."]
)
def test_a_file_of_somebody_else_is_forgotten(tmp_path: Path, foreign: bytes) -> None:
    """What cannot be read is no outcome, and the run keeps what it finds."""
    path = tmp_path / "kept"
    path.write_bytes(foreign)

    Kept(path, "code").add("two", 2)

    assert ("one" in Kept(path, "code"), "two" in Kept(path, "code")) == (False, True)


@pytest.mark.parametrize("lost", [1, 5, 20])
def test_what_was_written_in_part_is_tried_again(tmp_path: Path, lost: int) -> None:
    """A run that was killed while it wrote has lost that alone, and what comes after it is kept."""
    path = tmp_path / "kept"
    first = Kept(path, "code")
    first.add("one", 1)
    first.add("two", 2)
    path.write_bytes(path.read_bytes()[:-lost])

    second = Kept(path, "code")
    found = ("one" in second, "two" in second)
    second.add("three", 3)

    assert found == (True, False)
    assert ("one" in Kept(path, "code"), "three" in Kept(path, "code")) == (True, True)


def test_outcomes_of_other_code_are_forgotten(tmp_path: Path) -> None:
    """What another code made of a case says nothing of this one."""
    Kept(tmp_path / "kept", "old").add("one", 1)

    assert "one" not in Kept(tmp_path / "kept", "new")


def test_a_finished_run_leaves_nothing(tmp_path: Path) -> None:
    """The next run tries everything anew."""
    kept = Kept(tmp_path / "kept", "code")
    kept.add("one", 1)

    kept.finish()

    assert ("one" in kept, list(tmp_path.iterdir())) == (False, [])


def test_nothing_is_kept_without_a_file() -> None:
    """Only a whole run keeps what it found."""
    kept = Kept()
    kept.add("one", 1)

    assert kept["one"] == 1
