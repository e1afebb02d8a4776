"""What goes wrong during an operation, drawn at random."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest import mock

from pulumi_press.emulator.backend.store import IdGenerator
from tests.reliability.core.wire import Accident, How

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from pulumi_press.emulator.backend.rollout_simulation import OutcomeRule
    from pulumi_press.emulator.control.faults import FaultEffect, FaultRule

__all__ = ["ASSUMPTIONS", "ROLLOUTS", "Trouble", "assume", "cancel", "draw_trouble", "lose_patch", "odd_identities"]

ROLLOUTS = ("at-once", "at-once", "reads:2", "seconds:4")

ASSUMPTIONS: dict[str, tuple[object, ...]] = {
    "absent_values": ("omit", "null"),
    "create_status": (201, 200, 202),
    "current_version": ("live", "requested"),
    "default_page_size": (25, 1),
    "delete_deployment": ("synchronous", "asynchronous"),
    "delete_status": (200, 204),
    "described_parameters": ("declaration", "pair"),
    "duplicate_name": (422, 409, 400),
    "empty_page_count": (0, 1),
    "error_body": ("errors", "detail"),
    "list_order": ("oldest-first", "newest-first"),
    "mistake_status": ("documented", 400, 422),
    "older_version": (422, 409, 400),
    "second_revision_while_deploying": ("refuse", "accept"),
    "superseded": ("when-live", "when-created"),
    "unchanged_patch": ("accept", "refuse"),
}
"""What the service may be like, where nobody knows."""

METHODS: tuple[tuple[str, ...], ...] = ((), ("POST",), ("POST",), ("POST", "PATCH", "DELETE"), ("DELETE",), ("GET",))
ENDS = ("", "", "", "/revisions", "/revisions", "/releases", "/deployments/", "/specs/")
"""How the paths end whose calls an accident is laid for; empty: all."""
PATHS = ("*", "*", "/v1/blocks/specs/*", "/v1/blocks/deployments/*", "*/releases", "*/revisions", "*/parameters/run")
HOW: list[How] = ["kill", "kill", "kill", "timeout", "reset", "refused"]
MEDDLED = 0.2
STATUSES = (500, 502, 503, 504)


@dataclass
class Trouble:
    """All that goes wrong during one operation."""

    accidents: list[Accident] = field(default_factory=list)
    rules: list[FaultRule] = field(default_factory=list)
    outcomes: list[OutcomeRule] = field(default_factory=list)

    def __str__(self) -> str:
        """One line."""
        return "; ".join(map(str, [*self.accidents, *self.rules, *self.outcomes])) or "nothing"


def draw_trouble(chance: random.Random, *, meddling: bool = True) -> Trouble:
    """Draw what goes wrong: often one thing, at times several or nothing."""
    trouble = Trouble()
    for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 4))):
        kind = chance.random()
        if kind < 0.55:
            trouble.accidents.append(_accident(chance, meddling=meddling))
        elif kind < 0.92:
            trouble.rules.append(_rule(chance))
        else:
            trouble.outcomes.append({"status": chance.choice(("failed", "warning")), "times": 1})
    return trouble


def lose_patch(chance: random.Random) -> Trouble:
    """Lose the answer of a PATCH: the next one may find nothing to change."""
    how: How = chance.choice(("kill", "timeout", "reset"))
    return Trouble([Accident(how, 1, after=True, methods=("PATCH",))])


def cancel(chance: random.Random) -> Accident:
    """Let a person press Ctrl-C, most often while the process waits or makes something."""
    methods = chance.choice(((), ("POST",), ("GET",)))
    return Accident("cancel", chance.randint(1, 6 if methods == () else 3), methods=methods)


def assume(chance: random.Random) -> dict[str, object]:
    """Draw what the service is like."""
    drawn = {name: chance.choice(values) for name, values in ASSUMPTIONS.items()}
    return {"artifact_when_building": "optional", **drawn}


@contextmanager
def odd_identities() -> Iterator[None]:
    """Let the local Press give ids that mean something in a URL, unless they are escaped."""
    plain = IdGenerator.new

    def new(identities: IdGenerator) -> str:
        return f"%41?{plain(identities)[:13]}#;&= é"

    with mock.patch.object(IdGenerator, "new", new):
        yield


def _accident(chance: random.Random, *, meddling: bool) -> Accident:
    if meddling and chance.random() < MEDDLED:
        # Most often while somebody waits for a rollout, so that they are told of a revision that is not theirs.
        return Accident("meddle", chance.randint(1, 4), methods=chance.choice((("GET",), ("GET",), ())))
    how, end = chance.choice(HOW), chance.choice(ENDS)
    if end:
        # A connection that was not made carried nothing.
        return Accident(how, chance.randint(1, 2), how != "refused" and chance.random() < 0.7, ("POST",), end)
    methods = chance.choice(METHODS)
    at = min(chance.randint(1, 4 if methods else 12), chance.randint(1, 12))
    return Accident(how, at, after=how != "refused" and chance.random() < 0.6, methods=methods)


def _rule(chance: random.Random) -> FaultRule:
    methods = chance.choice(METHODS)
    rule: FaultRule = {
        "match": {"path": chance.choice(PATHS)},
        "skip": chance.choice((0, 0, 1, 2, 3)),
        "times": chance.choice((1, 1, 2, 3, 5, 12)),
        "then": _effect(chance),
    }
    if methods:
        rule["match"]["method"] = chance.choice(methods)
    return rule


def _effect(chance: random.Random) -> FaultEffect:
    what = chance.randrange(5)
    if what == 0:
        return {"drop": True, "when": chance.choice(("before", "after"))}
    if what == 1:
        return {"body": chance.choice(("garbage", "empty", "truncated"))}
    if what == 2:
        return {"status": 429, "headers": {"Retry-After": str(chance.randint(1, 9))}}
    effect: FaultEffect = {"status": chance.choice(STATUSES), "when": chance.choice(("before", "after"))}
    if chance.random() < 0.3:
        effect["headers"] = {"Retry-After": str(chance.randint(1, 9))}
    return effect
