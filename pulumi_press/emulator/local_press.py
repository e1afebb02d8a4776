"""`start`, which runs a local Press in this process, and `LocalPress`, which calls its control plane."""

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
    """Check that the packages of the server are installed.

    Raises:
        MissingExtraError: a package is missing; the message has the command that installs it.
    """
    missing = [name for name in MODULES if find_spec(name) is None]
    if missing:
        raise MissingExtraError(f"the local Press needs {', '.join(missing)}; install it with: {INSTALL}")


CALL_TIMEOUT = 30


class ControlError(Exception):
    """The control plane rejected a call; the message is its `detail`."""


@dataclass(frozen=True)
class LocalPress:
    """A running local Press, as tests use it.

    Args:
        url: its address, without a slash at the end.
        token: a token that it accepts; not shown.
    """

    url: str
    token: str = field(repr=False)

    def info(self) -> dict[str, Any]:
        """Return its version, settings, tenants and counts."""
        return self._call("GET", "info")

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the calls that it received with a number above `after`, oldest first, secrets masked."""
        calls: list[dict[str, Any]] = self._call("GET", f"requests?after={after}")["requests"]
        return calls

    def clear_requests(self) -> None:
        """Clear the log of calls."""
        self._call("DELETE", "requests")

    def state(self) -> dict[str, Any]:
        """Return every spec with its releases, and every deployment with its revisions, secrets masked."""
        return self._call("GET", "state")

    def reset(self) -> None:
        """Return to the beginning: only the objects of the seed, no rules, an empty log, the first clock."""
        self._call("POST", "reset")

    def outcomes(self, *rules: OutcomeRule) -> list[dict[str, Any]]:
        """Add rules on how rollouts end after the present ones, and return all rules.

        Raises:
            ControlError: a rule is invalid; the message has the path.
        """
        return self._rules("outcomes", rules)

    def clear_outcomes(self) -> None:
        """Remove the rules, so that rollouts succeed again."""
        self._call("DELETE", "outcomes")

    def faults(self, *rules: FaultRule) -> list[dict[str, Any]]:
        """Add rules on which calls fail after the present ones, and return all rules.

        Raises:
            ControlError: a rule is invalid; the message has the path.
        """
        return self._rules("faults", rules)

    def clear_faults(self) -> None:
        """Remove the rules, so that calls succeed again."""
        self._call("DELETE", "faults")

    def advance(self, seconds: float) -> dict[str, Any]:
        """Advance its clock, and with it the rollouts by time; return the clock."""
        return self._call("POST", "clock", {"advance": seconds})

    def freeze(self) -> dict[str, Any]:
        """Freeze its clock, so that only `advance` moves it; return the clock."""
        return self._call("POST", "clock", {"freeze": True})

    def _rules(self, kind: str, rules: tuple[Any, ...]) -> list[dict[str, Any]]:
        body = self._call("POST", kind, list(rules)) if rules else self._call("GET", kind)
        found: list[dict[str, Any]] = body["rules"]
        return found

    def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        # Imported here: pytest imports this module in every run of those who have the package installed.
        import requests

        with requests.Session() as session:
            # A proxy of the environment is not for a server on this machine.
            session.trust_env = False
            response = session.request(method, f"{self.url}/_emulator/{path}", json=body, timeout=CALL_TIMEOUT)
            content: dict[str, Any] = response.json()
            if not response.ok:
                raise ControlError(content["detail"])
            return content


START_TIMEOUT = 30
"""Seconds in which the server must start."""


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
    """Run a local Press on 127.0.0.1, on a free port, until the context ends.

    Args:
        state: folder for the objects; None: they are discarded at the end.
        tokens: tenant by token; the first one is `LocalPress.token`.
        assume: values of assumptions by name, in place of the defaults.
        rollout: how long rollouts take: `at-once`, `reads:N` or `seconds:S`.
        seed: file with the first objects.
        seed_number: ids and times are derived from it and from the calls, so that every run has the same.
        stall: seconds without a byte after which an incomplete body is rejected with 408.
        allow_hosts: host names that are accepted besides those of this machine, for a proxy that keeps the name.

    Raises:
        MissingExtraError: the extra `emulator` is not installed.
        ValueError: an argument is invalid.
        StateError: the state folder cannot be used.
        SeedError: the seed cannot be used.
    """
    require_extra()
    from pulumi_press.emulator.server import Server, ServerError

    if not tokens:
        raise ValueError("tokens must name a tenant for at least one token, such as {'token': 'tenant'}")
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
            raise ServerError(
                f"the local Press did not start within {START_TIMEOUT} s; its log on stderr has the reason"
            )
        yield LocalPress(server.url, next(iter(tokens)))
    finally:
        server.should_exit = True
        thread.join()
