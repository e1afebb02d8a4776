"""Unit tests of programs without an engine.

Example:
    ```python
    pulumi.runtime.set_mocks(PressMocks())

    @pulumi.runtime.test
    def test_orders_run_what_is_published():
        import my_program

        def check(arguments):
            version, spec = arguments
            assert version == spec["release"]["version"]

        return pulumi.Output.all(my_program.orders.release_version, my_program.production.spec).apply(check)
    ```
"""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime import rpc

from pulumi_press.api import InvalidArgument, PressError
from pulumi_press.lifecycle import LIFECYCLES, Context, Memory, Settings
from pulumi_press.lifecycle.declaration import read_declaration
from pulumi_press.lifecycle.releases import remember_parameters
from pulumi_press.resources.clients import connect
from pulumi_press.resources.face import from_engine, to_engine
from pulumi_press.resources.told import TOLD

if TYPE_CHECKING:
    from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs

    from pulumi_press.api import Client
    from pulumi_press.lifecycle import Lifecycle, Values

__all__ = ["MistakesError", "PressMocks"]

PREFIX = "pulumi-python:dynamic/press:"


class MistakesError(AssertionError):
    """A resource of the program has mistakes; the message tells them all, by path."""


class PressMocks(pulumi.runtime.Mocks):
    """Serves the resources of this package with their real checks, and every other resource with its own inputs.

    Args:
        endpoint: address of a local Press, which then really makes what the program declares. Left out: nothing is
            sent; ids are made up, and every rollout is deployed at once.
        auth_token: token for it.
    """

    def __init__(self, endpoint: str | None = None, auth_token: str = "token") -> None:  # noqa: S107  # A local one.
        self._settings = Settings(auth_token=auth_token, token_source="PressMocks", endpoint=endpoint)  # noqa: S106
        self._memory = Memory()
        self._lock = threading.Lock()
        self.lines: list[str] = []
        """What the resources told, such as `orders: new release 1.0.0 -> 1.0.1`."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Check a resource, and make it where there is a service.

        Raises:
            MistakesError: its inputs have mistakes.
        """
        if not args.typ.startswith(PREFIX):
            return args.resource_id or f"{args.name}-id", args.inputs
        lifecycle = LIFECYCLES[args.typ.removeprefix(PREFIX)]()
        inputs = from_engine(_reveal(args.inputs))
        context = Context(
            connect=self._connect,
            settings=lambda: self._settings,
            tell=self._tell,
            memory=self._memory,
            owner=f"{args.typ}::{args.name}",
            declaration=read_declaration(inputs.pop(TOLD, None)),
        )
        if args.resource_id:
            return args.resource_id, self._read(lifecycle, args.resource_id, context)
        checked = lifecycle.check({}, inputs, context)
        if checked.mistakes:
            mistakes = "\n".join(f"  {mistake}" for mistake in checked.mistakes)
            raise MistakesError(f"{lifecycle.noun} {args.name!r} has mistakes:\n{mistakes}")
        if self._settings.endpoint is None:
            return self._make_up(checked.inputs, context)
        identity, outputs = lifecycle.create(checked.inputs, context)
        return identity, to_engine(outputs)

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Answer a function of another package with nothing."""
        del args
        return {}, None

    def _connect(self) -> Client:
        if self._settings.endpoint is None:
            raise PressError("there is no service in this test; give PressMocks the endpoint of a local Press")
        return connect(self._settings)

    def _read(self, lifecycle: Lifecycle, identity: str, context: Context) -> Values:
        live = lifecycle.read(identity, {}, context)
        if live is None:
            raise InvalidArgument(f"there is no {lifecycle.noun} with the id {identity}")
        outputs: Values = to_engine(live.outputs)
        return outputs

    def _make_up(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Make up an id, and what a deployment must know of a release to be checked against it."""
        identity = str(inputs.get("deployment_id") or uuid.uuid4())
        if "config" in inputs:
            version = str(inputs["release"]["version"])
            spec_id = str(inputs.get("spec_id", identity))
            remember_parameters(spec_id, version, inputs.get("parameters"), context)
            identity = f"{spec_id}/{version}" if "spec_id" in inputs else identity
        return identity, to_engine(inputs)

    def _tell(self, message: str, *, warning: bool = False, passing: bool = False) -> None:
        del warning, passing
        with self._lock:
            self.lines.append(message)


def _reveal(value: Any) -> Any:
    """Take secrets out of their wrapping at every depth."""
    value = rpc.unwrap_rpc_secret(value)
    if isinstance(value, dict):
        return {key: _reveal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_reveal(item) for item in value]
    return value
