"""`BlockSpec`: metadata changes in place, content changes as new releases."""

from __future__ import annotations

from contextlib import suppress
from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider.adoption import (
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
from pulumi_press.provider.artifacts import plan_artifact
from pulumi_press.provider.base import CheckError, CheckResult, Diff, Resource
from pulumi_press.provider.context import State
from pulumi_press.provider.create_once import create_once, date_record, digest_told, may_tell, was_there_before
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.fields import Effect, Field, describe_reasons, find_changes, take_patched
from pulumi_press.provider.listings import find_spec, tells_spec
from pulumi_press.provider.metadata import (
    add_default_tags,
    add_mark,
    add_tag,
    find_imitations,
    find_other_owner,
    flatten_metadata,
    flatten_spec,
    is_of_stack,
    name_stack,
    patch_metadata,
    send_patch,
)
from pulumi_press.provider.parameters import flatten_declared, remember_checked, remember_parameters
from pulumi_press.provider.publishing import (
    CONTENT,
    check_content,
    content_fields,
    digest_content,
    find_in_spec,
    find_unavailable_files,
    flatten_release,
    is_proven,
    publish_release,
    publish_spec,
    take_content,
    validate_on_server,
)
from pulumi_press.provider.secrets import drop_secrets
from pulumi_press.provider.values import Values, get, merge, name_of, put
from pulumi_press.provider.versioning import choose_version, is_later, note_spec, refuse_version
from pulumi_press.provider.waiting import send_delete
from pulumi_press.schema import versions
from pulumi_press.schema.plain import contains_unknown

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context, Request
    from pulumi_press.provider.create_once import Record
    from pulumi_press.schema.failures import CheckFailure

__all__ = ["SpecResource"]


class SpecResource(Resource):
    """A `BlockSpec`. Its id is the spec's."""

    kind: ClassVar = "spec"
    shape: ClassVar = "BlockSpecArgs"
    fields: ClassVar = (
        Field("kind", Effect.REPLACE, api="kind"),
        Field("metadata", Effect.PATCH, empty_is_absent=True, unordered=True, api="metadata"),
        Field("featured", Effect.PATCH, default=False, api="featured"),
        Field("scope", Effect.PATCH, default="private", api="scope"),
        Field("tenants", Effect.PATCH, default=[], unordered=True, api="tenants"),
        *content_fields(Effect.RELEASE),
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
        from pulumi_press.schema import arguments  # A refresh needs no shapes.

        note_entry(request)
        checked = check_content(getattr(arguments, self.shape), request)
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
        failures = failures or find_unavailable_files(self.fields, olds, news, request)
        if not olds and not failures:
            version, failures = self._foresee(news, request)
            outputs = put(outputs, "release.version", version)
            news = merge(request.inputs, outputs)
        if failures := failures or validate_on_server(olds, news, request):
            raise CheckError(failures)
        remember_checked(news, request, request.urn)
        note_spec(olds, news, request)
        return outputs

    def diff(self, request: Request) -> Diff:
        """Find what changed, and remember what the release declares for the deployments that follow."""
        request = self.with_plan(request)
        diff = super().diff(request)
        olds, news = request.olds, self.find_planned(request).values
        if isinstance(version := get(news, "release.version"), str):
            # Also one that is yet to be published: a preview checks the deployments that will run it.
            remember_parameters(request.id, version, news.get("parameters"), request)
        # Names are unique within a kind, so a spec that keeps both goes before it is replaced.
        same_key = olds.get("kind") == news.get("kind") and name_of(olds) == name_of(news)
        return Diff(diff.changes, delete_before_replace=same_key)

    def compare(self, olds: Values, news: Values) -> Diff:
        """Find the fields that differ. A lower version alone is none: a spec taken over may have had a later one."""
        changes = super().compare(olds, news).changes
        kept = tuple(change for change in changes if change.field.effect is not Effect.RELEASE)
        return Diff(kept if is_later(olds, news) and len(changes) - len(kept) == 1 else changes)

    def clear_intents(self, request: Request) -> None:
        """Forget the notes about the spec and its release."""
        olds = request.olds
        request.intent("spec", str(olds.get("kind")), name_of(olds)).forget_made(request.id)
        request.intent("release", request.id, str(get(olds, "release.version"))).forget()

    def create(self, request: Request) -> tuple[str, State]:
        """Publish the spec with its first release."""
        new = self.find_planned(request)
        news = new.values
        record = {
            "content": digest_content(news),
            "version": news["release"]["version"],
            "artifact": get(news, "artifact.digest") or "",
            "told": _digest_told(news),
        }
        record = date_record(record, request.client.times)
        id, outputs = create_once(
            request.intent("spec", new.inputs["kind"], name_of(new.inputs)),
            record,
            find_own=lambda noted: self._find_own(noted, new, request),
            send=lambda: (str(publish_spec(new.values, request)["id"]), new.outputs),
            look_up=lambda error: self._look_up(new, record, error, request),
            name_id=itemgetter(0),
        )
        remember_parameters(id, outputs["release"]["version"], new.inputs.get("parameters"), request)
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
        inputs, outputs = {**old.inputs, **flatten_spec(live, old.inputs, self.fields)}, old.outputs
        if "config" not in old.inputs:
            version = str(get(old.values, "release.version") or get(live, "latestRelease.version"))
            release = find_in_spec(request.id, live, version, request)
            inputs = put({**inputs, **flatten_release(release)}, "release.version", version)
            outputs = put(outputs, "release.version", version)
        state = State(inputs, outputs)
        remember_checked(state.values, request, request.id, request.urn)
        return state

    def update(self, request: Request) -> State:
        """Change the metadata in place, then publish a new release if the content changed."""
        request = refuse_other_stack(self.kind, request)
        old, new = request.old or State(), self.find_planned(request)
        outputs = self._bring(request.id, old.values, new, request)
        return State(new.inputs, keep_claim(old.outputs, outputs))

    def _bring(self, id: str, olds: Values, new: State, context: Context) -> Values:
        """Change a spec into what is wanted; return its outputs."""
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
        publish_release(id, news, context)
        context.log(f"{name_of(news)}: new release {old_version} -> {version} because {reasons} changed")
        return new.outputs

    def delete(self, request: Request) -> None:
        """Delete the spec with all its releases."""
        self.clear_intents(request)
        id = request.id
        if may_delete(self.kind, request, lambda: request.client.describe_spec(id)):
            subject = f"spec {name_of(request.olds)} ({id})"
            send_delete(lambda: request.client.delete_spec(id), subject, request)
            release_claim(self.kind, id, request)
            forget_entry(request)

    def _patch(self, diff: Diff, olds: Values, news: Values, context: Context) -> Values:
        """Return the body of the PATCH that the change asks for; empty where it asks for none."""
        body: Values = {}
        for change in diff.changes:
            if change.field.effect is Effect.PATCH:
                path = change.field.path
                if path == "metadata":
                    body[path] = add_mark(patch_metadata(olds.get(path), news[path]), news, context)
                else:
                    body[path] = change.field.value(news)
        return body

    def _find_own(self, noted: Record, new: State, context: Context) -> tuple[str, Values] | None:
        """Find the spec that an interrupted run made and no state has; None where it was edited since."""
        news = new.values
        found = find_spec(context.client, news)
        if found is None:
            return None
        id, version, live = str(found["id"]), noted["version"], found
        try:
            release = dict(context.client.describe_spec_release(id, version))
            listed = _digest_told(self._as_values(live, release, version, news))
            if not (tells_spec(found) and may_tell(noted, listed)):
                live = context.client.describe_spec(id)
        except NotFound:
            return None
        theirs = self._as_values(live, release, version, news)
        is_anothers = find_other_owner(live, context) or was_there_before(live, noted, context.client.times)
        if is_anothers or not may_tell(noted, _digest_told(theirs)):
            return None
        refuse_shared(self.kind, id, context)
        # This run may be ended amid the change, too.
        intent = context.intent(self.kind, new.inputs["kind"], name_of(new.inputs))
        intent.note_change(noted, _digest_told(take_patched(self.fields, theirs, news)), _digest_told(news))
        if noted["artifact"]:
            theirs["artifact"] = {"digest": noted["artifact"]}
        if noted["content"] == digest_content(news):
            # What the service masks is as it was, too.
            theirs = put({**theirs, **take_content(news)}, "release.notes", get(news, "release.notes"))
        outputs = claim(self.kind, id, self._bring_up(id, theirs, new, live, context), context)
        take_up(self.kind, id, context)
        return id, outputs

    def _look_up(self, new: State, record: Record, error: PressError, context: Context) -> tuple[str, Values]:
        """Find the spec whose name is taken, or whose creation was not answered, and decide whether it is ours."""
        news = new.values
        found = find_spec(context.client, news)
        # Marks tell what the listing does not: the content of its latest release.
        is_told = is_of_stack(found, context) and tells_spec(found)
        id, live = find_existing(self.kind, news, found, error, context, is_told=is_told)
        theirs = self._choose_release(id, live, news, context)
        is_anothers = find_other_owner(live, context) or was_there_before(live, record, context.client.times)
        # While the object that is replaced has the name, no POST can have made another one.
        is_old = is_anothers or has_entry(news, context)
        is_made = error.outcome_unknown and not is_old and _is_identical(theirs, news)
        kind, name = news["kind"], name_of(news)
        if not (is_of_stack(live, context) or is_made) and (why := self._why_not(live, theirs, news, context)):
            raise already_exists(kind, name, id, why, error) from error
        if not is_made:
            log_found(kind, name, id, live, context, is_identical=_is_identical(theirs, news))
        outputs = self._bring_up(id, theirs, new, live, context)
        if name_stack(context) and not is_of_stack(live, context):
            tags = {"tags": add_tag(get(news, "metadata.tags"), context)}
            send_patch(lambda: context.client.update_spec_metadata(id, {"metadata": tags}))
        return id, claim(self.kind, id, outputs, context)

    def _bring_up(self, id: str, theirs: Values, new: State, live: Values, context: Context) -> Values:
        """Change a spec that is there, `theirs`, into the program's; return its outputs."""
        version, there = get(new.outputs, "release.version"), get(theirs, "release.version")
        latest = str(get(live, "latestRelease.version") or there)
        is_open = get(new.inputs, "release.version") is None
        if find_changes(CONTENT, theirs, new.values):
            published = context.intent("release", id, latest).holds(digest_content(new.values))
            if published and (is_open or version == latest):
                version = latest
            elif is_open:
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
        listed = live.get("latestRelease") or {}
        if is_proven(listed, news):
            return {**self._as_values(live, listed, latest, news), **take_content(news)}
        if wanted != latest and is_of_stack(live, context):
            with suppress(NotFound):
                release = find_in_spec(id, live, wanted, context)
                if is_proven(release, news):
                    theirs = self._as_values(live, release, wanted, news)
                    return {**theirs, **take_content(news)}
        last = self._as_values(live, find_in_spec(id, live, latest, context), latest, news)
        if "artifact" in news and is_of_stack(live, context):
            # Its mark says that these are other files.
            return {**last, "artifact": {"digest": ""}}
        # The files of a release cannot be read back, so they are taken to be the program's.
        return {**last, "artifact": news["artifact"]} if "artifact" in news else last

    def _as_values(self, live: Values, release: Values, version: str, news: Values) -> Values:
        """Write a live spec and one of its releases as values; texts that mean the same keep the program's spelling."""
        inputs = {**flatten_spec(live, {"metadata": news["metadata"]}, self.fields), **flatten_release(release)}
        return put(inputs, "release.version", version)

    def _why_not(self, live: Values, theirs: Values, news: Values, context: Context) -> str:
        """Return why a spec that has the name is not adopted; empty where it is."""
        proven = "artifact" not in news or is_proven(live.get("latestRelease") or {}, news)
        return refuse(live, news, context, is_identical=_is_identical(theirs, news), knows_files=proven)

    def _foresee(self, news: Values, request: Request) -> tuple[str, list[CheckFailure]]:
        """Look for what has a new spec's name; return the version to go on from, and why none can be made."""
        version, kind, name = get(news, "release.version"), str(news["kind"]), name_of(news)
        intent = request.intent("spec", kind, name)
        if contains_unknown(news):
            return version, []
        found = foresee(self.kind, news, intent, lambda: find_spec(request.client, news), request)
        if found is None:
            return version, []
        id, live = found
        theirs = self._choose_release(id, live, news, request)
        if not is_of_stack(live, request):
            if why := self._why_not(live, theirs, news, request):
                return version, [describe_existing(kind, name, id, why)]
            request.cache.foreseen.add(id)
            request.log(f"will take over {self.kind} {name} ({id})", warning=True)
        if get(request.inputs, "release.version") is None:
            latest = str(get(live, "latestRelease.version"))
            changed = find_changes(CONTENT, theirs, news)
            version = versions.next_patch(latest) if changed else get(theirs, "release.version")
        return version, []


def _digest_told(inputs: Values) -> str:
    """Return a digest of what the service returns of a spec and its release, the same for inputs and its response."""
    told = drop_secrets(inputs)
    told = {**told, "metadata": flatten_metadata(told.get("metadata"), None)}
    told = {**told, "parameters": flatten_declared(told.get("parameters"))}
    return digest_told(_TOLD, told)


def _is_identical(theirs: Values, inputs: Values) -> bool:
    """Return whether the live spec is what would have been made, as far as the service returns it: not the artifact.

    Its version may be a later one: that of a first release is often left out, and the same content came since.
    """
    is_same = get(theirs, "release.version") == get(inputs, "release.version")
    return not find_changes(_TOLD, theirs, inputs) and (is_same or is_later(theirs, inputs))


_TOLD = tuple(
    field
    for field in SpecResource.fields
    if field.effect is not Effect.NONE and not field.path.startswith("artifact") and field.path != "release.version"
)
"""What the service returns of a spec and its release, beside the version."""
