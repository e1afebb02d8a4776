"""What the state claims of the service: whether it is so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.reliability.core.state import Entry

__all__ = ["find_false_rollout", "find_gone", "live_revision"]


def live_revision(entry: Entry) -> int | None:
    """Give the revision that an entry claims to be live; None where it claims nothing."""
    if entry.kind == "Rollout":
        number: int | None = entry.outputs.get("revision")
        return number
    return entry.outputs["revision_number"] if entry.kind == "BlockDeployment" and "status" in entry.outputs else None


def find_false_rollout(entry: Entry, said: int, state: dict[str, Any]) -> list[str]:
    """Say what is wrong where a revision is said to be live.

    Args:
        entry: the resource that says so.
        said: the revision.
        state: what is on the service.
    """
    live = next((item for item in state["deployments"] if item["id"] == entry.identity), None)
    if live is None:
        return [f"{entry.urn} is said to be live, and there is no deployment {entry.identity}"]
    if said != live["liveRevision"]:
        return [f"{entry.urn} is said to be live with revision {said}, and {live['liveRevision']} is"]
    status = live["metadata"]["status"]
    return [] if status in ("deployed", "warning") else [f"{entry.urn} is said to be live, and is {status}"]


def find_gone(entries: Iterable[Entry], state: dict[str, Any]) -> list[str]:
    """Say which entries name what is not on the service."""
    live = {block["id"] for kind in ("specs", "deployments") for block in state[kind]}
    return [
        f"{entry.urn} has the id {entry.identity}, which is gone"
        for entry in entries
        if entry.identity.rpartition("/")[0] not in live and entry.identity not in live
    ]
