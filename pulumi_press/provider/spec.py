"""The life of a `BlockSpec`: metadata changes in place, content changes as new releases."""

from __future__ import annotations

from contextlib import suppress
from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider import releases
from pulumi_press.provider.adoption import (
    already_exists,
    describe_existing,
    foresee,
    log_found,
    refuse,
    refuse_unlisted,
)
from pulumi_press.provider.age import date_record, was_there_before
from pulumi_press.provider.artifacts import check_files, plan_artifact
from pulumi_press.provider.base import CheckError, CheckResult, Diff, Resource
from pulumi_press.provider.context import State
from pulumi_press.provider.create_once import create_once, digest_told
from pulumi_press.provider.declarations import flatten_declared
from pulumi_press.provider.deletion import send_delete
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.fields import Effect, Field, describe_reasons, find_changes
from pulumi_press.provider.lookup import find_spec
from pulumi_press.provider.marks import add_tag, find_imitations, find_other_owner, is_of_stack, name_stack
from pulumi_press.provider.metadata import (
    CLEARED,
    add_default_tags,
    add_mark,
    flatten_metadata,
    patch_metadata,
    send_patch,
)
from pulumi_press.provider.ownership import (
    claim,
    is_taken_over,
    keep_claim,
    note_entry,
    note_owner,
    refuse_other_stack,
    refuse_shared,
    release_claim,
    warn_of_other_stack,
)
from pulumi_press.provider.publications import note_spec
from pulumi_press.provider.secrets import drop_secrets
from pulumi_press.provider.validation import check_content, publish_spec, validate_on_server
from pulumi_press.provider.values import Values, align, get, is_equal, merge, name_of, put
from pulumi_press.provider.versioning import choose_version, refuse_version
from pulumi_press.schema import versions
from pulumi_press.schema.plain import contains_unknown

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context, Request
    from pulumi_press.provider.intents import Record
    from pulumi_press.schema.failures import CheckFailure

__all__ = ["SpecResource"]


