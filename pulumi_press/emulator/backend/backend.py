"""The backend of the API and the control plane: what they read and change, and which values are masked."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi_press.emulator.backend.rollout_simulation import Outcomes, Rollouts
from pulumi_press.emulator.backend.store import Clock, IdGenerator, Store
from pulumi_press.schema.hidden import hides

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pulumi_press.emulator.assumptions import Assumptions, Settings

__all__ = ["Backend", "Context", "hidden_names", "mask", "mask_declaration", "mask_named", "mask_values"]

T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """Dependencies of a handler, which runs within a transaction of the store.

    Args:
        store: the objects.
        ids: generates the ids of new objects.
        rollouts: what deploys and deletes begin.
        assumptions: how the local Press behaves where the real service is not known.
        hidden: names of the parameters declared with `hideValue`; a handler adds those of a new release.
    """

    store: Store
    ids: IdGenerator
    rollouts: Rollouts
    assumptions: Assumptions
    hidden: set[str] = field(default_factory=set)


class Backend:
    """Objects, clock and outcome rules. Objects and clock last as long as the state folder, rules as the process.

    Args:
        settings: how the local Press is set up.

    Raises:
        StateError: the state folder cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self.store = Store(settings.state)
        self.clock = Clock(is_fixed=settings.seed_number is not None)
        self.outcomes = Outcomes()
        self.rollouts = Rollouts(self.store, self.clock, self.outcomes, settings)
        ids = IdGenerator(self.store, settings.seed_number)
        self.context = Context(self.store, ids, self.rollouts, settings.assumptions)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="press") if settings.state else None
        try:
            with self.store.transaction():
                self.clock.restore(self.store)
                self._find_hidden()
        except BaseException:
            self.close()
            raise

    async def run(self, work: Callable[[], T]) -> T:
        """Run work on the storage, one piece after the other; in a thread of its own where it waits for a disk."""
        if self._worker is None:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def tick(self) -> str:
        """Return the time of a call that begins, within a transaction."""
        return self.clock.tick(self.store)

    def reset(self) -> None:
        """Delete all objects and outcome rules, and set the clock back to its beginning."""
        with self.store.transaction():
            self.store.clear()
        self.clock.reset()
        self.outcomes.clear()
        self.context.hidden.clear()

    def close(self) -> None:
        """Close the storage. Nothing works after that."""
        self.store.close()
        if self._worker:
            self._worker.shutdown(wait=False)

    def _find_hidden(self) -> None:
        for row in self.store.db.execute("SELECT parameters FROM releases").fetchall():
            self.context.hidden.update(hidden_names(json.loads(row["parameters"])))


MASK = "********"
"""What stands for a secret in the control plane, whatever the assumptions say about the API."""

GROUPS = ("build", "run")


def hidden_names(declared: object) -> Iterator[str]:
    """Return the names of the parameters that a release declares as hidden, themselves or in a member."""
    for group in GROUPS:
        items = declared.get(group) if isinstance(declared, dict) else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and isinstance(item.get("name"), str) and hides(item):
                yield item["name"]


def mask_values(values: Mapping[str, Any], hidden: Collection[str], mask_text: str = MASK) -> dict[str, Any]:
    """Mask the values of hidden parameters."""
    return {name: mask_text if name in hidden else value for name, value in values.items()}


def mask_declaration(declaration: Mapping[str, Any], mask_text: str = MASK) -> dict[str, Any]:
    """Mask the default and the options of a parameter that is hidden, and those of its members."""
    return _mask_hidden(declaration, mask_text) if hides(declaration) else dict(declaration)


def _mask_hidden(declaration: Mapping[str, Any], mask_text: str) -> dict[str, Any]:
    shown = dict(declaration)
    if "defaultValue" in shown:
        shown["defaultValue"] = mask_text
    if isinstance(shown.get("options"), list):
        shown["options"] = [
            {**option, "value": mask_text} if isinstance(option, dict) else mask_text for option in shown["options"]
        ]
    if isinstance(shown.get("properties"), list):
        shown["properties"] = [
            _mask_hidden(item, mask_text) if isinstance(item, dict) else item for item in shown["properties"]
        ]
    return shown


def mask(value: Any, hidden: Collection[str]) -> Any:
    """Mask a body, a config or a declaration of any shape.

    Masked are: values of hidden parameters, by name; defaults and options of parameters declared with `hideValue`; the
    token of a repository.
    """
    if isinstance(value, list):
        return [mask(item, hidden) for item in value]
    if not isinstance(value, dict):
        return value
    shown = {key: mask(item, hidden) for key, item in mask_declaration(value).items()}
    parameters = shown.get("parameters")
    if isinstance(parameters, dict):
        # A list holds declarations. What is given outside of a group is refused, and logged.
        shown["parameters"] = {
            name: item if name in GROUPS and isinstance(item, list) else mask_named({name: item}, hidden)[name]
            for name, item in parameters.items()
        }
    repository = shown.get("repository")
    if isinstance(repository, dict) and "token" in repository:
        repository["token"] = MASK
    return shown


def mask_named(value: Any, hidden: Collection[str]) -> Any:
    """Mask values of hidden parameters at every depth, such as in a body that is not as it should be."""
    if isinstance(value, list):
        return [mask_named(item, hidden) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: MASK if name in hidden else mask_named(item, hidden) for name, item in value.items()}
