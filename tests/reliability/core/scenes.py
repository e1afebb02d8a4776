"""Scenes of a stack among others.

Somebody demands replacements, another stack declares the same blocks, a block is edited that an ended run left behind.
"""

from __future__ import annotations

import itertools
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulumi_press.client.token import Token
from pulumi_press.provider.context import Context, ProcessCache
from pulumi_press.provider.create_once import Intents
from pulumi_press.settings import Settings
from tests.reliability.core.engine import MiniEngine
from tests.reliability.core.state import Failed
from tests.reliability.core.troubles import Trouble
from tests.reliability.core.wire import Accident, Killed
from tests.reliability.oracle import Promise, find_unclear
from tests.support.contexts import make_context

if TYPE_CHECKING:
    from tests.reliability.core.plans import Plan
    from tests.reliability.core.world import World

__all__ = ["demand_replacements", "edit_what_was_left", "let_another_stack_try"]

URN = "urn:pulumi:other::test::"
REPLACED = ("BlockSpec", "BlockDeployment", "BlockSpecRelease")
HOUR = 3600
REFUSAL = "exists already as"
"""Stands in the message about a name that is taken."""


def demand_replacements(world: World, trouble: Trouble) -> None:
    """Demand that some objects are replaced, as `--replace` does once, or `state taint` until it is done."""
    there = [one for one in world.plan.declare() if one.kind in REPLACED and world.engine.find(one.urn)]
    chosen = {
        one.urn: one.kind for one in world.chance.sample(there, min(len(there), world.chance.choice((1, 1, 2, 9))))
    }
    before = {urn: entry.identity for urn in chosen if (entry := world.engine.find(urn))}
    lasting, create_first = world.chance.random() < 0.5, world.chance.random() < 0.2
    was_seen = not world.drifted
    for urn in chosen:
        if urn.startswith("spec:"):
            _renew_releases(world.plan, urn.partition(":")[2])
    world.history.append(
        f"replace {', '.join(chosen)}{' (tainted)' if lasting else ''}{' (create first)' if create_first else ''}"
    )
    done: set[str] = set()
    attempts = itertools.count()

    def attempt(amid: Trouble) -> Failed | Killed | None:
        is_first = next(attempts) == 0
        forced = set(chosen) - done if lasting or is_first else set()
        failure = world.try_up(amid, forced, create_first=create_first)
        done.update(urn for urn in chosen if _is_renewed(world, urn, before))
        done.update(urn for urn, kind in chosen.items() if kind == "BlockSpecRelease")
        if isinstance(failure, Failed) and create_first and "delete_before_replace" in failure.text:
            # A clear refusal is an answer to a program that wants the new object first.
            done.update(chosen)
        # What was deleted, and not made again, is still in the state, as if somebody else had deleted it.
        world.drifted |= is_first and failure is not None and not lasting
        # What is created first finds its own block, by its mark or after a lost answer, and may go on with that.
        if is_first and failure is None and was_seen and not create_first:
            kept = [
                urn
                for urn, kind in chosen.items()
                if kind != "BlockSpecRelease" and not _is_renewed(world, urn, before)
            ]
            world.judge(Promise.SAFE, [f"{urn} was to be replaced, and is the same object" for urn in kept])
        return failure

    world.up(trouble, attempt)


def let_another_stack_try(world: World, trouble: Trouble) -> None:
    """Let another stack, on another machine, declare the same blocks: it is refused, and then takes nothing with it."""
    if not world.whole or world.drifted or not world.plan.specs:
        return
    # A block of another stack is not made at the very moment at which this one asks for it.
    world.press.advance(HOUR)
    world.time.seconds += HOUR
    other = _Other(world)
    world.history.append(f"another stack, press:adopt {other.settings.adopt}, press:marks {other.settings.marks}")
    try:
        before = _describe(world)
        for amid in (trouble, Trouble()):
            failure = other.up(amid)
        world.judge(Promise.SAFE, _refused(failure))
        world.judge(Promise.SAFE, _changed(before, _describe(world)))
        try:
            other.engine.destroy()
        except Failed as error:
            world.judge(Promise.SAFE, [f"the other stack's destroy fails: {error.text}"])
        world.judge(Promise.SAFE, _changed(before, _describe(world)))
        world.judge(Promise.TRUTHFUL, [f"the other stack has {entry.urn}" for entry in other.engine.state])
    finally:
        other.close()


