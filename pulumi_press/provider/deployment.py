"""The life of a `BlockDeployment`: metadata and run parameters change in place, the rest as new revisions."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider import releases, run_parameters
from pulumi_press.provider.adoption import (
    ELSEWHERE,
    foresee,
    refuse,
    refuse_unlisted,
    taken_error,
    taken_failure,
    tell_found,
)
from pulumi_press.provider.age import date_record, was_there_before
from pulumi_press.provider.base import CheckResult, Diff, ReadResult, Resource, find_failures, has_failures, name_of
from pulumi_press.provider.create_once import create_once, digest_told
from pulumi_press.provider.deletion import delete_and_wait
from pulumi_press.provider.durations import DELETE_TIMEOUT, find_limit
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.fields import Change, Effect, Field, find_changes
from pulumi_press.provider.hidden import drop_secrets, name_hidden
from pulumi_press.provider.intents import digest
from pulumi_press.provider.lookup import find_deployment
from pulumi_press.provider.marks import (
    add_tag,
    digest_public,
    find_imitations,
    find_other_owner,
    is_of_stack,
    mark_notes,
    name_stack,
    read_digest,
)
from pulumi_press.provider.metadata import add_default_tags, add_mark, patch_metadata, project_metadata, send_patch
from pulumi_press.provider.ownership import (
    claim,
    is_taken_over,
    keep_claim,
    read_as,
    refuse_other_stack,
    refuse_shared,
    release_claim,
    warn_of_other_stack,
)
from pulumi_press.provider.projection import project_deployment
from pulumi_press.provider.revisions import REVISION, create_revision, number_revision
from pulumi_press.provider.rollouts import note_fresh
from pulumi_press.provider.values import Values, get, put
from pulumi_press.schema.unknown import Unknown, contains_unknown

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context
    from pulumi_press.provider.intents import Record
    from pulumi_press.schema.failures import CheckFailure

__all__ = ["DeploymentResource"]

_GOING = ("deleting", "delete_failed")

COMPUTED = ("revision_number", "drift", "hidden")
"""What `check` and `read` add to the arguments."""


class DeploymentResource(Resource):
    """What happens to a `BlockDeployment`. Its id is the deployment's.

    It never waits for a revision to come up: that is the rollout's part, a resource of its own, so that the id is in
    the state before anything can go wrong.
    """

    kind: ClassVar = "deployment"
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

    def check(self, olds: Values, news: Values, context: Context) -> CheckResult:
        """Validate, also against the release's declaration; number the revision."""
        from pulumi_press.schema.arguments import BlockDeploymentArgs  # A refresh needs no shapes.

        given = {key: value for key, value in news.items() if key not in COMPUTED}
        failures = find_failures(BlockDeploymentArgs, given, context, "wait", "on_failure")
        if not has_failures(failures, "spec", "parameters"):
            failures += run_parameters.check(olds, given, context)
        if failures:
            return CheckResult(given, failures)
        given = add_default_tags(given, context.settings().default_tags)
        number = number_revision(self.fields, olds, given)
        if number == olds.get("revision_number") and run_parameters.find_lasting(olds, given, context):
            number += 1
        inputs = {**given, "revision_number": number}
        hidden = name_hidden(olds, given, context)
        if hidden:
            inputs["hidden"] = hidden
        failures = find_imitations(inputs)
        return CheckResult(inputs, failures if olds or failures else self._foresee(inputs, context))

    def diff(self, identity: str, olds: Values, news: Values, context: Context) -> Diff:
        """Find what changed. Names are unique, so a deployment that keeps its name goes before it is replaced."""
        changes = super().diff(identity, olds, news, context).changes
        kept = tuple(change for change in changes if not _is_outdated(change, olds, news))
        return Diff(kept, delete_first=name_of(olds) == name_of(news))

    def settle(self, identity: str, outputs: Values, context: Context) -> None:
        """Forget the notes about the deployment and its revision."""
        context.intent("deployment", name_of(outputs)).forget_made(identity)
        context.intent("revision", identity, str(outputs.get("revision_number"))).forget()

    def create(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Create the deployment; the service goes on with its first revision by itself."""

        def send() -> tuple[str, Values]:
            identity = str(context.press.create_deployment(_marked_body(inputs, context))["id"])
            note_fresh(identity, inputs["revision_number"], context)
            return identity, inputs

        record = {
            "content": digest(_body(inputs)),
            "version": get(inputs, "spec.release.version") or "",
            "run": json.dumps(sorted(get(inputs, "parameters.run") or {})),
            "told": _digest_told(inputs),
        }
        record = date_record(record, context)
        return create_once(
            context.intent("deployment", name_of(inputs)),
            record,
            find_own=lambda noted: self._find_own(noted, inputs, context),
            send=send,
            look_up=lambda error: self._look_up(inputs, record, error, context),
            name_id=itemgetter(0),
        )

    def read(self, identity: str, outputs: Values, context: Context) -> ReadResult | None:
        """Look at the deployment; its answer holds all that counts."""
        try:
            live = context.press.describe_deployment(identity)
        except NotFound:
            return None
        if outputs:  # Else it is only looked at.
            warn_of_other_stack(self.kind, live, context)
        inputs = project_deployment(live, outputs, context)
        return read_as(inputs)

    def update(self, identity: str, olds: Values, news: Values, context: Context) -> Values:
        """Change the metadata in place, then make a new revision, or change the run parameters in place."""
        if name_stack(context):
            refuse_other_stack(self.kind, context.press.describe_deployment(identity), context)
        return keep_claim(olds, self._bring(identity, olds, news, context))

    def _bring(self, identity: str, olds: Values, news: Values, context: Context) -> Values:
        diff = self.compare(olds, news)
        # The PATCHes come first: they may be sent again, a revision may not.
        patch = add_mark(patch_metadata(olds.get("metadata"), news.get("metadata")), news, context)
        if patch:
            send_patch(lambda: context.press.update_deployment_metadata(identity, patch))
            reasons = releases.describe_reasons(diff.leaves(Effect.PATCH), olds, news)
            context.log(f"{name_of(news)}: changed in place: {reasons}")
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
        if is_taken_over(self.kind, identity, outputs, context):
            context.log(f"deployment {name_of(outputs)} was taken over by another resource; only forgotten here")
            return
        if name_stack(context) and self._is_another_stacks(identity, context):
            context.log(f"deployment {name_of(outputs)} was not deleted; only forgotten here")
            return
        seconds, argument = find_limit(outputs, "delete", context.timeout, DELETE_TIMEOUT)
        delete_and_wait(
            lambda: context.press.delete_deployment(identity),
            lambda: context.press.describe_deployment(identity),
            context,
            what=f"deployment {name_of(outputs)}",
            identity=identity,
            timeout=seconds,
            argument=argument,
        )
        release_claim(self.kind, identity, context)

    def _is_another_stacks(self, identity: str, context: Context) -> bool:
        try:
            return warn_of_other_stack(self.kind, context.press.describe_deployment(identity), context)
        except NotFound:
            return False

    def _find_own(self, noted: Record, inputs: Values, context: Context) -> tuple[str, Values] | None:
        """Find the deployment that a run made which was ended before the state had it; None where it was edited."""
        found = find_deployment(context.press, name_of(inputs), inputs["spec"]["id"])
        if found is None:
            return None
        identity, names = str(found["id"]), json.loads(noted["run"])
        try:
            live = context.press.describe_deployment(identity)
        except NotFound:
            return None
        # A version that was left to the service is the latest of that moment: another may be published since.
        version = noted["version"] or None
        hidden = inputs.get("hidden", ())
        asked = {"parameters": {"run": dict.fromkeys(names)}, "spec": {"release": {"version": version}}}
        theirs = project_deployment(live, {**asked, "hidden": hidden, "revision_number": None}, context)
        if version is None:
            theirs = put(theirs, "spec.release.version", None)
        is_anothers = find_other_owner(live, context) or was_there_before(live, noted, context)
        if is_anothers or get(live, "metadata.status") in _GOING or _digest_told(theirs) != noted["told"]:
            return None
        refuse_shared(self.kind, identity, context)
        context.log(f"deployment {name_of(inputs)} was found from an interrupted run as {identity}; reusing it")
        number = theirs["revision_number"]
        if noted["content"] == digest(_body(inputs)):
            return identity, claim(self.kind, identity, {**inputs, "revision_number": number}, context)
        # Neither build parameters nor triggers can be read back; the former are sent again.
        olds = {**put(theirs, "parameters.build", None), "triggers": inputs.get("triggers")}
        return identity, claim(self.kind, identity, self._bring(identity, olds, inputs, context), context)

    def _look_up(self, inputs: Values, record: Record, error: PressError, context: Context) -> tuple[str, Values]:
        """Find the deployment whose name is taken, or whose creation was not answered, and decide if it is ours."""
        name = name_of(inputs)
        found = find_deployment(context.press, name, inputs["spec"]["id"])
        if found is None:
            refuse_unlisted(self.kind, name, error)
        identity = str(found["id"])
        refuse_shared(self.kind, identity, context)
        if get(found, "metadata.status") in _GOING:
            raise AlreadyExistsError(
                f"metadata.name: the deployment {name!r} ({identity}) is being deleted; "
                "run the command again once it is gone"
            ) from error
        try:
            live = context.press.describe_deployment(identity)
        except NotFound:
            refuse_unlisted(self.kind, name, error)
        theirs = project_deployment(live, {**inputs, "revision_number": None}, context)
        outputs = {**inputs, "revision_number": theirs["revision_number"]}
        is_made = read_digest(get(live, "latestRevision.notes")) == digest_public(inputs, REVISION)
        is_anothers = find_other_owner(live, context) or was_there_before(live, record, context)
        may_be_made = error.outcome_unknown and not is_anothers and _may_have_become(inputs, theirs)
        is_proven = is_of_stack(live, context) and is_made
        if may_be_made or is_proven:
            if not is_proven:
                # This POST made the first revision; a later one is somebody's, and shows in a refresh.
                outputs = put(outputs, "revision_number", inputs["revision_number"])
            if error.outcome_unknown:
                note_fresh(identity, outputs["revision_number"], context)
            else:
                tell_found(self.kind, name, identity, live, context, is_identical=True)
            olds = {**outputs, "metadata": theirs["metadata"]}
            return identity, claim(self.kind, identity, self._bring(identity, olds, outputs, context), context)
        same = not find_changes(_COMPARABLE, theirs, inputs)
        if why := self._refuse(live, inputs, context, same=same):
            raise taken_error(self.kind, name, identity, why, error) from error
        if name_stack(context) and not is_of_stack(live, context):
            tags = {"tags": add_tag(get(inputs, "metadata.tags"), context)}
            send_patch(lambda: context.press.update_deployment_metadata(identity, tags))
        tell_found(self.kind, name, identity, live, context, is_identical=same)
        if not same:
            # Build parameters cannot be read back, so they are sent again.
            outputs = self._bring(identity, put(theirs, "parameters.build", None), inputs, context)
        return identity, claim(self.kind, identity, outputs, context)

    def _refuse(self, live: Values, inputs: Values, context: Context, *, same: bool) -> str:
        """Say why a deployment that has the name is not taken over; empty where it is."""
        if get(live, "spec.id") != get(inputs, "spec.id"):
            return ELSEWHERE
        return "" if is_of_stack(live, context) else refuse(live, inputs, context, is_identical=same)

    def _foresee(self, inputs: Values, context: Context) -> list[CheckFailure]:
        """Look, where something may be taken over or a preview asks the service, for what has a new name."""
        name, spec_id = name_of(inputs), get(inputs, "spec.id")
        found = foresee(self.kind, inputs, lambda: find_deployment(context.press, name, spec_id), context)
        if found is None or context.intent("deployment", name).recall() is not None:
            return []
        identity = str(found["id"])
        try:
            live = context.press.describe_deployment(identity)
        except NotFound:
            return []
        if isinstance(spec_id, Unknown) and get(live, "spec.id") in context.memory.foreseen:
            inputs = put(inputs, "spec.id", get(live, "spec.id"))
        theirs = project_deployment(live, {**inputs, "revision_number": None}, context)
        same = not find_changes(_COMPARABLE, theirs, inputs)
        if why := self._refuse(live, inputs, context, same=same):
            is_certain = why == ELSEWHERE or not contains_unknown(inputs)
            return [taken_failure(self.kind, name, identity, why)] if is_certain else []
        if not is_of_stack(live, context):
            context.log(f"will take over {self.kind} {name} ({identity})", warning=True)
        return []


def _body(inputs: Values) -> Values:
    """Give the body of `create_deployment` that the inputs ask for."""
    return {key: inputs[key] for key in ("metadata", "spec", "revision", "parameters") if key in inputs}


def _marked_body(inputs: Values, context: Context) -> Values:
    """Give that body as it is sent."""
    body = put(_body(inputs), "metadata.tags", add_tag(get(inputs, "metadata.tags"), context))
    notes = mark_notes(get(inputs, "revision.notes"), digest_public(inputs, REVISION), context)
    return put(body, "revision.notes", notes)


def _digest_told(inputs: Values) -> str:
    """Give a digest of what the service tells of a deployment, the same from inputs and from its answer."""
    told = {**drop_secrets(inputs), "metadata": project_metadata(inputs.get("metadata"), None)}
    return digest_told(_COMPARABLE, {**told, "revision_number": None})


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
    for field in DeploymentResource.fields
    if field.effect is not Effect.NONE and field.api and field.path != "revision.notes"
)
"""What the service tells of a deployment, so that two can be compared."""
