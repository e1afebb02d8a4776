"""What the bench keeps of a run that is ended before it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.notes import Notes, digest_code

if TYPE_CHECKING:
    from pathlib import Path


def refuse() -> None:
    """Stand for a measurement that must not be made again."""
    pytest.fail("measured twice")


def test_what_was_measured_is_not_measured_again(tmp_path: Path) -> None:
    """Each measurement is on disk as soon as it is made; another process goes on from there."""
    path = tmp_path / "build" / "unfinished.json"
    Notes(path, "code").once("a life", lambda: {"seconds": 2.5})

    later = Notes(path, "code")

    assert later.once("a life", refuse) == {"seconds": 2.5}
    assert later.once("another", lambda: 1) == 1


def test_a_failed_measurement_is_made_again(tmp_path: Path) -> None:
    """Nothing is kept of a measurement that did not come to its end."""
    notes = Notes(tmp_path / "unfinished.json", "code")
    with pytest.raises(ZeroDivisionError):
        notes.once("a life", lambda: 1 / 0)

    assert notes.once("a life", lambda: 1) == 1


@pytest.mark.parametrize("written", ["", "{", '{"code": "other", "measured": {"a life": 7}}'])
def test_notes_of_other_code_are_forgotten(tmp_path: Path, written: str) -> None:
    """Figures of different code never stand side by side, and a broken file is as good as none."""
    path = tmp_path / "unfinished.json"
    path.write_text(written, encoding="utf-8")

    assert Notes(path, "code").once("a life", lambda: 1) == 1


def test_a_fresh_run_forgets_all(tmp_path: Path) -> None:
    """Whoever wants to measure from the beginning can."""
    path = tmp_path / "unfinished.json"
    notes = Notes(path, "code")
    notes.once("a life", lambda: 1)
    notes.forget()

    assert not path.exists()
    assert notes.once("a life", lambda: 2) == 2


def test_a_finished_run_leaves_what_it_did_not_ask_for(tmp_path: Path) -> None:
    """The next run measures anew, and a larger one that was ended before still goes on."""
    path = tmp_path / "unfinished.json"
    Notes(path, "code").once("of a larger run", lambda: 1)
    part = Notes(path, "code")
    part.once("of the part", lambda: 2)
    part.finish()

    later = Notes(path, "code")

    assert later.once("of a larger run", refuse) == 1
    assert later.once("of the part", lambda: 3) == 3
    later.finish()
    assert not path.exists()


def test_any_change_of_code_is_seen(tmp_path: Path) -> None:
    """A file's name and content count, and other kinds of files do not."""
    (tmp_path / "a.py").write_text("1", encoding="utf-8")
    before = digest_code(tmp_path)
    (tmp_path / "a.json").write_text("1", encoding="utf-8")
    assert digest_code(tmp_path) == before

    (tmp_path / "a.py").rename(tmp_path / "b.py")
    renamed = digest_code(tmp_path)
    (tmp_path / "b.py").write_text("2", encoding="utf-8")

    assert len({before, renamed, digest_code(tmp_path)}) == 3
