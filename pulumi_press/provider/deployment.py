"""`BlockDeployment`: metadata and run parameters change in place, the rest as new revisions."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider.adoption import (
    ELSEWHERE,
    already_exists,
    claim,
    describe_existing,
    find_existing,
    foresee,
    forget_entry,
    has_entry,
    keep_claim,
    log_found,
    may_delete,
    note_entry,
    note_owner,
    refuse,
    refuse_other_stack,
    refuse_shared,
    release_claim,
    take_up,
    warn_of_other_stack,
)
from pulumi_press.provider.base import CheckError, CheckResult, Diff, Resource, find_failures, has_failures
from pulumi_press.provider.context import State
from pulumi_press.provider.create_once import create_once, date_record, digest, digest_told, may_tell, was_there_before
from pulumi_press.provider.errors import AlreadyExistsError, RolloutError
from pulumi_press.provider.fields import Effect, Field, describe_reasons, find_changes, take_patched
from pulumi_press.provider.listings import find_deployment, tells_deployment
from pulumi_press.provider.metadata import (
    add_default_tags,
    add_mark,
    add_tag,
    digest_public,
    find_imitations,
    find_other_owner,
    flatten_metadata,
    is_of_stack,
    mark_notes,
    name_stack,
    patch_metadata,
    read_digest,
    send_patch,
)
from pulumi_press.provider.parameters import check_parameters, find_lasting, patch_run_parameters
from pulumi_press.provider.revision import (
    REVISION,
    create_revision,
    flatten_deployment,
    is_noted,
    number_revision,
    try_roll_back,
)
from pulumi_press.provider.secrets import drop_secrets, name_hidden
from pulumi_press.provider.values import Values, get, name_of, put
from pulumi_press.provider.waiting import (
    DELETE_TIMEOUT,
    ROLLOUT_TIMEOUT,
    await_revision,
    delete_and_wait,
    find_limit,
    note_created,
)
from pulumi_press.schema.plain import Unknown, contains_unknown

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context, Request
    from pulumi_press.provider.create_once import Record
    from pulumi_press.schema.failures import CheckFailure

__all__ = ["DeploymentResource"]

_GOING = ("deleting", "delete_failed")


class DeploymentResource(Resource):
    """A `BlockDeployment`. Its id is the deployment's.

    Create and update never wait for a revision, so that the id is in the state before anything can go wrong:
    `await_ready` waits.
    """

    kind: ClassVar = "deployment"
    shape: ClassVar = "BlockDeploymentArgs"
    fields: ClassVar[tuple[Field, ...]] = (
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

    def check(self, request: Request) -> CheckResult:
        """Validate, also against the release's declaration; complete the tags."""
        from pulumi_press.schema import arguments  # A refresh needs no shapes.

        note_entry(request)
        failures = find_failures(getattr(arguments, self.shape), request, "wait", "on_failure")
        if not has_failures(failures, "spec", "parameters"):
            failures += check_parameters(request.olds, request.inputs, request)
        if failures:
            return CheckResult(request.inputs, failures)
        inputs = add_default_tags(request.inputs, request.settings().default_tags)
        return CheckResult(inputs, find_imitations(inputs))

    def plan(self, request: Request) -> Values:
        """Number the revision; name the parameters that are hidden; look for what has the name of a new deployment."""
        inputs, olds = request.inputs, request.olds
        number = number_revision(self.fields, olds, inputs)
        if number == olds.get("revision_number") and find_lasting(olds, inputs, request):
            number += 1
        outputs: Values = {"revision_number": number}
        if hidden := name_hidden(olds, inputs, request):
            outputs["hidden"] = hidden
        if request.old is None and (failures := self._foresee(State(inputs, outputs), request)):
            raise CheckError(failures)
        return outputs

    def diff(self, request: Request) -> Diff:
        """Find what changed. Names are unique, so a deployment that keeps its name goes before it is replaced."""
        diff = super().diff(request)
        request.cache.names[request.id] = name_of(request.inputs)
        return Diff(diff.changes, delete_before_replace=name_of(request.olds) == name_of(request.inputs))

    def clear_intents(self, request: Request) -> None:
        """Forget the notes about the deployment and its revision."""
        olds = request.olds
        request.intent("deployment", name_of(olds)).forget_made(request.id)
        request.intent("revision", request.id, str(olds.get("revision_number"))).forget()

    def create(self, request: Request) -> tuple[str, State]:
        """Create the deployment; the service goes on with its first revision by itself."""
        new = self.find_planned(request)

        def send() -> tuple[str, Values]:
            id = str(request.client.create_deployment(_expand_marked(new.inputs, request))["id"])
            note_created(id, new.outputs["revision_number"], request)
            return id, new.outputs

        record = {
            "content": digest(_expand(new.inputs)),
            "version": get(new.inputs, "spec.release.version") or "",
            "run": json.dumps(sorted(get(new.inputs, "parameters.run") or {})),
            "told": _digest_told(new.values),
        }
        record = date_record(record, request.client.times)
        id, outputs = create_once(
            request.intent("deployment", name_of(new.inputs)),
            record,
            find_own=lambda noted: self._find_own(noted, new, request),
            send=send,
            look_up=lambda error: self._look_up(new, record, error, request),
            name_id=itemgetter(0),
        )
        note_owner(self.kind, id, request)
        request.cache.names[id] = name_of(new.inputs)
        return id, State(new.inputs, outputs)

    def fetch(self, request: Request) -> State | None:
        """Look at the deployment; its answer holds all that counts."""
        try:
            live = request.client.describe_deployment(request.id)
        except NotFound:
            return None
        if request.old:  # Else it is only looked at.
            warn_of_other_stack(self.kind, live, request)
        return self.flatten(live, request)

    def flatten(self, live: Values, request: Request) -> State:
        """Write the service's answer as the state that has it."""
        return flatten_deployment(live, request.old or State(), request)

    def update(self, request: Request) -> State:
        """Change the metadata in place, then make a new revision, or change the run parameters in place."""
        request = refuse_other_stack(self.kind, request)
        old, new = request.old or State(), self.find_planned(request)
        outputs = self._bring(request.id, old.values, new, request)
        return State(new.inputs, keep_claim(old.outputs, outputs))

    def _bring(self, id: str, olds: Values, new: State, context: Context) -> Values:
        """Change a deployment into what is wanted; return its outputs."""
        news, name = new.values, name_of(new.inputs)
        diff = self.compare(olds, news)
        # The PATCHes come first: they may be sent again, a revision may not.
        patch = add_mark(patch_metadata(olds.get("metadata"), news.get("metadata")), news, context)
        if patch:
            send_patch(lambda: context.client.update_deployment_metadata(id, patch))
            context.log(f"{name}: changed in place: {describe_reasons(diff.paths(Effect.PATCH), olds, news)}")
        number = olds.get("revision_number", new.outputs["revision_number"])
        if diff.paths(Effect.REVISION) or find_lasting(olds, news, context):
            # The revision carries the run parameters too.
            paths = diff.paths(Effect.REVISION, Effect.PARAMETERS)
            number = create_revision(id, olds, news, paths, context)
            note_created(id, number, context)
        elif paths := diff.paths(Effect.PARAMETERS):
            number = patch_run_parameters(id, olds, news, paths, context)
            if number != olds.get("revision_number"):
                note_created(id, number, context)
        return {**new.outputs, "revision_number": number}

    def delete(self, request: Request) -> None:
        """Delete the deployment with what it runs."""
        self.clear_intents(request)
        id, olds = request.id, request.olds
        if not may_delete(self.kind, request, lambda: request.client.describe_deployment(id)):
            return
        seconds, argument = find_limit(olds, "delete", request.timeout, DELETE_TIMEOUT)
        delete_and_wait(
            lambda: request.client.delete_deployment(id),
            lambda: request.client.describe_deployment(id),
            request,
            what=f"deployment {name_of(olds)}",
            id=id,
            timeout=seconds,
            argument=argument,
        )
        release_claim(self.kind, id, request)
        forget_entry(request)

    def await_ready(self, request: Request) -> str:
        """Wait until the deployment runs the revision that was asked for; roll back where that is asked for.

        Returns:
            `deployed`, or `warning`.
        """
        operation = "update" if request.old else "create"
        seconds, argument = find_limit(request.inputs, operation, request.timeout, ROLLOUT_TIMEOUT)
        number = self.find_planned(request).outputs["revision_number"]
        try:
            return await_revision(request.id, number, argument, seconds, request)
        except RolloutError as error:
            if request.inputs.get("on_failure") != "rollback" or not error.failed:
                raise
            rolled_back_to, outcome = try_roll_back(request.id, number, request)
            raise RolloutError(f"{error}\n{outcome}", failed=True, rolled_back_to=rolled_back_to) from None

    def _find_own(self, noted: Record, new: State, context: Context) -> tuple[str, Values] | None:
        """Find the deployment that an interrupted run made and no state has; None where it was edited."""
        name = name_of(new.inputs)
        found = find_deployment(context.client, name, new.inputs["spec"]["id"])
        if found is None:
            return None
        id, names = str(found["id"]), json.loads(noted["run"])
        try:
            live = context.client.describe_deployment(id)
        except NotFound:
            return None
        # A version that was left to the service is the latest of that moment: another may be published since.
        version = noted["version"] or None
        asked = {"parameters": {"run": dict.fromkeys(names)}, "spec": {"release": {"version": version}}}
        theirs = flatten_deployment(live, State(asked, _without_number(new.outputs)), context)
        if version is None:
            theirs = State(put(theirs.inputs, "spec.release.version", None), theirs.outputs)
        is_anothers = find_other_owner(live, context) or was_there_before(live, noted, context.client.times)
        if is_anothers or get(live, "metadata.status") in _GOING or not may_tell(noted, _digest_told(theirs.values)):
            return None
        refuse_shared(self.kind, id, context)
        # This run may be ended amid the change, too.
        patched = take_patched(self.fields, theirs.values, new.values)
        context.intent(self.kind, name).note_change(noted, _digest_told(patched), _digest_told(new.values))
        number = theirs.outputs["revision_number"]
        if noted["content"] == digest(_expand(new.inputs)):
            outputs = {**new.outputs, "revision_number": number}
        elif is_noted(id, number, new.values, context):
            ours = State(new.inputs, {**new.outputs, "revision_number": number})
            outputs = self._bring(id, {**ours.values, "metadata": theirs.inputs["metadata"]}, ours, context)
        else:
            # Neither build parameters nor triggers can be read back; the former are sent again.
            olds = {**put(theirs.values, "parameters.build", None), "triggers": new.inputs.get("triggers")}
            outputs = self._bring(id, olds, new, context)
        outputs = claim(self.kind, id, outputs, context)
        take_up(self.kind, id, context)
        return id, outputs

    def _look_up(self, new: State, record: Record, error: PressError, context: Context) -> tuple[str, Values]:
        """Find the deployment whose name is taken, or whose creation was not answered, and decide if it is ours."""
        name = name_of(new.inputs)
        found = find_deployment(context.client, name, new.inputs["spec"]["id"])
        if get(found, "metadata.status") in _GOING:
            refuse_shared(self.kind, str(get(found, "id")), context)
            raise AlreadyExistsError(
                f"metadata.name: the deployment {name!r} ({get(found, 'id')}) is being deleted; "
                "run the command again once it is gone"
            ) from error
        made = digest_public(new.inputs, REVISION)
        # The mark tells what the listing does not: the parameters.
        is_marked = is_of_stack(found, context) and read_digest(get(found, "latestRevision.notes")) == made
        is_told = is_marked and tells_deployment(found)
        id, live = find_existing(self.kind, new.inputs, found, error, context, is_told=is_told)
        theirs = flatten_deployment(live, State(new.inputs, _without_number(new.outputs)), context)
        outputs = {**new.outputs, "revision_number": theirs.outputs["revision_number"]}
        is_made = read_digest(get(live, "latestRevision.notes")) == made
        is_anothers = find_other_owner(live, context) or was_there_before(live, record, context.client.times)
        # While the object that is replaced has the name, no POST can have made another one.
        is_old = is_anothers or has_entry(new.inputs, context)
        may_be_made = error.outcome_unknown and not is_old and _may_have_become(new.values, theirs.values)
        is_proven = is_of_stack(live, context) and is_made
        if may_be_made or is_proven:
            if not is_proven:
                # This POST made the first revision; a later one is somebody's, and shows in a refresh.
                outputs = new.outputs
            if error.outcome_unknown:
                note_created(id, outputs["revision_number"], context)
            else:
                log_found(self.kind, name, id, live, context, is_identical=True)
            ours = State(new.inputs, outputs)
            olds = {**ours.values, "metadata": theirs.inputs["metadata"]}
            return id, claim(self.kind, id, self._bring(id, olds, ours, context), context)
        # Of a block with this stack's mark, the latest revision has it too, or is somebody else's.
        is_foreign = is_of_stack(live, context) and not is_made
        same = not is_foreign and not find_changes(_COMPARABLE, theirs.values, new.values)
        if why := self._refuse(live, new.inputs, context, same=same):
            raise already_exists(self.kind, name, id, why, error) from error
        if name_stack(context) and not is_of_stack(live, context):
            tags = {"tags": add_tag(get(new.inputs, "metadata.tags"), context)}
            send_patch(lambda: context.client.update_deployment_metadata(id, tags))
        log_found(self.kind, name, id, live, context, is_identical=same)
        if not same:
            # Build parameters cannot be read back, so they are sent again.
            outputs = self._bring(id, put(theirs.values, "parameters.build", None), new, context)
        return id, claim(self.kind, id, outputs, context)

    def _refuse(self, live: Values, inputs: Values, context: Context, *, same: bool) -> str:
        """Return why a deployment that has the name is not adopted; empty where it is."""
        if get(live, "spec.id") != get(inputs, "spec.id"):
            return ELSEWHERE
        return "" if is_of_stack(live, context) else refuse(live, inputs, context, is_identical=same)

    def _foresee(self, new: State, context: Context) -> list[CheckFailure]:
        """Look, where something may be adopted or a preview asks the service, for what has a new name."""
        name, spec_id, inputs = name_of(new.inputs), get(new.inputs, "spec.id"), new.inputs
        intent = context.intent("deployment", name)
        found = foresee(self.kind, inputs, intent, lambda: find_deployment(context.client, name, spec_id), context)
        if found is None:
            return []
        id, live = found
        if isinstance(spec_id, Unknown) and get(live, "spec.id") in context.cache.foreseen:
            inputs = put(inputs, "spec.id", get(live, "spec.id"))
        theirs = flatten_deployment(live, State(inputs, _without_number(new.outputs)), context)
        same = not find_changes(_COMPARABLE, theirs.values, State(inputs, new.outputs).values)
        if why := self._refuse(live, inputs, context, same=same):
            is_certain = why == ELSEWHERE or not contains_unknown(inputs)
            return [describe_existing(self.kind, name, id, why)] if is_certain else []
        if not is_of_stack(live, context):
            context.log(f"will take over {self.kind} {name} ({id})", warning=True)
        return []


