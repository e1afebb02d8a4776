"""Refusals: every answer of the local Press that is not a success.

Refusal          has its status
└── Mistaken     mistakes in what was sent; which status that is, the route and the assumptions say
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_press.schema.failures import CheckFailure

__all__ = ["Mistaken", "Refusal", "not_found"]

SHOWN = 5
"""So many mistakes are told in `detail`; `errors` has all."""


class Refusal(Exception):  # noqa: N818  (a refusal is an answer, not a failure of the server)
    """The call is refused, and nothing is changed.

    Args:
        status: HTTP status.
        detail: one sentence that says what is wrong and what to do.
        headers: further headers of the answer.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """Give the JSON body of the answer."""
        return {"detail": self.detail}


class Mistaken(Refusal):
    """What was sent has mistakes.

    Args:
        mistakes: at least one.
    """

    def __init__(self, mistakes: Sequence[CheckFailure]) -> None:
        told = "; ".join(str(mistake) for mistake in mistakes[:SHOWN])
        more = len(mistakes) - SHOWN
        super().__init__(422, told + (f"; and {more} more" if more > 0 else ""))
        self.mistakes = tuple(mistakes)

    def body(self) -> dict[str, Any]:
        """Give the JSON body: `detail` in words, and `errors` with a path and a message for each mistake."""
        errors = [{"path": mistake.property, "message": mistake.reason} for mistake in self.mistakes]
        return {"detail": self.detail, "errors": errors}


def not_found(what: str, name: str) -> Refusal:
    """Say that there is no such object, or none that the caller may see."""
    return Refusal(404, f"There is no {what} {name!r}.")
