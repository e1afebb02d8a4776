"""Whether a client was polite: how often it tried, how long it waited, how often it asked."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

from tests.reliability.oracle import MOST_TRIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.reliability.core.wire import Sent

__all__ = ["find_bad_manners"]

CLOSE = 1e-6
"""Seconds that two readings of the clock may differ by."""

AT_ONCE = 8
"""An operation may look at one object so many times without a wait: each step on it looks for itself."""


def find_bad_manners(log: Iterable[Sent]) -> list[str]:
    """Say which calls were tried too often, too early, or asked again and again without a wait."""
    attempts: dict[str, list[Sent]] = defaultdict(list)
    looks: dict[tuple[str, float], list[Sent]] = defaultdict(list)
    for sent in log:
        attempts[sent.identity].append(sent)
        if sent.method == "GET":
            looks[sent.path, sent.at].append(sent)
    found = [problem for sents in attempts.values() for problem in _of_call(sents)]
    found += [
        f"GET {path} was sent {len(sents)} times at once" for (path, _), sents in looks.items() if len(sents) > AT_ONCE
    ]
    return found


def _of_call(sents: list[Sent]) -> Iterator[str]:
    first = sents[0]
    if len(sents) > MOST_TRIES:
        yield f"{first.method} {first.path} was tried {len(sents)} times"
    for one, following in itertools.pairwise(sents):
        if one.retry_after is not None and following.at - one.at < one.retry_after - CLOSE:
            waited = following.at - one.at
            yield f"{first.method} {first.path} was tried again after {waited:g} s, not {one.retry_after:g} s"
