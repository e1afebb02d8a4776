"""What the engine's state names: the import path `pulumi_press._v1.load` is state format, never to be moved or renamed.

Each resource in a state holds a pickled call of `load`. The engine unpickles it to refresh and to destroy, perhaps
years later, so the name and the four words below stay as they are for ever.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi.dynamic import ResourceProvider

__all__ = ["load"]


def load(name: str) -> ResourceProvider:
    """Give the provider of `BlockSpec`, `BlockSpecRelease`, `BlockDeployment` or `Rollout`."""
    # What Pulumi has loaded by now is there to stay. The garbage collector would look through it several times while
    # the rest is loaded, which is a tenth of the time until the first answer.
    gc.freeze()
    # Only the provider's own process needs the lifecycles; a program that declares resources never imports them.
    from pulumi_press.plugin.dynamic import make_provider

    return make_provider(name)
