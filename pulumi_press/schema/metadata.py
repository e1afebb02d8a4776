"""What people read about a block: its names, texts and tags."""

from __future__ import annotations

from typing import Literal

from typing_extensions import Required, TypedDict

from pulumi_press.schema.shapes import Input, Many, SemVer, Text, shape

__all__ = ["DeploymentMetadata", "Release", "SpecMetadata", "SpecMetadataPatch", "Tag", "Texts"]

ContentType = Literal["text/plain", "text/markdown"]
SpecStatus = Literal["available", "unavailable", "archived"]


@shape
class Tag(TypedDict):
    """A tag of a spec or deployment."""

    name: Input[Text]
    """The tag's text."""


@shape
class Texts(TypedDict, total=False):
    """The texts that specs and deployments share; also the whole patch of a deployment's metadata."""

    name: Input[Text]
    """Name, unique for the kind within a tenant."""
    title: Input[str]
    """Title shown to people."""
    summary: Input[str]
    """One line on what it does."""
    description: Input[str]
    """Longer text, see `descriptionContentType`."""
    descriptionContentType: Input[ContentType]
    """How `description` is to be read."""
    imageUrl: Input[str]
    """Address of a picture."""
    tags: Input[Many[Input[Tag]]]
    """Tags; their order makes no difference."""


@shape
class SpecMetadata(Texts, total=False):
    """Metadata of a spec."""

    name: Required[Input[Text]]  # type: ignore[misc]  # Narrows the shared field to a required one.
    """Name, unique for the kind within a tenant."""
    summary: Required[Input[Text]]  # type: ignore[misc]  # As above.
    """One line on what it does."""


@shape
class SpecMetadataPatch(Texts, total=False):
    """A change of a spec's metadata."""

    status: Input[SpecStatus]
    """Whether the spec is offered for use."""


@shape
class DeploymentMetadata(Texts, total=False):
    """Metadata of a deployment."""

    name: Required[Input[Text]]  # type: ignore[misc]  # Narrows the shared field to a required one.
    """Name, unique for the kind within a tenant."""


@shape
class Release(TypedDict, total=False):
    """The version and notes of a release."""

    version: Required[Input[SemVer]]
    """Version, semver, greater than that of the release before."""
    notes: Input[str]
    """What changed."""
