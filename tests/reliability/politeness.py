"""How a failing service, or one that takes its time, is treated: `python -m tests.reliability.politeness [SEED]`.

All is measured at a real server, on a clock that passes only while everybody waits.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from threading import Event
from typing import TYPE_CHECKING, Any
from unittest import mock

import pulumi_press.client.client as api_client
from pulumi_press.client.client import Client
from pulumi_press.client.errors import PressError
from pulumi_press.client.retry import RetryBudget
from pulumi_press.client.session import CONNECTIONS
from pulumi_press.plugin.rollout import RolloutResource
from pulumi_press.provider.context import Context, Request
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.errors import ProviderError
from tests.reliability.oracle import Promise
from tests.reliability.servers.wire import Answer, Asked, Server
from tests.reliability.table import Table
from tests.reliability.together import SharedTime
from tests.support.contexts import make_context, make_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = [
    "Failing",
    "Politeness",
    "Polling",
    "TurningAway",
    "measure",
    "measure_failing",
    "measure_polling",
    "measure_turning_away",
    "tabulate",
]

MINUTE = 60.0
MOST_TRIES = 4
BUDGET = 200
"""Second tries that a process has."""
SECOND = 1.0
AT_ONCE = 64
"""Operations that one process serves at once."""


@dataclass(frozen=True)
class Failing:
    """How a service that answered 503 for a minute was treated."""

    operations: int
    at_once: int
    requests: int
    """Sent in the minute."""
    busiest: int
    """Sent in the busiest second."""
    most_tries: int
    """Of one call."""

    def find_violations(self) -> Iterator[str]:
        """Say where that is too much."""
        case = f"{self.operations} operations"
        if self.requests > self.operations + BUDGET:
            yield f"{case}: {self.requests} requests were sent"
        if self.most_tries > MOST_TRIES:
            yield f"{case}: a call was tried {self.most_tries} times"

    def __str__(self) -> str:
        """One line."""
        return (
            f"60 s of 503, {self.operations:>3} operations, {self.at_once:>2} at once: {self.requests:>3} requests, "
            f"at most {self.busiest} in a second, at most {self.most_tries} tries of a call"
        )


@dataclass(frozen=True)
class TurningAway:
    """How a service was treated that turned everybody away, and said for how long."""

    operations: int
    seconds: float
    early: int
    """Requests before that was over."""
    requests: int
    most_tries: int

    def find_violations(self) -> Iterator[str]:
        """Say where that is too much: what was under way on each connection when the first answer came is not."""
        if self.early > CONNECTIONS:
            yield f"{self.operations} operations: {self.early} requests came before the {self.seconds:.0f} s were over"
        if self.requests > self.operations + CONNECTIONS:
            yield f"{self.operations} operations: {self.requests} requests were sent"

    def __str__(self) -> str:
        """One line."""
        return (
            f"429 with Retry-After: {self.seconds:.0f}, {self.operations:>3} operations of one process: "
            f"{self.early} requests until that was over, {self.requests} in all, "
            f"at most {self.most_tries} tries of a call"
        )


@dataclass(frozen=True)
class Polling:
    """How a service whose rollouts take their time was asked."""

    deployments: int
    seconds: float
    requests: int
    shortest: float
    """Seconds from one look at a deployment to the next, at least."""

    def find_violations(self) -> Iterator[str]:
        """Say where that is too often."""
        if self.shortest < SECOND:
            yield f"{self.deployments} deployments: two looks at one were {self.shortest:.3f} s apart"

    def __str__(self) -> str:
        """One line."""
        return (
            f"{self.deployments} deployments that take {self.seconds:.0f} s: {self.requests} requests, "
            f"looks at one at least {self.shortest:.2f} s apart"
        )


@dataclass(frozen=True)
class Politeness:
    """All figures."""

    failing: Sequence[Failing]
    turning_away: Sequence[TurningAway]
    polling: Sequence[Polling]

    def __str__(self) -> str:
        """A line for each."""
        return "\n".join(map(str, (*self.failing, *self.turning_away, *self.polling)))


@dataclass
class _Journal:
    """When what was asked."""

    time: SharedTime
    answer: Callable[[Asked], Answer]
    entries: list[tuple[float, Asked]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Iterable[bytes]:
        self.entries.append((self.time.now(), asked))
        return (bytes(self.answer(asked)),)


def measure(seed: int = 1) -> Politeness:
    """Measure everything."""
    return Politeness(
        [measure_failing(count, seed) for count in (1, AT_ONCE, 300)],
        [measure_turning_away(300, 30.0, seed)],
        [measure_polling(24, 600.0, seed)],
    )


def measure_failing(operations: int, seed: int, headers: dict[str, str] | None = None) -> Failing:
    """Read so many deployments, each with a client of its own, while the service answers 503."""
    journal = _Journal(SharedTime(), lambda _: Answer(503, b'{"detail": "down"}').bearing(**(headers or {})))
    _act(journal, [partial(_read, number) for number in range(operations)], seed)
    times = [now for now, _ in journal.entries if now < MINUTE]
    attempts = Counter(asked.headers["x-peak-requestid"] for _, asked in journal.entries)
    busiest = max(sum(start <= now < start + SECOND for now in times) for start in times)
    return Failing(operations, min(operations, AT_ONCE), len(times), busiest, max(attempts.values()))


def measure_turning_away(operations: int, seconds: float, seed: int) -> TurningAway:
    """Read so many deployments with one client, of a service that turns all away for so long, and says so."""
    time = SharedTime()

    def answer(asked: Asked) -> Answer:
        left = seconds - time.now()
        turned_away = Answer(429, b'{"detail": "later"}').bearing(retry_after=f"{left:.0f}")
        return turned_away if left > 0 else _describe(asked, "deployed")

    journal = _Journal(time, answer)
    _act(journal, [partial(_read, number) for number in range(operations)], seed, together=True)
    attempts = Counter(asked.headers["x-peak-requestid"] for _, asked in journal.entries)
    early = sum(now < seconds for now, _ in journal.entries)
    return TurningAway(operations, seconds, early, len(journal.entries), max(attempts.values()))


def measure_polling(deployments: int, seconds: float, seed: int) -> Polling:
    """Wait for so many rollouts, all at once, that take so long."""
    time = SharedTime()
    journal = _Journal(time, lambda asked: _describe(asked, "deployed" if time.now() >= seconds else "deploying"))
    _act(journal, [partial(_roll_out, number) for number in range(deployments)], seed)
    looks: dict[str, list[float]] = defaultdict(list)
    for now, asked in journal.entries:
        looks[asked.path].append(now)
    gaps = [later - earlier for one in looks.values() for earlier, later in pairwise(one)]
    return Polling(deployments, seconds, len(journal.entries), min(gaps))


def tabulate(figures: Politeness, seed: int) -> Table:
    """Count the figures as cases of the promise."""
    table = Table(seed)
    all_of_them: list[Failing | TurningAway | Polling] = [*figures.failing, *figures.turning_away, *figures.polling]
    for figure in all_of_them:
        table.count(Promise.POLITE, figure.find_violations())
    return table


def _act(journal: _Journal, acts: Sequence[Callable[[Context], object]], seed: int, *, together: bool = False) -> None:
    """Do all at once that one process can, with the budget of one process; each with a client, or together with one."""
    chance = random.Random(seed)  # noqa: S311  # It hides nothing.
    with (
        Server(journal) as server,
        ExitStack() as clients,
        mock.patch.object(api_client, "PROCESS_BUDGET", RetryBudget()),
    ):
        works, clock = [], journal.time.clock(chance.random)
        shared = clients.enter_context(Client(server.url, "token", clock=clock)) if together else None
        for act in acts:
            client = shared or clients.enter_context(Client(server.url, "token", clock=clock))
            works.append(partial(_try, act, _surroundings(client, journal.time)))
        journal.time.run(works, AT_ONCE)


def _try(act: Callable[[Context], object], context: Context) -> None:
    with suppress(PressError, ProviderError):
        act(context)


def _surroundings(client: Client, time: SharedTime) -> Context:
    stop = Event()
    settings = make_settings(client.endpoint, "token")
    return make_context(client, settings, cancelled=stop, now=time.now, sleep=lambda seconds: time.wait(stop, seconds))


def _read(number: int, context: Context) -> Any:
    return DeploymentResource().read(Request.of(context, id=f"deployment-{number}"))


def _roll_out(number: int, context: Context) -> Any:
    return RolloutResource().create(
        Request.of(context, inputs={"deployment_id": f"deployment-{number}", "revision": 1})
    )


def _describe(asked: Asked, status: str) -> Answer:
    return Answer().holding(
        {
            "id": asked.path.rpartition("/")[2],
            "metadata": {"name": "orders", "status": status},
            "spec": {"id": "spec"},
            "latestRevision": {"revision": 1, "status": status},
        }
    )


def main(seed: int) -> int:
    """Measure, print, and give the exit code: 1 if it was too much."""
    figures = measure(seed)
    table = tabulate(figures, seed)
    print(figures, table, sep="\n\n")  # noqa: T201  # It is what it is for.
    return 1 if table.violations else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1))
