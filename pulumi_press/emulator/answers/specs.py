"""What is answered about specs and releases."""

from typing import Annotated, Any

from typing_extensions import NotRequired, TypedDict

from pulumi_press.emulator.answers.common import ABSENT, Count, Described, Id, Number, Paged, Published, ReleasedVersion
from pulumi_press.emulator.knowledge import Documented, Sample, Wire
from pulumi_press.schema.bodies import Config, Kind, Scope, SpecStatus
from pulumi_press.schema.parameters import Parameter
from pulumi_press.schema.shapes import SemVer, shape


@shape
class Released(TypedDict):
    """The release that was published."""

    id: Documented[Id]
    """Id of the spec."""
    release: Documented[ReleasedVersion]
    """The release."""


@shape
class DescribedSpecMetadata(Described):
    """What people read about a spec."""

    status: Sample[SpecStatus]
    """Whether it is offered for use."""


@shape
class DescribedArtifact(TypedDict):
    """What a release was made from."""

    id: Sample[Id]
    """Id."""
    version: Sample[Number]
    """Counts the artifacts of the spec."""


@shape
class Groups(TypedDict):
    """Groups of parameters; always empty here."""

    build: Sample[list[Any]]
    """Of build parameters."""
    run: Sample[list[Any]]
    """Of run parameters."""


@shape
class Declarations(TypedDict):
    """The parameters that a release declares."""

    build: Sample[list[Parameter]]
    """Asked for at deployment."""
    run: Sample[list[Parameter]]
    """Read while the block runs."""
    groups: Sample[Groups]
    """Groups of them."""


@shape
class ReleaseItem(Published):
    """A release as listings have it."""

    version: Sample[SemVer]
    """Version."""
    autoRunOnDeploy: Sample[bool]  # noqa: N815  (as the API writes names)
    """Whether a deployment runs it at once."""


@shape
class LatestRelease(ReleaseItem):
    """The latest release of a spec."""

    artifact: NotRequired[Annotated[DescribedArtifact | None, ABSENT]]
    """What it was made from, if it has an artifact."""
    config: Sample[Config]
    """What it does, as it was submitted."""


@shape
class DescribedRelease(Published):
    """A release. It does not say its version."""

    autoRunOnDeploy: Sample[bool]  # noqa: N815  (as the API writes names)
    """Whether a deployment runs it at once."""
    artifact: NotRequired[Annotated[DescribedArtifact | None, ABSENT]]
    """What it was made from, if it has an artifact."""
    config: Sample[Config]
    """What it does, as it was submitted."""
    parameters: Sample[Declarations]
    """What it declares."""


@shape
class Spec(TypedDict):
    """What all answers say of a spec."""

    featured: Sample[bool]
    """Whether it is shown first."""
    id: Sample[Id]
    """Id."""
    kind: Sample[Kind]
    """Kind of the block."""
    metadata: Sample[DescribedSpecMetadata]
    """What people read about it."""
    scope: Sample[Scope]
    """Who may find and deploy it."""
    tenants: Sample[list[str]]
    """With whom it is shared."""


@shape
class SpecItem(Spec):
    """A spec as listings have it."""

    latestRelease: Sample[ReleaseItem]
    """Its latest release."""


@shape
class DescribedSpec(Spec):
    """A spec."""

    latestRelease: Sample[LatestRelease]
    """Its latest release."""
    parameters: Sample[Declarations]
    """What its latest release declares."""


@shape
class SpecPage(Paged):
    """A page of specs."""

    specCount: Sample[Count]  # noqa: N815  (as the API writes names)
    """So many specs are there on all pages."""
    specs: Wire[list[SpecItem]]
    """The specs."""


@shape
class ReleasePage(Paged):
    """A page of releases."""

    releaseCount: Sample[Count]  # noqa: N815  (as the API writes names)
    """So many releases are there on all pages."""
    releases: Wire[list[ReleaseItem]]
    """The releases."""
