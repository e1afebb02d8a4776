"""A local Press inside this process, in a thread of its own."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.emulator.assumptions import Assumptions
from pulumi_press.emulator.extra import require_extra
from pulumi_press.emulator.pacing import Pacing
from pulumi_press.emulator.settings import DEFAULT_TOKENS, STALL, Settings

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from pulumi_press.emulator.handle import LocalPress

__all__ = ["start"]

PATIENCE = 30
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
    from pulumi_press.emulator.handle import LocalPress
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
        if not is_up.wait(PATIENCE):
            raise ServerError("the local Press did not begin to answer; its log on stderr says why")
        yield LocalPress(server.url, next(iter(tokens)))
    finally:
        server.should_exit = True
        thread.join()
