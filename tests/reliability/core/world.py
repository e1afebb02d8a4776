"""One run: a local Press, an engine with its state, a program, and what has been promised."""

from __future__ import annotations

import random
import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pulumi_press.emulator import start
from pulumi_press.plugin import runtime
from pulumi_press.provider.context import Context, ProcessCache
from pulumi_press.provider.create_once import Intents
from tests.reliability.core.claims import find_false_rollout, find_gone, live_revision
from tests.reliability.core.edits import edit
from tests.reliability.core.engine import MiniEngine
from tests.reliability.core.manners import find_bad_manners
from tests.reliability.core.plans import Plan
from tests.reliability.core.plugin import Process
from tests.reliability.core.somebody import Somebody
from tests.reliability.core.state import Failed
from tests.reliability.core.troubles import ROLLOUTS, Trouble, assume, cancel, odd_identities
from tests.reliability.core.wire import Killed, Time, connect
from tests.reliability.oracle import (
    Promise,
    find_differences,
    find_double_revisions,
    find_doubles,
    find_leftovers,
    find_unclear,
)
from tests.support.contexts import make_context, make_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pulumi_press.client.client import Client
    from pulumi_press.emulator import LocalPress
    from pulumi_press.settings import Marks, Settings
    from tests.reliability.core.state import Entry
    from tests.reliability.core.wire import Wire
    from tests.reliability.oracle import Wanted
    from tests.reliability.table import Table

__all__ = ["BrokenPromiseError", "Way", "World"]

FURTHER = 2
"""So many further `up` may be needed after a fault."""

URN = "urn:pulumi:test::test::"
MARK = "pulumi:test/test"

CANCELLED = 0.2
"""How likely somebody presses Ctrl-C amid trouble."""

Operation = Literal["preview", "up", "refresh", "destroy"]
Way = Literal["dynamic", "native"]
"""What serves the resources: the codec as under the dynamic provider, or the native plugin."""


class BrokenPromiseError(AssertionError):
    """A promise was broken; the text tells all that was done before."""


