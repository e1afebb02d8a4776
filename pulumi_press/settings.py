"""The table of settings: what each is called, and where it is looked for. Loads nothing, for programs start with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ADDRESS", "NAMESPACE", "SETTINGS", "TOKEN", "Setting", "find_wrong_keys"]

NAMESPACE = "press"
"""The namespace of the settings in a stack's configuration."""

ENGINE_KEYS = frozenset({"version", "pluginDownloadURL", "pluginChecksums"})
"""Keys that the engine itself knows in the namespace of any package."""


class Setting(NamedTuple):
    """A setting."""

    field: str
    """Its name in `Settings`, and as an argument of `Provider`."""
    variables: tuple[str, ...] = ()
    """Environment variables that it is also read from, after the configuration."""

    @property
    def key(self) -> str:
        """Its key in the configuration, such as `press:authToken`."""
        return f"{NAMESPACE}:" + re.sub("_(.)", lambda match: match[1].upper(), self.field)


TOKEN = Setting("auth_token", ("PEAK_AUTH_TOKEN", "API_KEY"))

ADDRESS = (Setting("endpoint", ("PRESS_ENDPOINT",)), Setting("stage", ("PEAK__STAGE", "STAGE")))
"""Two settings that say where the service is; the first wins."""

SETTINGS = (
    TOKEN,
    *ADDRESS,
    Setting("timeout"),
    Setting("max_retries"),
    Setting("adopt"),
    Setting("drift"),
    Setting("validate"),
    Setting("marks"),
    Setting("default_tags"),
)
"""All settings, in the order of the documentation."""


def find_wrong_keys(keys: Iterable[str], project: str) -> Iterator[str]:
    """Say what is wrong with the keys of a stack's configuration that are meant for this package and name no setting.

    Args:
        keys: all keys of the configuration.
        project: the project's name; the keys in its namespace are the program's own.
    """
    known = {setting.key for setting in SETTINGS}
    for key in sorted(keys):
        namespace, _, name = key.partition(":")
        if key in known or namespace == project or not name or _fold(namespace) not in _NAMESPACES:
            continue
        # Another spelling of the namespace may be a stranger's, unless a setting stands behind it.
        nearest = _find_nearest(name)
        is_ours = namespace == NAMESPACE and name not in ENGINE_KEYS
        if is_ours or (namespace != NAMESPACE and nearest):
            advice = f"did you mean {nearest}?" if nearest else f"the settings are {', '.join(sorted(known))}."
            yield f"{key} is not a setting; {advice} Take it away with `pulumi config rm {key}`"


_NAMESPACES = frozenset({NAMESPACE, f"pulumi{NAMESPACE}", f"peak{NAMESPACE}"})


def _fold(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _find_nearest(name: str) -> str:
    """Give the key of the setting that a name comes closest to; empty where none is close."""
    from pulumi_press.schema.failures import find_nearest  # Only where something is wrong.

    keys = {setting.key.partition(":")[2]: setting.key for setting in SETTINGS}
    return keys.get(find_nearest(name, keys) or "", "")
