"""A local Press inside this process, and the handle that calls its control plane."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.assumptions import DEFAULT_TOKENS, STALL, Assumptions, Pacing, Settings

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_press.emulator.backend.rollout_simulation import OutcomeRule
    from pulumi_press.emulator.control.faults import FaultRule

__all__ = ["ControlError", "LocalPress", "MissingExtraError", "require_extra", "start"]

MODULES = ("starlette", "uvicorn", "python_multipart")
INSTALL = "pip install 'pulumi-press[emulator]'"


class MissingExtraError(ImportError):
    """The packages of the extra `emulator` are not installed."""


def require_extra() -> None:
    """Make sure that what the server is built on is installed.

    Raises:
        MissingExtraError: a package is missing; the message has the command that installs it.
    """
    missing = [name for name in MODULES if find_spec(name) is None]
    if missing:
        raise MissingExtraError(f"the local Press needs {', '.join(missing)}; install it with: {INSTALL}")


CALL_TIMEOUT = 30


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
        """Return the calls that it was sent, oldest first, secrets masked; `after`: those with a higher number only."""
        calls: list[dict[str, Any]] = self._ask("GET", f"requests?after={after}")["requests"]
        return calls

    def clear_requests(self) -> None:
        """Forget the calls so far."""
        self._ask("DELETE", "requests")

    def state(self) -> dict[str, Any]:
        """Return every spec with its releases, and every deployment with its revisions, secrets masked."""
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
        # Imported here: pytest imports this module in every run of those who have the package installed.
        import requests

        with requests.Session() as session:
            # A proxy of the environment is not for a server on this machine.
            session.trust_env = False
            response = session.request(method, f"{self.url}/_emulator/{path}", json=body, timeout=CALL_TIMEOUT)
            answer: dict[str, Any] = response.json()
            if not response.ok:
                raise ControlError(answer["detail"])
            return answer


START_TIMEOUT = 30
"""Seconds in which the server must begin to answer."""


@contextmanager
def start(
    state: str | os.PathLike[str] | None = None,
    tokens: Mapping[str, str] = DEFAULT_TOKENS,
    assume: Mapping[str, object] | None = None,
    rollout: str = "at-once",
    *,
    seed: str | os.PathLike[str] | None = None,
    seed_number: int | None = None,
    stall: float = STALL,
    allow_hosts: Iterable[str] = (),
) -> Iterator[LocalPress]:
    """Run a local Press on 127.0.0.1, on a port that is free, for as long as the context lasts.

    Args:
        state: folder that keeps everything; None: forget it at the end.
        tokens: tenant by token; the first token is the handle's own.
        assume: values of assumptions by name, where the defaults do not do.
        rollout: how long rollouts take: `at-once`, `reads:N` or `seconds:S`.
        seed: file with objects to begin with.
        seed_number: makes ids and times the same each time: they follow from it and from the calls.
        stall: seconds without a byte after which a half-sent body is given up.
        allow_hosts: host names that are answered beside those of this machine, for a proxy that keeps the name.

    Raises:
        MissingExtraError: the extra `emulator` is not installed.
        ValueError: an argument is wrong.
        StateError: the state folder cannot be used.
        SeedError: the seed cannot be used.
    """
    require_extra()
    from pulumi_press.emulator.server import Server, ServerError

    if not tokens:
        raise ValueError("tokens must name a tenant by its token at least once")
    settings = Settings(
        tokens=dict(tokens),
        assumptions=Assumptions.of(assume or {}),
        pacing=Pacing.parse(rollout),
        state=Path(state) if state is not None else None,
        seed=Path(seed) if seed is not None else None,
        seed_number=seed_number,
        stall=stall,
        allow_hosts=tuple(allow_hosts),
    )
    is_up = threading.Event()
    server = Server(settings, announce=lambda _: is_up.set())
    thread = threading.Thread(target=server.listen, name="local-press", daemon=True)
    thread.start()
    try:
        if not is_up.wait(START_TIMEOUT):
            raise ServerError("the local Press did not begin to answer; its log on stderr says why")
        yield LocalPress(server.url, next(iter(tokens)))
    finally:
        server.should_exit = True
        thread.join()
