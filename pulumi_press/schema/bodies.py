"""The bodies of the API's calls, and what they share with the resources' arguments: metadata, releases, notes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator
from pydantic import Tag as Case
from pydantic_core import PydanticCustomError
from typing_extensions import Required, TypedDict

from pulumi_press.schema.parameters import ParameterValues
from pulumi_press.schema.service import ServiceConfig
from pulumi_press.schema.shapes import Input, Many, SemVer, Text, shape
from pulumi_press.schema.workflow import WorkflowConfig

__all__ = [
    "BodyVersion",
    "Config",
    "DeploymentBody",
    "DeploymentMetadata",
    "DeploymentPatch",
    "DeploymentSpec",
    "Kind",
    "Release",
    "ReleaseBody",
    "ReleaseVersion",
    "RevisionBody",
    "RevisionNotes",
    "Scope",
    "SpecBody",
    "SpecMetadata",
    "SpecMetadataPatch",
    "SpecPatch",
    "Tag",
    "Texts",
]

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
    tags: Many[Tag]
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


Kind = Literal["workflow", "service"]
Scope = Literal["private", "public", "shared"]
WORKFLOW_KEYS = frozenset({"images", "steps", "triggers", "watchers"})


def _refuse_flag(value: Any) -> Any:
    """Refuse true and false: in Python, True equals 1."""
    if isinstance(value, bool):
        raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": "1 or '1'"})
    return value


BodyVersion = Annotated[Literal[1, "1"], BeforeValidator(_refuse_flag)]


def kind_of_config(config: object) -> Kind:
    """Return the kind of a config, by the keys that only a workflow has."""
    return "workflow" if isinstance(config, dict) and WORKFLOW_KEYS & set(config) else "service"


Config = Annotated[
    Annotated[WorkflowConfig, Case("<workflow>")] | Annotated[ServiceConfig, Case("<service>")],
    Discriminator(lambda value: f"<{kind_of_config(value)}>"),
]
"""What a block does: a workflow's config or a service's."""


@shape
class SpecBody(TypedDict, total=False):
    """Body of `create_spec`."""

    version: Required[Input[BodyVersion]]
    """Version of the body's shape: 1."""
    kind: Required[Input[Kind]]
    """Kind of the block."""
    metadata: Required[SpecMetadata]
    """What people read about it."""
    release: Required[Release]
    """Its first release."""
    config: Required[Config]
    """What it does."""


@shape
class ReleaseBody(TypedDict):
    """Body of `create_spec_release`."""

    release: Release
    """Version and notes."""
    config: Config
    """What it does."""


@shape
class SpecPatch(TypedDict, total=False):
    """Body of `update_spec_metadata`."""

    metadata: SpecMetadataPatch
    """Texts to change."""
    featured: Input[bool]
    """Whether the spec is featured."""
    scope: Input[Scope]
    """Who may find and deploy it."""
    tenants: Input[Many[Input[Text]]]
    """Tenants that a shared spec is shared with."""


@shape
class ReleaseVersion(TypedDict, total=False):
    """The release that a deployment runs."""

    version: Input[SemVer]
    """Its version. Left out: the latest."""


@shape
class DeploymentSpec(TypedDict, total=False):
    """The spec that a deployment runs."""

    id: Required[Input[Text]]
    """Id of the spec."""
    release: ReleaseVersion
    """The release. Left out: the latest."""


@shape
class RevisionNotes(TypedDict, total=False):
    """What is said of a revision."""

    notes: Input[str]
    """What changed."""


@shape
class DeploymentBody(TypedDict, total=False):
    """Body of `create_deployment`."""

    metadata: Required[DeploymentMetadata]
    """What people read about it."""
    spec: Required[DeploymentSpec]
    """What it runs."""
    revision: RevisionNotes
    """What is said of the first revision."""
    parameters: ParameterValues
    """Values for the parameters that the release declares."""


@shape
class RevisionBody(TypedDict, total=False):
    """Body of `create_deployment_revision`."""

    release: ReleaseVersion
    """The release to run. Left out: the latest."""
    revision: RevisionNotes
    """What is said of the revision."""
    parameters: ParameterValues
    """Values for the parameters that the release declares."""


DeploymentPatch = Texts
"""Body of `update_deployment_metadata`: flat, without status."""
