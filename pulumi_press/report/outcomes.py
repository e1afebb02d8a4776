"""What a step of the engine leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.provider.fields import Effect
from pulumi_press.report.report import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pulumi_press.report.report import Leaf
    from pulumi_press.report.steps import Step

__all__ = ["judge", "judge_leaves", "summarize"]

VERBS = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "delete-replaced": "delete",
    "import": "import",
    "read": "read",
    "discard": "forget",
    "discard-replaced": "forget",
    "remove-pending-replace": "forget",
}
REPLACEMENTS = ("replace", "create-replacement", "import-replacement", "read-replacement")
DELETIONS = ("delete", "delete-replaced")
RELEASE = "BlockSpecRelease"
STAYS = "stays on the service until its spec is destroyed"
NOTES = {"import": "taken over into the stack", "read": "only read", "forget": "only forgotten"}
# The strongest first.
OUTCOMES = {
    Effect.RELEASE: Outcome.RELEASE,
    Effect.REVISION: Outcome.REVISION,
    Effect.PARAMETERS: Outcome.PARAMETERS,
    Effect.PATCH: Outcome.PATCH,
}


def summarize(group: Sequence[Step]) -> tuple[Step, str]:
    """Give, of all steps on a resource, the one that tells most, and what is done in all."""
    by_op = {step.op: step for step in group}
    for op in REPLACEMENTS:
        if op in by_op:
            return by_op[op], "replace"
    for op in DELETIONS:
        if op in by_op:
            # Whatever else is done under the name: an object goes.
            return by_op[op], "delete"
    # What the engine does is never taken for nothing, even if it has a new name for it.
    return group[-1], VERBS.get(group[-1].op, "update")


def judge(step: Step, verb: str, leaves: Sequence[Leaf]) -> tuple[Outcome, str]:
    """Say what it leads to, and what else is to be known.

    Args:
        step: a step.
        verb: what is done.
        leaves: what differs.
    """
    if verb in NOTES:
        return Outcome.NOTE, NOTES[verb]
    if verb == "delete":
        return _judge_delete(step)
    is_release, is_press = step.urn.kind == RELEASE, step.urn.kind is not None
    if verb == "replace" and not is_release:
        return Outcome.REPLACE, _explain_replacement(step)
    if verb == "replace":
        return Outcome.RELEASE, f"the old one {STAYS}"
    if verb == "create" and is_press:
        return Outcome.RELEASE if is_release else Outcome.CREATE, ""
    return (judge_leaves(leaves), _explain(step, leaves)) if is_press else (Outcome.OTHER, "")


def _explain_replacement(step: Step) -> str:
    if _is_kept(step):
        return "the old object stays"
    return "all its releases go with the old one" if step.urn.kind == "BlockSpec" else ""


def _judge_delete(step: Step) -> tuple[Outcome, str]:
    if step.urn.kind == RELEASE:
        return Outcome.NOTE, f"only forgotten: it {STAYS}"
    if _is_kept(step):
        return Outcome.NOTE, "only forgotten: the object stays"
    return Outcome.DESTROY, "left over from a replacement" if step.op == "delete-replaced" else ""


def _is_kept(step: Step) -> bool:
    return step.old is not None and step.old.kept


def judge_leaves(leaves: Iterable[Leaf]) -> Outcome:
    """Say what an update in place leads to, by the strongest effect of what differs."""
    effects = {leaf.effect for leaf in leaves}
    return next((outcome for effect, outcome in OUTCOMES.items() if effect.value in effects), Outcome.NOTE)


def _explain(step: Step, leaves: Sequence[Leaf]) -> str:
    if leaves:
        return ""
    if step.old is not None and step.old.failures:
        return "tried again, for it failed the last time"
    return "nothing that counts differs"
