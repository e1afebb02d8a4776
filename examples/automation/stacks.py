"""What a stack knows: outputs, ids, and notes of work that was cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi import automation

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["read_ids", "read_outputs", "read_pending", "read_urns"]

KINDS = {"BlockSpec": "spec", "BlockDeployment": "deployment"}
"""What the ids of resources are called among the outputs."""


def read_outputs(stack: automation.Stack) -> dict[str, Any]:
    """Read the outputs of the last run that ended well; a stack that cannot be read, or is gone, has none."""
    try:
        return {name: output.value for name, output in stack.outputs().items()}
    except automation.CommandError:
        return {}


def read_ids(stack: automation.Stack) -> dict[str, Any]:
    """Read the ids of what is there, also where the last run failed and left no outputs."""
    try:
        resources = _read_state(stack).get("resources") or []
    except automation.CommandError:
        return {}
    named = [(KINDS.get(item["type"].rpartition(":")[2]), item.get("id")) for item in resources]
    return {name: identity for name, identity in named if name and identity}


def read_urns(stack: automation.Stack) -> set[str]:
    """Read which resources are there."""
    return {resource["urn"] for resource in _read_state(stack).get("resources") or []}


def read_pending(stack: automation.Stack) -> set[str]:
    """Read which resources a run was at when it was killed, by their URNs."""
    return {note["resource"]["urn"] for note in _read_state(stack).get("pending_operations") or []}


def _read_state(stack: automation.Stack) -> Mapping[str, Any]:
    return stack.export_stack().deployment or {}