class SpecResource(Resource):
    """What happens to a `BlockSpec`. Its id is the spec's."""

    kind: ClassVar = "spec"
    fields: ClassVar = (
        Field("kind", Effect.REPLACE, api="kind"),
        Field("metadata", Effect.PATCH, empty_is_absent=True, unordered=True, api="metadata"),
        Field("featured", Effect.PATCH, default=False, api="featured"),
        Field("scope", Effect.PATCH, default="private", api="scope"),
        Field("tenants", Effect.PATCH, default=[], unordered=True, api="tenants"),
        *releases.content_fields(Effect.RELEASE),
        Field("release.version", Effect.RELEASE, chosen=True, api="latestRelease.version"),
        Field("version", Effect.NONE, default=1),
        Field("adopt", Effect.NONE),
        Field("artifact.path", Effect.NONE),
        Field("artifact.ignore_files", Effect.NONE),
        Field("artifact.default_ignores", Effect.NONE, default=True),
        Field("artifact.files", Effect.NONE, computed=True),
    )

    def check(self, request: Request) -> CheckResult:
        """Validate, and complete the tags."""
        from pulumi_press.schema.arguments import BlockSpecArgs  # A refresh needs no shapes.

        note_entry(request)
        checked = check_content(BlockSpecArgs, request)
        if checked.failures:
            return CheckResult(checked.inputs, [*checked.failures, *refuse_version(checked, request)])
        inputs = add_default_tags(checked.inputs, request.settings().default_tags)
        return CheckResult(inputs, find_imitations(inputs))

    def plan(self, request: Request) -> Values:
        """Describe the artifact; choose the version; look for what has the name of a new spec."""
        outputs, olds = plan_artifact(request), request.olds
        news = merge(request.inputs, outputs)
        version, failures = choose_version(olds, news, request)
        outputs = put(outputs, "release.version", version)
        news = merge(request.inputs, outputs)
        failures = failures or self._check_files(olds, news, request)
        if not olds and not failures:
            version, failures = self._foresee(news, request)
            outputs = put(outputs, "release.version", version)
            news = merge(request.inputs, outputs)
        if failures := failures or validate_on_server(olds, news, request):
            raise CheckError(failures)
        releases.remember_checked(news, request, request.urn)
        note_spec(olds, news, request)
        return outputs

    def _check_files(self, olds: Values, news: Values, context: Context) -> list[CheckFailure]:
        """Find out whether the files are there, if a release is due. A spec of another kind is checked once more."""
        if not olds:
            return check_files(news.get("artifact"), "the spec is made anew", context)
        fields = [field for field in self.fields if field.effect is Effect.RELEASE]
        paths = [path for change in find_changes(fields, olds, news) for path in change.paths]
        if not paths or olds.get("kind") != news.get("kind"):
            return []
        content = [path for path in paths if path != "release.version"]
        reasons = describe_reasons(content or paths, olds, news)
        return check_files(news.get("artifact"), f"{reasons} changed", context)

    def diff(self, request: Request) -> Diff:
        """Find what changed, and remember what the release declares for the deployments that follow."""
        diff = super().diff(request)
        olds, news = request.olds, self.find_planned(request).values
        version = get(news, "release.version")
        if isinstance(version, str):
            # Also one that is yet to be published: a preview checks the deployments that will run it.
            releases.remember_parameters(request.id, version, news.get("parameters"), request)
        # Names are unique within a kind, so a spec that keeps both goes before it is replaced.
        same_key = olds.get("kind") == news.get("kind") and name_of(olds) == name_of(news)
        return Diff(diff.changes, delete_before_replace=same_key)

    def compare(self, olds: Values, news: Values) -> Diff:
        """Find the fields that differ. A lower version alone is none: a spec taken over may have had a later one."""
        changes = super().compare(olds, news).changes
        kept = tuple(change for change in changes if change.field.effect is not Effect.RELEASE)
        return Diff(kept if _is_later(olds, news) and len(changes) - len(kept) == 1 else changes)

    def clear_intents(self, request: Request) -> None:
        """Forget the notes about the spec and its release."""
        olds = request.olds
        request.intent("spec", str(olds.get("kind")), name_of(olds)).forget_made(request.id)
        request.intent("release", request.id, str(get(olds, "release.version"))).forget()

    def create(self, request: Request) -> tuple[str, State]:
        """Publish the spec with its first release."""
        new = self.find_planned(request)
        record = date_record(_note(new.values), request)
        id, outputs = create_once(
            request.intent("spec", new.inputs["kind"], name_of(new.inputs)),
            record,
            find_own=lambda noted: self._find_own(noted, new, request),
            send=lambda: (str(publish_spec(new.values, request)["id"]), new.outputs),
            look_up=lambda error: self._look_up(new, record, error, request),
            name_id=itemgetter(0),
        )
        releases.remember_parameters(id, outputs["release"]["version"], new.inputs.get("parameters"), request)
        note_owner(self.kind, id, request)
        return id, State(new.inputs, outputs)

    def fetch(self, request: Request) -> State | None:
        """Look at the spec, and at its release where nothing is known of it yet: known content never changes."""
        try:
            live = request.client.describe_spec(request.id)
        except NotFound:
            return None
        old = request.old or State()
        if request.old:  # Else it is only looked at.
            warn_of_other_stack(self.kind, live, request)
        inputs, outputs = {**old.inputs, **self._flatten(live, old.inputs)}, old.outputs
        if "config" not in old.inputs:
            version = str(get(old.values, "release.version") or get(live, "latestRelease.version"))
            release = releases.find_in_spec(request.id, live, version, request)
            inputs = put({**inputs, **releases.flatten_release(release)}, "release.version", version)
            outputs = put(outputs, "release.version", version)
        state = State(inputs, outputs)
        releases.remember_checked(state.values, request, request.id, request.urn)
        return state

    def update(self, request: Request) -> State:
        """Change the metadata in place, then publish a new release if the content changed."""
        if name_stack(request):
            refuse_other_stack(self.kind, request.client.describe_spec(request.id), request)
        old, new = request.old or State(), self.find_planned(request)
        outputs = self._bring(request.id, old.values, new, request)
        return State(new.inputs, keep_claim(old.outputs, outputs))

    def _bring(self, id: str, olds: Values, new: State, context: Context) -> Values:
        """Turn a spec into what is wanted; return its outputs."""
        # The PATCH comes first: it may be sent again, a release may not.
        news = new.values
        diff = self.compare(olds, news)
        patch = self._patch(diff, olds, news, context)
        if patch:
            send_patch(lambda: context.client.update_spec_metadata(id, patch))
            reasons = describe_reasons(diff.paths(Effect.PATCH), olds, news)
            context.log(f"{name_of(news)}: changed in place: {reasons}")
        paths = diff.paths(Effect.RELEASE)
        old_version, version = get(olds, "release.version"), get(news, "release.version")
        if not paths:
            # A spec that was adopted may be at a later version than the program's.
            return put(new.outputs, "release.version", old_version or version)
        content = [path for path in paths if path != "release.version"]
        reasons = describe_reasons(content or paths, olds, news)
        releases.publish_release(id, news, context)
        context.log(f"{name_of(news)}: new release {old_version} -> {version} because {reasons} changed")
        return new.outputs

    def delete(self, request: Request) -> None:
        """Delete the spec with all its releases."""
        self.clear_intents(request)
        id, name = request.id, name_of(request.olds)
        if is_taken_over(self.kind, id, request.olds, request):
            request.log(f"spec {name} was taken over by another resource; only forgotten here")
            return
        with suppress(NotFound):
            if name_stack(request) and warn_of_other_stack(self.kind, request.client.describe_spec(id), request):
                request.log(f"spec {name} was not deleted; only forgotten here")
                return
        send_delete(lambda: request.client.delete_spec(id), f"spec {name} ({id})", request)
        release_claim(self.kind, id, request)

    def _patch(self, diff: Diff, olds: Values, news: Values, context: Context) -> Values:
        """Give the body of the PATCH that the change asks for; empty where it asks for none."""
        body: Values = {}
        for change in diff.changes:
            if change.field.effect is Effect.PATCH:
                path = change.field.path
                if path == "metadata":
                    body[path] = add_mark(patch_metadata(olds.get(path), news[path]), news, context)
                else:
                    body[path] = change.field.value(news)
        return body

    def _flatten(self, live: Values, previous: Values) -> Values:
        """Write a live spec as inputs, without its release."""
        inputs: Values = {
            "kind": live.get("kind") or previous.get("kind"),
            "metadata": flatten_metadata(live.get("metadata"), previous.get("metadata")),
        }
        # No program sets a status. Of a spec that is only looked at it is no input either.
        status = get(live, "metadata.status")
        if previous.get("metadata") and status not in (None, CLEARED["status"]):
            inputs = put(inputs, "metadata.status", status)
        for field in self.fields:
            if field.effect is Effect.PATCH and field.path != "metadata":
                # The service answers with its default where the program says nothing.
                now = live.get(field.path)
                now = field.default if now is None else now
                if not is_equal(*align(field.value(previous), now)):
                    inputs[field.path] = now
        return inputs

    def _find_own(self, noted: Record, new: State, context: Context) -> tuple[str, Values] | None:
        """Find the spec that an interrupted run made and no state has; None where it was edited since."""
        news = new.values
        found = find_spec(context.client, news)
        if found is None:
            return None
        id, version = str(found["id"]), noted["version"]
        try:
            live = context.client.describe_spec(id)
            release = releases.find_in_spec(id, live, version, context)
        except NotFound:
            return None
        theirs = self._as_values(live, release, version, news)
        is_anothers = find_other_owner(live, context) or was_there_before(live, noted, context)
        if is_anothers or _digest_told(theirs) != noted["told"]:
            return None
        refuse_shared(self.kind, id, context)
        if noted["artifact"]:
            theirs["artifact"] = {"digest": noted["artifact"]}
        if noted["content"] == releases.digest_content(news):
            # What the service masks is as it was, too.
            theirs = put({**theirs, **releases.take_content(news)}, "release.notes", get(news, "release.notes"))
        context.log(f"{news['kind']} {name_of(news)} was found from an interrupted run as {id}; reusing it")
        outputs = self._bring_up(id, theirs, new, live, context)
        return id, claim(self.kind, id, outputs, context)

    def _look_up(self, new: State, record: Record, error: PressError, context: Context) -> tuple[str, Values]:
        """Find the spec whose name is taken, or whose creation was not answered, and decide whether it is ours."""
        news = new.values
        found = find_spec(context.client, news)
        if found is None:
            refuse_unlisted(self.kind, name_of(news), error)
        id = str(found["id"])
        refuse_shared(self.kind, id, context)
        try:
            live = context.client.describe_spec(id)
        except NotFound:
            refuse_unlisted(self.kind, name_of(news), error)
        theirs = self._choose_release(id, live, news, context)
        is_anothers = find_other_owner(live, context) or was_there_before(live, record, context)
        is_made = error.outcome_unknown and not is_anothers and _is_identical(theirs, news)
        kind, name = news["kind"], name_of(news)
        is_ours = is_of_stack(live, context) or is_made
        if not is_ours and (why := self._why_not(live, theirs, news, context)):
            raise already_exists(kind, name, id, why, error) from error
        if not is_made:
            log_found(kind, name, id, live, context, is_identical=_is_identical(theirs, news))
        outputs = self._bring_up(id, theirs, new, live, context)
        if name_stack(context) and not is_of_stack(live, context):
            tags = {"tags": add_tag(get(news, "metadata.tags"), context)}
            send_patch(lambda: context.client.update_spec_metadata(id, {"metadata": tags}))
        return id, claim(self.kind, id, outputs, context)

    def _bring_up(self, id: str, theirs: Values, new: State, live: Values, context: Context) -> Values:
        """Turn a spec that exists into the program's; return the outputs.

        Args:
            id: its id.
            theirs: the spec, as the program would have written it.
            new: the program's.
            live: the service's answer, for the latest version.
            context: client and cache.
        """
        version, there = get(new.outputs, "release.version"), get(theirs, "release.version")
        latest = str(get(live, "latestRelease.version") or there)
        is_open = get(new.inputs, "release.version") is None
        if find_changes(releases.CONTENT, theirs, new.values):
            if is_open:
                version = max(version, versions.next_patch(latest), key=versions.parse)
            elif versions.parse(version) <= versions.parse(latest):
                raise AlreadyExistsError(
                    f"{new.inputs['kind']} {name_of(new.inputs)} exists already as {id}, its latest release is "
                    f"{latest}, and its content is not this program's; set release.version to "
                    f"{versions.next_patch(latest)}"
                )
        elif is_open or versions.parse(version) <= versions.parse(there):
            version = there
        return self._bring(id, theirs, State(new.inputs, put(new.outputs, "release.version", version)), context)

    def _choose_release(self, id: str, live: Values, news: Values, context: Context) -> Values:
        """Write a live spec as values, with the release that has the program's content, else with the latest."""
        wanted, latest = get(news, "release.version"), str(get(live, "latestRelease.version"))
        release = releases.find_in_spec(id, live, latest, context)
        last = self._as_values(live, release, latest, news)
        if releases.is_proven(release, news):
            return {**last, **releases.take_content(news)}
        if wanted != latest and is_of_stack(live, context):
            with suppress(NotFound):
                release = releases.find_in_spec(id, live, wanted, context)
                if releases.is_proven(release, news):
                    theirs = self._as_values(live, release, wanted, news)
                    return {**theirs, **releases.take_content(news)}
        if "artifact" in news and is_of_stack(live, context):
            # Its mark says that these are other files.
            return {**last, "artifact": {"digest": ""}}
        # The files of a release cannot be read back, so they are taken to be the program's.
        return {**last, "artifact": news["artifact"]} if "artifact" in news else last

    def _as_values(self, live: Values, release: Values, version: str, news: Values) -> Values:
        """Write a live spec and one of its releases as values; texts that mean the same keep the program's spelling."""
        inputs = {**self._flatten(live, {"metadata": news["metadata"]}), **releases.flatten_release(release)}
        return put(inputs, "release.version", version)

    def _why_not(self, live: Values, theirs: Values, news: Values, context: Context) -> str:
        """Return why a spec that has the name is not adopted; empty where it is."""
        proven = "artifact" not in news or releases.is_proven(live.get("latestRelease") or {}, news)
        return refuse(live, news, context, is_identical=_is_identical(theirs, news), knows_files=proven)

    def _foresee(self, news: Values, request: Request) -> tuple[str, list[CheckFailure]]:
        """Look, where something may be adopted or a preview asks the service, for what has a new spec's name.

        Returns:
            The version, which a spec that is adopted goes on from, and why none can be made.
        """
        version = get(news, "release.version")
        found = foresee(self.kind, news, lambda: find_spec(request.client, news), request)
        if found is None:
            return version, []
        id, kind, name = str(found["id"]), str(news["kind"]), name_of(news)
        if request.intent("spec", kind, name).recall() is not None or contains_unknown(news):
            return version, []
        try:
            live = request.client.describe_spec(id)
        except NotFound:
            return version, []
        theirs = self._choose_release(id, live, news, request)
        if not is_of_stack(live, request):
            if why := self._why_not(live, theirs, news, request):
                return version, [describe_existing(kind, name, id, why)]
            request.cache.foreseen.add(id)
            request.log(f"will take over {self.kind} {name} ({id})", warning=True)
        if get(request.inputs, "release.version") is None:
            latest = str(get(live, "latestRelease.version"))
            changed = find_changes(releases.CONTENT, theirs, news)
            version = versions.next_patch(latest) if changed else get(theirs, "release.version")
        return version, []


