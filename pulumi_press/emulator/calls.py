"""A call as the rules see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_press.emulator.forms import Form

__all__ = ["Call"]


@dataclass(frozen=True)
class Call:
    """A call of the API by a known caller.

    Args:
        tenant: the caller's tenant.
        at: when it came, as the API writes times: all that one call makes has the same time.
        path: the names in the route's path, such as `spec_id`.
        query: values by key, in the order sent.
        body: the JSON body; `{}` for calls without one.
        form: the multipart form, for calls that take one.
    """

    tenant: str
    at: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: Any = field(default_factory=dict)
    form: Form | None = None

    @property
    def user(self) -> str:
        """The caller's e-mail address."""
        return f"user@{self.tenant}.example"
