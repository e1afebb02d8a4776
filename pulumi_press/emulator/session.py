"""Calls of other services that the client makes on its own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.errors import Mistaken, Refusal
from pulumi_press.schema.failures import CheckFailure

if TYPE_CHECKING:
    from pulumi_press.emulator.calls import Call
    from pulumi_press.emulator.press import Press

__all__ = ["accept_telemetry", "describe_app_deployment", "read_tenant"]


def read_tenant(press: Press, call: Call) -> dict[str, Any]:  # noqa: ARG001  (every call is given both)
    """Tell a client that begins a session who it is."""
    return {"tenant": call.tenant}


def accept_telemetry(press: Press, call: Call) -> dict[str, Any]:  # noqa: ARG001  (every call is given both)
    """Take what a client reports of itself, and forget it."""
    if not isinstance(call.body, dict):
        raise Mistaken([CheckFailure("", "The body must be an object.")])
    return {}


def describe_app_deployment(press: Press, call: Call) -> dict[str, Any]:  # noqa: ARG001  (every call is given both)
    """Say that there is no such app: the local Press has blocks only."""
    deployment_id = call.path["deployment_id"]
    raise Refusal(404, f"There is no app deployment {deployment_id!r}: the local Press has blocks only.")
