"""Names: unique for the kind within a tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pulumi_press.emulator.errors import Refusal

if TYPE_CHECKING:
    from pulumi_press.emulator.press import Press

__all__ = ["refuse_taken"]

ROWS = {"specs": "specs WHERE deleted = 0 AND", "deployments": "deployments WHERE"}
WORDS = {"specs": "block spec", "deployments": "block deployment"}


def refuse_taken(
    press: Press,
    table: Literal["specs", "deployments"],
    tenant: str,
    kind: str,
    name: str,
    *,
    but: str = "",
    at: str = "metadata.name",
) -> None:
    """Make sure that a name is free.

    Args:
        press: the local Press, within a transaction.
        table: what is to have the name.
        tenant: its tenant.
        kind: its kind.
        name: the name.
        but: id of the object that may have it already.
        at: path of the name in the body.

    Raises:
        Refusal: another object has it.
    """
    taken = press.store.db.execute(
        f"SELECT 1 FROM {ROWS[table]} tenant = ? AND kind = ? AND name = ? AND id != ?",  # noqa: S608  (words of our own)
        (tenant, kind, name, but),
    ).fetchone()
    if taken:
        detail = f"{at}: there is a {WORDS[table]} of kind {kind} with the name {name!r} already"
        raise Refusal(press.assumptions.duplicate_name, detail)
