"""Somebody else, who changes on the service what a stack manages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.client import Client
from pulumi_press.client.errors import PressError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from pulumi_press.emulator import LocalPress
    from tests.reliability.core.plans import Plan

__all__ = ["Somebody"]

Block = dict[str, Any]


class Somebody:
    """A person with a client of their own.

    Args:
        press: the service.
        plan: the stack's program, whose declared releases stay possible.
        tell: takes a line about each thing done.
    """

    def __init__(self, press: LocalPress, plan: Plan, tell: Callable[[str], object]) -> None:
        self._press, self._plan, self._tell = press, plan, tell
        self._client = Client(press.url, press.token)
        self._chance: random.Random

    def close(self) -> None:
        """Go away."""
        self._client.close()

    def meddle(self, state: dict[str, Any], chance: random.Random, near: str) -> bool:
        """Change something, or try to; say whether there is anything.

        Args:
            state: what is on the service.
            chance: decides what.
            near: a path; what it is about is chosen more often.
        """
        self._chance = chance
        choices: list[tuple[Callable[[Block], object], Block]] = []
        for block in state["specs"]:
            choices.append((self._retitle_spec, block))
            if not any(spec.version for spec in self._plan.specs.values() if spec.name == block["metadata"]["name"]):
                choices.append((self._publish, block))
        for block in state["deployments"]:
            works = (self._retitle_deployment, self._set_parameters, self._delete_deployment)
            choices += [(work, block) for work in (self._revise, self._revise, *works)]
            choices += [(self._revise, block)] * (2 * len(choices) if block["id"] in near else 0)
        if not choices:
            return False
        work, block = chance.choice(choices)
        try:
            work(block)
        except PressError as error:
            self._tell(f"  somebody was refused: {error}")
        return True

    def retitle(self, spec: Block) -> None:
        """Give a spec another title."""
        self._say("retitles the spec", spec)
        self._client.update_spec_metadata(spec["id"], {"metadata": {"title": "Somebody's own"}})

    def take_away(self, known: set[str]) -> None:
        """Delete every block whose id is not among these."""
        state = self._press.state()
        for block in state["deployments"]:
            if block["id"] not in known:
                self._delete_deployment(block)
        for block in state["specs"]:
            if block["id"] not in known:
                self._say("deletes the spec", block)
                self._client.delete_spec(block["id"])

    def _say(self, what: str, block: Block) -> None:
        self._tell(f"  somebody {what} {block['metadata']['name']}")

    def _retitle_spec(self, block: Block) -> None:
        self._say("retitles the spec", block)
        self._client.update_spec_metadata(block["id"], {"metadata": {"title": f"Somebody's {self._chance.random()}"}})

    def _publish(self, block: Block) -> None:
        self._say("publishes a release of", block)
        newest = block["releases"][-1]
        version = f"{int(newest['version'].partition('.')[0])}.{self._plan.number()}.0"
        body = {
            "release": {"version": version, "notes": f"somebody's {self._plan.number()}"},
            "config": newest["config"],
        }
        self._client.create_spec_release(block["id"], body, parameters=newest["parameters"])

    def _retitle_deployment(self, block: Block) -> None:
        self._say("retitles the deployment", block)
        self._client.update_deployment_metadata(block["id"], {"title": f"Somebody's {self._chance.random()}"})

    def _set_parameters(self, block: Block) -> None:
        self._say("sets a parameter of", block)
        self._client.patch_parameters(block["id"], {"rows": 77})

    def _revise(self, block: Block) -> None:
        self._say("makes a revision of", block)
        notes = f"somebody's {self._plan.number()}"
        self._client.create_deployment_revision(block["id"], {"revision": {"notes": notes}})

    def _delete_deployment(self, block: Block) -> None:
        self._say("deletes the deployment", block)
        self._client.delete_deployment(block["id"])
