"""Block specs and their releases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

from pulumi_press.emulator.api.calls import APIError, InvalidRequestError, not_found
from pulumi_press.emulator.api.objects import (
    Listing,
    Page,
    dump_texts,
    merge_texts,
    own_spec,
    refuse_taken,
    refuse_unchanged,
    show_metadata,
    visible,
    visible_spec,
)
from pulumi_press.emulator.backend.backend import hidden_names
from pulumi_press.schema import versions
from pulumi_press.schema.bodies import ReleaseBody, Scope, SpecBody, SpecPatch, SpecStatus, kind_of_config
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.images import find_built_images
from pulumi_press.schema.parameters import Parameters
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    import sqlite3

    from pulumi_press.emulator.api.calls import Artifact, Call, Form
    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.backend.backend import Context

__all__ = [
    "add_release",
    "check_form",
    "create_spec",
    "create_spec_release",
    "delete_spec",
    "describe_spec",
    "describe_spec_release",
    "find_release",
    "latest_release",
    "list_spec_releases",
    "list_specs",
    "show_release",
    "show_release_item",
    "update_spec_metadata",
]

SCOPES: tuple[str, ...] = get_args(Scope)
STATUSES: tuple[str, ...] = get_args(SpecStatus)
TITLE = "json_extract(texts, '$.title')"

SPEC_LISTING = Listing(
    table="specs",
    items="specs",
    total="specCount",
    choices={"status": ("status", STATUSES), "scope": ("scope", SCOPES)},
    prefixes={"name": "name", "title": TITLE},
    flags={"featured": "featured"},
    sorts={"createdAt": "created_at", "createdBy": "created_by", "name": "name", "title": TITLE},
)


def list_specs(context: Context, call: Call) -> dict[str, Any]:
    """List the specs that the caller sees."""
    where, values = visible(call.tenant)
    page = Page.of(SPEC_LISTING, call.query, context.assumptions, where=where, values=values)
    return page.read(context.store.db, lambda row: _show_spec(context, row))


def create_spec(context: Context, call: Call) -> dict[str, Any]:
    """Store a spec with its first release."""
    form, assumptions = _form_of(call), context.assumptions
    scope, tenants = form.scope if form.scope is not None else "private", list(form.tenants)
    failures = check_form(form, SpecBody, assumptions)
    if scope not in SCOPES:
        failures.append(CheckFailure("scope", f"must be one of {', '.join(SCOPES)}, not {scope!r}"))
    failures += validate(SpecPatch, {"tenants": tenants})
    failures += _check_sharing(scope, tenants, assumptions)
    if assumptions.body_version == "number" and isinstance(form.spec.get("version"), str):
        failures.append(CheckFailure("version", "must be the number 1"))
    if failures:
        raise InvalidRequestError(failures)
    metadata, spec_id = form.spec["metadata"], context.ids.new()
    refuse_taken(context, "specs", call.tenant, form.spec["kind"], metadata["name"])
    context.store.insert(
        "specs",
        id=spec_id,
        tenant=call.tenant,
        kind=form.spec["kind"],
        name=metadata["name"],
        status="available",
        texts=dump_texts(metadata),
        scope=scope,
        featured=bool(form.featured),
        tenants=json.dumps(tenants),
        created_at=call.at,
        created_by=call.user,
        updated_at=call.at,
        updated_by=call.user,
    )
    add_release(context, call, spec_id, form)
    return {"id": spec_id}


def describe_spec(context: Context, call: Call) -> dict[str, Any]:
    """Describe a visible spec with its latest release."""
    spec = visible_spec(context.store.db, call.tenant, call.path["spec_id"], context.assumptions)
    release = latest_release(context.store.db, spec["id"])
    shown = _show_spec(context, spec)
    shown["latestRelease"] = {**show_release(context, release), **shown["latestRelease"]}
    return {**shown, "parameters": show_declarations(release)}


def update_spec_metadata(context: Context, call: Call) -> dict[str, Any]:
    """Change what can be changed of an own spec without a release."""
    assumptions, patch = context.assumptions, call.body
    failures = validate(SpecPatch, patch)
    if failures:
        raise InvalidRequestError(failures)
    spec = own_spec(context.store.db, call.tenant, call.path["spec_id"], assumptions)
    metadata, tenants = patch.get("metadata", {}), json.loads(spec["tenants"])
    if "tenants" in patch:
        kept = tenants if assumptions.patch_tenants == "merge" else []
        tenants = kept + [tenant for tenant in patch["tenants"] if tenant not in kept]
    changed = {
        "name": metadata.get("name", spec["name"]),
        "status": metadata.get("status", spec["status"]),
        "texts": merge_texts(spec["texts"], metadata, assumptions),
        "scope": patch.get("scope", spec["scope"]),
        "featured": int(patch.get("featured", spec["featured"])),
        "tenants": json.dumps(tenants),
    }
    failures = _check_sharing(changed["scope"], tenants, assumptions)
    if failures:
        raise InvalidRequestError(failures)
    refuse_taken(context, "specs", call.tenant, spec["kind"], changed["name"], except_id=spec["id"])
    if all(spec[name] == value for name, value in changed.items()):
        refuse_unchanged(assumptions)
    else:
        context.store.update("specs", spec["id"], **changed, updated_at=call.at, updated_by=call.user)
    spec = own_spec(context.store.db, call.tenant, spec["id"], assumptions)
    return _show_spec(context, spec)


def delete_spec(context: Context, call: Call) -> dict[str, Any]:
    """Delete an own spec with all its releases."""
    db, policy = context.store.db, context.assumptions.delete_spec_with_deployments
    spec = own_spec(db, call.tenant, call.path["spec_id"], context.assumptions)
    used = int(db.execute("SELECT count(*) FROM deployments WHERE spec_id = ?", (spec["id"],)).fetchone()[0])
    if used and policy == "refuse":
        raise APIError(422, f"The block spec has {used} deployments; delete them first.")
    if used and policy == "orphan":
        context.store.update("specs", spec["id"], deleted=1)
    else:
        db.execute("DELETE FROM deployments WHERE spec_id = ?", (spec["id"],))
        db.execute("DELETE FROM specs WHERE id = ?", (spec["id"],))
    return {}


def _check_sharing(scope: str, tenants: list[Any], assumptions: Assumptions) -> list[CheckFailure]:
    if scope == "shared" and not tenants and assumptions.shared_without_tenants == "refuse":
        return [CheckFailure("tenants", "must list the tenants that the spec is shared with")]
    if scope != "shared" and tenants and assumptions.tenants_without_shared == "refuse":
        return [CheckFailure("tenants", "can only be given with the scope shared")]
    return []


def _show_spec(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    release = latest_release(context.store.db, row["id"])
    return {
        "featured": bool(row["featured"]),
        "id": row["id"],
        "kind": row["kind"],
        "latestRelease": show_release_item(release, context.assumptions),
        "metadata": show_metadata(row, context.assumptions),
        "scope": row["scope"],
        "tenants": json.loads(row["tenants"]),
    }


RELEASE_LISTING = Listing(
    table="releases",
    items="releases",
    total="releaseCount",
    newest_first=True,
    sorts={"createdAt": "created_at", "createdBy": "created_by"},
)


def create_spec_release(context: Context, call: Call) -> dict[str, Any]:
    """Publish a further release of an own spec."""
    form = _form_of(call)
    failures = check_form(form, ReleaseBody, context.assumptions)
    spec = own_spec(context.store.db, call.tenant, call.path["spec_id"], context.assumptions)
    if not failures and kind_of_config(form.spec["config"]) != spec["kind"]:
        failures.append(CheckFailure("config", f"is not that of a {spec['kind']}, the kind of the spec"))
    if failures:
        raise InvalidRequestError(failures)
    version = form.spec["release"]["version"]
    last = latest_release(context.store.db, spec["id"])["version"]
    if not versions.parse(version) > versions.parse(last):
        detail = f"release.version: {version} is not greater than {last}, the latest release"
        raise APIError(context.assumptions.older_version, detail)
    add_release(context, call, spec["id"], form)
    return {"id": spec["id"], "release": {"version": version}}


def list_spec_releases(context: Context, call: Call) -> dict[str, Any]:
    """List the releases of a visible spec, the newest first."""
    spec = visible_spec(context.store.db, call.tenant, call.path["spec_id"], context.assumptions)
    page = Page.of(RELEASE_LISTING, call.query, context.assumptions, where="spec_id = ?", values=(spec["id"],))
    return page.read(context.store.db, lambda row: show_release_item(row, context.assumptions))


def describe_spec_release(context: Context, call: Call) -> dict[str, Any]:
    """Describe one release of a visible spec."""
    spec = visible_spec(context.store.db, call.tenant, call.path["spec_id"], context.assumptions)
    version: str | None = call.path["version"]
    if version == "latest" and context.assumptions.latest_alias == "accept":
        version = None
    row = find_release(context.store.db, spec["id"], version)
    item = show_release_item(row, context.assumptions)
    del item["version"]
    return {**show_release(context, row), **item, "parameters": show_declarations(row)}


def check_form(form: Form, shape: Any, assumptions: Assumptions) -> list[CheckFailure]:
    """Return what is wrong with the content of a form."""
    failures = [*validate(shape, form.spec), *validate(Parameters, form.parameters, at="parameters")]
    if not failures and assumptions.artifact_when_building == "required" and not form.artifact:
        failures += [
            CheckFailure(path, "is to be built, which needs an artifact")
            for path in find_built_images(form.spec["config"])
        ]
    return failures


def add_release(context: Context, call: Call, spec_id: str, form: Form) -> None:
    """Store a release that passed every check."""
    release = form.spec["release"]
    context.store.insert(
        "releases",
        id=context.ids.new(),
        spec_id=spec_id,
        version=release["version"],
        notes=release.get("notes"),
        auto_run=bool(form.auto_run),
        config=json.dumps(form.spec["config"]),
        parameters=json.dumps(form.parameters),
        artifact_id=_store_artifact(context, form.artifact, spec_id) if form.artifact else None,
        created_at=call.at,
        created_by=call.user,
    )
    context.hidden.update(hidden_names(form.parameters))


def latest_release(db: sqlite3.Connection, spec_id: str) -> sqlite3.Row:
    """Return the latest release of a spec; each spec has one."""
    return find_release(db, spec_id, None)


def find_release(db: sqlite3.Connection, spec_id: str, version: str | None) -> sqlite3.Row:
    """Return the release with this version, or the latest.

    Raises:
        APIError: 404, it does not exist.
    """
    # Each release is greater than those before it, so the last one stored is the latest.
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM releases WHERE spec_id = ? AND (?2 IS NULL OR version = ?2) ORDER BY seq DESC LIMIT 1",
        (spec_id, version),
    ).fetchone()
    if row is None:
        raise not_found(f"release of block spec {spec_id}:", str(version))
    return row


def show_release_item(row: sqlite3.Row, assumptions: Assumptions) -> dict[str, Any]:
    """Return a release as an item of a listing."""
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


def show_release(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    """Return what a description of a release adds to its item: `artifact` and `config`."""
    shown: dict[str, Any] = {}
    if row["artifact_id"]:
        artifact = context.store.db.execute(
            "SELECT id, version FROM artifacts WHERE id = ?", (row["artifact_id"],)
        ).fetchone()
        shown["artifact"] = {"id": artifact["id"], "version": artifact["version"]}
    elif context.assumptions.absent_values == "null":
        shown["artifact"] = None
    return {**shown, "config": json.loads(row["config"])}


def show_declarations(row: sqlite3.Row) -> dict[str, Any]:
    """Return the parameters that a release declares, as a description has them."""
    declared = json.loads(row["parameters"])
    build, run = declared.get("build", []), declared.get("run", [])
    return {"build": build, "groups": {"build": [], "run": []}, "run": run}


def _form_of(call: Call) -> Form:
    if call.form is None:
        raise TypeError("the route does not read a form")
    return call.form


def _store_artifact(context: Context, artifact: Artifact, spec_id: str) -> str:
    """Store an artifact as the next one of its spec, and return its id."""
    count = context.store.db.execute("SELECT count(*) FROM artifacts WHERE spec_id = ?", (spec_id,)).fetchone()[0]
    artifact_id = context.ids.new()
    context.store.insert(
        "artifacts",
        id=artifact_id,
        spec_id=spec_id,
        version=count + 1,
        digest=artifact.digest,
        size=len(artifact.content),
        files=json.dumps(artifact.files),
        content=artifact.content,
    )
    return artifact_id