def _note(inputs: Values) -> Record:
    """Give what is noted of a spec that is about to be published."""
    return {
        "content": releases.digest_content(inputs),
        "version": inputs["release"]["version"],
        "artifact": get(inputs, "artifact.digest") or "",
        "told": _digest_told(inputs),
    }


def _digest_told(inputs: Values) -> str:
    """Give a digest of what the service tells of a spec and its release, the same from inputs and from its answer."""
    told = drop_secrets(inputs)
    told = {**told, "metadata": flatten_metadata(told.get("metadata"), None)}
    told = {**told, "parameters": flatten_declared(told.get("parameters"))}
    return digest_told(_TOLD, told)


def _is_identical(theirs: Values, inputs: Values) -> bool:
    """Tell whether the live spec is what would have been made, as far as the service tells: not the artifact.

    Its version may be a later one: that of a first release is often left out, and the same content came since.
    """
    paths = {change.field.path for change in find_changes((*_TOLD, _VERSION), theirs, inputs)}
    return not paths or (paths == {"release.version"} and _is_later(theirs, inputs))


def _is_later(live: Values, inputs: Values) -> bool:
    """Tell whether the version that is there is higher than the one that is wanted."""
    there, wanted = get(live, "release.version"), get(inputs, "release.version")
    known = isinstance(there, str) and isinstance(wanted, str)
    return known and versions.parse(there) > versions.parse(wanted)


_TOLD = tuple(
    field
    for field in SpecResource.fields
    if field.effect is not Effect.NONE and not field.path.startswith("artifact") and field.path != "release.version"
)
"""What the service tells of a spec and its release, beside the version."""

_VERSION = next(field for field in SpecResource.fields if field.path == "release.version")
