"""Block specs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

from pulumi_press.emulator.errors import Mistaken, Refusal
from pulumi_press.emulator.names import refuse_taken
from pulumi_press.emulator.queries import Listing, Page
from pulumi_press.emulator.releases import (
    add_release,
    check_form,
    latest_release,
    show_item,
    show_parameters,
    show_release,
)
from pulumi_press.emulator.texts import keep_texts, merge, show_metadata, unchanged
from pulumi_press.emulator.visibility import own_spec, visible, visible_spec
from pulumi_press.schema.bodies import Scope, SpecBody, SpecPatch, SpecStatus
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    import sqlite3

    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.calls import Call
    from pulumi_press.emulator.press import Press

__all__ = ["create_spec", "delete_spec", "describe_spec", "list_specs", "update_spec_metadata"]

SCOPES: tuple[str, ...] = get_args(Scope)
STATUSES: tuple[str, ...] = get_args(SpecStatus)
TITLE = "json_extract(texts, '$.title')"

SPECS = Listing(
    table="specs",
    items="specs",
    total="specCount",
    choices={"status": ("status", STATUSES), "scope": ("scope", SCOPES)},
    prefixes={"name": "name", "title": TITLE},
    flags={"featured": "featured"},
    sorts={"createdAt": "created_at", "createdBy": "created_by", "name": "name", "title": TITLE},
)


def list_specs(press: Press, call: Call) -> dict[str, Any]:
    """List the specs that the caller sees."""
    where, values = visible(call.tenant)
    page = Page.of(SPECS, call.query, press.assumptions, where=where, values=values)
    return page.read(press.store.db, lambda row: _show(press, row))


def create_spec(press: Press, call: Call) -> dict[str, Any]:
    """Store a spec with its first release."""
    form, assumptions = call.form, press.assumptions
    if form is None:
        raise TypeError("the route reads a form")
    scope, tenants = form.scope if form.scope is not None else "private", list(form.tenants)
    mistakes = check_form(form, SpecBody, assumptions)
    if scope not in SCOPES:
        mistakes.append(CheckFailure("scope", f"must be one of {', '.join(SCOPES)}, not {scope!r}"))
    mistakes += validate(SpecPatch, {"tenants": tenants})
    mistakes += _check_sharing(scope, tenants, assumptions)
    if assumptions.body_version == "number" and isinstance(form.spec.get("version"), str):
        mistakes.append(CheckFailure("version", "must be the number 1"))
    if mistakes:
        raise Mistaken(mistakes)
    metadata, spec_id = form.spec["metadata"], press.ids.new()
    refuse_taken(press, "specs", call.tenant, form.spec["kind"], metadata["name"])
    press.store.insert(
        "specs",
        id=spec_id,
        tenant=call.tenant,
        kind=form.spec["kind"],
        name=metadata["name"],
        status="available",
        texts=keep_texts(metadata),
        scope=scope,
        featured=bool(form.featured),
        tenants=json.dumps(tenants),
        created_at=call.at,
        created_by=call.user,
        updated_at=call.at,
        updated_by=call.user,
    )
    add_release(press, call, spec_id, form)
    return {"id": spec_id}


def describe_spec(press: Press, call: Call) -> dict[str, Any]:
    """Describe a visible spec with its latest release."""
    spec = visible_spec(press.store.db, call.tenant, call.path["spec_id"], press.assumptions)
    release = latest_release(press.store.db, spec["id"])
    shown = _show(press, spec)
    shown["latestRelease"] = {**show_release(press, release), **shown["latestRelease"]}
    return {**shown, "parameters": show_parameters(release)}


def update_spec_metadata(press: Press, call: Call) -> dict[str, Any]:
    """Change what can be changed of an own spec without a release."""
    assumptions, patch = press.assumptions, call.body
    mistakes = validate(SpecPatch, patch)
    if mistakes:
        raise Mistaken(mistakes)
    spec = own_spec(press.store.db, call.tenant, call.path["spec_id"], assumptions)
    metadata, tenants = patch.get("metadata", {}), json.loads(spec["tenants"])
    if "tenants" in patch:
        kept = tenants if assumptions.patch_tenants == "merge" else []
        tenants = kept + [tenant for tenant in patch["tenants"] if tenant not in kept]
    changed = {
        "name": metadata.get("name", spec["name"]),
        "status": metadata.get("status", spec["status"]),
        "texts": merge(spec["texts"], metadata, assumptions),
        "scope": patch.get("scope", spec["scope"]),
        "featured": int(patch.get("featured", spec["featured"])),
        "tenants": json.dumps(tenants),
    }
    mistakes = _check_sharing(changed["scope"], tenants, assumptions)
    if mistakes:
        raise Mistaken(mistakes)
    refuse_taken(press, "specs", call.tenant, spec["kind"], changed["name"], but=spec["id"])
    if all(spec[name] == value for name, value in changed.items()):
        unchanged(assumptions)
    else:
        press.store.update("specs", spec["id"], **changed, updated_at=call.at, updated_by=call.user)
    spec = own_spec(press.store.db, call.tenant, spec["id"], assumptions)
    return _show(press, spec)


def delete_spec(press: Press, call: Call) -> dict[str, Any]:
    """Delete an own spec with all its releases."""
    db, policy = press.store.db, press.assumptions.delete_spec_with_deployments
    spec = own_spec(db, call.tenant, call.path["spec_id"], press.assumptions)
    used = int(db.execute("SELECT count(*) FROM deployments WHERE spec_id = ?", (spec["id"],)).fetchone()[0])
    if used and policy == "refuse":
        raise Refusal(422, f"The block spec has {used} deployments; delete them first.")
    if used and policy == "orphan":
        press.store.update("specs", spec["id"], deleted=1)
    else:
        db.execute("DELETE FROM deployments WHERE spec_id = ?", (spec["id"],))
        db.execute("DELETE FROM specs WHERE id = ?", (spec["id"],))
    return {}


def _check_sharing(scope: str, tenants: list[Any], assumptions: Assumptions) -> list[CheckFailure]:
    if scope == "shared" and not tenants and assumptions.shared_without_tenants == "refuse":
        return [CheckFailure("tenants", "must list the tenants that the spec is shared with")]
    if scope != "shared" and tenants and assumptions.tenants_without_shared == "refuse":
        return [CheckFailure("tenants", "are only for the scope shared")]
    return []


def _show(press: Press, row: sqlite3.Row) -> dict[str, Any]:
    release = latest_release(press.store.db, row["id"])
    return {
        "featured": bool(row["featured"]),
        "id": row["id"],
        "kind": row["kind"],
        "latestRelease": show_item(release, press.assumptions),
        "metadata": show_metadata(row, press.assumptions),
        "scope": row["scope"],
        "tenants": json.loads(row["tenants"]),
    }
