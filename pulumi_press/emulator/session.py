"""Calls of other services that the client makes on its own account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.emulator.calls import Answer, Call
from pulumi_press.emulator.errors import Refusal

if TYPE_CHECKING:
    from pulumi_press.emulator.press import Press

__all__ = ["accept_telemetry", "describe_app_deployment", "read_tenant"]


def read_tenant(press: Press, call: Call) -> Answer:  # noqa: ARG001  (every call is given both)
    """Tell a client that begins a session who it is."""
    return Answer({"tenant": call.tenant})


def accept_telemetry(press: Press, call: Call) -> Answer:  # noqa: ARG001  (every call is given both)
    """Take what a client reports of itself, and forget it."""
    return Answer({})


def describe_app_deployment(press: Press, call: Call) -> Answer:  # noqa: ARG001  (every call is given both)
    """Say that there is no such app: the local Press has blocks only."""
    deployment_id = call.path["deployment_id"]
    raise Refusal(404, f"There is no app deployment {deployment_id!r}: the local Press has blocks only.")
