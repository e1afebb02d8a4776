"""Who may see and change what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.errors import Refusal, not_found

if TYPE_CHECKING:
    import sqlite3

    from pulumi_press.emulator.assumptions import Assumptions

__all__ = ["own_deployment", "own_spec", "visible", "visible_spec"]

VISIBLE = """deleted = 0 AND (tenant = ? OR scope = 'public' OR
    (scope = 'shared' AND EXISTS (SELECT 1 FROM json_each(specs.tenants) WHERE json_each.value = ?)))"""


def visible(tenant: str) -> tuple[str, tuple[Any, ...]]:
    """Give the condition on the specs that a tenant sees, and its values: own, public, and shared with it."""
    return VISIBLE, (tenant, tenant)


def visible_spec(db: sqlite3.Connection, tenant: str, spec_id: str, assumptions: Assumptions) -> sqlite3.Row:
    """Find a spec that the tenant sees.

    Raises:
        Refusal: there is none, or it is not for the tenant to see.
    """
    condition, values = visible(tenant)
    row: sqlite3.Row | None = db.execute(
        f"SELECT * FROM specs WHERE id = ? AND {condition}",  # noqa: S608  (a condition of our own)
        (spec_id, *values),
    ).fetchone()
    if row:
        return row
    exists = db.execute("SELECT 1 FROM specs WHERE id = ? AND deleted = 0", (spec_id,)).fetchone()
    if exists and assumptions.invisible != not_found("", "").status:
        raise Refusal(assumptions.invisible, "The block spec belongs to another tenant and is not shared with yours.")
    raise not_found("block spec", spec_id)


def own_spec(db: sqlite3.Connection, tenant: str, spec_id: str, assumptions: Assumptions) -> sqlite3.Row:
    """Find a spec that the tenant may change: its own.

    Raises:
        Refusal: there is none, or it belongs to another tenant.
    """
    row = visible_spec(db, tenant, spec_id, assumptions)
    if row["tenant"] != tenant:
        detail = "The block spec belongs to another tenant: it may be deployed, but not changed."
        raise Refusal(assumptions.foreign_change, detail)
    return row


def own_deployment(db: sqlite3.Connection, tenant: str, deployment_id: str) -> sqlite3.Row:
    """Find a deployment of the tenant.

    Raises:
        Refusal: 404, there is none.
    """
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM deployments WHERE id = ? AND tenant = ?", (deployment_id, tenant)
    ).fetchone()
    if row is None:
        raise not_found("block deployment", deployment_id)
    return row
