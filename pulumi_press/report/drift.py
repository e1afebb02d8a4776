"""What was changed behind the stack's back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.provider.fields import Effect
from pulumi_press.report.leaves import FOLLOWS, LATEST, compare
from pulumi_press.report.report import Drift, Leaf
from pulumi_press.report.rollouts import DEPLOYMENT, ROLLOUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulumi_press.report.report import Change
    from pulumi_press.report.steps import Refresh

__all__ = ["SETTLED", "find_drift", "is_behind"]

PUT_BACK = "put back"
UP_TO_DATE = "brought up to date"
SETTLED = (PUT_BACK, UP_TO_DATE)
"""Answers after which nothing is left of a drift, so that the change which does it tells the values."""


def find_drift(refreshes: Iterable[Refresh], changes: Mapping[str, Change], *, only_looks: bool) -> list[Drift]:
    """Find what a refresh found; a rollout's status is told of its deployment.

    Args:
        refreshes: what was looked at.
        changes: what is done, by URN.
        only_looks: whether nothing is done beside looking.
    """
    found: dict[str, Drift] = {}
    for refresh in refreshes:
        urn = refresh.urn
        if urn.is_scenery or not (refresh.before.custom or refresh.urn.kind):
            continue
        leaves, gone = _compare(refresh), refresh.after is None
        if not leaves and not gone:
            continue
        is_rollout = urn.kind == ROLLOUT
        key = refresh.before.parent if is_rollout else urn.text
        known = found.get(key)
        if is_rollout and gone:
            # It is gone with its deployment, which tells so itself.
            continue
        if known is not None:
            leaves = [*known.leaves, *leaves]
        kind = DEPLOYMENT if is_rollout else urn.kind or urn.type
        gone = gone or (known is not None and known.gone)
        answer = _answer(changes.get(key), leaves, gone=gone, only_looks=only_looks)
        found[key] = Drift(key, urn.name, kind, urn.kind is not None, gone, tuple(leaves), answer)
    return list(found.values())


def _compare(refresh: Refresh) -> list[Leaf]:
    kind, before, after = refresh.urn.kind, refresh.before, refresh.after
    if after is None:
        return []
    leaves = compare(kind, before.inputs, after.inputs)
    if kind is None and not leaves:
        leaves = compare(kind, before.outputs, after.outputs)
    # Which revision it is, the deployment tells.
    return [leaf for leaf in leaves if leaf.path == "status"] if kind == ROLLOUT else leaves


def _answer(change: Change | None, leaves: Sequence[Leaf], *, gone: bool, only_looks: bool) -> str:
    if only_looks:
        return ""
    if change is None:
        return "only the stack takes note"
    if gone:
        return "created again" if change.verb == "create" else ""
    back = set(change.puts_back)
    if not back:
        return "destroyed" if change.verb == "delete" else "not put back as it was"
    # A revision is not taken back: another one is made.
    rest = [leaf for leaf in leaves if leaf.path not in back and leaf.effect != Effect.NONE.value]
    if rest:
        return "partly put back"
    return UP_TO_DATE if is_behind(leaves) else PUT_BACK


def is_behind(leaves: Iterable[Leaf]) -> bool:
    """Tell whether all that was found is a later release than the one that runs, for a deployment that follows them."""
    return [(leaf.path, leaf.old) for leaf in leaves if leaf.effect] == [(FOLLOWS, LATEST)]
