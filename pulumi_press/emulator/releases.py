"""Releases of block specs: what cannot be changed once it is published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator import artifacts
from pulumi_press.emulator.errors import Mistaken, Refusal, not_found
from pulumi_press.emulator.masking import hidden_names
from pulumi_press.emulator.queries import Listing, Page
from pulumi_press.emulator.visibility import own_spec, visible_spec
from pulumi_press.schema import versions
from pulumi_press.schema.bodies import ReleaseBody, kind_of_config
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.images import find_built_images
from pulumi_press.schema.parameters import Parameters
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    import sqlite3

    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.calls import Call
    from pulumi_press.emulator.forms import Form
    from pulumi_press.emulator.press import Press

__all__ = [
    "add_release",
    "check_form",
    "create_spec_release",
    "describe_spec_release",
    "find_release",
    "latest_release",
    "list_spec_releases",
    "show_item",
    "show_release",
]

RELEASES = Listing(
    table="releases",
    items="releases",
    total="releaseCount",
    newest_first=True,
    sorts={"createdAt": "created_at", "createdBy": "created_by"},
)


def create_spec_release(press: Press, call: Call) -> dict[str, Any]:
    """Publish a further release of an own spec."""
    form = _form(call)
    mistakes = check_form(form, ReleaseBody, press.assumptions)
    spec = own_spec(press.store.db, call.tenant, call.path["spec_id"], press.assumptions)
    if not mistakes and kind_of_config(form.spec["config"]) != spec["kind"]:
        mistakes.append(CheckFailure("config", f"is not that of a {spec['kind']}, the kind of the spec"))
    if mistakes:
        raise Mistaken(mistakes)
    version = form.spec["release"]["version"]
    last = latest_release(press.store.db, spec["id"])["version"]
    if not versions.parse(version) > versions.parse(last):
        detail = f"release.version: {version} is not greater than {last}, the latest release"
        raise Refusal(press.assumptions.older_version, detail)
    add_release(press, call, spec["id"], form)
    return {"id": spec["id"], "release": {"version": version}}


def list_spec_releases(press: Press, call: Call) -> dict[str, Any]:
    """List the releases of a visible spec, the newest first."""
    spec = visible_spec(press.store.db, call.tenant, call.path["spec_id"], press.assumptions)
    page = Page.of(RELEASES, call.query, press.assumptions, where="spec_id = ?", values=(spec["id"],))
    return page.read(press.store.db, lambda row: show_item(row, press.assumptions))


def describe_spec_release(press: Press, call: Call) -> dict[str, Any]:
    """Describe one release of a visible spec."""
    spec = visible_spec(press.store.db, call.tenant, call.path["spec_id"], press.assumptions)
    version: str | None = call.path["version"]
    if version == "latest" and press.assumptions.latest_alias == "accept":
        version = None
    row = find_release(press.store.db, spec["id"], version)
    item = show_item(row, press.assumptions)
    del item["version"]
    return {**show_release(press, row), **item, "parameters": show_parameters(row)}


def check_form(form: Form, shape: Any, assumptions: Assumptions) -> list[CheckFailure]:
    """Find the mistakes of a form that has the parts it should have."""
    mistakes = [*validate(shape, form.spec), *validate(Parameters, form.parameters, at="parameters")]
    if not mistakes and assumptions.artifact_when_building == "required" and not form.artifact:
        mistakes += [
            CheckFailure(path, "is to be built, which needs an artifact")
            for path in find_built_images(form.spec["config"])
        ]
    return mistakes


def add_release(press: Press, call: Call, spec_id: str, form: Form) -> None:
    """Store a release that passed every check."""
    release = form.spec["release"]
    press.store.insert(
        "releases",
        id=press.ids.new(),
        spec_id=spec_id,
        version=release["version"],
        notes=release.get("notes"),
        auto_run=bool(form.auto_run),
        config=json.dumps(form.spec["config"]),
        parameters=json.dumps(form.parameters),
        artifact_id=artifacts.keep(press, form.artifact, spec_id) if form.artifact else None,
        created_at=call.at,
        created_by=call.user,
    )
    press.hidden.update(hidden_names(form.parameters))


def latest_release(db: sqlite3.Connection, spec_id: str) -> sqlite3.Row:
    """Give the latest release of a spec; each spec has one."""
    return find_release(db, spec_id, None)


def find_release(db: sqlite3.Connection, spec_id: str, version: str | None) -> sqlite3.Row:
    """Give the release with this version, or the latest.

    Raises:
        Refusal: 404, there is none.
    """
    # Each release is greater than those before it, so the last one stored is the latest.
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM releases WHERE spec_id = ? AND (?2 IS NULL OR version = ?2) ORDER BY seq DESC LIMIT 1",
        (spec_id, version),
    ).fetchone()
    if row is None:
        raise not_found(f"release of block spec {spec_id}:", str(version))
    return row


def show_item(row: sqlite3.Row, assumptions: Assumptions) -> dict[str, Any]:
    """Give a release as listings have it."""
    item = {
        "createdAt": row["created_at"],
        "createdBy": row["created_by"],
        "id": row["id"],
        "notes": row["notes"],
        "version": row["version"],
        "autoRunOnDeploy": bool(row["auto_run"]),
    }
    if row["notes"] is None and assumptions.absent_values == "omit":
        del item["notes"]
    return item


def show_release(press: Press, row: sqlite3.Row) -> dict[str, Any]:
    """Give what a description of a release has beyond its item: `artifact` and `config`."""
    shown: dict[str, Any] = {}
    if row["artifact_id"]:
        artifact = press.store.db.execute(
            "SELECT id, version FROM artifacts WHERE id = ?", (row["artifact_id"],)
        ).fetchone()
        shown["artifact"] = {"id": artifact["id"], "version": artifact["version"]}
    elif press.assumptions.absent_values == "null":
        shown["artifact"] = None
    return {**shown, "config": json.loads(row["config"])}


def show_parameters(row: sqlite3.Row) -> dict[str, Any]:
    """Give what a release declares, as descriptions have it."""
    declared = json.loads(row["parameters"])
    build, run = declared.get("build", []), declared.get("run", [])
    return {"build": build, "groups": {"build": [], "run": []}, "run": run}


def _form(call: Call) -> Form:
    if call.form is None:
        raise TypeError("the route reads a form")
    return call.form
