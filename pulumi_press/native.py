"""Press Blocks as resources of the native plugin: `from pulumi_press import native as press`.

Classes, arguments and functions are those of `pulumi_press`. See `docs/dynamic-and-native.md`.
"""

from pulumi_press import schema as schema  # The alias is the export.
from pulumi_press.sdk.functions import (
    get_deployment,
    get_deployment_output,
    get_deployment_revision,
    get_deployment_revision_output,
    get_parameters,
    get_parameters_output,
    get_spec,
    get_spec_output,
    get_spec_release,
    get_spec_release_output,
    list_deployment_revisions,
    list_deployment_revisions_output,
    list_deployments,
    list_deployments_output,
    list_spec_releases,
    list_spec_releases_output,
    list_specs,
    list_specs_output,
)
from pulumi_press.sdk.native import Block, BlockDeployment, BlockSpec, BlockSpecRelease, Provider

__all__ = [
    "Block",
    "BlockDeployment",
    "BlockSpec",
    "BlockSpecRelease",
    "Provider",
    "get_deployment",
    "get_deployment_output",
    "get_deployment_revision",
    "get_deployment_revision_output",
    "get_parameters",
    "get_parameters_output",
    "get_spec",
    "get_spec_output",
    "get_spec_release",
    "get_spec_release_output",
    "list_deployment_revisions",
    "list_deployment_revisions_output",
    "list_deployments",
    "list_deployments_output",
    "list_spec_releases",
    "list_spec_releases_output",
    "list_specs",
    "list_specs_output",
    "schema",
]
