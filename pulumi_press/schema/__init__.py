"""The shape of every input, once.

Editors, type checkers, the provider's checks, the docs and the local Press's OpenAPI all read these declarations.
"""

from pulumi_press.schema import versions
from pulumi_press.schema.arguments import (
    Adopt,
    Artifact,
    BlockDeploymentArgs,
    BlockSpecArgs,
    BlockSpecReleaseArgs,
    DeploymentArgs,
    ReleaseArgs,
    SpecRelease,
    Timeouts,
)
from pulumi_press.schema.bodies import (
    BodyVersion,
    Config,
    DeploymentBody,
    DeploymentPatch,
    DeploymentSpec,
    Kind,
    ReleaseBody,
    ReleaseVersion,
    RevisionBody,
    RevisionNotes,
    Scope,
    SpecBody,
    SpecPatch,
)
from pulumi_press.schema.images import Image, ImageDetails
from pulumi_press.schema.metadata import DeploymentMetadata, Release, SpecMetadata, SpecMetadataPatch, Tag, Texts
from pulumi_press.schema.mistakes import Mistake, join
from pulumi_press.schema.parameters import Parameter, Parameters, ParameterValues
from pulumi_press.schema.service import ServiceConfig
from pulumi_press.schema.steps import ExportStep, HttpStep, SqlStep, StandardStep, Step
from pulumi_press.schema.unknown import UNKNOWN, Unknown, contains_unknown
from pulumi_press.schema.validation import json_schema, validate
from pulumi_press.schema.values import check_values
from pulumi_press.schema.workflow import Trigger, Watcher, WorkflowConfig

__all__ = [
    "UNKNOWN",
    "Adopt",
    "Artifact",
    "BlockDeploymentArgs",
    "BlockSpecArgs",
    "BlockSpecReleaseArgs",
    "BodyVersion",
    "Config",
    "DeploymentArgs",
    "DeploymentBody",
    "DeploymentMetadata",
    "DeploymentPatch",
    "DeploymentSpec",
    "ExportStep",
    "HttpStep",
    "Image",
    "ImageDetails",
    "Kind",
    "Mistake",
    "Parameter",
    "ParameterValues",
    "Parameters",
    "Release",
    "ReleaseArgs",
    "ReleaseBody",
    "ReleaseVersion",
    "RevisionBody",
    "RevisionNotes",
    "Scope",
    "ServiceConfig",
    "SpecBody",
    "SpecMetadata",
    "SpecMetadataPatch",
    "SpecPatch",
    "SpecRelease",
    "SqlStep",
    "StandardStep",
    "Step",
    "Tag",
    "Texts",
    "Timeouts",
    "Trigger",
    "Unknown",
    "Watcher",
    "WorkflowConfig",
    "check_values",
    "contains_unknown",
    "join",
    "json_schema",
    "validate",
    "versions",
]
