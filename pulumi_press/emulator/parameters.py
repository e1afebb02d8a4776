"""Run parameters of deployments: read by the block while it runs, patched by people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.errors import Mistaken
from pulumi_press.emulator.masking import mask_values
from pulumi_press.emulator.revisions import Content, current_revision, release_of, start_revision
from pulumi_press.emulator.values import Declared
from pulumi_press.emulator.visibility import own_deployment
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.parameter_values import check_values

if TYPE_CHECKING:
    import sqlite3

    from pulumi_press.emulator.calls import Call
    from pulumi_press.emulator.press import Press

__all__ = ["get_parameters", "patch_parameters"]


def get_parameters(press: Press, call: Call) -> dict[str, Any]:
    """Give the run parameters by name, defaults filled in."""
    deployment = own_deployment(press.store.db, call.tenant, call.path["deployment_id"])
    return _show(press, deployment)


def patch_parameters(press: Press, call: Call) -> dict[str, Any]:
    """Change the values of some run parameters, and give all of them."""
    db, patch = press.store.db, call.body
    if not isinstance(patch, dict):
        raise Mistaken([CheckFailure("", "The body must be an object of values by name.")])
    deployment = own_deployment(db, call.tenant, call.path["deployment_id"])
    revision = current_revision(db, deployment)
    release = release_of(db, revision)
    run = {**json.loads(revision["run"]), **patch}
    mistakes = check_values(Declared(release).run, run, at="")
    if mistakes and press.assumptions.patched_parameters == "checked":
        raise Mistaken(mistakes)
    if press.assumptions.run_parameter_patch == "revision":
        start_revision(press, call, deployment, Content(release, None, json.loads(revision["build"]), run))
        deployment = own_deployment(db, call.tenant, deployment["id"])
    else:
        press.store.update("revisions", revision["id"], run=json.dumps(run))
    return _show(press, deployment)


def _show(press: Press, deployment: sqlite3.Row) -> dict[str, Any]:
    revision = current_revision(press.store.db, deployment)
    declared = Declared(release_of(press.store.db, revision))
    values = declared.effective(json.loads(revision["run"]))
    if press.assumptions.get_parameters_hidden == "masked":
        return mask_values(values, declared.hidden, press.assumptions.masked_value)
    return values
