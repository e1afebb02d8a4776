"""What happens to each resource: check, diff, create, read, update, delete. Knows no Pulumi.

Any face can serve it: values are plain, with `UNKNOWN` where the engine does not know yet.
"""

from typing import TYPE_CHECKING

from pulumi_press.late import load_late
from pulumi_press.lifecycle.context import Context, Tell
from pulumi_press.lifecycle.errors import LifecycleError, RolloutError, SettingsError, TakenError
from pulumi_press.lifecycle.fields import Change, Effect, Field
from pulumi_press.lifecycle.intents import Intents
from pulumi_press.lifecycle.lifecycles import LIFECYCLES
from pulumi_press.lifecycle.memory import Memory
from pulumi_press.lifecycle.resource import Checked, Diff, Lifecycle, Live
from pulumi_press.lifecycle.settings import Settings, read_settings
from pulumi_press.lifecycle.values import Values, make_whole, normalize

if TYPE_CHECKING:
    from pulumi_press.lifecycle.deployment import DeploymentLifecycle
    from pulumi_press.lifecycle.release import ReleaseLifecycle
    from pulumi_press.lifecycle.rollout import RolloutLifecycle
    from pulumi_press.lifecycle.spec import SpecLifecycle

__all__ = [
    "LIFECYCLES",
    "Change",
    "Checked",
    "Context",
    "DeploymentLifecycle",
    "Diff",
    "Effect",
    "Field",
    "Intents",
    "Lifecycle",
    "LifecycleError",
    "Live",
    "Memory",
    "ReleaseLifecycle",
    "RolloutError",
    "RolloutLifecycle",
    "Settings",
    "SettingsError",
    "SpecLifecycle",
    "TakenError",
    "Tell",
    "Values",
    "make_whole",
    "normalize",
    "read_settings",
]

if not TYPE_CHECKING:  # To a type checker no other name exists.
    __getattr__ = load_late(
        __name__,
        {
            "deployment": ("DeploymentLifecycle",),
            "release": ("ReleaseLifecycle",),
            "rollout": ("RolloutLifecycle",),
            "spec": ("SpecLifecycle",),
        },
    )
