"""The routes of the API: every call of the client of Press Blocks, with what is known about it.

The server, the OpenAPI document and the tables of `docs/emulator.md` are built from these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pulumi_press.emulator.api import (
    deployment_handlers,
    deployment_responses,
    revision_handlers,
    spec_handlers,
    spec_responses,
)
from pulumi_press.emulator.api.calls import APIError, InvalidRequestError
from pulumi_press.emulator.api.forms import CREATE_PARTS, RELEASE_PARTS
from pulumi_press.schema.bodies import DeploymentBody, DeploymentPatch, ReleaseBody, RevisionBody, SpecBody, SpecPatch
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_press.emulator.api.calls import Call
    from pulumi_press.emulator.api.objects import Listing
    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.backend.backend import Context

__all__ = ["ROUTES", "SUCCESS", "Route"]

SUCCESS, BAD_REQUEST, TIMED_OUT, TOO_LARGE, UNPROCESSABLE = 200, 400, 408, 413, 422


@dataclass(frozen=True, kw_only=True)
class Route:
    """A call of the API.

    Args:
        name: name of the client's method.
        method: HTTP method.
        path: with names in braces.
        handler: handles the call within a transaction, and returns the body of the response.
        response: shape of that body.
        errors: statuses of its documented errors, besides 500.
        more_errors: statuses of errors that are not documented but possible.
        refusals: names of the assumptions that are statuses of further errors.
        body: shape of its JSON body, or of the part `spec` of its form; None where it has none.
        parts: parts of its form, in order; empty where its body is JSON.
        listing: filters and sorts of its query; None where it has none.
        status: name of the assumption that is its status; None for 200.
        validates: whether `?validate=true` makes it validate without storing.
        shows_status: whether its response counts as a read of the rollouts of its deployments.
        is_open: whether it needs no token.
        settings: names of further assumptions that change what it does.
        changes: kind of the object that it changes; None: it changes nothing.
    """

    name: str
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    handler: Callable[[Context, Call], dict[str, Any]]
    response: Any
    errors: tuple[int, ...]
    more_errors: tuple[int, ...] = ()
    refusals: tuple[Literal["duplicate_name", "older_version"], ...] = ()
    body: Any = None
    parts: tuple[str, ...] = ()
    listing: Listing | None = None
    status: Literal["create_status", "update_status", "delete_status", "redeploy_status"] | None = None
    validates: bool = False
    shows_status: bool = False
    is_open: bool = False
    settings: tuple[str, ...] = ()
    changes: Literal["spec", "deployment"] | None = None

    @property
    def reads(self) -> Literal["nothing", "json", "form"]:
        """Kind of its body."""
        if self.parts:
            return "form"
        return "nothing" if self.body is None else "json"

    @property
    def is_of_press(self) -> bool:
        """Whether it is a call of Press: others are sent by the client on its own, at any time."""
        return self.path.startswith("/v1/")

    def success(self, assumptions: Assumptions) -> int:
        """Return the status of a success."""
        return SUCCESS if self.status is None else int(getattr(assumptions, self.status))

    def error_statuses(self, assumptions: Assumptions) -> set[int]:
        """Return the statuses of all errors."""
        found = {*self.errors, *self.more_errors, self.mistake_status(assumptions)}
        found |= {int(getattr(assumptions, name)) for name in self.refusals}
        return found if self.reads == "nothing" else {*found, TIMED_OUT, TOO_LARGE}

    def describe_change(self, call: Call, response: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what a call changed: the id of the object, and the release or the revision that the response names."""
        if self.changes is None:
            return None
        changed: dict[str, Any] = {self.changes: call.path.get(f"{self.changes}_id") or response["id"]}
        if "revision" in response:
            changed["revision"] = response["revision"]
        if "release" in response:
            changed["release"] = response["release"]["version"]
        return changed

    def mistake_status(self, assumptions: Assumptions) -> int:
        """Return the status of an invalid request."""
        if assumptions.mistake_status == "documented":
            return UNPROCESSABLE if UNPROCESSABLE in self.errors else BAD_REQUEST
        return int(assumptions.mistake_status)


def read_tenant(context: Context, call: Call) -> dict[str, Any]:  # noqa: ARG001  (every handler is given both)
    """Tell a client that begins a session who it is."""
    return {"tenant": call.tenant}


