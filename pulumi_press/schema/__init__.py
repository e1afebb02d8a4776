"""The shape of every input, once.

Editors, type checkers, the provider's checks, the docs and the local Press's OpenAPI all read these declarations.
"""

from typing import TYPE_CHECKING

from pulumi_press.late import load_late
from pulumi_press.schema import versions

if TYPE_CHECKING:
    from pulumi_press.schema.arguments import (
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
    from pulumi_press.schema.parameters import Option, Parameter, Parameters, ParameterValues
    from pulumi_press.schema.plain import TEXTS, Adopt
    from pulumi_press.schema.refused import Refused
    from pulumi_press.schema.service import ServiceConfig
    from pulumi_press.schema.steps import ExportStep, HttpStep, SqlStep, StandardStep, Step
    from pulumi_press.schema.unknown import UNKNOWN, Unknown, contains_unknown
    from pulumi_press.schema.validation import json_schema, validate
    from pulumi_press.schema.values import check_values
    from pulumi_press.schema.workflow import Trigger, Watcher, WorkflowConfig

__all__ = [
    "TEXTS",
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
    "Option",
    "Parameter",
    "ParameterValues",
    "Parameters",
    "Refused",
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

_NAMES = {
    "arguments": (
        "Artifact",
        "BlockDeploymentArgs",
        "BlockSpecArgs",
        "BlockSpecReleaseArgs",
        "DeploymentArgs",
        "ReleaseArgs",
        "SpecRelease",
        "Timeouts",
    ),
    "bodies": (
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
    ),
    "images": (
        "Image",
        "ImageDetails",
    ),
    "metadata": (
        "DeploymentMetadata",
        "Release",
        "SpecMetadata",
        "SpecMetadataPatch",
        "Tag",
        "Texts",
    ),
    "mistakes": (
        "Mistake",
        "join",
    ),
    "parameters": (
        "Option",
        "Parameter",
        "ParameterValues",
        "Parameters",
    ),
    "plain": (
        "Adopt",
        "TEXTS",
    ),
    "refused": ("Refused",),
    "service": ("ServiceConfig",),
    "steps": (
        "ExportStep",
        "HttpStep",
        "SqlStep",
        "StandardStep",
        "Step",
    ),
    "unknown": (
        "UNKNOWN",
        "Unknown",
        "contains_unknown",
    ),
    "validation": (
        "json_schema",
        "validate",
    ),
    "values": ("check_values",),
    "workflow": (
        "Trigger",
        "Watcher",
        "WorkflowConfig",
    ),
}
"""The public names, by the module that they lie in."""

if not TYPE_CHECKING:  # To a type checker no other name exists.
    __getattr__ = load_late(__name__, _NAMES)
