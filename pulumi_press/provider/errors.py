"""The errors of the provider, beside those of the client.

ProviderError
├── SettingsError        a setting is missing or invalid
├── AlreadyExistsError   the name or the version belongs to something else
└── RolloutError         a revision is not live

A cancellation is the client's `Interrupted`.
"""

from __future__ import annotations

__all__ = ["AlreadyExistsError", "ProviderError", "RolloutError", "SettingsError"]


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
    """

    def __init__(self, message: str, *, failed: bool = False) -> None:
        super().__init__(message)
        self.failed = failed
