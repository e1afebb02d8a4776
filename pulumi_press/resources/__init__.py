"""What a program declares."""

from pulumi_press.resources.block import Block
from pulumi_press.resources.block_deployment import BlockDeployment
from pulumi_press.resources.block_spec import BlockSpec
from pulumi_press.resources.block_spec_release import BlockSpecRelease
from pulumi_press.resources.functions import (
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
from pulumi_press.resources.provider import Provider
from pulumi_press.resources.rollout import Rollout

__all__ = [
    "Block",
    "BlockDeployment",
    "BlockSpec",
    "BlockSpecRelease",
    "Provider",
    "Rollout",
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
]
