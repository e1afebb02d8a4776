"""The lifecycles live through every value of every assumption: whatever the real service does, they can do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.client import Client
from pulumi_press.client.errors import PressError
from pulumi_press.client.retry import Clock, RetryBudget
from pulumi_press.emulator import start
from pulumi_press.emulator.assumptions import describe
from pulumi_press.plugin.codec import Codec
from pulumi_press.plugin.tokens import load_resource
from pulumi_press.provider.errors import AlreadyExistsError, ProviderError
from tests.support.contexts import make_context, make_settings
from tests.support.managed import Managed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress
    from pulumi_press.emulator.control.faults import FaultRule
    from pulumi_press.provider.values import Values

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
class Stack:
    """A spec, its deployment, and the deployment's rollout, as one program has them."""

    spec: Managed
    deployment: Managed
    rollout: Managed

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
            assert resource.refresh()

    def destroy(self) -> None:
        """Delete all of it, the last first."""
        for resource in (self.rollout, self.deployment, self.spec):
            resource.destroy()

    def _programs(self, title: str, command: str, rows: int) -> list[tuple[Managed, Callable[[], Values]]]:
        return [
            (self.spec, lambda: spec_program(title, command)),
            (self.deployment, lambda: self.deployment_program(title, rows)),
            (self.rollout, self._rollout),
        ]

    def deployment_program(self, title: str, rows: int) -> Values:
        """Give what a program says of the deployment."""
        return {
            "metadata": {"name": "etl-prod", "title": title, "tags": [{"name": title}]},
            "spec": {"id": self.spec.id, "release": {"version": self.spec.outputs["release"]["version"]}},
            "parameters": {"run": {"rows": rows, "password": "hush"}},
        }

    def _rollout(self) -> Values:
        return {"deployment_id": self.deployment.id, "revision": self.deployment.outputs["revision_number"]}


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
    given = make_settings(press.url, press.token, **settings)
    context = make_context(client, given, sleep=lambda _: False)
    kinds = ("BlockSpec", "BlockDeployment", "Rollout")
    return Stack(*(Managed(Codec(load_resource(kind)()), context) for kind in kinds))


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


def values_of(name: str) -> list[Any]:
    """Return the values of an assumption."""
    (found,) = [item.allowed for item in describe() if item.name == name]
    return list(found)


@pytest.mark.parametrize("status", values_of("duplicate_name"))
def test_a_name_that_is_taken(status: int) -> None:
    """Whatever the status: what is identical is taken over, and what differs is refused by its id and left alone."""
    with start(assume={"duplicate_name": status}) as press, connect(press) as client:
        first, same, other = (make_stack(press, client, adopt=adopt) for adopt in ("never", "identical", "never"))
        first.up()
        same.up()
        assert same.spec.id == first.spec.id
        assert same.deployment.id == first.deployment.id
        assert same.changes() == NOTHING

        with pytest.raises(AlreadyExistsError, match=first.spec.id):
            other.up(title="Another")
        assert [len(press.state()[kind]) for kind in ("specs", "deployments")] == [1, 1]
        assert press.state()["specs"][0]["metadata"]["title"] == "First"


@pytest.mark.parametrize("status", values_of("older_version"))
def test_a_version_that_is_taken(status: int) -> None:
    """Whatever the status: a release that somebody published between preview and update is not taken for one's own."""
    with start(assume={"older_version": status}) as press, connect(press) as client:
        spec = make_stack(press, client).spec
        spec.up(spec_program("First", "python main.py"))
        planned = spec.check(spec_program("First", "python main.py --fast"))
        foreign = spec_program("First", "python other.py")["config"]
        client.create_spec_release(spec.id, {"release": planned["release"], "config": foreign})

        with pytest.raises((PressError, ProviderError), match=planned["release"]["version"]):
            spec.codec.update(spec.id, spec.outputs, planned, spec.context)
        assert len(press.state()["specs"][0]["releases"]) == 2


@pytest.mark.parametrize("policy", values_of("unchanged_patch"))
def test_a_patch_that_changes_nothing(policy: str) -> None:
    """A patch whose answer was lost, or that somebody else made already, is a success when it changes nothing."""
    with start(assume={"unchanged_patch": policy}) as press, connect(press) as client:
        stack = make_stack(press, client)
        stack.up()
        lost: FaultRule = {"match": {"method": "PATCH"}, "times": 1, "then": {"drop": True, "when": "after"}}
        press.faults(lost)
        stack.up(title="Second")
        assert press.faults()[0]["used"] == 1

        texts = {"title": "Third", "tags": [{"name": "Third"}]}
        client.update_spec_metadata(stack.spec.id, {"metadata": texts, "tenants": ["third"]})
        client.update_deployment_metadata(stack.deployment.id, texts)
        stack.up(title="Third")
        stack.refresh()
        assert stack.changes(title="Third") == NOTHING


@pytest.mark.parametrize("policy", values_of("delete_spec_with_deployments"))
def test_a_spec_that_others_deployed_is_deleted(policy: str) -> None:
    """Where the service refuses, the spec stays and the reason is told; else it is gone, as the service has it."""
    with start(assume={"delete_spec_with_deployments": policy}) as press, connect(press) as client:
        stack = make_stack(press, client)
        stack.up()
        run = {"rows": 1}
        client.create_deployment(
            {"metadata": {"name": "foreign"}, "spec": {"id": stack.spec.id}, "parameters": {"run": run}}
        )
        stack.deployment.destroy()
        if policy == "refuse":
            with pytest.raises(PressError, match="1 deployments; delete them first"):
                stack.spec.destroy()
        else:
            stack.spec.destroy()
        left = press.state()
        expected = {"refuse": (1, 1), "cascade": (0, 0), "orphan": (0, 1)}
        assert (len(left["specs"]), len(left["deployments"])) == expected[policy]


@pytest.mark.parametrize("policy", values_of("delete_while_deploying"))
def test_a_delete_amid_a_rollout(policy: str) -> None:
    """A deployment that is on its way up is deleted where the service lets it; else the reason is told."""
    with start(assume={"delete_while_deploying": policy}) as press, connect(press) as client:
        press.outcomes({"status": "deploying"})
        stack = make_stack(press, client)
        stack.spec.up(spec_program("First", "python main.py"))
        stack.deployment.up(stack.deployment_program("First", 1))
        if policy == "refuse":
            with pytest.raises(PressError, match="The deployment is deploying"):
                stack.deployment.destroy()
        else:
            stack.deployment.destroy()
        assert len(press.state()["deployments"]) == (policy == "refuse")
