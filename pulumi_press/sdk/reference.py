"""What a program hands to the engine instead of a provider: a short, constant reference to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi.dynamic import ResourceProvider

from pulumi_press import _v1
from pulumi_press.sdk.interruption import end_when_interrupted

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ProviderReference"]


class ProviderReference(ResourceProvider):
    """Pickles to a call of `pulumi_press._v1.load`.

    It holds nothing of the provider, so the state never sees code, settings or secrets, and another version of the
    package never shows as a change.
    """

    # Plain text in the state: there is nothing secret in a name, and secret ones cost time and memory.
    serialize_as_secret_always = False

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        # Every resource of a program comes by here, and nothing else does.
        end_when_interrupted()

    def __reduce__(self) -> tuple[Callable[[str], ResourceProvider], tuple[str]]:
        """Pickle as a call."""
        return _v1.load, (self._name,)
