"""What a service answered to one operation, kept to be said again, word for word or with one answer made bad."""

from __future__ import annotations

import http.client
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.reliability.servers.wire import Answer, Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Exchange", "Recorder", "Script"]

KEPT = ("content-type", "retry-after")
"""Headers of a recorded answer that are said again."""


@dataclass(frozen=True)
class Exchange:
    """A request, and what was answered."""

    asked: Asked
    answer: Answer

    @property
    def key(self) -> tuple[str, str]:
        """What the request is told by."""
        return self.asked.method, self.asked.target


@dataclass
class Recorder:
    """Passes requests on to a service, and keeps all answers."""

    url: str
    exchanges: list[Exchange] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Iterable[bytes]:
        """Answer a request."""
        answer = self.ask(asked)
        self.exchanges.append(Exchange(asked, answer))
        yield bytes(answer)

    def ask(self, asked: Asked) -> Answer:
        """Ask the service."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        try:
            headers = {name: value for name, value in asked.headers.items() if name not in ("host", "connection")}
            connection.request(asked.method, asked.target, asked.body, headers)
            response = connection.getresponse()
            kept = {name.title(): value for name in KEPT if (value := response.headers.get(name))}
            return Answer(response.status, response.read(), kept)
        finally:
            connection.close()


@dataclass
class Script:
    """Says again what was recorded.

    Args:
        exchanges: what the operation asked and was answered, in order.
        afterwards: answers to reads, by path, for an operation that looks where the recorded one did not.
    """

    exchanges: list[Exchange]
    afterwards: dict[str, Answer] = field(default_factory=dict)

    def play(self, index: int | None = None, bad: Callable[[Asked, Answer], Iterable[bytes]] | None = None) -> _Play:
        """Begin from the start.

        Args:
            index: which of the exchanges, and all of the same request that follow, to answer badly; None: none.
            bad: how.
        """
        if index is None or bad is None:
            return _Play(self)
        chosen = self.exchanges[index].key
        earlier = sum(exchange.key == chosen for exchange in self.exchanges[:index])
        return _Play(self, chosen, earlier, bad)


class _Play:
    """Answers the requests of one operation."""

    def __init__(
        self,
        script: Script,
        chosen: tuple[str, str] | None = None,
        earlier: int = 0,
        bad: Callable[[Asked, Answer], Iterable[bytes]] | None = None,
    ) -> None:
        self._script, self._chosen, self._earlier, self._bad = script, chosen, earlier, bad
        self._told: Counter[tuple[str, str]] = Counter()

    def __call__(self, asked: Asked) -> Iterable[bytes]:
        key = asked.method, asked.target
        count = self._told[key]
        self._told[key] += 1
        answer = self._find(asked, count)
        if self._bad is not None and self._is_chosen(asked) and count >= self._earlier:
            return self._bad(asked, answer)
        return (bytes(answer),)

    def _is_chosen(self, asked: Asked) -> bool:
        # Further pages of a listing are as bad as the first.
        return self._chosen is not None and (asked.method, asked.path) == (
            self._chosen[0],
            self._chosen[1].partition("?")[0],
        )

    def _find(self, asked: Asked, count: int) -> Answer:
        recorded = [
            exchange.answer for exchange in self._script.exchanges if exchange.key == (asked.method, asked.target)
        ]
        if recorded:
            return recorded[min(count, len(recorded) - 1)]
        if asked.method == "GET" and asked.path in self._script.afterwards:
            return self._script.afterwards[asked.path]
        return Answer(404).holding({"detail": "There is no such thing."})
