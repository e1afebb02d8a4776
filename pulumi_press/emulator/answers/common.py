"""What answers have in common."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import NotRequired, TypedDict

from pulumi_press.emulator.knowledge import Assumed, Documented, Known, Sample, Wire
from pulumi_press.schema.bodies import ContentType, Tag
from pulumi_press.schema.shapes import SemVer, shape

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
