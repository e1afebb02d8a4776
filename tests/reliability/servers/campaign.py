"""Every operation before every bad server."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from unittest import mock

from pulumi_press.client import listing, transport
from tests.reliability.oracle import Promise
from tests.reliability.servers.answers import BAD_ANSWERS, HARMLESS, LARGE, LISTINGS, PAGES
from tests.reliability.servers.judge import find_shown, find_wrong_message, find_wrong_result, find_wrong_size
from tests.reliability.servers.operations import OPERATIONS
from tests.reliability.servers.places import find_places, find_wrongs, put_wrong
from tests.reliability.servers.runner import Time
from tests.reliability.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.reliability.servers.answers import BadAnswer
    from tests.reliability.servers.places import Place, Wrong
    from tests.reliability.servers.stage import Outcome, Rehearsed, Stage
    from tests.reliability.servers.wire import Answer, Asked

__all__ = ["Case", "Play", "play_answers", "play_places", "run"]

OPAQUE = ("config", "defaultValue", "value", "errors")
"""Below these stands what is a person's own, or what nobody reads but people: whatever it is, it is passed on."""


@dataclass(frozen=True)
class Case:
    """One bad answer to one request of one operation, and what is wrong with how it ended."""

    name: str
    outcome: Outcome
    unclear: tuple[str, ...]
    untruthful: tuple[str, ...]


Play = Callable[[], Case]
"""Tries a case."""


def play_answers(stage: Stage, rehearsed: Rehearsed) -> Iterator[Play]:
    """Answer each request of an operation in each bad way."""
    for index, exchange in enumerate(rehearsed.script.exchanges):
        is_page = isinstance(exchange.answer.json, dict) and "pageCount" in exchange.answer.json
        for bad in (*BAD_ANSWERS, *HARMLESS, *(LISTINGS if is_page else ())):
            yield partial(_judge_answer, stage, rehearsed, index, bad)


def play_places(stage: Stage, rehearsed: Rehearsed) -> Iterator[Play]:
    """Put each wrong value into each place of each answer to an operation."""
    for index, exchange in enumerate(rehearsed.script.exchanges):
        answer = exchange.answer.json
        for place in find_places(answer):
            for wrong in find_wrongs(answer, place):
                yield partial(_judge_place, stage, rehearsed, index, place, wrong)


def run(stage: Stage, seed: int, share: float = 1.0) -> Table:
    """Put every operation before every bad server.

    Args:
        stage: where.
        seed: what chance follows from.
        share: how many of all cases are tried, chosen by chance.
    """
    table, chance = Table(seed), random.Random(seed)  # noqa: S311  # It hides nothing.
    for operation in OPERATIONS:
        rehearsed = stage.rehearse(operation)
        for play in (*play_answers(stage, rehearsed), *play_places(stage, rehearsed)):
            if chance.random() < share:
                case = play()
                table.count(Promise.CLEAR, (f"{case.name}: {what}" for what in case.unclear))
                table.count(Promise.TRUTHFUL, (f"{case.name}: {what}" for what in case.untruthful))
    return table


def _judge_answer(stage: Stage, rehearsed: Rehearsed, index: int, bad: BadAnswer) -> Case:
    outcome = _play_answer(stage, rehearsed, index, bad)
    asked = rehearsed.script.exchanges[index].asked
    wrong = list(find_wrong_result(rehearsed, outcome, alike=_is_strict(rehearsed, bad)))
    wrong += find_shown(rehearsed, outcome)
    if bad in HARMLESS and outcome.error is not None:
        wrong.append(f"it failed: {outcome.text}")
    name = f"{rehearsed.operation.name}, {asked.method} {asked.path} answered with {bad.name}"
    return _judged(name, rehearsed, outcome, wrong, _most(bad))


def _play_answer(stage: Stage, rehearsed: Rehearsed, index: int, bad: BadAnswer) -> Outcome:
    time = Time()

    def answer(asked: Asked, good: Answer) -> Iterable[bytes]:
        return bad.make(asked, good, time)

    with mock.patch.object(transport, "_LARGEST_ANSWER", LARGE), mock.patch.object(listing, "_MOST_PAGES", PAGES):
        return stage.play(rehearsed, index, answer, time)


def _judge_place(stage: Stage, rehearsed: Rehearsed, index: int, place: Place, wrong: Wrong) -> Case:
    def answer(_: Asked, good: Answer) -> Iterable[bytes]:
        return (bytes(_spoil(good, place, wrong)),)

    exchange = rehearsed.script.exchanges[index]
    outcome = stage.play(rehearsed, index, answer)
    where = ".".join(map(str, place))
    name = f"{rehearsed.operation.name}, {exchange.asked.method} {exchange.asked.path}: {where} is {wrong.name}"
    is_opaque = wrong.keeps_kind or any(key in OPAQUE for key in place)
    found = () if is_opaque else find_wrong_result(rehearsed, outcome, alike=not _reads(rehearsed))
    return _judged(name, rehearsed, outcome, found)


def _spoil(good: Answer, place: Place, wrong: Wrong) -> Answer:
    """Put a wrong value into an answer that may be another than the recorded one, such as a refusal."""
    try:
        return good.holding(put_wrong(good.json, place, wrong))
    except (KeyError, IndexError, TypeError):
        return good


def _judged(name: str, rehearsed: Rehearsed, outcome: Outcome, wrong: Iterable[str], most: int | None = None) -> Case:
    sizes = find_wrong_size(outcome) if most is None else find_wrong_size(outcome, most)
    return Case(name, outcome, (*find_wrong_message(rehearsed, outcome), *sizes), tuple(wrong))


def _most(bad: BadAnswer) -> int | None:
    """Give the requests that a listing without end may take."""
    return PAGES + 50 if bad in LISTINGS else None


def _is_strict(rehearsed: Rehearsed, bad: BadAnswer) -> bool:
    """Say whether an operation that ends well must have come to the same as before a good server."""
    # Without a kind, what comes of it is the answer itself, or written from it word for word. The check of a deployment
    # hides what it cannot ask about.
    is_passed_on = not rehearsed.operation.kind and _reads(rehearsed)
    return bad not in LISTINGS and not is_passed_on and rehearsed.operation.name != "check a deployment"


def _reads(rehearsed: Rehearsed) -> bool:
    """Say whether what comes of an operation is what the service told, rather than what the program declares."""
    return all(exchange.asked.method == "GET" for exchange in rehearsed.script.exchanges)
