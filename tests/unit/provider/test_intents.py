"""Notes of what is about to be made: kept on the machine, forgotten in time, and never in the way."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pulumi_press.provider.create_once import KEPT, Intents, digest

if TYPE_CHECKING:
    from pathlib import Path


def test_note_is_found_by_another_process(tmp_path: Path) -> None:
    """What one process notes, the next one finds, for this object and this content only."""
    Intents(tmp_path / "notes").find("spec", "etl").note({"content": digest("content")})

    later = Intents(tmp_path / "notes")

    assert later.find("spec", "etl").holds(digest("content"))
    assert not later.find("spec", "etl").holds(digest("other"))
    assert not later.find("spec", "etl-2").holds(digest("content"))


def test_forgotten_note_is_gone(tmp_path: Path) -> None:
    """A note that was forgotten leaves no file."""
    Intents(tmp_path).find("spec").note({"content": digest(1)})

    Intents(tmp_path).find("spec").forget()

    assert list(tmp_path.iterdir()) == []


def test_old_notes_are_cleared_away(tmp_path: Path) -> None:
    """A note of more than a month ago says nothing any more, and its file goes."""
    Intents(tmp_path).find("spec").note({"content": digest(1)})
    (file,) = tmp_path.iterdir()
    past = file.stat().st_mtime - KEPT - 60
    os.utime(file, (past, past))

    assert not Intents(tmp_path).find("spec").holds(digest(1))
    assert list(tmp_path.iterdir()) == []


def test_key_is_not_readable_in_the_folder(tmp_path: Path) -> None:
    """Neither the token, which is part of the key, nor a name can be read from the notes."""
    Intents(tmp_path).find("https://press.example", "canary-token", "etl").note({"content": digest(1)})

    (file,) = tmp_path.iterdir()

    assert "canary" not in file.name + file.read_text()
    assert "etl" not in file.name + file.read_text()


def test_folder_that_cannot_be_used_is_no_error(tmp_path: Path) -> None:
    """Where the folder cannot be made, notes last as long as the process."""
    (tmp_path / "file").write_text("in the way")
    intents = Intents(tmp_path / "file")

    intents.find("spec").note({"content": digest(1)})

    assert intents.find("spec").holds(digest(1))
    assert not Intents(tmp_path / "file").find("spec").holds(digest(1))


def test_strange_files_in_the_folder_are_passed_over(tmp_path: Path) -> None:
    """A file that is no note, and a folder, are left alone."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(b"\xff\xfe")

    assert not Intents(tmp_path).find("spec").holds(digest(1))
