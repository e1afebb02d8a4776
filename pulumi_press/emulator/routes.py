"""The routes of the API: every one that the client of Press Blocks calls, with all that is known of it.

The server, the OpenAPI document and the tables of `docs/emulator.md` read these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pulumi_press.emulator import answers, deployments, forms, parameters, releases, revisions, session, specs
from pulumi_press.schema.bodies import DeploymentBody, DeploymentPatch, ReleaseBody, RevisionBody, SpecBody, SpecPatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.calls import Call
    from pulumi_press.emulator.press import Press
    from pulumi_press.emulator.queries import Listing

__all__ = ["ROUTES", "SUCCESS", "Route"]

SUCCESS, BAD_REQUEST, TIMED_OUT, TOO_LARGE, UNPROCESSABLE = 200, 400, 408, 413, 422


@dataclass(frozen=True, kw_only=True)
class Route:
    """A call of the API.

    Args:
        name: as the client's method is called.
        method: HTTP method.
        path: with names in braces.
        work: does it, within a transaction.
        answers: shape of its answer.
        errors: statuses of the errors that it documents, beside 500.
        more_errors: those that the local Press adds, since a call can go wrong in that way too.
        refusals: names of the assumptions that are statuses of further errors.
        body: shape of its JSON body, or of the part `spec` of its form; None where it has none.
        parts: parts of its form, in order; empty where its body is JSON.
        listing: what its query is read by; None where it has none.
        status: name of the assumption that is its status; None for 200.
        validates: whether `?validate=true` makes it a rehearsal.
        shows_status: whether its answer counts as a read of the rollouts that it is about.
        is_open: whether it takes any token, or none.
        settings: names of the further assumptions that change what it does.
    """

    name: str
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    work: Callable[[Press, Call], dict[str, Any]]
    answers: Any
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

    @property
    def reads(self) -> Literal["nothing", "json", "form"]:
        """What body it takes."""
        if self.parts:
            return "form"
        return "nothing" if self.body is None else "json"

    @property
    def is_of_press(self) -> bool:
        """Whether it is a call of Press: the client sends others of its own accord, whenever it likes."""
        return self.path.startswith("/v1/")

    def success(self, assumptions: Assumptions) -> int:
        """Give the status of a call that went well."""
        return SUCCESS if self.status is None else int(getattr(assumptions, self.status))

    def failures(self, assumptions: Assumptions) -> set[int]:
        """Give the statuses of all calls that do not go well."""
        found = {*self.errors, *self.more_errors, self.mistake_status(assumptions)}
        found |= {int(getattr(assumptions, name)) for name in self.refusals}
        return found if self.reads == "nothing" else {*found, TIMED_OUT, TOO_LARGE}

    def mistake_status(self, assumptions: Assumptions) -> int:
        """Give the status of a mistake in what was sent."""
        if assumptions.mistake_status == "documented":
            return UNPROCESSABLE if UNPROCESSABLE in self.errors else BAD_REQUEST
        return int(assumptions.mistake_status)


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
        work=specs.list_specs,
        answers=answers.SpecPage,
        errors=STANDARD,
        listing=specs.SPECS,
    ),
    Route(
        name="create_spec",
        method="POST",
        path=SPECS,
        work=specs.create_spec,
        answers=answers.Created,
        errors=(*STANDARD, 413, 422),
        refusals=("duplicate_name",),
        body=SpecBody,
        parts=forms.CREATE,
        status="create_status",
        validates=True,
    ),
    Route(
        name="describe_spec",
        method="GET",
        path=SPEC,
        work=specs.describe_spec,
        answers=answers.DescribedSpec,
        errors=FOUND,
        settings=("invisible",),
    ),
    Route(
        name="update_spec_metadata",
        method="PATCH",
        path=SPEC,
        work=specs.update_spec_metadata,
        answers=answers.SpecItem,
        errors=(*FOUND, 422),
        refusals=("duplicate_name",),
        body=SpecPatch,
        status="update_status",
        settings=("unchanged_patch", "invisible", "foreign_change"),
    ),
    Route(
        name="delete_spec",
        method="DELETE",
        path=SPEC,
        work=specs.delete_spec,
        answers=answers.Nothing,
        errors=(401, 403, 404, 422),
        status="delete_status",
        settings=("delete_spec_with_deployments", "invisible", "foreign_change"),
    ),
    Route(
        name="create_spec_release",
        method="POST",
        path=RELEASES,
        work=releases.create_spec_release,
        answers=answers.Released,
        errors=(*FOUND, 413, 422),
        refusals=("older_version",),
        body=ReleaseBody,
        parts=forms.RELEASE,
        status="create_status",
        validates=True,
        settings=("invisible", "foreign_change"),
    ),
    Route(
        name="list_spec_releases",
        method="GET",
        path=RELEASES,
        work=releases.list_spec_releases,
        answers=answers.ReleasePage,
        errors=FOUND,
        listing=releases.RELEASES,
        settings=("invisible",),
    ),
    Route(
        name="describe_spec_release",
        method="GET",
        path=f"{RELEASES}/{{version}}",
        work=releases.describe_spec_release,
        answers=answers.DescribedRelease,
        errors=FOUND,
        settings=("invisible", "latest_alias"),
    ),
    Route(
        name="create_deployment",
        method="POST",
        path=DEPLOYMENTS,
        work=deployments.create_deployment,
        answers=answers.Created,
        errors=(*FOUND, 422),
        refusals=("duplicate_name",),
        body=DeploymentBody,
        status="create_status",
        settings=("archived_spec", "invisible"),
    ),
    Route(
        name="list_deployments",
        method="GET",
        path=DEPLOYMENTS,
        work=deployments.list_deployments,
        answers=answers.DeploymentPage,
        errors=(*STANDARD, 422),
        listing=deployments.DEPLOYMENTS,
        shows_status=True,
    ),
    Route(
        name="describe_deployment",
        method="GET",
        path=DEPLOYMENT,
        work=deployments.describe_deployment,
        answers=answers.DescribedDeployment,
        errors=FOUND,
        shows_status=True,
    ),
    Route(
        name="update_deployment_metadata",
        method="PATCH",
        path=DEPLOYMENT,
        work=deployments.update_deployment_metadata,
        answers=answers.DeploymentItem,
        errors=(*FOUND, 422),
        refusals=("duplicate_name",),
        body=DeploymentPatch,
        status="update_status",
        settings=("unchanged_patch",),
    ),
    Route(
        name="redeploy",
        method="POST",
        path=f"{DEPLOYMENT}/redeploy",
        work=deployments.redeploy,
        answers=answers.Redeployed,
        errors=(*FOUND, 409),
        status="redeploy_status",
    ),
    Route(
        name="delete_deployment",
        method="DELETE",
        path=DEPLOYMENT,
        work=deployments.delete_deployment,
        answers=answers.Nothing,
        errors=(*FOUND, 422),
        status="delete_status",
        settings=("delete_deployment", "delete_while_deploying"),
    ),
    Route(
        name="create_deployment_revision",
        method="POST",
        path=REVISIONS,
        work=revisions.create_deployment_revision,
        answers=answers.Revised,
        errors=(*FOUND, 409, 422),
        body=RevisionBody,
        status="create_status",
        settings=("second_revision_while_deploying", "superseded"),
    ),
    Route(
        name="list_deployment_revisions",
        method="GET",
        path=REVISIONS,
        work=revisions.list_deployment_revisions,
        answers=answers.RevisionPage,
        errors=(*FOUND, 422),
        listing=revisions.REVISIONS,
        shows_status=True,
        settings=("superseded",),
    ),
    Route(
        name="describe_deployment_revision",
        method="GET",
        path=f"{REVISIONS}/{{revision}}",
        work=revisions.describe_deployment_revision,
        answers=answers.DescribedRevision,
        errors=FOUND,
        shows_status=True,
        settings=("latest_alias",),
    ),
    Route(
        name="get_parameters",
        method="GET",
        path=RUN,
        work=parameters.get_parameters,
        answers=answers.Values,
        errors=FOUND,
        settings=("get_parameters_hidden",),
    ),
    Route(
        name="patch_parameters",
        method="PATCH",
        path=RUN,
        work=parameters.patch_parameters,
        answers=answers.Values,
        errors=FOUND,
        more_errors=(409,),
        body=answers.Values,
        status="update_status",
        settings=("run_parameter_patch", "patched_parameters"),
    ),
    Route(
        name="execute_resources",
        method="POST",
        path="/v1/deployments/{deployment_id}/execute",
        work=deployments.execute_resources,
        answers=answers.Executed,
        errors=STANDARD,
        more_errors=(404,),
    ),
    Route(
        name="describe_app_deployment",
        method="GET",
        path="/v1/apps/deployments/{deployment_id}",
        work=session.describe_app_deployment,
        answers=answers.Nothing,
        errors=FOUND,
    ),
    Route(
        name="read_tenant",
        method="GET",
        path="/tenant-management/api/v1/external/tenants/tenant-metadata",
        work=session.read_tenant,
        answers=answers.Tenant,
        errors=(401,),
        more_errors=(400,),
    ),
    Route(
        name="send_telemetry",
        method="POST",
        path="/resource-usage/api/v1/telemetry",
        work=session.accept_telemetry,
        answers=answers.Nothing,
        errors=(),
        more_errors=(400,),
        body=dict[str, Any],
        is_open=True,
    ),
)
