"""A handle on a running local Press: its control plane as methods."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from pulumi_press.emulator.faults import FaultRule
    from pulumi_press.emulator.outcomes import OutcomeRule

__all__ = ["ControlError", "LocalPress"]

TIMEOUT = 30


class ControlError(Exception):
    """The control plane refused; the message is its own."""


@dataclass(frozen=True)
class LocalPress:
    """A running local Press.

    Args:
        url: where it listens, without a slash at the end.
        token: a token that it knows; never shown.
    """

    url: str
    token: str = field(repr=False)

    def info(self) -> dict[str, Any]:
        """Give its version, settings, tenants and counts."""
        return self._ask("GET", "info")

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """Give the calls that it was sent, oldest first, secrets masked; `after`: those with a higher number only."""
        calls: list[dict[str, Any]] = self._ask("GET", f"requests?after={after}")["requests"]
        return calls

    def clear_requests(self) -> None:
        """Forget the calls so far."""
        self._ask("DELETE", "requests")

    def state(self) -> dict[str, Any]:
        """Give every spec with its releases, and every deployment with its revisions, secrets masked."""
        return self._ask("GET", "state")

    def reset(self) -> None:
        """Go back to the beginning."""
        self._ask("POST", "reset")

    def outcomes(self, *rules: OutcomeRule) -> list[dict[str, Any]]:
        """Lay down how rollouts will end, after the rules that are there, and give all.

        Raises:
            ControlError: a rule is wrong; the message has the path.
        """
        return self._rules("outcomes", rules)

    def clear_outcomes(self) -> None:
        """Let rollouts end well again."""
        self._ask("DELETE", "outcomes")

    def faults(self, *rules: FaultRule) -> list[dict[str, Any]]:
        """Lay down which calls will go wrong, after the rules that are there, and give all.

        Raises:
            ControlError: a rule is wrong; the message has the path.
        """
        return self._rules("faults", rules)

    def clear_faults(self) -> None:
        """Let calls go well again."""
        self._ask("DELETE", "faults")

    def advance(self, seconds: float) -> dict[str, Any]:
        """Move its clock ahead, so that rollouts by time go on."""
        return self._ask("POST", "clock", {"advance": seconds})

    def freeze(self) -> dict[str, Any]:
        """Make its clock stand still, so that only `advance` moves it."""
        return self._ask("POST", "clock", {"freeze": True})

    def _rules(self, kind: str, rules: tuple[Any, ...]) -> list[dict[str, Any]]:
        answer = self._ask("POST", kind, list(rules)) if rules else self._ask("GET", kind)
        found: list[dict[str, Any]] = answer["rules"]
        return found

    def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        with requests.Session() as session:
            # A proxy of the environment has no business with a server on this machine.
            session.trust_env = False
            response = session.request(method, f"{self.url}/_emulator/{path}", json=body, timeout=TIMEOUT)
            answer: dict[str, Any] = response.json()
            if not response.ok:
                raise ControlError(answer["detail"])
            return answer