def _without_number(outputs: Values) -> Values:
    """Return planned outputs without the number, which is that of the program's revision and not of a live one."""
    return {key: value for key, value in outputs.items() if key != "revision_number"}


def _expand(inputs: Values) -> Values:
    """Return the body of `create_deployment` that the inputs ask for."""
    return {key: inputs[key] for key in ("metadata", "spec", "revision", "parameters") if key in inputs}


def _expand_marked(inputs: Values, context: Context) -> Values:
    """Return that body as it is sent."""
    body = put(_expand(inputs), "metadata.tags", add_tag(get(inputs, "metadata.tags"), context))
    notes = mark_notes(get(inputs, "revision.notes"), digest_public(inputs, REVISION), context)
    return put(body, "revision.notes", notes)


def _digest_told(inputs: Values) -> str:
    """Return a digest of what the service returns of a deployment, the same from inputs and from its answer."""
    told = {**drop_secrets(inputs), "metadata": flatten_metadata(inputs.get("metadata"), None)}
    return digest_told(_COMPARABLE, told)


def _may_have_become(inputs: Values, live: Values) -> bool:
    """Return whether a deployment may be what the service made of these inputs."""
    # A version that was left to the service is the latest of that moment: the same program may publish another since.
    if get(inputs, "spec.release.version") is None:
        live = put(live, "spec.release.version", None)
    return not find_changes(_COMPARABLE, live, inputs)


_COMPARABLE = tuple(
    field
    for field in DeploymentResource.fields
    if field.effect is not Effect.NONE and field.api and field.path != "revision.notes"
)
"""What the service returns of a deployment, so that two can be compared."""