def accept_telemetry(context: Context, call: Call) -> dict[str, Any]:  # noqa: ARG001  (every handler is given both)
    """Take what a client reports of itself, and forget it."""
    if not isinstance(call.body, dict):
        raise InvalidRequestError([CheckFailure("", "The body must be an object.")])
    return {}


def describe_app_deployment(context: Context, call: Call) -> dict[str, Any]:  # noqa: ARG001  (every handler is given both)
    """Say that there is no such app: the local Press has blocks only."""
    deployment_id = call.path["deployment_id"]
    raise APIError(404, f"There is no app deployment {deployment_id!r}: the local Press has blocks only.")


SPECS = "/v1/blocks/specs/"
SPEC = "/v1/blocks/specs/{spec_id}"
RELEASES = f"{SPEC}/releases"
DEPLOYMENTS = "/v1/blocks/deployments/"
DEPLOYMENT = "/v1/blocks/deployments/{deployment_id}"
REVISIONS = f"{DEPLOYMENT}/revisions"
RUN = "/v1/deployments/{deployment_id}/parameters/run"

STANDARD = (400, 401, 403)
FOUND = (*STANDARD, 404)

ROUTES: tuple[Route, ...] = (
    Route(
        name="list_specs",
        method="GET",
        path=SPECS,
        handler=spec_handlers.list_specs,
        response=spec_responses.SpecPage,
        errors=STANDARD,
        listing=spec_handlers.SPEC_LISTING,
    ),
    Route(
        name="create_spec",
        method="POST",
        path=SPECS,
        handler=spec_handlers.create_spec,
        response=spec_responses.Created,
        errors=(*STANDARD, 413, 422),
        refusals=("duplicate_name",),
        body=SpecBody,
        parts=CREATE_PARTS,
        status="create_status",
        validates=True,
        changes="spec",
    ),
    Route(
        name="describe_spec",
        method="GET",
        path=SPEC,
        handler=spec_handlers.describe_spec,
        response=spec_responses.DescribedSpec,
        errors=FOUND,
        settings=("invisible",),
    ),
    Route(
        name="update_spec_metadata",
        method="PATCH",
        path=SPEC,
        handler=spec_handlers.update_spec_metadata,
        response=spec_responses.SpecItem,
        errors=(*FOUND, 422),
        refusals=("duplicate_name",),
        body=SpecPatch,
        status="update_status",
        settings=("unchanged_patch", "invisible", "foreign_change"),
        changes="spec",
    ),
    Route(
        name="delete_spec",
        method="DELETE",
        path=SPEC,
        handler=spec_handlers.delete_spec,
        response=spec_responses.Nothing,
        errors=(401, 403, 404, 422),
        status="delete_status",
        settings=("delete_spec_with_deployments", "invisible", "foreign_change"),
        changes="spec",
    ),
    Route(
        name="create_spec_release",
        method="POST",
        path=RELEASES,
        handler=spec_handlers.create_spec_release,
        response=spec_responses.Released,
        errors=(*FOUND, 413, 422),
        refusals=("older_version",),
        body=ReleaseBody,
        parts=RELEASE_PARTS,
        status="create_status",
        validates=True,
        settings=("invisible", "foreign_change"),
        changes="spec",
    ),
    Route(
        name="list_spec_releases",
        method="GET",
        path=RELEASES,
        handler=spec_handlers.list_spec_releases,
        response=spec_responses.ReleasePage,
        errors=FOUND,
        listing=spec_handlers.RELEASE_LISTING,
        settings=("invisible",),
    ),
    Route(
        name="describe_spec_release",
        method="GET",
        path=f"{RELEASES}/{{version}}",
        handler=spec_handlers.describe_spec_release,
        response=spec_responses.DescribedRelease,
        errors=FOUND,
        settings=("invisible", "latest_alias"),
    ),
    Route(
        name="create_deployment",
        method="POST",
        path=DEPLOYMENTS,
        handler=deployment_handlers.create_deployment,
        response=spec_responses.Created,
        errors=(*FOUND, 422),
        refusals=("duplicate_name",),
        body=DeploymentBody,
        status="create_status",
        settings=("archived_spec", "invisible"),
        changes="deployment",
    ),
    Route(
        name="list_deployments",
        method="GET",
        path=DEPLOYMENTS,
        handler=deployment_handlers.list_deployments,
        response=deployment_responses.DeploymentPage,
        errors=(*STANDARD, 422),
        listing=deployment_handlers.DEPLOYMENT_LISTING,
        shows_status=True,
    ),
    Route(
        name="describe_deployment",
        method="GET",
        path=DEPLOYMENT,
        handler=deployment_handlers.describe_deployment,
        response=deployment_responses.DescribedDeployment,
        errors=FOUND,
        shows_status=True,
    ),
    Route(
        name="update_deployment_metadata",
        method="PATCH",
        path=DEPLOYMENT,
        handler=deployment_handlers.update_deployment_metadata,
        response=deployment_responses.DeploymentItem,
        errors=(*FOUND, 422),
        refusals=("duplicate_name",),
        body=DeploymentPatch,
        status="update_status",
        settings=("unchanged_patch",),
        changes="deployment",
    ),
    Route(
        name="redeploy",
        method="POST",
        path=f"{DEPLOYMENT}/redeploy",
        handler=deployment_handlers.redeploy,
        response=deployment_responses.Redeployed,
        errors=(*FOUND, 409),
        status="redeploy_status",
        changes="deployment",
    ),
    Route(
        name="delete_deployment",
        method="DELETE",
        path=DEPLOYMENT,
        handler=deployment_handlers.delete_deployment,
        response=spec_responses.Nothing,
        errors=(*FOUND, 422),
        status="delete_status",
        settings=("delete_deployment", "delete_while_deploying"),
        changes="deployment",
    ),
    Route(
        name="create_deployment_revision",
        method="POST",
        path=REVISIONS,
        handler=revision_handlers.create_deployment_revision,
        response=deployment_responses.Revised,
        errors=(*FOUND, 409, 422),
        body=RevisionBody,
        status="create_status",
        settings=("second_revision_while_deploying", "superseded"),
        changes="deployment",
    ),
    Route(
        name="list_deployment_revisions",
        method="GET",
        path=REVISIONS,
        handler=revision_handlers.list_deployment_revisions,
        response=deployment_responses.RevisionPage,
        errors=(*FOUND, 422),
        listing=revision_handlers.REVISION_LISTING,
        shows_status=True,
        settings=("superseded",),
    ),
    Route(
        name="describe_deployment_revision",
        method="GET",
        path=f"{REVISIONS}/{{revision}}",
        handler=revision_handlers.describe_deployment_revision,
        response=deployment_responses.DescribedRevision,
        errors=FOUND,
        shows_status=True,
        settings=("latest_alias",),
    ),
    Route(
        name="get_parameters",
        method="GET",
        path=RUN,
        handler=revision_handlers.get_parameters,
        response=deployment_responses.Values,
        errors=FOUND,
        settings=("get_parameters_hidden",),
    ),
    Route(
        name="patch_parameters",
        method="PATCH",
        path=RUN,
        handler=revision_handlers.patch_parameters,
        response=deployment_responses.Values,
        errors=FOUND,
        more_errors=(409,),
        body=deployment_responses.Values,
        status="update_status",
        settings=("run_parameter_patch", "patched_parameters"),
        changes="deployment",
    ),
    Route(
        name="execute_resources",
        method="POST",
        path="/v1/deployments/{deployment_id}/execute",
        handler=deployment_handlers.execute_resources,
        response=deployment_responses.Executed,
        errors=STANDARD,
        more_errors=(404,),
    ),
    Route(
        name="describe_app_deployment",
        method="GET",
        path="/v1/apps/deployments/{deployment_id}",
        handler=describe_app_deployment,
        response=spec_responses.Nothing,
        errors=FOUND,
    ),
    Route(
        name="read_tenant",
        method="GET",
        path="/tenant-management/api/v1/external/tenants/tenant-metadata",
        handler=read_tenant,
        response=spec_responses.Tenant,
        errors=(401,),
        more_errors=(400,),
    ),
    Route(
        name="send_telemetry",
        method="POST",
        path="/resource-usage/api/v1/telemetry",
        handler=accept_telemetry,
        response=spec_responses.Nothing,
        errors=(),
        more_errors=(400,),
        body=dict[str, Any],
        is_open=True,
    ),
)
