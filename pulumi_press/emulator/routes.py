"""The routes of the API: every one that the client of Press Blocks calls, and which mistakes each documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pulumi_press.emulator import deployments, forms, parameters, releases, revisions, session, specs

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.calls import Answer, Call
    from pulumi_press.emulator.press import Press

__all__ = ["ROUTES", "Route"]

BAD_REQUEST, UNPROCESSABLE = 400, 422


@dataclass(frozen=True)
class Route:
    """A call of the API.

    Args:
        name: as the client's method is called.
        method: HTTP method.
        path: with names in braces.
        work: does it, within a transaction.
        reads: what body it takes.
        parts: parts of its form, in order.
        unprocessable: whether the call documents 422; without it a mistake is 400.
        validates: whether `?validate=true` makes it a rehearsal.
        shows_status: whether its answer counts as a read of the rollouts that it is about.
        lists: whether the query is read by the listing itself.
        is_open: whether it takes any token, or none.
    """

    name: str
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    work: Callable[[Press, Call], Answer]
    reads: Literal["nothing", "json", "form"] = "nothing"
    parts: tuple[str, ...] = ()
    unprocessable: bool = field(default=False, kw_only=True)
    validates: bool = field(default=False, kw_only=True)
    shows_status: bool = field(default=False, kw_only=True)
    lists: bool = field(default=False, kw_only=True)
    is_open: bool = field(default=False, kw_only=True)

    def mistake_status(self, assumptions: Assumptions) -> int:
        """Give the status of a mistake in what was sent."""
        if assumptions.mistake_status == "documented":
            return UNPROCESSABLE if self.unprocessable else BAD_REQUEST
        return int(assumptions.mistake_status)


SPECS = "/v1/blocks/specs/"
SPEC = "/v1/blocks/specs/{spec_id}"
RELEASES = f"{SPEC}/releases"
DEPLOYMENTS = "/v1/blocks/deployments/"
DEPLOYMENT = "/v1/blocks/deployments/{deployment_id}"
REVISIONS = f"{DEPLOYMENT}/revisions"
RUN = "/v1/deployments/{deployment_id}/parameters/run"
EXECUTE = "/v1/deployments/{deployment_id}/execute"
APP = "/v1/apps/deployments/{deployment_id}"
SESSION = "/tenant-management/api/v1/external/tenants/tenant-metadata"
TELEMETRY = "/resource-usage/api/v1/telemetry"

ROUTES: tuple[Route, ...] = (
    Route("list_specs", "GET", SPECS, specs.list_specs, lists=True),
    Route("create_spec", "POST", SPECS, specs.create_spec, "form", forms.CREATE, unprocessable=True, validates=True),
    Route("describe_spec", "GET", SPEC, specs.describe_spec),
    Route("update_spec_metadata", "PATCH", SPEC, specs.update_spec_metadata, "json", unprocessable=True),
    Route("delete_spec", "DELETE", SPEC, specs.delete_spec, unprocessable=True),
    Route(
        "create_spec_release",
        "POST",
        RELEASES,
        releases.create_spec_release,
        "form",
        forms.RELEASE,
        unprocessable=True,
        validates=True,
    ),
    Route("list_spec_releases", "GET", RELEASES, releases.list_spec_releases, lists=True),
    Route("describe_spec_release", "GET", f"{RELEASES}/{{version}}", releases.describe_spec_release),
    Route("create_deployment", "POST", DEPLOYMENTS, deployments.create_deployment, "json", unprocessable=True),
    Route(
        "list_deployments",
        "GET",
        DEPLOYMENTS,
        deployments.list_deployments,
        shows_status=True,
        unprocessable=True,
        lists=True,
    ),
    Route("describe_deployment", "GET", DEPLOYMENT, deployments.describe_deployment, shows_status=True),
    Route(
        "update_deployment_metadata",
        "PATCH",
        DEPLOYMENT,
        deployments.update_deployment_metadata,
        "json",
        unprocessable=True,
    ),
    Route("redeploy", "POST", f"{DEPLOYMENT}/redeploy", deployments.redeploy),
    Route("delete_deployment", "DELETE", DEPLOYMENT, deployments.delete_deployment, unprocessable=True),
    Route(
        "create_deployment_revision",
        "POST",
        REVISIONS,
        revisions.create_deployment_revision,
        "json",
        unprocessable=True,
    ),
    Route(
        "list_deployment_revisions",
        "GET",
        REVISIONS,
        revisions.list_deployment_revisions,
        shows_status=True,
        unprocessable=True,
        lists=True,
    ),
    Route(
        "describe_deployment_revision",
        "GET",
        f"{REVISIONS}/{{revision}}",
        revisions.describe_deployment_revision,
        shows_status=True,
    ),
    Route("get_parameters", "GET", RUN, parameters.get_parameters),
    Route("patch_parameters", "PATCH", RUN, parameters.patch_parameters, "json"),
    Route("execute_resources", "POST", EXECUTE, deployments.execute_resources),
    Route("describe_app_deployment", "GET", APP, session.describe_app_deployment),
    Route("read_tenant", "GET", SESSION, session.read_tenant),
    Route("send_telemetry", "POST", TELEMETRY, session.accept_telemetry, "json", is_open=True),
)