@dataclass
class World:
    """A run.

    Args:
        number: what everything follows from that is drawn at random.
        table: what counts cases and violations.
        way: what serves the resources.
    """

    number: int
    table: Table
    way: Way = "dynamic"
    history: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start the local Press."""
        self.chance = random.Random(self.number)  # noqa: S311  # Nothing to keep secret.
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        if self.chance.random() < 0.5:
            self._stack.enter_context(odd_identities())
        self.rollout = self.chance.choice(ROLLOUTS)
        self.assumed = assume(self.chance)
        self.stored = self.chance.random() < 0.2
        self.history.append(f"run {self.number}: {self.rollout}, {self.assumed}")
        self._server = self._stack.enter_context(ExitStack())
        self.marks: Marks = self.chance.choice(("none", "none", "owner"))
        self.forgetful = self.marks == "owner" and self.chance.random() < 0.7
        """Whether each command runs on another machine, without the notes of those before."""
        self.history[-1] += f", marks {self.marks}{', forgetful' if self.forgetful else ''}"
        self.press = self._serve()
        self.time = Time(on_pause=self._pass)
        self.plan = Plan(self.folder / "artifacts", awaits=self.way == "native")
        self.engine = MiniEngine(self._surroundings, self.chance, self._judge_step)
        self.seen: set[str] = set()
        """Ids that the service ever had."""
        self.drifted = False
        """Whether somebody changed what is there since the state was last refreshed."""
        self.refreshed: dict[str, int] = {}
        """Number of the latest revision that a refresh saw, by deployment."""
        self.whole = False
        """Whether all is as declared, as far as is known."""
        self.broken = False
        """Whether a promise was broken."""
        self.lived: set[tuple[str, int]] = set()
        """Revisions that were live when they were said to be, by deployment and number."""
        self.client, self.wire = self.connect()
        self.somebody = Somebody(self.press, self.plan, self.history.append)
        self._restart()

    def close(self) -> None:
        """End the local Press."""
        runtime.stop.clear()
        self.somebody.close()
        self.client.close()
        self._stack.close()

    # What a person does.

    def edit(self, name: str) -> None:
        """Edit the program."""
        live = self.press.state()
        taken = {block["metadata"]["name"] for kind in ("specs", "deployments") for block in live[kind]}
        taken |= {str(entry.outputs.get("metadata", {}).get("name")) for entry in self.engine.state}
        self.whole = False
        if edit(self.plan, name, self.chance, taken):
            self.history.append(f"edit: {name}")

    def preview(self, trouble: Trouble) -> None:
        """Preview, amid trouble."""
        self.amid("preview", trouble, lambda: self.engine.preview(self.plan.declare()))
        writes = [f"a preview sent {sent.method} {sent.path}" for sent in self.wire.log if sent.method != "GET"]
        self.judge(Promise.TRUTHFUL, writes)

    def up(self, trouble: Trouble, attempt: Callable[[Trouble], Failed | Killed | None] | None = None) -> None:
        """Bring the program up amid trouble, then without if it failed, and look whether all is as declared.

        Args:
            trouble: what goes wrong.
            attempt: brings it up once, each time.
        """
        attempt = attempt or self.try_up
        failure = attempt(trouble)
        if self.drifted:
            # What somebody else did must be seen first; until then nothing is promised but clear words. What was being
            # deleted at the first look is gone at the second.
            for _ in range(FURTHER):
                self._calm("refresh", self._refresh)
                failure = attempt(Trouble())
                if failure is None:
                    break
            if failure:
                # What somebody changed before the state knew it is theirs now; a person takes it away.
                self.somebody.take_away({entry.identity for entry in self.engine.state})
                failure = attempt(Trouble())
            # What is not waited for may still be there, and go unseen.
            self.drifted = any(item["metadata"]["status"] == "deleting" for item in self.press.state()["deployments"])
        if failure:
            for _ in range(FURTHER):
                failure = attempt(Trouble())
                if failure is None:
                    break
            self.judge(Promise.RESUMES, [f"two further `up` did not do: {failure}"] if failure else [])
        self._judge_all()

    def refresh(self, trouble: Trouble) -> None:
        """Refresh amid trouble; where nobody changed anything, nothing is found."""
        was_whole = self.whole
        failure = self.amid("refresh", trouble, self._refresh)
        if failure:
            self._calm("refresh", self._refresh)
        if was_whole and not self.drifted and any(plan.release is None for plan in self.plan.deployments.values()):
            # What follows the latest release sees a later one only now.
            self.up(Trouble())
        elif was_whole and not self.drifted:
            self._judge_converged("after a refresh ")

    def destroy(self, trouble: Trouble) -> None:
        """Destroy amid trouble, then without if it failed, and look whether anything is left."""
        failure = self.amid("destroy", trouble, self.engine.destroy)
        for _ in range(FURTHER):
            if failure is None:
                break
            failure = self.amid("destroy", Trouble(), self.engine.destroy)
        found = (
            find_leftovers(self.press.state()) if failure is None else [f"two further destroys did not do: {failure}"]
        )
        self.judge(Promise.DELETES, found)
        self.judge(Promise.DELETES, [f"{entry.urn} is still in the state" for entry in self.engine.state])
        self.whole = self.drifted = False
        for key in self.plan.specs:
            self.plan.raise_releases(key, also_published=True)

    def meddle(self, near: str = "") -> None:
        """Let somebody else change something on the service.

        Args:
            near: a path; what it is about is chosen more often.
        """
        state = self.press.state()
        self._note_identities(state)
        # Whatever comes of it: an answer that is lost may have been a change.
        self.drifted |= self.somebody.meddle(state, self.chance, near)

    def restart_service(self) -> None:
        """End the local Press and start it again with what it has stored."""
        if not self.stored:
            return
        self.history.append("restart of the service")
        self._server.close()
        self._server = self._stack.enter_context(ExitStack())
        self.press = self._serve()
        self.somebody.close()
        self.somebody = Somebody(self.press, self.plan, self.history.append)
        self._restart()

    # What is promised.

    def judge(self, promise: Promise, found: list[str], cases: int = 1) -> None:
        """Count a promise that was put to the test, and end the run if it was broken."""
        violations = self.table.count(promise, found, cases)
        if violations:
            self.broken = True
            raise BrokenPromiseError("\n".join([*self.history, *map(str, violations)]))

    def _judge_all(self) -> None:
        """Compare what is declared with what is there, and look whether a preview is empty."""
        state = self.press.state()
        self.judge(Promise.ONCE, [*find_doubles(state), *find_double_revisions(state, self.refreshed)])
        self.judge(Promise.TRUTHFUL, find_differences(self.press, self._want(), state))
        # Whether what the state names is still there.
        self.judge(Promise.TRUTHFUL, find_gone(self.engine.state, state))
        self._judge_converged("")
        self.whole = True
        self.plan.published |= {release.version for release in self.plan.releases.values()}

    def _judge_converged(self, when: str) -> None:
        self._restart()
        try:
            changes = self.engine.preview(self.plan.declare()).changes
        except Failed as failed:
            self.judge(Promise.CONVERGES, [f"{when}the preview fails: {failed.text}"])
            return
        self.judge(Promise.CONVERGES, [f"{when}the preview shows {step}" for step in changes])
        writes = [sent for sent in self.wire.log if sent.method != "GET"]
        self.judge(Promise.TRUTHFUL, [f"a preview sent {sent.method} {sent.path}" for sent in writes])

    def _judge_step(self, entry: Entry) -> None:
        """Look whether a rollout that is said to be live is live."""
        said = live_revision(entry)
        # What was only changed in place need not be looked at again: somebody may have made another revision since.
        if said is not None and (entry.identity, said) not in self.lived:
            self.judge(Promise.TRUTHFUL, find_false_rollout(entry, said, self.press.state()))
            if entry.kind == "BlockDeployment":
                self.lived.add((entry.identity, said))

    def _want(self) -> Wanted:
        return replace(self.plan.want(self.engine.find), mark=MARK if self.marks == "owner" else "")

    def _judge_state(self) -> None:
        """Look whether the state names only what the service had."""
        self._note_identities(self.press.state())
        unheard = [entry for entry in self.engine.state if entry.identity not in self.seen]
        self.judge(Promise.TRUTHFUL, [f"{entry.urn} has the id {entry.identity}, which never was" for entry in unheard])

    def _note_identities(self, state: dict[str, Any]) -> None:
        self.seen |= {block["id"] for kind in ("specs", "deployments") for block in state[kind]}
        self.seen |= {f"{spec['id']}/{release['version']}" for spec in state["specs"] for release in spec["releases"]}

    # How an operation goes.

    def try_up(
        self, trouble: Trouble, forced: Collection[str] = (), *, create_first: bool = False
    ) -> Failed | Killed | None:
        """Bring the program up once; give what it ended with."""
        self.whole = False
        return self.amid("up", trouble, lambda: self.engine.up(self.plan.declare(), forced, create_first=create_first))

    def _refresh(self) -> None:
        # A revision that an ended run made is somebody else's to a refresh: the next `up` makes one of its own.
        self.refreshed = {
            deployment["id"]: deployment["revisions"][-1]["revision"]
            for deployment in self.press.state()["deployments"]
        }
        self.engine.refresh()

    def _calm(self, operation: Operation, work: Callable[[], object]) -> None:
        failure = self.amid(operation, Trouble(), work)
        self.judge(Promise.RESUMES, [f"a {operation} without trouble fails: {failure}"] if failure else [])

    def amid(self, operation: Operation, trouble: Trouble, work: Callable[[], object]) -> Failed | Killed | None:
        """Do something in a new process, amid trouble; give what it ended with."""
        self._restart()
        accidents = list(trouble.accidents)
        if self.way == "native" and accidents and self.chance.random() < CANCELLED:
            accidents.append(cancel(self.chance))
        self.wire.accidents = accidents
        if trouble.rules:
            self.press.faults(*trouble.rules)
        if trouble.outcomes:
            self.press.outcomes(*trouble.outcomes)
            # A warning is a success, and yet a difference after a refresh: the next `up` deploys again.
            self.drifted |= any(outcome["status"] == "warning" for outcome in trouble.outcomes)
        self.history.append(f"{operation} amid {trouble}")
        self.figures[operation] = self.figures.get(operation, 0) + 1
        failure: Failed | Killed | None = None
        try:
            work()
        except Failed as failed:
            failure = failed
        except Killed as killed:
            failure = killed
        if trouble.rules:
            faults = sum(rule["used"] for rule in self.press.faults())
            self.figures["faults"] = self.figures.get("faults", 0) + faults
            self.press.clear_faults()
        if trouble.outcomes:
            self.press.clear_outcomes()
        self._note(failure)
        self._judge_operation(failure)
        self._judge_state()
        return failure

    def _note(self, failure: Failed | Killed | None) -> None:
        if failure is not None:
            self.history.append(f"  {'killed' if isinstance(failure, Killed) else failure}")
        self.history += [f"  {what}" for what in self.wire.happened]
        for what, count in (("requests", len(self.wire.log)), ("accidents", len(self.wire.happened))):
            self.figures[what] = self.figures.get(what, 0) + count

    def _judge_operation(self, failure: Failed | Killed | None) -> None:
        late = [f"{what} was sent after the operation was cancelled" for what in self.wire.late]
        self.judge(Promise.POLITE, [*find_bad_manners(self.wire.log), *late])
        # A person who pressed Ctrl-C knows what to do.
        is_asked = self.wire.is_cancelled and "interrupted" in str(failure)
        if isinstance(failure, Failed) and failure.doing != "checking" and not is_asked:
            kind = {"BlockSpecRelease": "release"}.get(failure.kind, failure.kind.removeprefix("Block").lower())
            self.judge(Promise.CLEAR, find_unclear(failure.text, failure.doing, (kind, failure.subject)))

    def _restart(self) -> None:
        """Begin a new process: what the one before kept in mind is lost."""
        self.client.close()
        self.client, self.wire = self.connect()
        self.wire.meddle = self.meddle
        self._memory = ProcessCache()
        if self.forgetful:
            shutil.rmtree(self.folder / "intents", ignore_errors=True)
        self._intents = Intents(self.folder / "intents")
        self.begin(self.engine, self._settings(), URN, self.wire)

    def connect(self) -> tuple[Client, Wire]:
        """Make a client, and give its wire."""
        stop = runtime.stop if self.way == "native" else None
        return connect(self.press.url, self.press.token, self.time, self.chance, stop)

    def begin(self, engine: MiniEngine, settings: Settings, prefix: str, wire: Wire) -> None:
        """Begin a process of the native plugin, where that serves."""
        if self.way == "native":
            engine.process = Process(
                settings, prefix, engine.surroundings, lambda found: self.judge(Promise.TRUTHFUL, found, 0)
            )
            wire.cancel = engine.process.cancel

    def _serve(self) -> LocalPress:
        folder = self.folder / "press" if self.stored else None
        press = self._server.enter_context(
            start(folder, rollout=self.rollout, assume=self.assumed, seed_number=self.number % 1000)
        )
        if self.rollout.startswith("seconds"):
            press.freeze()
        return press

    def _pass(self, seconds: float) -> None:
        """Let the clock of the local Press go on, too."""
        if self.rollout.startswith("seconds"):
            self.press.advance(seconds)

    def _settings(self) -> Settings:
        return make_settings(self.press.url, self.press.token, "the harness", marks=self.marks)

    def _surroundings(self, urn: str) -> Context:
        return make_context(
            self.client,
            self._settings(),
            cache=self._memory,
            intents=self._intents,
            urn=f"{URN}{urn}",
            now=self.time.now,
            sleep=self.time.sleep,
        )
