"""The lifecycles live through every value of every assumption: whatever the real service does, they can do with it."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.api import Client, Clock, RetryBudget
from pulumi_press.emulator import start
from pulumi_press.emulator.assumptions import describe
from pulumi_press.lifecycle import LIFECYCLES, Context, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress
    from pulumi_press.lifecycle import Values

OTHER_NUMBERS = {"default_page_size": 2, "max_page_size": 50, "artifact_limit": 2**20, "unpacked_limit": 2**20}
OTHER_TEXTS = {"masked_value": ["", "<hidden>"]}
SLOW = {"delete_deployment", "superseded", "current_version", "second_revision_while_deploying"}
"""Assumptions that only show while a rollout takes its time."""


def cases() -> Iterator[Any]:
    """Give every value of every assumption, and the pace at which it shows."""
    for item in describe():
        others: list[Any] = [OTHER_NUMBERS.get(item.name, 0)] if item.name in OTHER_NUMBERS else []
        others += OTHER_TEXTS.get(item.name, [])
        values = item.allowed if isinstance(item.allowed, tuple) else (item.default, *others)
        pace = "reads:2" if item.name in SLOW else "at-once"
        yield from (pytest.param({item.name: value}, pace, id=f"{item.name}={value}") for value in values)


@dataclass
class Resource:
    """A resource as an engine keeps it: its id, its inputs and its outputs, from one step to the next."""

    kind: str
    context: Context
    identity: str = ""
    inputs: Values = field(default_factory=dict)
    outputs: Values = field(default_factory=dict)

    def changes(self, program: Values) -> list[str]:
        """Say what `up` would change."""
        found = self.lifecycle.diff(self.identity, copy.deepcopy(self.outputs), self._check(program))
        return [leaf for change in found.changes for leaf in change.leaves]

    def up(self, program: Values) -> None:
        """Create or update."""
        inputs = self._check(program)
        if not self.identity:
            self.identity, self.outputs = self.lifecycle.create(copy.deepcopy(inputs), self.context)
        elif self.lifecycle.diff(self.identity, copy.deepcopy(self.outputs), inputs).changes:
            olds, news = copy.deepcopy(self.outputs), copy.deepcopy(inputs)
            self.outputs = self.lifecycle.update(self.identity, olds, news, self.context)
        self.inputs = inputs

    def refresh(self) -> None:
        """Read it: it must be there."""
        live = self.lifecycle.read(self.identity, copy.deepcopy(self.outputs), self.context)
        assert live is not None
        self.inputs, self.outputs = live.inputs, live.outputs

    def destroy(self) -> None:
        """Delete it."""
        self.lifecycle.delete(self.identity, copy.deepcopy(self.outputs), self.context)

    @property
    def lifecycle(self) -> Any:
        """What happens to it."""
        return LIFECYCLES[self.kind]()

    def _check(self, program: Values) -> Values:
        checked = self.lifecycle.check(copy.deepcopy(self.inputs), copy.deepcopy(program), self.context)
        assert checked.mistakes == []
        inputs: Values = checked.inputs
        return inputs


@dataclass
class Stack:
    """A spec, its deployment, and the deployment's rollout, as one program has them."""

    spec: Resource
    deployment: Resource
    rollout: Resource

    def up(self, *, title: str = "First", command: str = "python main.py", rows: int = 1) -> None:
        """Bring all of it up to what the program says."""
        for resource, program in self._programs(title, command, rows):
            resource.up(program())

    def changes(self, *, title: str = "First", command: str = "python main.py", rows: int = 1) -> list[list[str]]:
        """Say what `up` would change of each."""
        return [resource.changes(program()) for resource, program in self._programs(title, command, rows)]

    def refresh(self) -> None:
        """Read all of it."""
        for resource in (self.spec, self.deployment, self.rollout):
            resource.refresh()

    def destroy(self) -> None:
        """Delete all of it, the last first."""
        for resource in (self.rollout, self.deployment, self.spec):
            resource.destroy()

    def _programs(self, title: str, command: str, rows: int) -> list[tuple[Resource, Callable[[], Values]]]:
        return [
            (self.spec, lambda: spec_program(title, command)),
            (self.deployment, lambda: self._deployment(title, rows)),
            (self.rollout, self._rollout),
        ]

    def _deployment(self, title: str, rows: int) -> Values:
        return {
            "metadata": {"name": "etl-prod", "title": title, "tags": [{"name": title}]},
            "spec": {"id": self.spec.identity, "release": {"version": self.spec.outputs["release"]["version"]}},
            "parameters": {"run": {"rows": rows, "password": "hush"}},
        }

    def _rollout(self) -> Values:
        return {"deployment_id": self.deployment.identity, "revision": self.deployment.outputs["revision_number"]}


def spec_program(title: str, command: str) -> Values:
    """Return what a program says of a spec."""
    return {
        "kind": "workflow",
        "metadata": {"name": "etl", "summary": "Loads.", "title": title, "tags": [{"name": title}]},
        "scope": "shared",
        "tenants": [title.lower()],
        "config": {"steps": {"load": {"imageDetails": {"id": 1}, "command": command}}},
        "parameters": {
            "run": [
                {"name": "rows", "type": "number", "required": True},
                {"name": "password", "type": "string", "required": False, "hideValue": True, "defaultValue": "none"},
            ]
        },
    }


def make_stack(press: LocalPress, client: Client, **settings: Any) -> Stack:
    """Return a stack of nothing yet."""
    given = Settings(auth_token=press.token, token_source="a test", endpoint=press.url, **settings)

    def tell(message: str, *, warning: bool = False, passing: bool = False) -> None:
        """Nobody listens."""

    context = Context(connect=lambda: client, settings=lambda: given, tell=tell, sleep=lambda _: False)
    return Stack(*(Resource(kind, context) for kind in ("BlockSpec", "BlockDeployment", "Rollout")))


def connect(press: LocalPress) -> Client:
    """Return a client that never really waits."""
    return Client(press.url, press.token, clock=Clock(wait=lambda event, _: event.is_set()), budget=RetryBudget())


NOTHING: list[list[str]] = [[], [], []]


@pytest.mark.parametrize(("assume", "pace"), [*cases()])
def test_a_life_under_every_value(assume: dict[str, Any], pace: str) -> None:
    """Create, no change, no drift; change metadata, run parameters and content; delete: each goes as it should."""
    merged = {"patch_tags", "patch_tenants"} & {name for name, value in assume.items() if value == "merge"}
    with start(assume=assume, rollout=pace) as press, connect(press) as client:
        stack = make_stack(press, client)
        said: dict[str, Any] = {}
        for change in ({}, {"title": "Second"}, {"rows": 2}, {"command": "python main.py --fast", "rows": 3}):
            said |= change
            stack.up(**said)
            assert stack.changes(**said) == NOTHING
            stack.refresh()
            # What the service adds to instead of replacing it stays to be seen: nothing could take it away.
            assert any(stack.changes(**said)) is (bool(merged) and "title" in said)
        (deployment,) = press.state()["deployments"]
        assert deployment["liveRevision"] == stack.rollout.outputs["revision"]
        assert deployment["revisions"][-1]["parameters"]["run"]["rows"] == 3
        stack.destroy()
        assert press.state() == {"specs": [], "deployments": []}
