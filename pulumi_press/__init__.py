"""Press Blocks as Pulumi resources: the public names, each loaded when it is first used.

Loading late keeps Pulumi out of processes that only need a part, such as the local Press, and keeps programs quick to
start: each loads what it declares, and only the provider's own process the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_press import schema as schema  # The alias is the export.
    from pulumi_press.sdk.block import Block
    from pulumi_press.sdk.block_deployment import BlockDeployment, Rollout
    from pulumi_press.sdk.block_spec import BlockSpec
    from pulumi_press.sdk.block_spec_release import BlockSpecRelease
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
    from pulumi_press.sdk.provider import Provider

    __version__: str

__all__ = [
    "Block",
    "BlockDeployment",
    "BlockSpec",
    "BlockSpecRelease",
    "Provider",
    "Rollout",
    "__version__",
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

_HOMES = {
    "Block": "block",
    "BlockDeployment": "block_deployment",
    "BlockSpec": "block_spec",
    "BlockSpecRelease": "block_spec_release",
    "Provider": "provider",
    "Rollout": "block_deployment",
}
"""Where a name lies in `sdk`; all others are functions."""


def __getattr__(name: str) -> object:
    """Load a public name."""
    if name == "__version__":
        return import_module("importlib.metadata").version("pulumi-press")
    if name == "schema":
        return import_module("pulumi_press.schema")
    if name in __all__:
        return getattr(import_module(f"pulumi_press.sdk.{_HOMES.get(name, 'functions')}"), name)
    raise AttributeError(f"module 'pulumi_press' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name what is public, for editors and shells."""
    return sorted(__all__)
