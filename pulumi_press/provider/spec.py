"""The life of a `BlockSpec`: metadata changes in place, content changes as new releases."""

from __future__ import annotations

from contextlib import suppress
from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider import ownership, releases
from pulumi_press.provider.adoption import (
    already_exists,
    describe_existing,
    foresee,
    log_found,
    refuse,
    refuse_unlisted,
)
from pulumi_press.provider.age import date_record, was_there_before
from pulumi_press.provider.artifacts import check_files
from pulumi_press.provider.base import CheckResult, Diff, ReadResult, Resource, name_of
from pulumi_press.provider.create_once import create_once, digest_told
from pulumi_press.provider.declarations import flatten_declared
from pulumi_press.provider.deletion import send_delete
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.fields import Effect, Field, find_changes
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
from pulumi_press.provider.publications import note_spec
from pulumi_press.provider.secrets import drop_secrets
from pulumi_press.provider.validation import check_content, publish_spec, validate_on_server
from pulumi_press.provider.values import Values, align, get, is_equal, put
from pulumi_press.provider.versioning import choose_version, refuse_version
from pulumi_press.schema import versions
from pulumi_press.schema.plain import contains_unknown

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context
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
        Field("release.version", Effect.RELEASE, api="latestRelease.version"),
        Field("version", Effect.NONE, default=1),
        Field("adopt", Effect.NONE),
        Field("artifact.path", Effect.NONE),
        Field("artifact.ignore_files", Effect.NONE),
        Field("artifact.default_ignores", Effect.NONE, default=True),
        Field("artifact.files", Effect.NONE, computed=True),
    )

    def check(self, olds: Values, news: Values, context: Context) -> CheckResult:
        """Validate; describe the artifact; choose the version; look for what has the name of a new spec."""
        from pulumi_press.schema.arguments import BlockSpecArgs  # A refresh needs no shapes.

        checked = check_content(BlockSpecArgs, olds, news, context)
        if checked.failures:
            return CheckResult(checked.inputs, [*checked.failures, *refuse_version(olds, checked, context)])
        inputs = add_default_tags(checked.inputs, context.settings().default_tags)
        version, failures = choose_version(olds, inputs, context)
        if get(inputs, "release.version") is None:
            context.cache.open_versions.add(self._key(inputs, context))
            inputs = put(inputs, "release.version", version)
        else:
            context.cache.open_versions.discard(self._key(inputs, context))
        failures = failures or find_imitations(inputs) or self._check_files(olds, inputs, context)
        if not olds and not failures:
            inputs, failures = self._foresee(inputs, context)
        failures = failures or validate_on_server(olds, inputs, context)
        if not failures:
            releases.remember_checked(inputs, context, context.urn)
            note_spec(olds, inputs, context)
        return CheckResult(inputs, failures)

    def _check_files(self, olds: Values, inputs: Values, context: Context) -> list[CheckFailure]:
        """Find out whether the files are there, if a release is due. A spec of another kind is checked once more."""
        if not olds:
            return check_files(inputs.get("artifact"), "the spec is made anew", context)
        fields = [field for field in self.fields if field.effect is Effect.RELEASE]
        paths = [path for change in find_changes(fields, olds, inputs) for path in change.paths]
        if not paths or olds.get("kind") != inputs.get("kind"):
            return []
        content = [path for path in paths if path != "release.version"]
        reasons = releases.describe_reasons(content or paths, olds, inputs)
        return check_files(inputs.get("artifact"), f"{reasons} changed", context)

    def diff(self, id: str, olds: Values, news: Values, context: Context) -> Diff:
        """Find what changed, and remember what the release declares for the deployments that follow."""
        diff = super().diff(id, olds, news, context)
        version = get(news, "release.version")
        if isinstance(version, str):
            # Also one that is yet to be published: a preview checks the deployments that will run it.
            releases.remember_parameters(id, version, news.get("parameters"), context)
        # Names are unique within a kind, so a spec that keeps both goes before it is replaced.
        same_key = olds.get("kind") == news.get("kind") and name_of(olds) == name_of(news)
        return Diff(diff.changes, delete_before_replace=same_key)

    def compare(self, olds: Values, news: Values) -> Diff:
        """Find the fields that differ. A lower version alone is none: a spec taken over may have had a later one."""
        changes = super().compare(olds, news).changes
        kept = tuple(change for change in changes if change.field.effect is not Effect.RELEASE)
        return Diff(kept if _is_later(olds, news) and len(changes) - len(kept) == 1 else changes)

    def clear_intents(self, id: str, outputs: Values, context: Context) -> None:
        """Forget the notes about the spec and its release."""
        context.intent("spec", str(outputs.get("kind")), name_of(outputs)).forget_made(id)
        context.intent("release", id, str(get(outputs, "release.version"))).forget()

    def create(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Publish the spec with its first release."""
        record = date_record(_note(inputs), context)
        id, outputs = create_once(
            context.intent("spec", inputs["kind"], name_of(inputs)),
            record,
            find_own=lambda noted: self._find_own(noted, inputs, context),
            send=lambda: (str(publish_spec(inputs, context)["id"]), inputs),
            look_up=lambda error: self._look_up(inputs, record, error, context),
            name_id=itemgetter(0),
        )
        releases.remember_parameters(id, outputs["release"]["version"], inputs.get("parameters"), context)
        return id, outputs

    def read(self, id: str, outputs: Values, context: Context) -> ReadResult | None:
        """Look at the spec, and at its release where nothing is known of it yet: known content never changes."""
        try:
            live = context.client.describe_spec(id)
        except NotFound:
            return None
        if outputs:  # Else it is only looked at.
            ownership.warn_of_other_stack(self.kind, live, context)
        inputs = {**outputs, **self._project(live, outputs)}
        if "config" not in outputs:
            version = str(get(inputs, "release.version") or get(live, "latestRelease.version"))
            release = releases.find_in_spec(id, live, version, context)
            inputs = put({**inputs, **releases.project(release)}, "release.version", version)
        releases.remember_checked(inputs, context, id, context.urn)
        return ownership.read_as(inputs)

    def update(self, id: str, olds: Values, news: Values, context: Context) -> Values:
        """Change the metadata in place, then publish a new release if the content changed."""
        if name_stack(context):
            ownership.refuse_other_stack(self.kind, context.client.describe_spec(id), context)
        return ownership.keep_claim(olds, self._bring(id, olds, news, context))

    def _bring(self, id: str, olds: Values, news: Values, context: Context) -> Values:
        # The PATCH comes first: it may be sent again, a release may not.
        diff = self.compare(olds, news)
        patch = self._patch(diff, olds, news, context)
        if patch:
            send_patch(lambda: context.client.update_spec_metadata(id, patch))
            reasons = releases.describe_reasons(diff.paths(Effect.PATCH), olds, news)
            context.log(f"{name_of(news)}: changed in place: {reasons}")
        paths = diff.paths(Effect.RELEASE)
        old, new = get(olds, "release.version"), get(news, "release.version")
        if not paths:
            # A spec that was taken over may be at a later version than the program's.
            return put(news, "release.version", old or new)
        content = [path for path in paths if path != "release.version"]
        reasons = releases.describe_reasons(content or paths, olds, news)
        releases.publish_release(id, news, context)
        context.log(f"{name_of(news)}: new release {old} -> {new} because {reasons} changed")
        return news

    def delete(self, id: str, outputs: Values, context: Context) -> None:
        """Delete the spec with all its releases."""
        self.clear_intents(id, outputs, context)
        if ownership.is_taken_over(self.kind, id, outputs, context):
            context.log(f"spec {name_of(outputs)} was taken over by another resource; only forgotten here")
            return
        with suppress(NotFound):
            if name_stack(context) and ownership.warn_of_other_stack(
                self.kind, context.client.describe_spec(id), context
            ):
                context.log(f"spec {name_of(outputs)} was not deleted; only forgotten here")
                return
        send_delete(lambda: context.client.delete_spec(id), f"spec {name_of(outputs)} ({id})", context)
        ownership.release_claim(self.kind, id, context)

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

    def _project(self, live: Values, previous: Values) -> Values:
        projected: Values = {
            "kind": live.get("kind") or previous.get("kind"),
            "metadata": flatten_metadata(live.get("metadata"), previous.get("metadata")),
        }
        # No program sets a status. Of a spec that is only looked at it is no input either.
        status = get(live, "metadata.status")
        if previous.get("metadata") and status not in (None, CLEARED["status"]):
            projected = put(projected, "metadata.status", status)
        for field in self.fields:
            if field.effect is Effect.PATCH and field.path != "metadata":
                # The service answers with its default where the program says nothing.
                now = live.get(field.path)
                now = field.default if now is None else now
                if not is_equal(*align(field.value(previous), now)):
                    projected[field.path] = now
        return projected

    def _find_own(self, noted: Record, inputs: Values, context: Context) -> tuple[str, Values] | None:
        """Find the spec that a run made which was ended before the state had it; None where it was edited since."""
        found = find_spec(context.client, inputs)
        if found is None:
            return None
        id, version = str(found["id"]), noted["version"]
        try:
            live = context.client.describe_spec(id)
            release = releases.find_in_spec(id, live, version, context)
        except NotFound:
            return None
        theirs = self._as_inputs(live, release, version, inputs)
        is_anothers = find_other_owner(live, context) or was_there_before(live, noted, context)
        if is_anothers or _digest_told(theirs) != noted["told"]:
            return None
        ownership.refuse_shared(self.kind, id, context)
        if noted["artifact"]:
            theirs["artifact"] = {"digest": noted["artifact"]}
        if noted["content"] == releases.digest_content(inputs):
            # What the service masks is as it was, too.
            theirs = put({**theirs, **releases.take_content(inputs)}, "release.notes", get(inputs, "release.notes"))
        context.log(f"{inputs['kind']} {name_of(inputs)} was found from an interrupted run as {id}; reusing it")
        outputs = self._bring_up(id, theirs, inputs, live, context)
        return id, ownership.claim(self.kind, id, outputs, context)

    def _look_up(self, inputs: Values, record: Record, error: PressError, context: Context) -> tuple[str, Values]:
        """Find the spec whose name is taken, or whose creation was not answered, and decide whether it is ours."""
        found = find_spec(context.client, inputs)
        if found is None:
            refuse_unlisted(self.kind, name_of(inputs), error)
        id = str(found["id"])
        ownership.refuse_shared(self.kind, id, context)
        try:
            live = context.client.describe_spec(id)
        except NotFound:
            refuse_unlisted(self.kind, name_of(inputs), error)
        theirs = self._choose_release(id, live, inputs, context)
        is_anothers = find_other_owner(live, context) or was_there_before(live, record, context)
        is_made = error.outcome_unknown and not is_anothers and _is_identical(theirs, inputs)
        kind, name = inputs["kind"], name_of(inputs)
        is_ours = is_of_stack(live, context) or is_made
        if not is_ours and (why := self._why_not(live, theirs, inputs, context)):
            raise already_exists(kind, name, id, why, error) from error
        if not is_made:
            log_found(kind, name, id, live, context, is_identical=_is_identical(theirs, inputs))
        outputs = self._bring_up(id, theirs, inputs, live, context)
        if name_stack(context) and not is_of_stack(live, context):
            tags = {"tags": add_tag(get(inputs, "metadata.tags"), context)}
            send_patch(lambda: context.client.update_spec_metadata(id, {"metadata": tags}))
        return id, ownership.claim(self.kind, id, outputs, context)

    def _bring_up(self, id: str, theirs: Values, inputs: Values, live: Values, context: Context) -> Values:
        """Turn a spec that exists into the program's; give the outputs.

        Args:
            id: its id.
            theirs: the spec as inputs.
            inputs: the program's.
            live: the service's answer, for the latest version.
            context: the surroundings.
        """
        version, there = get(inputs, "release.version"), get(theirs, "release.version")
        latest = str(get(live, "latestRelease.version") or there)
        is_open = self._key(inputs, context) in context.cache.open_versions
        if find_changes(releases.CONTENT, theirs, inputs):
            if is_open:
                version = max(version, versions.next_patch(latest), key=versions.parse)
            elif versions.parse(version) <= versions.parse(latest):
                raise AlreadyExistsError(
                    f"{inputs['kind']} {name_of(inputs)} exists already as {id}, its latest release is {latest}, "
                    f"and its content is not this program's; set release.version to {versions.next_patch(latest)}"
                )
        elif is_open or versions.parse(version) <= versions.parse(there):
            version = there
        return self._bring(id, theirs, put(inputs, "release.version", version), context)

    def _choose_release(self, id: str, live: Values, inputs: Values, context: Context) -> Values:
        """Write a live spec as inputs, with the release that has the program's content, else with the latest."""
        wanted, latest = get(inputs, "release.version"), str(get(live, "latestRelease.version"))
        release = releases.find_in_spec(id, live, latest, context)
        last = self._as_inputs(live, release, latest, inputs)
        if releases.is_proven(release, inputs):
            return {**last, **releases.take_content(inputs)}
        if wanted != latest and is_of_stack(live, context):
            with suppress(NotFound):
                release = releases.find_in_spec(id, live, wanted, context)
                if releases.is_proven(release, inputs):
                    theirs = self._as_inputs(live, release, wanted, inputs)
                    return {**theirs, **releases.take_content(inputs)}
        if "artifact" in inputs and is_of_stack(live, context):
            # Its mark says that these are other files.
            return {**last, "artifact": {"digest": ""}}
        # The files of a release cannot be read back, so they are taken to be the program's.
        return {**last, "artifact": inputs["artifact"]} if "artifact" in inputs else last

    def _as_inputs(self, live: Values, release: Values, version: str, inputs: Values) -> Values:
        """Write a live spec and one of its releases as inputs; texts that mean the same keep the program's spelling."""
        return put(
            {**self._project(live, {"metadata": inputs["metadata"]}), **releases.project(release)},
            "release.version",
            version,
        )

    def _why_not(self, live: Values, theirs: Values, inputs: Values, context: Context) -> str:
        """Say why a spec that has the name is not taken over; empty where it is."""
        proven = "artifact" not in inputs or releases.is_proven(live.get("latestRelease") or {}, inputs)
        return refuse(live, inputs, context, is_identical=_is_identical(theirs, inputs), knows_files=proven)

    def _foresee(self, inputs: Values, context: Context) -> tuple[Values, list[CheckFailure]]:
        """Look, where something may be taken over or a preview asks the service, for what has a new spec's name.

        Returns:
            The inputs, with the version that a spec which is taken over goes on from, and why none can be made.
        """
        found = foresee(self.kind, inputs, lambda: find_spec(context.client, inputs), context)
        if found is None:
            return inputs, []
        id, kind = str(found["id"]), str(inputs["kind"])
        if context.intent("spec", kind, name_of(inputs)).recall() is not None or contains_unknown(inputs):
            return inputs, []
        try:
            live = context.client.describe_spec(id)
        except NotFound:
            return inputs, []
        theirs = self._choose_release(id, live, inputs, context)
        if not is_of_stack(live, context):
            if why := self._why_not(live, theirs, inputs, context):
                return inputs, [describe_existing(kind, name_of(inputs), id, why)]
            context.cache.foreseen.add(id)
            context.log(f"will take over {self.kind} {name_of(inputs)} ({id})", warning=True)
        if self._key(inputs, context) in context.cache.open_versions:
            changed = find_changes(releases.CONTENT, theirs, inputs)
            latest = str(get(live, "latestRelease.version"))
            version = versions.next_patch(latest) if changed else get(theirs, "release.version")
            inputs = put(inputs, "release.version", version)
        return inputs, []

    def _key(self, inputs: Values, context: Context) -> tuple[str, str, str]:
        return (context.urn, str(inputs.get("kind")), name_of(inputs))


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
