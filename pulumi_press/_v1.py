"""The import path `pulumi_press._v1.load` is part of the state format: never move or rename it.

Each resource in a state contains a pickled call of `load`. The engine unpickles it to refresh and to destroy, perhaps
years later, so the name and the four names of providers below never change.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi.dynamic import ResourceProvider

__all__ = ["load"]


def load(name: str) -> ResourceProvider:
    """Return the provider of `BlockSpec`, `BlockSpecRelease`, `BlockDeployment` or `Rollout`.

    Raises:
        LookupError: there is no such provider: a later version of this package wrote the state.
    """
    # Pulumi's modules stay loaded. Without this, the garbage collector would visit them several times while the rest
    # is loaded, which takes a tenth of the time until the first response.
    gc.freeze()
    # Only the provider process needs the resources' operations; a program never imports them.
    from pulumi_press.plugin.dynamic import make_provider

    return make_provider(name)
