"""The local Press itself: its settings, its storage, its clock, and what it was told to do wrong."""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from pulumi_press.emulator import seeds
from pulumi_press.emulator.clock import Clock, fixed_clock, stamp
from pulumi_press.emulator.faults import Faults
from pulumi_press.emulator.identities import Identities
from pulumi_press.emulator.journal import Journal
from pulumi_press.emulator.masking import hidden_names
from pulumi_press.emulator.outcomes import Outcomes
from pulumi_press.emulator.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.settings import Settings

__all__ = ["Press"]

T = TypeVar("T")


class Press:
    """Everything that calls work on.

    Rules and journal live as long as the process; objects and clock as long as the state folder.

    Args:
        settings: how it is set up.

    Raises:
        StateError: the state folder cannot be used.
        SeedError: the seed cannot be read, or the local Press would refuse what is in it.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.state)
        self.ids = Identities(self.store, settings.seed_number)
        self.clock = self._first_clock()
        self.journal = Journal(self._journal_time)
        self.outcomes = Outcomes()
        self.faults = Faults()
        self.hidden: set[str] = set()
        """Names of parameters with a hidden value: their values are masked wherever they are shown."""
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="press")
        try:
            self._wake()
        except BaseException:
            self.store.close()
            raise

    @property
    def assumptions(self) -> Assumptions:
        """How it behaves where the real service is not known."""
        return self.settings.assumptions

    async def run(self, work: Callable[[], T]) -> T:
        """Do work on the storage: one piece after the other, beside the event loop where it waits for a disk."""
        if self.settings.state is None:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def stamp(self) -> str:
        """Write the time it is now, as the API does."""
        return stamp(self.clock.now())

    def tick(self) -> str:
        """Give the time of a call that is about to be done, within a transaction.

        Where times are to be the same each time, a call takes a second, and nothing else takes any.
        """
        if self.settings.seed_number is not None and self.clock.stands_still:
            self.clock.advance(1)
            self.save_clock()
        return self.stamp()

    def reset(self) -> None:
        """Go back to the beginning: no objects but those of the seed, no rules, no journal, the first clock."""
        with self.store.transaction():
            self.store.clear()
        self.clock = self._first_clock()
        self.journal.clear()
        self.outcomes.clear()
        self.faults.clear()
        self._wake()

    def save_clock(self) -> None:
        """Remember the clock, within a transaction."""
        self.store.remember("clock", json.dumps(self.clock.save()))

    def close(self) -> None:
        """Let go of the storage. Nothing works after that."""
        self.store.close()
        self._worker.shutdown(wait=False)

    def _first_clock(self) -> Clock:
        return Clock() if self.settings.seed_number is None else fixed_clock()

    def _journal_time(self) -> float:
        # A clock that was moved says nothing about when a call came, unless all times are made up.
        return time.time() if self.settings.seed_number is None else self.clock.now()

    def _wake(self) -> None:
        with self.store.transaction() as db:
            clock = self.store.recall("clock")
            if clock:
                self.clock = Clock(**json.loads(clock))
            if self.settings.seed and not any(self.store.count().values()):
                seeds.sow(self, self.settings.seed)
            declared = db.execute("SELECT parameters FROM releases").fetchall()
            self.hidden = {name for row in declared for name in hidden_names(json.loads(row["parameters"]))}
