"""A stand-in for the engine: it keeps a state as Pulumi does, and calls the codec or the native plugin.

What it does in which order is the engine's own: resources one after the other as their dependencies allow, replacements
before or after the old object goes, deletions last and dependents first, and a stop at the first failure. What had been
done by then stays in the state.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from pulumi_press import BlockDeployment, BlockSpec, BlockSpecRelease
from pulumi_press.plugin.codec import Codec
from pulumi_press.plugin.failures import describe_failure
from pulumi_press.plugin.tokens import load_resource
from pulumi_press.provider.values import normalize
from pulumi_press.schema.plain import UNKNOWN
from tests.reliability.core.plugin import AbortedError
from tests.reliability.core.state import Done, Entry, Failed, Reference, Step, copied
from tests.reliability.core.values import mark_some

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Collection, Iterable

    from pulumi_press.plugin.codec import ReadResult
    from pulumi_press.provider.base import Diff
    from pulumi_press.provider.context import Context
    from pulumi_press.provider.values import Values
    from tests.reliability.core.plugin import Process
    from tests.reliability.core.state import Declared, Doing

__all__ = ["MiniEngine"]


def _are_deleted_first() -> set[str]:
    """Give the kinds whose resources set `delete_before_replace` by themselves."""
    return {kind.__name__ for kind in (BlockSpec, BlockSpecRelease, BlockDeployment) if kind.has_unique_name}


_BY_IDENTITY = {("BlockSpec", "BlockDeployment"), ("BlockSpec", "BlockSpecRelease"), ("BlockDeployment", "Rollout")}


@dataclass
class MiniEngine:
    """An engine with its state.

    Args:
        surroundings: makes the context of an operation on a resource, by its URN.
        chance: decides on the order where the dependencies leave it open.
        on_step: called after each create, update and replacement with the resource's new entry.
        state: the entries.
        process: the process of the native plugin; None: the codec serves, as under the dynamic provider.
    """

    surroundings: Callable[[str], Context]
    chance: random.Random
    on_step: Callable[[Entry], object] = lambda _: None
    state: list[Entry] = field(default_factory=list)
    process: Process | None = None

    def preview(self, program: Iterable[Declared]) -> Done:
        """Say what `up` would do."""
        return _Run(self, list(program), dry_run=True).go()

    def up(self, program: Iterable[Declared], forced: Collection[str] = (), *, create_first: bool = False) -> Done:
        """Make it so.

        Args:
            program: what is declared.
            forced: URNs of what somebody demands to be replaced: no `diff` is asked about it.
            create_first: whether the program says `delete_before_replace=False`.
        """
        return _Run(self, list(program), dry_run=False, forced=forced, create_first=create_first).go()

    def refresh(self) -> None:
        """Look at every object, and note what is there."""
        for entry in [entry for entry in self.state if not entry.condemned]:
            if not self.look(entry):
                self.state.remove(entry)

    def destroy(self) -> None:
        """Delete everything, dependents first."""
        for entry in self.in_reverse(self.state):
            self.delete(entry)

    def look(self, entry: Entry) -> bool:
        """Look at an object, and note what is there in its entry; say whether it is there at all."""
        more: dict[str, Values] = {"inputs": copied(entry.inputs)} if self.process else {}
        live: ReadResult | None = self.call(
            entry.urn,
            entry.kind,
            "reading",
            entry.outputs,
            lambda codec, context: codec.read(entry.identity, copied(entry.outputs), context, **more),
        )
        if live is None:
            return False
        entry.outputs, entry.inputs = copied(live.outputs), copied(live.inputs)
        entry.is_unhealthy = entry.is_read_first = bool(live.trouble)
        return True

    def delete(self, entry: Entry) -> None:
        """Delete an object and forget it."""
        self.call(
            entry.urn,
            entry.kind,
            "deleting",
            entry.outputs,
            lambda codec, context: codec.delete(entry.identity, copied(entry.outputs), context),
        )
        self.state.remove(entry)

    def find(self, urn: str) -> Entry | None:
        """Give the living entry of a resource."""
        return next((entry for entry in self.state if entry.urn == urn and not entry.condemned), None)

    def in_reverse(self, entries: Iterable[Entry]) -> list[Entry]:
        """Sort so that whatever needs another one goes first."""
        left, ordered = list(entries), list[Entry]()
        while left:
            free = [
                entry
                for entry in left
                if not any(other is not entry and entry.urn in other.needs for other in left)
                and not any(other.condemned and not entry.condemned and other.urn == entry.urn for other in left)
            ]
            chosen = self.chance.choice(free or left)
            left.remove(chosen)
            ordered.append(chosen)
        return ordered

    def call(self, urn: str, kind: str, doing: Doing, values: Values, work: Callable[[Any, Any], Any]) -> Any:
        """Run a step of a codec, and tell a failure as the face does."""
        if self.process is not None:
            try:
                return work(self.process.serve(kind, urn), None)
            except AbortedError as error:
                raise Failed(urn, kind, doing, values, error.text, unready=error.unready) from error
        codec, context = Codec(load_resource(kind)()), self.surroundings(urn)
        try:
            return work(codec, context)
        except Exception as error:
            text = describe_failure(
                doing, codec.resource.kind, values, error, settings=context.settings, names=context.cache.names
            )
            raise Failed(urn, kind, doing, values, text, known=context.cache.names) from error


class _Run:
    """One preview or `up` of a program."""

    def __init__(
        self,
        engine: MiniEngine,
        program: list[Declared],
        *,
        dry_run: bool,
        forced: Collection[str] = (),
        create_first: bool = False,
    ) -> None:
        self.engine, self.program, self.dry_run = engine, program, dry_run
        self.forced, self.create_first = forced, create_first
        self.done = Done()
        self.known: dict[str, tuple[object, Values]] = {}
        """Id and outputs by URN, of the resources that this run has been through."""
        self.gone_first: set[str] = set()

    def go(self) -> Done:
        left = list(self.program)
        while left:
            ready = [one for one in left if not self._needs(one) & {other.urn for other in left}]
            chosen = self.engine.chance.choice(ready)
            left.remove(chosen)
            self._visit(chosen)
        declared = {one.urn for one in self.program}
        doomed = [entry for entry in self.engine.state if entry.condemned or entry.urn not in declared]
        for entry in self.engine.in_reverse(doomed):
            self.done.steps.append(Step(entry.urn, "delete"))
            if not self.dry_run:
                self.engine.delete(entry)
        return self.done

    def _needs(self, one: Declared) -> set[str]:
        return (
            {reference.urn for reference in _references(one.props)}
            | set(one.after)
            | {one.parent or one.urn} - {one.urn}
        )

    def _visit(self, one: Declared) -> None:
        old, props = self._seen(self.engine.find(one.urn)), self._resolved(one.props)
        if self.engine.process:
            props = mark_some(one.kind, props)
        if old is not None and one.urn in self.forced:
            # The engine checks it as a change first, and then as if there had been nothing before.
            self._check(one, old, props)
            self.done.steps.append(Step(one.urn, "replace", ("somebody demands it",)))
            self._replace(
                one, old, props, delete_before_replace=one.kind in _are_deleted_first() and not self.create_first
            )
            return
        inputs = self._check(one, old, props)
        if old is None:
            what: Literal["create", "replace"] = "replace" if one.urn in self.gone_first else "create"
            self.done.steps.append(Step(one.urn, what))
            self._create(one, inputs)
            return
        diff = self._diff(one, old, inputs)
        if not old.is_unhealthy and (not diff.changes or (not self.engine.process and _same(old.inputs, inputs))):
            # The dynamic provider lets the engine itself compare the inputs, and do nothing where they are equal.
            self.done.steps.append(Step(one.urn, "same"))
            self.known[one.urn] = old.identity, old.outputs
            if not self.dry_run:
                old.inputs, old.needs = inputs, tuple(self._needs(one))
        elif diff.replaces:
            self.done.steps.append(Step(one.urn, "replace", diff.replaces))
            self._replace(one, old, props, delete_before_replace=diff.delete_before_replace)
        else:
            self.done.steps.append(Step(one.urn, "update", tuple(str(change) for change in diff.changes)))
            self._update(one, old, inputs)

    def _seen(self, old: Entry | None) -> Entry | None:
        """Look at an object that is to be looked at first; a preview notes nothing."""
        if old is None or not old.is_read_first:
            return old
        seen = replace(old) if self.dry_run else old
        if self.engine.look(seen):
            return seen
        if not self.dry_run:
            self.engine.state.remove(old)
        return None

    def _check(self, one: Declared, old: Entry | None, props: Values) -> Values:
        olds = old.inputs if old else {}
        more = {"old_outputs": copied(old.outputs)} if old and self.engine.process else {}
        checked = self.engine.call(
            one.urn,
            one.kind,
            "checking",
            props,
            lambda codec, context: codec.check(copied(olds), copied(props), context, **more),
        )
        if checked.failures:
            failures = "; ".join(map(str, checked.failures))
            raise Failed(one.urn, one.kind, "checking", props, failures)
        inputs: Values = normalize(checked.inputs)
        return inputs

    def _diff(self, one: Declared, old: Entry, inputs: Values) -> Diff:
        def compare(codec: Codec, context: Context) -> Diff:
            return codec.diff(old.identity, copied(old.outputs), copied(inputs), context)

        diff: Diff = self.engine.call(one.urn, one.kind, "comparing", inputs, compare)
        return diff

    def _create(self, one: Declared, inputs: Values) -> None:
        if self.dry_run:
            self.known[one.urn] = UNKNOWN, self._previewed(one, "", {}, inputs)
            return

        def make(codec: Codec, context: Context) -> tuple[str, Values]:
            return codec.create(copied(inputs), context)

        try:
            identity, outputs = self.engine.call(one.urn, one.kind, "creating", inputs, make)
        except Failed as failed:
            if failed.unready:
                self._keep_new(one, failed.unready.identity, inputs, {}).take(failed.unready)
            raise
        self._finish(self._keep_new(one, identity, inputs, outputs))

    def _keep_new(self, one: Declared, identity: str, inputs: Values, outputs: Values) -> Entry:
        entry = Entry(one.urn, one.kind, identity, inputs, copied(outputs), tuple(self._needs(one)))
        if old := self.engine.find(one.urn):
            old.condemned = True
        self.engine.state.append(entry)
        return entry

    def _previewed(self, one: Declared, identity: str, olds: Values, inputs: Values) -> Values:
        """Give the outputs that will be; the dynamic provider is not asked, and the engine shows the inputs."""
        if not self.engine.process:
            return inputs
        planned: Values = self.engine.call(
            one.urn,
            one.kind,
            "updating" if identity else "creating",
            inputs,
            lambda codec, context: codec.preview(identity, copied(olds), copied(inputs), context),
        )
        return planned

    def _update(self, one: Declared, old: Entry, inputs: Values) -> None:
        if self.dry_run:
            self.known[one.urn] = old.identity, self._previewed(one, old.identity, old.outputs, inputs)
            return
        try:
            outputs = self.engine.call(
                one.urn,
                one.kind,
                "updating",
                inputs,
                lambda codec, context: codec.update(old.identity, copied(old.outputs), copied(inputs), context),
            )
        except Failed as failed:
            if failed.unready:
                # The engine keeps the inputs from before.
                old.needs = tuple(self._needs(one))
                old.take(failed.unready)
            raise
        old.inputs, old.outputs, old.needs = inputs, copied(outputs), tuple(self._needs(one))
        old.is_unhealthy = old.is_read_first = False
        self._finish(old)

    def _replace(self, one: Declared, old: Entry, props: Values, *, delete_before_replace: bool) -> None:
        if delete_before_replace and not self.dry_run:
            # What stands on it goes before it, as the engine does with the children of what it replaces.
            for entry in self.engine.in_reverse([*self._standing_on(old), old]):
                self.gone_first.add(entry.urn)
                self.engine.delete(entry)
        # The engine checks a replacement as if there had been nothing before.
        self._create(one, self._check(one, None, props))

    def _standing_on(self, old: Entry) -> list[Entry]:
        """Give all that has the id of this one among its inputs, and so would be replaced with it."""
        upon = [
            entry for entry in self.engine.state if old.urn in entry.needs and (old.kind, entry.kind) in _BY_IDENTITY
        ]
        return [*upon, *(further for entry in upon for further in self._standing_on(entry))]

    def _finish(self, entry: Entry) -> None:
        self.known[entry.urn] = entry.identity, entry.outputs
        self.engine.on_step(entry)

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Reference):
            identity, outputs = self.known[value.urn]
            found: Any = outputs
            for key in value.path:
                found = found.get(key) if isinstance(found, dict) else found
            return found if value.path else identity
        if isinstance(value, dict):
            resolved = {key: self._resolved(item) for key, item in value.items()}
            return {key: item for key, item in resolved.items() if item is not None}
        return [self._resolved(item) for item in value] if isinstance(value, list) else value


def _references(value: Any) -> list[Reference]:
    if isinstance(value, Reference):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [reference for item in items for reference in _references(item)]


def _same(olds: Values, news: Values) -> bool:
    return bool(normalize(olds) == normalize(news))