def edit_what_was_left(world: World) -> None:
    """End a run behind the POST of a spec, and let somebody edit that spec: it is theirs, and the next run says so."""
    if not world.whole or world.drifted or world.marks == "owner":
        return
    known = {spec["id"] for spec in world.press.state()["specs"]}
    world.edit("add_spec")
    failure = world.try_up(Trouble([Accident("kill", 1, after=True, methods=("POST",), path="/specs/")]))
    left = [spec for spec in world.press.state()["specs"] if spec["id"] not in known]
    if failure is None or not left:
        world.up(Trouble())
        return
    world.somebody.retitle(left[0])
    before = _describe(world)
    failure = world.try_up(Trouble())
    world.judge(Promise.SAFE, _refused(failure))
    world.judge(Promise.SAFE, _changed(before, _describe(world)))
    world.somebody.take_away({entry.identity for entry in world.engine.state})
    world.up(Trouble())


class _Other:
    """Another stack with the same program, on another machine."""

    numbers = itertools.count(1)

    def __init__(self, world: World) -> None:
        self._world = world
        chance, marked = world.chance, world.marks == "owner"
        self.settings = Settings(
            auth_token=Token(world.press.token),
            token_source="the harness",
            endpoint=world.press.url,
            adopt=chance.choice(("never", "identical")) if marked else "never",
            marks=chance.choice(("none", "owner")),
        )
        self._folder = world.folder / f"other-{next(self.numbers)}"
        self.engine = MiniEngine(self._surroundings, chance)
        self.client, self.wire = world.connect()

    def up(self, trouble: Trouble) -> Failed | Killed | None:
        """Bring the program up, in a new process."""
        self.client.close()
        self.client, self.wire = self._world.connect()
        self._memory, self._intents = ProcessCache(), Intents(self._folder)
        self._world.begin(self.engine, self.settings, URN, self.wire)
        self.wire.accidents = list(trouble.accidents)
        self._world.press.faults(*trouble.rules)
        self._world.history.append(f"up of the other stack amid {trouble}")
        failure: Failed | Killed | None = None
        try:
            self.engine.up(self._world.plan.declare())
        except (Failed, Killed) as error:
            failure = error
        self._world.press.clear_faults()
        self._world.history.append(f"  {'killed' if isinstance(failure, Killed) else failure}")
        self._world.history += [f"  {what}" for what in self.wire.happened]
        return failure

    def close(self) -> None:
        """Go away."""
        self.client.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _surroundings(self, urn: str) -> Context:
        return make_context(
            self.client,
            self.settings,
            cache=self._memory,
            intents=self._intents,
            urn=f"{URN}{urn}",
            now=self._world.time.now,
            sleep=self._world.time.sleep,
        )


def _renew_releases(plan: Plan, spec: str) -> None:
    """Let the releases of a spec come after its own once more, unlike those that are there if it stays."""
    plan.raise_releases(spec, also_published=True)
    for key, release in plan.releases.items():
        if release.spec == spec:
            plan.releases[key] = replace(release, content=replace(release.content, number=plan.number()))


def _is_renewed(world: World, urn: str, before: dict[str, str]) -> bool:
    entry = world.engine.find(urn)
    return entry is not None and entry.identity != before[urn]


def _refused(failure: Failed | Killed | None) -> list[str]:
    """Say what is wrong with the refusal of a block that is another's."""
    if not isinstance(failure, Failed):
        return ["a block that is another's is not refused"]
    doing = "" if failure.doing == "checking" else failure.doing
    words = find_unclear(failure.text, doing, (failure.subject,))
    return words if REFUSAL in failure.text else [f"it is not refused for being another's: {failure.text}"]


def _describe(world: World) -> dict[str, Any]:
    """Give what must stay as it is: all but what time alone brings about."""
    state = world.press.state()
    return {
        block["id"]: (
            {key: value for key, value in block["metadata"].items() if key not in ("status", "updatedAt")},
            [item.get("version") for item in block.get("releases", ())],
            [(item["revision"], item["parameters"]) for item in block.get("revisions", ())],
        )
        for kind in ("specs", "deployments")
        for block in state[kind]
    }


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [
        f"{identity} was {before.get(identity)} and is {after.get(identity)}"
        for identity in {**before, **after}
        if before.get(identity) != after.get(identity)
    ]
