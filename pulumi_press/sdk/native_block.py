"""`Block` of the native plugin. It loads the shapes of its arguments, which few programs need."""

from __future__ import annotations

from pulumi_press.plugin.tokens import PACKAGE
from pulumi_press.sdk import block
from pulumi_press.sdk.native import BlockDeployment, BlockSpec, BlockSpecRelease

__all__ = ["Block"]


class Block(block.Block):
    """A block in the common case: one spec, perhaps further releases, perhaps one deployment."""

    _package = PACKAGE
    _spec_class = BlockSpec
    _release_class = BlockSpecRelease
    _deployment_class = BlockDeployment
