"""Writing a live deployment as inputs, and telling a revision that somebody else made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.provider.context import State
from pulumi_press.provider.marks import strip_notes
from pulumi_press.provider.metadata import flatten_metadata
from pulumi_press.provider.run_parameters import flatten_run_parameters
from pulumi_press.provider.statuses import MOVING
from pulumi_press.provider.values import Values, get, name_of, put
from pulumi_press.schema import versions

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context

__all__ = ["flatten_deployment"]

# While the stack's own revision is on its way, or failed and waits to be deployed again, the release that runs is the
# one before: that is the rollout's business, and no drift.
_UNSETTLED = MOVING | {"failed"}


def flatten_deployment(live: Values, previous: State, context: Context) -> State:
    """Write a live deployment as the state that has it.

    A revision that this stack did not make is handled as `press:drift` says. `revert`: it shows as the output `drift`,
    which no plan has, so the next update makes a revision of its own. `adopt`: it is taken for the stack's own, and
    only values that differ from the program's show. `report`: a warning reports it, and the stack goes on as if it
    were not there.

    Args:
        live: the service's answer.
        previous: what is known of it; empty where nothing is.
        context: settings and log.
    """
    inputs: Values = {
        **previous.inputs,
        "metadata": flatten_metadata(live.get("metadata"), previous.inputs.get("metadata")),
    }
    # What an answer leaves out is not gone: it stays as it was.
    inputs = put(inputs, "spec.id", get(live, "spec.id") or get(previous.inputs, "spec.id"))
    known = previous.outputs.get("revision_number")
    number, policy = get(live, "latestRevision.revision"), context.settings().drift
    number = known if number is None else number
    foreign = known is not None and number != known
    outputs = {**previous.outputs, "revision_number": number}
    if foreign:
        message = f"live revision {number} was not made by this stack"
        if policy == "report":
            name = name_of(previous.inputs)
            context.log(f"{name}: {message}; press:drift is report, so it stays", warning=True)
            return State(inputs, previous.outputs)
        outputs["drift"] = message
    if policy != "revert":
        outputs.pop("drift", None)
    if known is None or foreign:
        inputs = put(inputs, "revision.notes", strip_notes(get(live, "latestRevision.notes")) or None)
    hidden = previous.outputs.get("hidden", ())
    run = flatten_run_parameters(live, get(previous.inputs, "parameters.run"), get(inputs, "spec.id"), context, hidden)
    inputs = put(inputs, "parameters.run", run)
    version = get(previous.inputs, "spec.release.version")
    if not previous.inputs:
        # Nothing is known of a program yet: an import, or a `get`.
        version = get(live, "spec.release.currentVersion")
    elif foreign or known is None or get(live, "metadata.status") not in _UNSETTLED:
        version = _flatten_version(live, version)
    return State(put(inputs, "spec.release.version", version), outputs)


def _flatten_version(live: Values, previous: Any) -> Any:
    """Write the version that runs; one that was left to the service shows only once a later release is out."""
    current, latest = get(live, "spec.release.currentVersion"), get(live, "spec.release.latestVersion")
    if previous is None and isinstance(current, str) and isinstance(latest, str):
        return current if versions.parse(current) < versions.parse(latest) else None
    return current if current is not None else previous
