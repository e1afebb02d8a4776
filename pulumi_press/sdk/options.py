"""Options of Pulumi's that a dynamic resource, or the service, cannot honour: refused in the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OptionsError", "check_options"]

_WAYS: Mapping[str, str] = {
    **{
        kind: f"run `pulumi-press import {word} {{name}} {{id}}`"
        for kind, word in (("BlockSpec", "spec"), ("BlockSpecRelease", "release"), ("BlockDeployment", "deployment"))
    },
    "Rollout": "its deployment brings it along",
    "Block": "its parts are imported, each for itself, with `pulumi-press import`",
}
"""Kind -> how one that exists is taken over."""

_DELETED = ("BlockSpec", "BlockDeployment", "Block")
"""Kinds that are on the service until they are deleted themselves; parts inherit the option of their component."""


class OptionsError(pulumi.RunError):
    """An option cannot be honoured; the engine shows the message alone."""


def check_options(kind: str, name: str, opts: pulumi.ResourceOptions | None) -> None:
    """Refuse what would fail with no clear word, or leave a block alive that no state knows.

    Raises:
        OptionsError: there is such an option; the message says what works instead.
    """
    if opts is None:
        return
    if opts.import_ is not None:
        way = _WAYS[kind].format(name=name, id=opts.import_)
        raise OptionsError(f"{kind} {name!r}: import_ does not work with dynamic resources: {way}, and leave it out")
    if opts.deleted_with is not None and kind in _DELETED:
        raise OptionsError(
            f"{kind} {name!r}: deleted_with would leave it alive on the service, and in no state: nothing there is "
            "deleted along with something else. Leave it out; where the order counts, use depends_on"
        )
