"""Shapes of responses about deployments and revisions."""

from typing import Annotated, Any, Literal

from typing_extensions import NotRequired, TypedDict

from pulumi_press.emulator.api.spec_responses import (
    ABSENT,
    Count,
    Described,
    Documented,
    Id,
    Known,
    Number,
    Paged,
    Published,
    ReleasedVersion,
    Sample,
    Time,
    Wire,
)
from pulumi_press.schema.bodies import Kind
from pulumi_press.schema.shapes import SemVer, shape

DeploymentStatus = Literal[
    "deploying", "deployed", "deleting", "delete_failed", "failed", "platform_resource_error", "redeploying",
    "rollback", "rollback_complete", "rollback_failed", "warning",
]  # fmt: skip
RevisionStatus = Literal[
    "deleting", "delete_failed", "deployed", "deploying", "failed", "platform_resource_error", "rollback",
    "rollback_complete", "rollback_failed", "superseded",
]  # fmt: skip
ShownStatus = RevisionStatus | Literal["warning"]
"""A revision that ended with a warning says so, though the filter of the listing does not have that word."""

Values = dict[str, Any]
"""Run parameters by name."""


@shape
class DescribedDeploymentMetadata(Described):
    """What people read about a deployment, and how it is."""

    status: Sample[DeploymentStatus]
    """How it is."""


@shape
class RevisionItem(Published):
    """A revision as listings have it."""

    revision: Sample[Number]
    """Its number, from 1."""
    status: Sample[ShownStatus]
    """How it is."""


@shape
class DescribedResourceError(TypedDict):
    """What went wrong with a platform resource."""

    code: Sample[int]
    """As the service numbers it."""
    createdAt: Sample[Time]
    """When."""
    message: Sample[str]
    """In words."""


@shape
class PlatformResource(TypedDict):
    """What a deployment runs on the platform."""

    errors: Sample[list[DescribedResourceError]]
    """What went wrong."""
    id: Sample[Id]
    """Id."""
    kind: Sample[Kind]
    """Kind."""
    name: Sample[str]
    """Name; here the spec's."""
    status: Sample[ShownStatus]
    """How it is; here as the revision."""
    version: Sample[SemVer]
    """Version; here `0.0.<revision>`."""
    versionId: Sample[str]
    """Id of the version; here the revision's number."""


@shape
class LatestRevision(RevisionItem):
    """The newest revision of a deployment."""

    resources: Sample[list[PlatformResource]]
    """What it runs."""


@shape
class RunParameters(TypedDict):
    """The run parameters of a revision."""

    run: Annotated[list[dict[str, Any]], Known("assumed", ("described_parameters", "masked_value"))]
    """One object for each; the documentation shows a list, and nothing in it."""


@shape
class DeployedVersions(TypedDict):
    """Releases of the spec that a deployment runs."""

    currentVersion: Annotated[SemVer, Known("sample", ("current_version",))]
    """The one that runs."""
    latestVersion: Sample[SemVer]
    """The latest."""


@shape
class DeployedSpec(TypedDict):
    """The spec that a deployment runs."""

    id: Sample[Id]
    """Its id."""
    release: Sample[DeployedVersions]
    """Its releases."""


@shape
class Deployment(TypedDict):
    """What all answers say of a deployment."""

    id: Sample[Id]
    """Id."""
    kind: Sample[Kind]
    """Kind of the block."""
    metadata: Sample[DescribedDeploymentMetadata]
    """What people read about it, and how it is."""
    spec: Sample[DeployedSpec]
    """What it runs."""


@shape
class DeploymentItem(Deployment):
    """A deployment as listings have it."""

    latestRevision: Sample[RevisionItem]
    """Its newest revision."""


@shape
class Parent(TypedDict):
    """The app that a deployment is a part of."""

    id: Sample[Id]
    """Id of the app's deployment."""


@shape
class DescribedDeployment(Deployment):
    """A deployment."""

    latestRevision: Sample[LatestRevision]
    """Its newest revision."""
    parameters: Sample[RunParameters]
    """Run parameters of the revision that counts."""
    parent: NotRequired[Annotated[Parent | None, ABSENT]]
    """The app that it is a part of; never here, for there are no apps."""


@shape
class RevisionRelease(TypedDict):
    """The spec and the release that a revision runs."""

    id: Sample[Id]
    """Id of the spec."""
    release: Sample[ReleasedVersion]
    """The release."""


@shape
class DescribedRevision(RevisionItem):
    """A revision."""

    resources: Sample[list[PlatformResource]]
    """What it runs."""
    spec: Sample[RevisionRelease]
    """The release that it runs."""
    parameters: Sample[RunParameters]
    """Its run parameters."""


@shape
class Revised(TypedDict):
    """The revision that was made."""

    id: Documented[Id]
    """Id of the deployment."""
    revision: Documented[Number]
    """Number of the revision."""


@shape
class Redeployed(TypedDict):
    """The revision that is deployed again."""

    deploymentId: Documented[Id]
    """Id of the deployment."""
    revision: Documented[Number]
    """Number of the revision."""
    revisionId: Documented[Id]
    """Id of the revision."""


@shape
class Execution(TypedDict):
    """A run that was started."""

    blockSpecId: Documented[Id]
    """Id of the spec."""
    version: Documented[SemVer]
    """Version of the release."""
    executionId: Documented[Id]
    """Id of the run."""
    status: Documented[str]
    """How the start went."""


@shape
class Executed(TypedDict):
    """The runs that were started: one, or none if the release is not to run on deploy."""

    executeResponse: Documented[list[Execution]]
    """Each run."""


@shape
class DeploymentPage(Paged):
    """A page of deployments."""

    deploymentCount: Sample[Count]  # noqa: N815  (as the API writes names)
    """So many deployments are there on all pages."""
    deployments: Wire[list[DeploymentItem]]
    """The deployments."""


@shape
class RevisionPage(Paged):
    """A page of revisions."""

    revisionCount: Sample[Count]  # noqa: N815  (as the API writes names)
    """So many revisions are there on all pages."""
    revisions: Documented[list[RevisionItem]]
    """The revisions; the client's own iterator looks for `deployments`, and so fails."""
