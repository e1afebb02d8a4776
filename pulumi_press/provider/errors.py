"""What can go wrong in a resource's life, beside what the API's errors tell.

ProviderError
├── SettingsError        a setting is missing or makes no sense
├── AlreadyExistsError           the name or the version belongs to something else
└── RolloutError         a revision did not come to life

That the engine asked to stop is the API's `Interrupted`.
"""

from __future__ import annotations

__all__ = ["AlreadyExistsError", "ProviderError", "RolloutError", "SettingsError"]


class ProviderError(Exception):
    """An operation on a resource failed; the message says what to do."""


class SettingsError(ProviderError):
    """Settings are missing or make no sense.

    Args:
        mistakes: what is wrong with each.
    """

    def __init__(self, *failures: str) -> None:
        super().__init__("; ".join(failures))
        self.failures = failures


class AlreadyExistsError(ProviderError):
    """The name or the version that was to be made belongs to something else already."""


class RolloutError(ProviderError):
    """A revision did not come to life, or another one is live.

    Args:
        message: what happened and what to do.
        failed: whether the revision itself ended badly.
    """

    def __init__(self, message: str, *, failed: bool = False) -> None:
        super().__init__(message)
        self.failed = failed
