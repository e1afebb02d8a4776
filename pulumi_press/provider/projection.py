"""Writing a live deployment as inputs, and telling a revision that somebody else made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.provider import run_parameters
from pulumi_press.provider.base import name_of
from pulumi_press.provider.marks import strip_notes
from pulumi_press.provider.metadata import flatten_metadata
from pulumi_press.provider.statuses import MOVING
from pulumi_press.provider.values import Values, get, put
from pulumi_press.schema import versions

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context

__all__ = ["flatten_deployment"]

# While the stack's own revision is on its way, or failed and waits to be deployed again, the release that runs is the
# one before: that is the rollout's business, and no drift.
_UNSETTLED = MOVING | {"failed"}


def flatten_deployment(live: Values, previous: Values, context: Context) -> Values:
    """Write a live deployment as the inputs that would make it so.

    A revision that this stack did not make is handled as `press:drift` says. `revert`: it shows as the input `drift`,
    which the program does not have, so the next update makes a revision of its own. `adopt`: it is taken for the
    stack's own, and only values that differ from the program's show. `report`: a warning tells of it, and the stack
    goes on as if it were not there.
    """
    inputs: Values = {**previous, "metadata": flatten_metadata(live.get("metadata"), previous.get("metadata"))}
    # What an answer leaves out is not gone: it stays as it was.
    inputs = put(inputs, "spec.id", get(live, "spec.id") or get(previous, "spec.id"))
    number, known = get(live, "latestRevision.revision"), previous.get("revision_number")
    policy = context.settings().drift
    number = known if number is None else number
    foreign = known is not None and number != known
    if foreign:
        message = f"live revision {number} was not made by this stack"
        if policy == "report":
            context.log(f"{name_of(previous)}: {message}; press:drift is report, so it stays", warning=True)
            return inputs
        inputs["drift"] = message
    if policy != "revert":
        inputs.pop("drift", None)
    inputs["revision_number"] = number
    if known is None or foreign:
        inputs = put(inputs, "revision.notes", strip_notes(get(live, "latestRevision.notes")) or None)
    hidden = previous.get("hidden", ())
    run = run_parameters.project(live, get(previous, "parameters.run"), get(inputs, "spec.id"), context, hidden)
    inputs = put(inputs, "parameters.run", run)
    version = get(previous, "spec.release.version")
    if not previous:
        # Nothing is known of a program yet: an import, or a `get`.
        version = get(live, "spec.release.currentVersion")
    elif foreign or known is None or get(live, "metadata.status") not in _UNSETTLED:
        version = _project_version(live, version)
    return put(inputs, "spec.release.version", version)


def _project_version(live: Values, previous: Any) -> Any:
    """Write the version that runs; one that was left to the service shows only once a later release is out."""
    current, latest = get(live, "spec.release.currentVersion"), get(live, "spec.release.latestVersion")
    if previous is None and isinstance(current, str) and isinstance(latest, str):
        return current if versions.parse(current) < versions.parse(latest) else None
    return current if current is not None else previous
