"""The wire between the client and the local Press: where a call is lost, and where the process ends amid one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

import requests
from requests.adapters import BaseAdapter

from pulumi_press.client.client import Client
from pulumi_press.client.retry import Clock, RetryBudget

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

__all__ = ["Accident", "How", "Killed", "Sent", "Time", "Wire", "connect"]

How = Literal["kill", "timeout", "reset", "refused", "meddle", "cancel"]


class Killed(BaseException):
    """The process was ended: nothing of it runs on, and what it kept in mind is lost."""


@dataclass
class Time:
    """Time that passes only when somebody waits."""

    seconds: float = 1_000_000.0
    on_pause: Callable[[float], object] = lambda _: None

    def now(self) -> float:
        """Tell the seconds."""
        return self.seconds

    def sleep(self, seconds: float) -> bool:
        """Let time pass; nobody was stopped."""
        self.seconds += seconds
        self.on_pause(seconds)
        return False


@dataclass
class Accident:
    """What happens at a call: the `at`-th from now on that has one of the methods."""

    how: How
    """The process ends; no answer in time; the connection breaks; it is not even made; somebody else does something; a
    person presses Ctrl-C."""
    at: int
    after: bool = False
    """Whether the service has done its work."""
    methods: tuple[str, ...] = ()
    """Empty: any call counts."""
    path: str = ""
    """How the path of a call must end that counts."""
    passed: int = field(default=0, repr=False)
    """So many of these calls were there by now."""

    def __str__(self) -> str:
        """One line."""
        which = "/".join(self.methods) or "call"
        where = f" of *{self.path}" if self.path else ""
        return f"{self.how} {'after' if self.after else 'before'} {which} {self.at}{where}"

    def counts(self, request: requests.PreparedRequest) -> bool:
        """Say whether a call is one of those."""
        path = request.path_url.partition("?")[0]
        return path.endswith(self.path) and (not self.methods or request.method in self.methods)


@dataclass(frozen=True)
class Sent:
    """A request as it left: when, and what came of it."""

    at: float
    method: str
    path: str
    identity: str
    status: int | None
    retry_after: float | None


@dataclass
class Wire(BaseAdapter):
    """Lets requests through, but for those that an accident is laid for."""

    inner: BaseAdapter
    time: Time
    accidents: list[Accident] = field(default_factory=list)
    meddle: Callable[[str], object] = lambda _: None
    """Lets somebody else do something, now that this path is asked for."""
    cancel: Callable[[], object] = lambda: None
    """Cancels the operation."""
    late: list[str] = field(default_factory=list)
    """What was sent after that."""
    log: list[Sent] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    ended: bool = False
    is_cancelled: bool = False

    def send(  # type: ignore[override]  # The rest of the arguments is passed on as it is.
        self, request: requests.PreparedRequest, **how: Any
    ) -> requests.Response:
        """Send a request, or let its accident happen."""
        if self.ended:
            raise Killed
        if self.is_cancelled:
            self.late.append(f"{request.method} {request.path_url}")
        accident = self._next(request)
        if accident is not None:
            self.happened.append(f"{accident} ({request.method} {request.path_url})")
        if accident is not None and accident.how == "meddle":
            # Somebody else has a process of their own.
            other = threading.Thread(target=self.meddle, args=(unquote(request.path_url),))
            other.start()
            other.join()
        elif accident is not None and accident.how == "cancel":
            self.cancel()
            self.is_cancelled = True
        elif accident is not None and not accident.after:
            self._note(request, None)
            self._break(accident, request)
        response = self.inner.send(request, **how)
        if accident is not None and accident.how not in ("meddle", "cancel"):
            response.content  # noqa: B018  # Read it, so that the connection can be used again.
            self._note(request, None)
            self._break(accident, request)
        self._note(request, response)
        return response

    def close(self) -> None:
        """Close all connections."""
        self.inner.close()

    def _next(self, request: requests.PreparedRequest) -> Accident | None:
        due = None
        for accident in self.accidents:
            if accident.counts(request):
                accident.passed += 1
                if accident.passed == accident.at and due is None:
                    due = accident
        return due

    def _note(self, request: requests.PreparedRequest, response: requests.Response | None) -> None:
        asked = response.headers.get("Retry-After") if response is not None else None
        self.log.append(
            Sent(
                self.time.now(),
                request.method or "",
                request.path_url,
                str(request.headers.get("x-peak-requestId")),
                response.status_code if response is not None else None,
                float(asked) if asked and asked.isdigit() else None,
            )
        )

    def _break(self, accident: Accident, request: requests.PreparedRequest) -> None:
        if accident.how == "kill":
            self.ended = True
            raise Killed
        if accident.how == "timeout":
            self.time.seconds += 60
            raise requests.ReadTimeout("Read timed out", request=request) from TimeoutError("timed out")
        if accident.how == "refused":
            raise requests.ConnectTimeout("no connection in time", request=request)
        raise requests.ConnectionError("Connection aborted", request=request) from ConnectionResetError("reset")


def connect(
    url: str, token: str, time: Time, chance: random.Random, stop: threading.Event | None = None
) -> tuple[Client, Wire]:
    """Make a client whose time is not real, and give the wire that it hangs on.

    Args:
        url: address of the local Press.
        token: a token that it knows.
        time: the time.
        chance: what the lengths of its waits follow from.
        stop: set when the operation is cancelled.
    """

    def wait(stop: threading.Event, seconds: float) -> bool:
        time.sleep(seconds)
        return stop.is_set()

    clock = Clock(monotonic=time.now, wall=time.now, wait=wait, random=chance.random)
    client = Client(url, token, clock=clock, budget=RetryBudget(), stop=stop)
    session: requests.Session = client._transport._session  # noqa: SLF001  # There is no public way to the wire.
    adapters: Mapping[str, BaseAdapter] = session.adapters
    wire = Wire(adapters["http://"], time)
    session.mount("http://", wire)
    return client, wire
