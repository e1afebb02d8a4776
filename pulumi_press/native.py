"""Press Blocks as resources of the native plugin: `from pulumi_press import native as press`.

Classes, arguments and functions are those of `pulumi_press`; each is loaded on first use. See
`docs/dynamic-and-native.md`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    from pulumi_press.sdk.native import BlockDeployment, BlockSpec, BlockSpecRelease, Provider
    from pulumi_press.sdk.native_block import Block

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

_MODULES = {
    "Block": "pulumi_press.sdk.native_block",
    "BlockDeployment": "pulumi_press.sdk.native",
    "BlockSpec": "pulumi_press.sdk.native",
    "BlockSpecRelease": "pulumi_press.sdk.native",
    "Provider": "pulumi_press.sdk.native",
}
"""Class -> its module; all other names are functions."""

if not TYPE_CHECKING:  # A type checker would accept any name.

    def __getattr__(name: str) -> object:
        """Load a public name."""
        if name == "schema":
            return import_module("pulumi_press.schema")
        if name in __all__:
            return getattr(import_module(_MODULES.get(name, "pulumi_press.sdk.functions")), name)
        raise AttributeError(f"module 'pulumi_press.native' has no attribute {name!r}")

    def __dir__() -> list[str]:
        """Return the public names, for editors and shells."""
        return sorted(__all__)
