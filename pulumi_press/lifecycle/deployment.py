"""The life of a `BlockDeployment`: metadata and run parameters change in place, the rest as new revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_press import schema
from pulumi_press.api import NotFound, PressError
from pulumi_press.lifecycle import releases, run_parameters
from pulumi_press.lifecycle.adoption import ELSEWHERE, foresee_refusal, refuse, taken_error
from pulumi_press.lifecycle.deletion import delete_and_wait
from pulumi_press.lifecycle.durations import DELETE_TIMEOUT, find_limit
from pulumi_press.lifecycle.errors import TakenError
from pulumi_press.lifecycle.fields import Change, Effect, Field, find_changes
from pulumi_press.lifecycle.hidden import name_hidden
from pulumi_press.lifecycle.intents import digest
from pulumi_press.lifecycle.lookup import find_deployment
from pulumi_press.lifecycle.metadata import add_default_tags, patch_metadata, send_patch
from pulumi_press.lifecycle.ownership import claim, is_taken_over, refuse_shared
from pulumi_press.lifecycle.projection import project_deployment
from pulumi_press.lifecycle.resource import Checked, Diff, Lifecycle, Live, find_mistakes, has_mistakes, name_of
from pulumi_press.lifecycle.revisions import create_revision, number_revision
from pulumi_press.lifecycle.rollouts import note_fresh
from pulumi_press.lifecycle.values import Values, get, put

if TYPE_CHECKING:
    from pulumi_press.lifecycle.context import Context
    from pulumi_press.schema import Mistake

__all__ = ["DeploymentLifecycle"]

COMPUTED = ("revision_number", "drift", "hidden")
"""What `check` and `read` add to the arguments."""


class DeploymentLifecycle(Lifecycle):
    """What happens to a `BlockDeployment`. Its id is the deployment's.

    It never waits for a revision to come up: that is the rollout's part, a resource of its own, so that the id is in
    the state before anything can go wrong.
    """

    noun: ClassVar = "deployment"
    fields: ClassVar = (
        Field("spec.id", Effect.REPLACE, api="spec.id"),
        Field("metadata", Effect.PATCH, lenient=True, unordered=True, api="metadata"),
        Field("parameters.run", Effect.PARAMETERS, default={}, api="parameters.run"),
        Field("parameters.build", Effect.REVISION, default={}),
        Field("spec.release.version", Effect.REVISION, api="spec.release.currentVersion"),
        Field("revision.notes", Effect.REVISION, lenient=True, api="latestRevision.notes"),
        Field("triggers", Effect.REVISION, default={}),
        Field("drift", Effect.REVISION, computed=True),
        Field("timeouts", Effect.NONE, default={}),
        Field("adopt", Effect.NONE),
        Field("hidden", Effect.NONE, computed=True),
        Field("revision_number", Effect.NONE, computed=True, api="latestRevision.revision"),
    )

    def check(self, olds: Values, news: Values, context: Context) -> Checked:
        """Validate, also against the release's declaration; number the revision."""
        given = {key: value for key, value in news.items() if key not in COMPUTED}
        mistakes = find_mistakes(schema.BlockDeploymentArgs, given, context, "wait", "on_failure")
        if not has_mistakes(mistakes, "spec", "parameters"):
            mistakes += run_parameters.check(olds, given, context)
        if mistakes:
            return Checked(given, mistakes)
        given = add_default_tags(given, context.settings().default_tags)
        number = number_revision(self.fields, olds, given)
        if number == olds.get("revision_number") and run_parameters.find_lasting(olds, given, context):
            number += 1
        inputs = {**given, "revision_number": number}
        hidden = name_hidden(olds, given, context)
        if hidden:
            inputs["hidden"] = hidden
        return Checked(inputs, [] if olds else self._foresee_refusal(inputs, context))

    def _foresee_refusal(self, inputs: Values, context: Context) -> list[Mistake]:
        """Find out, where a preview may ask the service, whether the name is taken by what would not be taken over."""
        return foresee_refusal(
            self.noun,
            inputs,
            lambda: find_deployment(context.press, name_of(inputs), get(inputs, "spec.id")),
            lambda identity: self._why_not(identity, inputs, context),
            context,
        )

    def diff(self, identity: str, olds: Values, news: Values, context: Context) -> Diff:
        """Find what changed. Names are unique, so a deployment that keeps its name goes before it is replaced."""
        changes = super().diff(identity, olds, news, context).changes
        kept = tuple(change for change in changes if not _is_outdated(change, olds, news))
        return Diff(kept, delete_first=name_of(olds) == name_of(news))

    def settle(self, identity: str, outputs: Values, context: Context) -> None:
        """Forget the notes about the deployment and its revision."""
        context.intent("deployment", name_of(outputs)).forget()
        context.intent("revision", identity, str(outputs.get("revision_number"))).forget()

    def create(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Create the deployment; the service goes on with its first revision by itself."""
        body = _body(inputs)
        intent, content = context.intent("deployment", name_of(inputs)), digest(body)
        is_ours = intent.holds(content)
        intent.note(content)
        try:
            identity = str(context.press.create_deployment(body)["id"])
        except PressError as error:
            if not error.outcome_unknown and not is_ours:
                intent.forget()
            if not error.outcome_unknown and not releases.is_refusal(error):
                raise
            return self._take_over(inputs, error, context, is_ours=is_ours)
        note_fresh(identity, inputs["revision_number"], context)
        return identity, inputs

    def read(self, identity: str, outputs: Values, context: Context) -> Live | None:
        """Look at the deployment; its answer holds all that counts."""
        try:
            live = context.press.describe_deployment(identity)
        except NotFound:
            return None
        inputs = project_deployment(live, outputs, context)
        return Live(inputs, inputs)

    def update(self, identity: str, olds: Values, news: Values, context: Context) -> Values:
        """Change the metadata in place, then make a new revision, or change the run parameters in place."""
        diff = self.compare(olds, news)
        # The PATCHes come first: they may be sent again, a revision may not.
        patch = patch_metadata(olds.get("metadata"), news.get("metadata"))
        if patch:
            send_patch(lambda: context.press.update_deployment_metadata(identity, patch))
            reasons = releases.describe_reasons(diff.leaves(Effect.PATCH), olds, news)
            context.tell(f"{name_of(news)}: changed in place: {reasons}")
        if diff.leaves(Effect.REVISION) or run_parameters.find_lasting(olds, news, context):
            # The revision carries the run parameters too.
            leaves = diff.leaves(Effect.REVISION, Effect.PARAMETERS)
            number = create_revision(identity, olds, news, leaves, context)
            note_fresh(identity, number, context)
            return {**news, "revision_number": number}
        if leaves := diff.leaves(Effect.PARAMETERS):
            number = run_parameters.patch(identity, olds, news, leaves, context)
            if number != olds.get("revision_number"):
                note_fresh(identity, number, context)
            return {**news, "revision_number": number}
        return {**news, "revision_number": olds.get("revision_number", news["revision_number"])}

    def delete(self, identity: str, outputs: Values, context: Context) -> None:
        """Delete the deployment with what it runs."""
        self.settle(identity, outputs, context)
        if is_taken_over(self.noun, identity, context):
            context.tell(f"deployment {name_of(outputs)} was taken over by another resource; only forgotten here")
            return
        seconds, argument = find_limit(outputs, "delete", context.timeout, DELETE_TIMEOUT)
        delete_and_wait(
            lambda: context.press.delete_deployment(identity),
            lambda: context.press.describe_deployment(identity),
            context,
            what=f"deployment {name_of(outputs)}",
            timeout=seconds,
            argument=argument,
        )

    def _take_over(self, inputs: Values, error: PressError, context: Context, *, is_ours: bool) -> tuple[str, Values]:
        """Find the deployment whose name is taken, or whose creation was not answered, and decide if it is ours."""
        name = name_of(inputs)
        found = find_deployment(context.press, name, inputs["spec"]["id"])
        if found is None:
            raise error
        identity = str(found["id"])
        refuse_shared(self.noun, identity, context)
        if get(found, "metadata.status") in ("deleting", "delete_failed"):
            raise TakenError(
                f"metadata.name: the deployment {name!r} ({identity}) is being deleted; "
                "run the command again once it is gone"
            ) from error
        live = self.read(identity, {**inputs, "revision_number": None}, context)
        if live is None:
            raise error
        outputs = {**inputs, "revision_number": live.inputs["revision_number"]}
        if (error.outcome_unknown or is_ours) and _may_have_become(inputs, live.inputs):
            if error.outcome_unknown:
                note_fresh(identity, outputs["revision_number"], context)
            claim(self.noun, identity, context)
            return identity, outputs
        same = not find_changes(_COMPARABLE, live.inputs, inputs)
        if why := self._refuse(live.inputs, inputs, context, same=same):
            raise taken_error(self.noun, name, identity, why, error) from error
        claim(self.noun, identity, context)
        if same:
            context.tell(f"deployment {name} exists already as {identity} and is identical; taken over", warning=True)
            return identity, outputs
        context.tell(f"deployment {name} exists already as {identity}; taken over", warning=True)
        # Build parameters cannot be read back, so they are sent again.
        olds = put(live.inputs, "parameters.build", None)
        return identity, self.update(identity, olds, inputs, context)

    def _refuse(self, live: Values, inputs: Values, context: Context, *, same: bool) -> str:
        is_elsewhere = get(live, "spec.id") != get(inputs, "spec.id")
        return ELSEWHERE if is_elsewhere else refuse(inputs, context, is_identical=same)

    def _why_not(self, identity: str, inputs: Values, context: Context) -> str:
        """Say why a deployment that has the name would not be taken over; empty where it would, or is ours already."""
        if context.intent("deployment", name_of(inputs)).holds(digest(_body(inputs))):
            return ""
        live = self.read(identity, {**inputs, "revision_number": None}, context)
        if live is None:
            return ""
        same = not find_changes(_COMPARABLE, live.inputs, inputs)
        return self._refuse(live.inputs, inputs, context, same=same)


def _body(inputs: Values) -> Values:
    """Give the body of `create_deployment` that the inputs ask for."""
    return {key: inputs[key] for key in ("metadata", "spec", "revision", "parameters") if key in inputs}


def _may_have_become(inputs: Values, live: Values) -> bool:
    """Tell whether a deployment may be what the service made of these inputs."""
    # A version that was left to the service is the latest of that moment: the same program may publish another since.
    if get(inputs, "spec.release.version") is None:
        live = put(live, "spec.release.version", None)
    return not find_changes(_COMPARABLE, live, inputs)


def _is_outdated(change: Change, olds: Values, news: Values) -> bool:
    """Tell whether a change is only that `check` expected a lower number than the service then gave."""
    known: Any = olds.get("revision_number")
    expected: Any = news.get("revision_number")
    is_number = isinstance(known, int) and isinstance(expected, int)
    return change.field.path == "revision_number" and is_number and bool(expected < known)


_COMPARABLE = tuple(
    field
    for field in DeploymentLifecycle.fields
    if field.effect is not Effect.NONE and field.api and field.path != "revision.notes"
)
"""What the service tells of a deployment, so that two can be compared."""
