"""Shapes of responses: the parts that all share, and specs and releases. Each field says how it is known."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import Field
from typing_extensions import NotRequired, TypedDict

from pulumi_press.schema.bodies import Config, ContentType, Kind, Scope, SpecStatus, Tag
from pulumi_press.schema.parameters import Parameter
from pulumi_press.schema.shapes import SemVer, shape

__all__ = ["MEANINGS", "Assumed", "Documented", "How", "Known", "Sample", "Wire"]

How = Literal["wire", "documented", "sample", "code", "assumed"]

MEANINGS: Final[dict[How, str]] = {
    "wire": "seen on the wire: the real client sends it so, or accepts it so",
    "documented": "stated in the client's documentation or in its command's help",
    "sample": "shown in an example of the documentation, or in a sample file of the client's package",
    "code": "read by the client's code, and documented nowhere",
    "assumed": "not known; the local Press had to choose",
}


@dataclass(frozen=True)
class Known:
    """How something is known.

    Args:
        how: the best source.
        settings: names of the assumptions that change it.
        remark: where sources disagree or are rare.
    """

    how: How
    settings: tuple[str, ...] = ()
    remark: str = ""


T = TypeVar("T")

Wire = Annotated[T, Known("wire")]
Documented = Annotated[T, Known("documented")]
Sample = Annotated[T, Known("sample")]
Assumed = Annotated[T, Known("assumed")]


Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
"""A UUID."""

Time = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", examples=["2020-01-01T18:00:00.000Z"])]
"""A time, UTC, with milliseconds."""

Number = Annotated[int, Field(ge=1)]
"""A whole number from 1."""

Count = Annotated[int, Field(ge=0)]
"""A whole number from 0."""

ABSENT = Known("sample", ("absent_values",))
"""Of a field that is left out, or null, where it was never given."""

Given = Annotated[str | None, ABSENT]
"""A text, if one was given."""


@shape
class Nothing(TypedDict):
    """An empty object."""


@shape
class Mistold(TypedDict):
    """One mistake in what was sent."""

    path: Assumed[str]
    """Where: a path in the body, a part of the form, or a key of the query."""
    message: Assumed[str]
    """What is wrong."""


@shape
class Error(TypedDict):
    """Why a call is refused."""

    detail: Wire[str]
    """One sentence: what is wrong and what to do."""
    errors: NotRequired[Annotated[list[Mistold], Known("assumed", ("error_body",))]]
    """Every mistake of what was sent."""


@shape
class Validated(TypedDict):
    """What was sent passes every check; nothing was stored."""

    success: Documented[Literal[True]]
    """True."""
    message: Documented[str]
    """In words."""


@shape
class Created(TypedDict):
    """What was made."""

    id: Documented[Id]
    """Its id."""


@shape
class ReleasedVersion(TypedDict):
    """A release by its version."""

    version: Sample[SemVer]
    """Version."""


@shape
class Described(TypedDict):
    """What people read about a spec or a deployment, and who wrote it when."""

    createdAt: Sample[Time]
    """When it was made."""
    createdBy: Sample[str]
    """Who made it, an e-mail address."""
    name: Sample[str]
    """Name."""
    tags: Sample[list[Tag]]
    """Tags, in the order shown."""
    updatedAt: Sample[Time]
    """When its metadata were changed last."""
    updatedBy: Sample[str]
    """Who changed them, an e-mail address."""
    description: NotRequired[Given]
    """Longer text."""
    descriptionContentType: NotRequired[Annotated[ContentType | None, ABSENT]]
    """How `description` is to be read."""
    imageUrl: NotRequired[Given]
    """Address of a picture."""
    summary: NotRequired[Given]
    """One line on what it does."""
    title: NotRequired[Given]
    """Title."""


@shape
class Published(TypedDict):
    """When and by whom something was published."""

    createdAt: Sample[Time]
    """When."""
    createdBy: Sample[str]
    """By whom, an e-mail address."""
    id: Sample[Id]
    """Its id."""
    notes: NotRequired[Given]
    """What changed."""


@shape
class Paged(TypedDict):
    """Which page of a listing this is."""

    pageCount: Annotated[Count, Known("wire", ("empty_page_count",))]
    """So many pages are there."""
    pageNumber: Sample[Number]
    """Which one this is."""
    pageSize: Sample[Number]
    """Items on a page, at most."""


@shape
class Tenant(TypedDict):
    """Who the caller is."""

    tenant: Assumed[str]
    """Name of the tenant."""


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
    autoRunOnDeploy: Sample[bool]
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

    autoRunOnDeploy: Sample[bool]
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

    specCount: Sample[Count]
    """So many specs are there on all pages."""
    specs: Wire[list[SpecItem]]
    """The specs."""


@shape
class ReleasePage(Paged):
    """A page of releases."""

    releaseCount: Sample[Count]
    """So many releases are there on all pages."""
    releases: Wire[list[ReleaseItem]]
    """The releases."""
