"""One case: a stack, a change, a crash amid it, and what must hold after that."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.reliability.engine.life import PLAIN
from tests.reliability.engine.programs import write_program
from tests.reliability.engine.project import NAME, STACK, Project
from tests.reliability.engine.service import TOKEN, serve
from tests.reliability.engine.setups import PLAIN as PLAIN_SETUP
from tests.reliability.engine.wire import wired
from tests.reliability.oracle import (
    Promise,
    find_differences,
    find_doubles,
    find_impolite,
    find_leftovers,
    find_unclear,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.reliability.core.plans import Plan
    from tests.reliability.engine.crash import Crash
    from tests.reliability.engine.life import Life
    from tests.reliability.engine.project import Run
    from tests.reliability.engine.service import Service
    from tests.reliability.engine.setups import Setup
    from tests.reliability.engine.wire import Wire
    from tests.reliability.table import Table

__all__ = ["Case", "open_case"]

MARK = f"pulumi:{NAME}/{STACK}"

FURTHER = 2
"""So many further commands may be needed after a crash."""

COMMANDS = {
    "up": ("up", "--yes", "--skip-preview"),
    "up --refresh": ("up", "--refresh", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
    "refresh": ("refresh", "--yes", "--skip-preview"),
}

REFUSED = "has a problem"
"""What the engine says of what `check` refuses: the program is wrong there, and nothing was being done yet."""

CUT_OFF = ("EOF", "error reading from server")
"""What the engine says of a provider that is there no more."""

DOING = re.compile(r"(checking|comparing|creating|reading|updating|deleting) (spec|release|deployment|rollout)\b")


@dataclass
class Case:
    """A stack and its service.

    Args:
        label: tells it from all other cases.
        project: the stack.
        service: the service.
        wire: the wire between them.
        table: what counts cases and violations.
        life: the life that it is of.
    """

    label: str
    project: Project
    service: Service
    wire: Wire
    table: Table
    life: Life
    missed: int = 0
    """Crashes whose call never came."""
    broken: list[str] = field(default_factory=list)

    def write(self, plan: Plan) -> None:
        """Write the program."""
        write_program(plan, self.project.folder, self.project.setup.way)

    def carry_out(self, command: str, crash: Crash | None = None, forced: Sequence[str] = ()) -> Run:
        """Run a command, with a crash amid it; then, where need be, so often again as is promised to be enough.

        Args:
            command: `up`, `destroy` or `refresh`.
            crash: what is broken the first time.
            forced: resources whose replacement the first command demands.
        """
        run = self.try_out(command, crash, forced)
        if crash is None:
            self.judge(Promise.RESUMES, [] if run.went_well else [f"{command} without any fault fails: {run.text}"])
            return run
        # What a demanded replacement deleted and did not make again is still in the state, until a refresh.
        further = "up --refresh" if forced else command
        if crash.second and not run.went_well:
            missed = self.missed
            run = self.try_out(further, crash.second)
            self.missed = missed  # There may have been less left to do.
        for _ in range(FURTHER):
            if run.went_well:
                break
            run = self.try_out(further)
        self.judge(Promise.RESUMES, [] if run.went_well else [f"{FURTHER} further {command} did not do: {run.text}"])
        return run

    def try_out(self, command: str, crash: Crash | None = None, forced: Sequence[str] = ()) -> Run:
        """Run a command once, with a crash amid it, and lift the lock that is left."""
        words = [word for urn in forced for word in ("--replace", self.project.full_urn(urn))]
        words += self.life.words
        strike = crash.strike(self.project, self.service) if crash else None
        before = self.project.read_state()
        self.wire.lay(strike)
        run = self.project.run(*COMMANDS[command], *words, then=self.wire.await_silence)
        self.wire.lay(None)
        if crash is not None and strike is not None:
            self.missed += not strike.call
            self.project.history.append(f"# {crash}: {strike.call or 'never came'}")
            if strike.call and crash.leaves_lock:
                self._lift_lock(run)
                if self.project.setup.writes_once and self.project.read_state() != before:
                    raise RuntimeError("the engine wrote the state before its end")
            if self.life.is_forgetful:
                self.project.forget()
        if not run.went_well and not (crash and crash.leaves_lock):
            self._judge_words(run, crash)
        self._judge_state()
        return run

    def judge_all(self, plan: Plan, expected: Mapping[str, int] | None = None) -> None:
        """Compare what is declared with what is there, and look whether a preview is empty.

        Args:
            plan: the program.
            expected: how many releases and revisions there must be, by the name of their block.
        """
        state = self.service.press.state()
        self.judge(Promise.ONCE, find_doubles(state))
        if expected is not None:
            counts = count_parts(state)
            found = [
                f"{name} has {counts.get(name, 0)} parts, not {expected.get(name, 0)}"
                for name in {*counts, *expected}
                if counts.get(name) != expected.get(name)
            ]
            self.judge(Promise.ONCE, found)
        entries = {entry.urn: entry for entry in self.project.entries() if not entry.condemned}
        wanted = replace(plan.want(entries.get), mark=MARK if self.life.config.get("press:marks") == "owner" else "")
        self.judge(Promise.TRUTHFUL, find_differences(self.service.press, wanted, state))
        self.judge(Promise.TRUTHFUL, self._find_strange_ids(state))
        preview = self.project.run("preview", "--expect-no-changes", "--diff")
        self.judge(Promise.CONVERGES, [] if preview.went_well else [f"the preview is not empty: {preview.text}"])
        self._judge_notes(set(entries))
        self.judge(Promise.POLITE, find_impolite(self.wire.calls))
        self.wire.calls.clear()

    def judge_end(self) -> None:
        """Look whether anything is left after a destroy."""
        left = [f"{entry.urn} is still in the state" for entry in self.project.entries()]
        self.judge(Promise.DELETES, [*find_leftovers(self.service.press.state()), *left])
        self.judge(Promise.POLITE, find_impolite(self.wire.calls))
        self.wire.calls.clear()

    def judge_growth(self, before: dict[str, Any]) -> None:
        """Look whether each deployment has one more revision than before, at most: one change makes one.

        Args:
            before: what was on the service before the change.
        """
        known = {item["id"]: len(item["revisions"]) for item in before["deployments"]}
        found = [
            f"{item['metadata']['name']} has {len(item['revisions'])} revisions, and had {known.get(item['id'], 0)}"
            for item in self.service.press.state()["deployments"]
            if len(item["revisions"]) > known.get(item["id"], 0) + 1
        ]
        self.judge(Promise.ONCE, found)

    def judge(self, promise: Promise, found: list[str]) -> None:
        """Count a promise that was put to the test."""
        self.broken += map(str, self.table.count(promise, [f"{self.label}: {what}" for what in found]))

    def _lift_lock(self, run: Run) -> None:
        self.judge(Promise.CLEAR, [] if run.code < 0 else [f"the engine was not killed: {run.text}"])
        self.project.run("cancel", "--yes")

    def _judge_words(self, run: Run, crash: Crash | None) -> None:
        """Look whether a failure explains itself; a provider that was killed cannot."""
        if REFUSED in run.text:
            return
        found = DOING.search(run.text)
        if found is None and crash and any(words in run.text for words in CUT_OFF):
            return
        doing, kind = found.groups() if found else ("an operation", "an object")
        words = run.text[run.text.find("Diagnostics:") :]
        self.judge(Promise.CLEAR, find_unclear(words, doing, [kind]))

    def _judge_notes(self, known: set[str]) -> None:
        """Look whether the state tells of operations that never ended.

        The engine keeps a note of what it was creating when it was killed, and warns of it, until a person has it taken
        away. What the note is about must be there by then.

        Args:
            known: URNs of all that is in the state.
        """
        notes = self.project.pending()
        left = [f"the state still has the operation {what} {urn}" for what, urn in notes if what != "creating"]
        lost = [f"the state has only the note that {urn} was created" for _, urn in notes if urn not in known]
        self.judge(Promise.RESUMES, [*left, *lost])
        if notes:
            run = self.project.run(*COMMANDS["refresh"], "--clear-pending-creates")
            kept = [f"a refresh did not take the note of {urn} away: {run.text}" for _, urn in self.project.pending()]
            self.judge(Promise.RESUMES, kept)

    def _judge_state(self) -> None:
        """Look whether the state names only what is there, or was, and as live only what came to life."""
        state = self.service.press.state()
        revisions = {(item["id"], one["revision"]): one for item in state["deployments"] for one in item["revisions"]}
        found = []
        for entry in self.project.entries():
            number = entry.outputs.get("revision" if entry.kind == "Rollout" else "revision_number")
            # Only who waits has a status.
            if "status" in entry.outputs and not entry.is_unhealthy and (entry.identity, number) in revisions:
                revision = revisions[entry.identity, number]
                if not {"deployed", "warning"} & set(_words_of(revision["statuses"])):
                    found.append(f"{entry.urn} is in the state, and its revision never came to life: {revision}")
        self.judge(Promise.TRUTHFUL, found)

    def _find_strange_ids(self, state: dict[str, Any]) -> list[str]:
        """Compare the ids in the state with those that the service gave."""
        live = Counter(item["id"] for kind in ("specs", "deployments") for item in state[kind])
        live.update(f"{spec['id']}/{one['version']}" for spec in state["specs"] for one in spec["releases"])
        known = Counter(entry.identity for entry in self.project.entries() if entry.kind != "Rollout")
        found = [f"the state names {identity} {count} times" for identity, count in known.items() if count > 1]
        found += [f"the state names {identity}, which is not there" for identity in known if identity not in live]
        return found + [
            f"the id {identity} is not in the state"
            for identity in live
            if identity not in known and "/" not in identity
        ]


def count_parts(state: dict[str, Any]) -> dict[str, int]:
    """Count the releases of each spec, and the revisions of each deployment, by kind and name."""
    return {
        f"{kind} {item['kind']} {item['metadata']['name']}": len(item[parts])
        for kind, parts in (("spec", "releases"), ("deployment", "revisions"))
        for item in state[f"{kind}s"]
    }


def _move(folder: Path, url: str) -> None:
    """Let a copied stack say that its service has always been where it is now: in truth nothing has moved."""
    last = folder / "endpoint"
    if last.exists():
        for file in (folder / "backend").rglob("*.json*"):
            file.write_text(file.read_text(encoding="utf-8").replace(last.read_text(), url), encoding="utf-8")
    last.write_text(url)


def _words_of(statuses: Any) -> list[str]:
    return [one["status"] if isinstance(one, dict) else str(one) for one in statuses]


@contextmanager
def open_case(
    label: str,
    folder: Path,
    engine: str,
    table: Table,
    *,
    mortal: bool = False,
    assume: Mapping[str, object] | None = None,
    life: Life = PLAIN,
    stack: str = STACK,
    setup: Setup = PLAIN_SETUP,
) -> Iterator[Case]:
    """Open a stack's folder, with a local Press that keeps everything in it.

    Args:
        label: tells the case from all others.
        folder: the project's folder.
        engine: the engine's folder.
        table: what counts cases and violations.
        mortal: whether the local Press is to be a process of its own.
        assume: what the service is like.
        life: the life that it is of.
        stack: the stack's name.
        setup: how the engine is run.
    """
    with serve(folder / "press", assume, mortal=mortal) as service, wired(service.press.url) as wire:
        _move(folder, wire.url)
        yield Case(label, Project(folder, engine, wire.url, TOKEN, stack, setup), service, wire, table, life)
