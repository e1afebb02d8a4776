"""The life of a `BlockDeployment`: metadata and run parameters change in place, the rest as new revisions."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider import releases, run_parameters
from pulumi_press.provider.adoption import (
    ELSEWHERE,
    already_exists,
    describe_existing,
    foresee,
    log_found,
    refuse,
    refuse_unlisted,
)
from pulumi_press.provider.age import date_record, was_there_before
from pulumi_press.provider.base import CheckResult, Diff, ReadResult, Resource, find_failures, has_failures, name_of
from pulumi_press.provider.create_once import create_once, digest_told
from pulumi_press.provider.deletion import delete_and_wait
from pulumi_press.provider.durations import DELETE_TIMEOUT, find_limit
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.fields import Change, Effect, Field, find_changes
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
from pulumi_press.provider.metadata import add_default_tags, add_mark, flatten_metadata, patch_metadata, send_patch
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
from pulumi_press.provider.projection import flatten_deployment
from pulumi_press.provider.revisions import REVISION, create_revision, number_revision
from pulumi_press.provider.rollouts import note_created
from pulumi_press.provider.secrets import drop_secrets, name_hidden
from pulumi_press.provider.values import Values, get, put
from pulumi_press.schema.plain import Unknown, contains_unknown

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
        Field("metadata", Effect.PATCH, empty_is_absent=True, unordered=True, api="metadata"),
        Field("parameters.run", Effect.PARAMETERS, default={}, api="parameters.run"),
        Field("parameters.build", Effect.REVISION, default={}),
        Field("spec.release.version", Effect.REVISION, api="spec.release.currentVersion"),
        Field("revision.notes", Effect.REVISION, empty_is_absent=True, api="latestRevision.notes"),
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

    def diff(self, id: str, olds: Values, news: Values, context: Context) -> Diff:
        """Find what changed. Names are unique, so a deployment that keeps its name goes before it is replaced."""
        changes = super().diff(id, olds, news, context).changes
        kept = tuple(change for change in changes if not _is_outdated(change, olds, news))
        return Diff(kept, delete_before_replace=name_of(olds) == name_of(news))

    def clear_intents(self, id: str, outputs: Values, context: Context) -> None:
        """Forget the notes about the deployment and its revision."""
        context.intent("deployment", name_of(outputs)).forget_made(id)
        context.intent("revision", id, str(outputs.get("revision_number"))).forget()

    def create(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Create the deployment; the service goes on with its first revision by itself."""

        def send() -> tuple[str, Values]:
            id = str(context.client.create_deployment(_marked_body(inputs, context))["id"])
            note_created(id, inputs["revision_number"], context)
            return id, inputs

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

    def read(self, id: str, outputs: Values, context: Context) -> ReadResult | None:
        """Look at the deployment; its answer holds all that counts."""
        try:
            live = context.client.describe_deployment(id)
        except NotFound:
            return None
        if outputs:  # Else it is only looked at.
            warn_of_other_stack(self.kind, live, context)
        inputs = flatten_deployment(live, outputs, context)
        return read_as(inputs)

    def update(self, id: str, olds: Values, news: Values, context: Context) -> Values:
        """Change the metadata in place, then make a new revision, or change the run parameters in place."""
        if name_stack(context):
            refuse_other_stack(self.kind, context.client.describe_deployment(id), context)
        return keep_claim(olds, self._bring(id, olds, news, context))

    def _bring(self, id: str, olds: Values, news: Values, context: Context) -> Values:
        diff = self.compare(olds, news)
        # The PATCHes come first: they may be sent again, a revision may not.
        patch = add_mark(patch_metadata(olds.get("metadata"), news.get("metadata")), news, context)
        if patch:
            send_patch(lambda: context.client.update_deployment_metadata(id, patch))
            reasons = releases.describe_reasons(diff.paths(Effect.PATCH), olds, news)
            context.log(f"{name_of(news)}: changed in place: {reasons}")
        if diff.paths(Effect.REVISION) or run_parameters.find_lasting(olds, news, context):
            # The revision carries the run parameters too.
            paths = diff.paths(Effect.REVISION, Effect.PARAMETERS)
            number = create_revision(id, olds, news, paths, context)
            note_created(id, number, context)
            return {**news, "revision_number": number}
        if paths := diff.paths(Effect.PARAMETERS):
            number = run_parameters.patch(id, olds, news, paths, context)
            if number != olds.get("revision_number"):
                note_created(id, number, context)
            return {**news, "revision_number": number}
        return {**news, "revision_number": olds.get("revision_number", news["revision_number"])}

    def delete(self, id: str, outputs: Values, context: Context) -> None:
        """Delete the deployment with what it runs."""
        self.clear_intents(id, outputs, context)
        if is_taken_over(self.kind, id, outputs, context):
            context.log(f"deployment {name_of(outputs)} was taken over by another resource; only forgotten here")
            return
        if name_stack(context) and self._is_another_stacks(id, context):
            context.log(f"deployment {name_of(outputs)} was not deleted; only forgotten here")
            return
        seconds, argument = find_limit(outputs, "delete", context.timeout, DELETE_TIMEOUT)
        delete_and_wait(
            lambda: context.client.delete_deployment(id),
            lambda: context.client.describe_deployment(id),
            context,
            what=f"deployment {name_of(outputs)}",
            id=id,
            timeout=seconds,
            argument=argument,
        )
        release_claim(self.kind, id, context)

    def _is_another_stacks(self, id: str, context: Context) -> bool:
        try:
            return warn_of_other_stack(self.kind, context.client.describe_deployment(id), context)
        except NotFound:
            return False

    def _find_own(self, noted: Record, inputs: Values, context: Context) -> tuple[str, Values] | None:
        """Find the deployment that a run made which was ended before the state had it; None where it was edited."""
        found = find_deployment(context.client, name_of(inputs), inputs["spec"]["id"])
        if found is None:
            return None
        id, names = str(found["id"]), json.loads(noted["run"])
        try:
            live = context.client.describe_deployment(id)
        except NotFound:
            return None
        # A version that was left to the service is the latest of that moment: another may be published since.
        version = noted["version"] or None
        hidden = inputs.get("hidden", ())
        asked = {"parameters": {"run": dict.fromkeys(names)}, "spec": {"release": {"version": version}}}
        theirs = flatten_deployment(live, {**asked, "hidden": hidden, "revision_number": None}, context)
        if version is None:
            theirs = put(theirs, "spec.release.version", None)
        is_anothers = find_other_owner(live, context) or was_there_before(live, noted, context)
        if is_anothers or get(live, "metadata.status") in _GOING or _digest_told(theirs) != noted["told"]:
            return None
        refuse_shared(self.kind, id, context)
        context.log(f"deployment {name_of(inputs)} was found from an interrupted run as {id}; reusing it")
        number = theirs["revision_number"]
        if noted["content"] == digest(_body(inputs)):
            return id, claim(self.kind, id, {**inputs, "revision_number": number}, context)
        # Neither build parameters nor triggers can be read back; the former are sent again.
        olds = {**put(theirs, "parameters.build", None), "triggers": inputs.get("triggers")}
        return id, claim(self.kind, id, self._bring(id, olds, inputs, context), context)

    def _look_up(self, inputs: Values, record: Record, error: PressError, context: Context) -> tuple[str, Values]:
        """Find the deployment whose name is taken, or whose creation was not answered, and decide if it is ours."""
        name = name_of(inputs)
        found = find_deployment(context.client, name, inputs["spec"]["id"])
        if found is None:
            refuse_unlisted(self.kind, name, error)
        id = str(found["id"])
        refuse_shared(self.kind, id, context)
        if get(found, "metadata.status") in _GOING:
            raise AlreadyExistsError(
                f"metadata.name: the deployment {name!r} ({id}) is being deleted; run the command again once it is gone"
            ) from error
        try:
            live = context.client.describe_deployment(id)
        except NotFound:
            refuse_unlisted(self.kind, name, error)
        theirs = flatten_deployment(live, {**inputs, "revision_number": None}, context)
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
                note_created(id, outputs["revision_number"], context)
            else:
                log_found(self.kind, name, id, live, context, is_identical=True)
            olds = {**outputs, "metadata": theirs["metadata"]}
            return id, claim(self.kind, id, self._bring(id, olds, outputs, context), context)
        same = not find_changes(_COMPARABLE, theirs, inputs)
        if why := self._refuse(live, inputs, context, same=same):
            raise already_exists(self.kind, name, id, why, error) from error
        if name_stack(context) and not is_of_stack(live, context):
            tags = {"tags": add_tag(get(inputs, "metadata.tags"), context)}
            send_patch(lambda: context.client.update_deployment_metadata(id, tags))
        log_found(self.kind, name, id, live, context, is_identical=same)
        if not same:
            # Build parameters cannot be read back, so they are sent again.
            outputs = self._bring(id, put(theirs, "parameters.build", None), inputs, context)
        return id, claim(self.kind, id, outputs, context)

    def _refuse(self, live: Values, inputs: Values, context: Context, *, same: bool) -> str:
        """Say why a deployment that has the name is not taken over; empty where it is."""
        if get(live, "spec.id") != get(inputs, "spec.id"):
            return ELSEWHERE
        return "" if is_of_stack(live, context) else refuse(live, inputs, context, is_identical=same)

    def _foresee(self, inputs: Values, context: Context) -> list[CheckFailure]:
        """Look, where something may be taken over or a preview asks the service, for what has a new name."""
        name, spec_id = name_of(inputs), get(inputs, "spec.id")
        found = foresee(self.kind, inputs, lambda: find_deployment(context.client, name, spec_id), context)
        if found is None or context.intent("deployment", name).recall() is not None:
            return []
        id = str(found["id"])
        try:
            live = context.client.describe_deployment(id)
        except NotFound:
            return []
        if isinstance(spec_id, Unknown) and get(live, "spec.id") in context.cache.foreseen:
            inputs = put(inputs, "spec.id", get(live, "spec.id"))
        theirs = flatten_deployment(live, {**inputs, "revision_number": None}, context)
        same = not find_changes(_COMPARABLE, theirs, inputs)
        if why := self._refuse(live, inputs, context, same=same):
            is_certain = why == ELSEWHERE or not contains_unknown(inputs)
            return [describe_existing(self.kind, name, id, why)] if is_certain else []
        if not is_of_stack(live, context):
            context.log(f"will take over {self.kind} {name} ({id})", warning=True)
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
    told = {**drop_secrets(inputs), "metadata": flatten_metadata(inputs.get("metadata"), None)}
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
