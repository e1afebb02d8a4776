"""Statuses of revisions, and when each began."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_press.emulator.press import Press

__all__ = ["mark_revisions", "note_status", "show_statuses"]


def mark_revisions(press: Press, status: str, at: str, where: str, *values: Any) -> None:
    """Change the status of the revisions that a condition chooses, and note it of those that had another.

    Args:
        press: the local Press, within a transaction.
        status: the new status.
        at: when it begins, as the API writes times.
        where: SQL condition on `revisions`.
        values: what stands for the question marks in it.
    """
    db = press.store.db
    changing = db.execute(f"SELECT id FROM revisions WHERE ({where}) AND status != ?", (*values, status)).fetchall()  # noqa: S608  (conditions of our own)
    for row in changing:
        press.store.update("revisions", row["id"], status=status)
        note_status(press, row["id"], status, at)


def note_status(press: Press, revision_id: str, status: str, at: str) -> None:
    """Note that a revision has a status from now on."""
    press.store.insert("statuses", revision_id=revision_id, status=status, at=at)


def show_statuses(press: Press, revision_id: str) -> list[dict[str, str]]:
    """Give the statuses that a revision has had: `status` and `at`, in order, the last one current."""
    rows = press.store.db.execute(
        "SELECT status, at FROM statuses WHERE revision_id = ? ORDER BY seq", (revision_id,)
    ).fetchall()
    return [{"status": row["status"], "at": row["at"]} for row in rows]
