"""The arguments of the resources: the keys of the SDK call's body, flattened, and its keyword arguments."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from typing_extensions import Required, TypedDict

from pulumi_press.schema.bodies import (
    BodyVersion,
    Config,
    DeploymentMetadata,
    DeploymentSpec,
    Kind,
    Release,
    RevisionNotes,
    Scope,
    SpecMetadata,
)
from pulumi_press.schema.parameters import Parameters, ParameterValues
from pulumi_press.schema.plain import Adopt
from pulumi_press.schema.shapes import Input, Like, Many, Named, SemVer, Text, shape

__all__ = [
    "Adopt",
    "Artifact",
    "AwaitedDeploymentArgs",
    "BlockDeploymentArgs",
    "BlockSpecArgs",
    "BlockSpecReleaseArgs",
    "DeploymentArgs",
    "ReleaseArgs",
    "SpecRelease",
    "Timeouts",
]

OnFailure = Literal["keep", "rollback"]

Duration = Annotated[str, Like(r"^([0-9]+h([0-9]+m)?([0-9]+s)?|[0-9]+m([0-9]+s)?|[0-9]+s)$", ("20m", "1h30m"))]


@shape
class Artifact(TypedDict, total=False):
    """The folder whose files a release ships."""

    path: Required[Input[Text]]
    """The folder, absolute or relative to the program's working directory."""
    ignore_files: Input[Many[Input[Text]]]
    """Ignore files at the top of the folder. Default: `.dockerignore`, if there is one."""
    default_ignores: Input[bool]
    """Whether `__pycache__`, `*.py[cod]` and `.git` are left out if no ignore file brings them back. Default true."""


@shape
class SpecRelease(TypedDict, total=False):
    """The release that a spec publishes."""

    version: Input[SemVer]
    """Version, semver. Left out: 1.0.0, then the next patch version whenever the content changes."""
    notes: Input[str]
    """What changed."""


@shape
class Timeouts(TypedDict, total=False):
    """How long an operation may take, such as `20m` or `1h30m`."""

    create: Input[Duration]
    """A new deployment's first rollout. Default `20m`."""
    update: Input[Duration]
    """The rollout of a later revision. Default `20m`."""
    delete: Input[Duration]
    """Until a deleted object is gone. Default `10m`."""


@shape
class BlockSpecArgs(TypedDict, total=False):
    """Arguments of a `BlockSpec`: those of `create_spec`."""

    version: Input[BodyVersion]
    """Version of the body's shape. Default 1."""
    kind: Required[Input[Kind]]
    """Kind of the block."""
    metadata: Required[SpecMetadata]
    """What people read about it."""
    release: SpecRelease
    """Version and notes of its release."""
    config: Required[Config]
    """What it does."""
    artifact: Artifact
    """The folder whose files it ships."""
    parameters: Parameters
    """What it asks for."""
    featured: Input[bool]
    """Whether it is featured. Default false."""
    scope: Input[Scope]
    """Who may find and deploy it. Default `private`."""
    tenants: Input[Many[Input[Text]]]
    """Tenants that it is shared with, when the scope is `shared`."""
    auto_run_on_deploy: Input[bool]
    """Run it once whenever it is deployed. Default false."""
    adopt: Input[Adopt]
    """Whether a spec that exists already is taken over. Default: the setting `press:adopt`."""


@shape
class ReleaseArgs(TypedDict, total=False):
    """Arguments of a release, without its spec."""

    release: Required[Release]
    """Version and notes."""
    config: Required[Config]
    """What it does."""
    artifact: Artifact
    """The folder whose files it ships."""
    parameters: Parameters
    """What it asks for."""
    auto_run_on_deploy: Input[bool]
    """Run it once whenever it is deployed. Default false."""


@shape
class BlockSpecReleaseArgs(ReleaseArgs, total=False):
    """Arguments of a `BlockSpecRelease`: those of `create_spec_release`."""

    spec_id: Required[Input[Text]]
    """Id of the spec."""


@shape
class DeploymentArgs(TypedDict, total=False):
    """Arguments of a deployment, without its spec."""

    metadata: Required[DeploymentMetadata]
    """What people read about it."""
    parameters: ParameterValues
    """Values for the parameters that the release declares."""
    revision: RevisionNotes
    """What is said of the revision."""
    triggers: Input[Named[Input[Any]]]
    """Any values: a change of one makes a new revision."""
    timeouts: Timeouts
    """How long the rollout and the deletion may take."""
    adopt: Input[Adopt]
    """Whether a deployment that exists already is taken over. Default: the setting `press:adopt`."""


@shape
class BlockDeploymentArgs(DeploymentArgs, total=False):
    """Arguments of a `BlockDeployment`: those of `create_deployment`, and how it is rolled out."""

    spec: Required[DeploymentSpec]
    """What it runs."""


@shape
class AwaitedDeploymentArgs(BlockDeploymentArgs, total=False):
    """Arguments of a `BlockDeployment` that waits for its revision itself, as the native plugin's does."""

    wait: Input[bool]
    """Whether to wait until the revision is live. Default true."""
    on_failure: Input[OnFailure]
    """What a later revision that fails leads to: `keep` leaves it, `rollback` runs what ran before. Default `keep`."""
