"""The bodies of the API's calls."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator
from pydantic import Tag as Case
from pydantic_core import PydanticCustomError
from typing_extensions import Required, TypedDict

from pulumi_press.schema.metadata import DeploymentMetadata, Release, SpecMetadata, SpecMetadataPatch, Texts
from pulumi_press.schema.parameters import ParameterValues
from pulumi_press.schema.service import ServiceConfig
from pulumi_press.schema.shapes import Input, Many, SemVer, Text, shape
from pulumi_press.schema.workflow import WorkflowConfig

__all__ = [
    "BodyVersion",
    "Config",
    "DeploymentBody",
    "DeploymentPatch",
    "DeploymentSpec",
    "Kind",
    "ReleaseBody",
    "ReleaseVersion",
    "RevisionBody",
    "RevisionNotes",
    "Scope",
    "SpecBody",
    "SpecPatch",
]

Kind = Literal["workflow", "service"]
Scope = Literal["private", "public", "shared"]
WORKFLOW_KEYS = frozenset({"images", "steps", "triggers", "watchers"})


def _refuse_flag(value: Any) -> Any:
    """Python holds True equal to 1, and pydantic goes by that."""
    if isinstance(value, bool):
        raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": "1 or '1'"})
    return value


BodyVersion = Annotated[Literal[1, "1"], BeforeValidator(_refuse_flag)]


def kind_of_config(config: object) -> Kind:
    """Tell the kind of a config by the keys that only a workflow has."""
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
    metadata: Required[Input[SpecMetadata]]
    """What people read about it."""
    release: Required[Input[Release]]
    """Its first release."""
    config: Required[Input[Config]]
    """What it does."""


@shape
class ReleaseBody(TypedDict):
    """Body of `create_spec_release`."""

    release: Input[Release]
    """Version and notes."""
    config: Input[Config]
    """What it does."""


@shape
class SpecPatch(TypedDict, total=False):
    """Body of `update_spec_metadata`."""

    metadata: Input[SpecMetadataPatch]
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
    release: Input[ReleaseVersion]
    """The release. Left out: the latest."""


@shape
class RevisionNotes(TypedDict, total=False):
    """What is said of a revision."""

    notes: Input[str]
    """What changed."""


@shape
class DeploymentBody(TypedDict, total=False):
    """Body of `create_deployment`."""

    metadata: Required[Input[DeploymentMetadata]]
    """What people read about it."""
    spec: Required[Input[DeploymentSpec]]
    """What it runs."""
    revision: Input[RevisionNotes]
    """What is said of the first revision."""
    parameters: Input[ParameterValues]
    """Values for the parameters that the release declares."""


@shape
class RevisionBody(TypedDict, total=False):
    """Body of `create_deployment_revision`."""

    release: Input[ReleaseVersion]
    """The release to run. Left out: the latest."""
    revision: Input[RevisionNotes]
    """What is said of the revision."""
    parameters: Input[ParameterValues]
    """Values for the parameters that the release declares."""


DeploymentPatch = Texts
"""Body of `update_deployment_metadata`: flat, without status."""
