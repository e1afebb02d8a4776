"""Press Blocks as Pulumi resources: the public names, each loaded on first use.

Late loading keeps Pulumi out of processes that do not need it, such as the local Press, and makes programs start
quickly: each loads only the resources that it declares.
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

_MODULES = {
    "Block": "block",
    "BlockDeployment": "block_deployment",
    "BlockSpec": "block_spec",
    "BlockSpecRelease": "block_spec_release",
    "Provider": "provider",
    "Rollout": "block_deployment",
}
"""Class -> its module in `sdk`; all other names are functions."""

if not TYPE_CHECKING:  # A type checker would accept any name.

    def __getattr__(name: str) -> object:
        """Load a public name."""
        if name == "__version__":
            return import_module("importlib.metadata").version("pulumi-press")
        if name == "schema":
            return import_module("pulumi_press.schema")
        if name in __all__:
            return getattr(import_module(f"pulumi_press.sdk.{_MODULES.get(name, 'functions')}"), name)
        raise AttributeError(f"module 'pulumi_press' has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Return the public names, for editors and shells."""
        return sorted(__all__)
