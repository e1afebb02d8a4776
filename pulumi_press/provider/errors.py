"""The errors of the provider, beside those of the client.

ProviderError
├── SettingsError        a setting is missing or invalid
├── AlreadyExistsError   the name or the version belongs to something else
├── RolloutError         a revision is not live
└── NotReadyError        the object exists, and is not yet what was asked for

A cancellation is the client's `Interrupted`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_press.provider.context import State

__all__ = ["AlreadyExistsError", "NotReadyError", "ProviderError", "RolloutError", "SettingsError"]


class ProviderError(Exception):
    """An operation on a resource failed; the message says what to do."""


class SettingsError(ProviderError):
    """Settings are missing or invalid.

    Args:
        failures: what is wrong with each.
    """

    def __init__(self, *failures: str) -> None:
        super().__init__("; ".join(failures))
        self.failures = failures


class AlreadyExistsError(ProviderError):
    """The name or the version that was to be made belongs to something else already."""


class RolloutError(ProviderError):
    """A revision is not live, or another one is.

    Args:
        message: what happened and what to do.
        failed: whether the revision itself ended badly.
        rolled_back_to: the revision that was made to run what ran before; None where there is none.
    """

    def __init__(self, message: str, *, failed: bool = False, rolled_back_to: int | None = None) -> None:
        super().__init__(message)
        self.failed = failed
        self.rolled_back_to = rolled_back_to


class NotReadyError(ProviderError):
    """The object exists and is not yet what was asked for: an engine that can keeps it, and updates it the next time.

    Args:
        id: its id.
        state: what is true of it now.
        reason: what is missing.
    """

    def __init__(self, id: str, state: State, reason: str) -> None:
        super().__init__(reason)
        self.id = id
        self.state = state
