"""The life of a `BlockSpec`: metadata changes in place, content changes as new releases."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from pulumi_press import schema
from pulumi_press.api import NotFound, PressError
from pulumi_press.lifecycle import releases
from pulumi_press.lifecycle.adoption import refuse, taken_error
from pulumi_press.lifecycle.artifacts import check_files
from pulumi_press.lifecycle.errors import TakenError
from pulumi_press.lifecycle.fields import Effect, Field, find_changes
from pulumi_press.lifecycle.lookup import find_spec
from pulumi_press.lifecycle.metadata import add_default_tags, patch_metadata, project_metadata, send_patch
from pulumi_press.lifecycle.ownership import claim, is_taken_over, refuse_shared
from pulumi_press.lifecycle.resource import Checked, Diff, Lifecycle, Live, has_mistakes, name_of
from pulumi_press.lifecycle.validation import check_content, publish_spec, validate_on_server
from pulumi_press.lifecycle.values import Values, align, get, is_equal, put
from pulumi_press.lifecycle.versioning import choose_version
from pulumi_press.schema import versions

if TYPE_CHECKING:
    from pulumi_press.lifecycle.context import Context
    from pulumi_press.schema import Mistake

__all__ = ["SpecLifecycle"]


class SpecLifecycle(Lifecycle):
    """What happens to a `BlockSpec`. Its id is the spec's."""

    noun: ClassVar = "spec"
    fields: ClassVar = (
        Field("kind", Effect.REPLACE, api="kind"),
        Field("metadata", Effect.PATCH, lenient=True, unordered=True, api="metadata"),
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

    def check(self, olds: Values, news: Values, context: Context) -> Checked:
        """Validate; describe the artifact; choose the version."""
        checked = check_content(schema.BlockSpecArgs, olds, news, context)
        if checked.mistakes:
            return Checked(checked.inputs, [*checked.mistakes, *self._refuse(olds, checked, context)])
        inputs = add_default_tags(checked.inputs, context.settings().default_tags)
        version, mistakes = choose_version(olds, inputs, context)
        if get(inputs, "release.version") is None:
            inputs = put(inputs, "release.version", version)
        mistakes = mistakes or self._check_files(olds, inputs, context)
        mistakes = mistakes or validate_on_server(
            olds, inputs, lambda identity: self._why_not(identity, inputs, context), context
        )
        if not mistakes:
            releases.remember_checked(inputs, context, context.owner)
        return Checked(inputs, mistakes)

    def _refuse(self, olds: Values, checked: Checked, context: Context) -> list[Mistake]:
        """Find what is wrong with the version beside other mistakes, where they leave that to be told."""
        is_given = get(checked.inputs, "release.version") is not None
        if not is_given or has_mistakes(checked.mistakes, "kind", "release", "artifact"):
            return []
        return choose_version(olds, checked.inputs, context)[1]

    def _check_files(self, olds: Values, inputs: Values, context: Context) -> list[Mistake]:
        """Find out whether the files are there, if a release is due. A spec of another kind is checked once more."""
        if not olds:
            return check_files(inputs.get("artifact"), "the spec is made anew", context)
        fields = [field for field in self.fields if field.effect is Effect.RELEASE]
        leaves = [leaf for change in find_changes(fields, olds, inputs) for leaf in change.leaves]
        if not leaves or olds.get("kind") != inputs.get("kind"):
            return []
        content = [leaf for leaf in leaves if leaf != "release.version"]
        reasons = releases.describe_reasons(content or leaves, olds, inputs)
        return check_files(inputs.get("artifact"), f"{reasons} changed", context)

    def diff(self, identity: str, olds: Values, news: Values, context: Context) -> Diff:
        """Find what changed, and remember what the release declares for the deployments that follow."""
        diff = super().diff(identity, olds, news, context)
        version = get(news, "release.version")
        if isinstance(version, str):
            # Also one that is yet to be published: a preview checks the deployments that will run it.
            releases.remember_parameters(identity, version, news.get("parameters"), context)
        # Names are unique within a kind, so a spec that keeps both goes before it is replaced.
        same_key = olds.get("kind") == news.get("kind") and name_of(olds) == name_of(news)
        return Diff(diff.changes, delete_first=same_key)

    def compare(self, olds: Values, news: Values) -> Diff:
        """Find the fields that differ. A lower version alone is none: a spec taken over may have had a later one."""
        changes = super().compare(olds, news).changes
        kept = tuple(change for change in changes if change.field.effect is not Effect.RELEASE)
        return Diff(kept if _is_later(olds, news) and len(changes) - len(kept) == 1 else changes)

    def settle(self, identity: str, outputs: Values, context: Context) -> None:
        """Forget the notes about the spec and its release."""
        context.intent("spec", str(outputs.get("kind")), name_of(outputs)).forget()
        context.intent("release", identity, str(get(outputs, "release.version"))).forget()

    def create(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Publish the spec with its first release."""
        intent, content = context.intent("spec", inputs["kind"], name_of(inputs)), releases.digest_content(inputs)
        is_ours = intent.holds(content)
        intent.note(content)
        try:
            identity = str(publish_spec(inputs, context)["id"])
        except PressError as error:
            if not error.outcome_unknown and not is_ours:
                intent.forget()
            if not error.outcome_unknown and not releases.is_refusal(error):
                raise
            identity, inputs = self._take_over(inputs, error, context, is_ours=is_ours)
        releases.remember_parameters(identity, inputs["release"]["version"], inputs.get("parameters"), context)
        return identity, inputs

    def read(self, identity: str, outputs: Values, context: Context) -> Live | None:
        """Look at the spec, and at its release if a later one has been published since."""
        try:
            live = context.press.describe_spec(identity)
        except NotFound:
            return None
        inputs = {**outputs, **self._project(live, outputs)}
        if "config" not in outputs:
            inputs = self._add_content(identity, live, inputs, context)
        releases.remember_checked(inputs, context, identity, context.owner)
        return Live(inputs, inputs)

    def _add_content(self, identity: str, live: Values, inputs: Values, context: Context) -> Values:
        """Add the release's content, of which nothing is known yet; known content never changes, so it is not read."""
        latest = live.get("latestRelease") or {}
        version = str(get(inputs, "release.version") or latest.get("version"))
        release = {**latest, "parameters": live.get("parameters")}
        if latest.get("version") != version or "config" not in latest:
            release = dict(context.press.describe_spec_release(identity, version))
        return put({**inputs, **releases.project(release)}, "release.version", version)

    def update(self, identity: str, olds: Values, news: Values, context: Context) -> Values:
        """Change the metadata in place, then publish a new release if the content changed."""
        # The PATCH comes first: it may be sent again, a release may not.
        diff = self.compare(olds, news)
        patch = self._patch(diff, olds, news)
        if patch:
            send_patch(lambda: context.press.update_spec_metadata(identity, patch))
            reasons = releases.describe_reasons(diff.leaves(Effect.PATCH), olds, news)
            context.tell(f"{name_of(news)}: changed in place: {reasons}")
        leaves = diff.leaves(Effect.RELEASE)
        if leaves:
            old, new = get(olds, "release.version"), get(news, "release.version")
            content = [leaf for leaf in leaves if leaf != "release.version"]
            reasons = releases.describe_reasons(content or leaves, olds, news)
            releases.publish_release(identity, news, context)
            context.tell(f"{name_of(news)}: new release {old} -> {new} because {reasons} changed")
        return news

    def delete(self, identity: str, outputs: Values, context: Context) -> None:
        """Delete the spec with all its releases."""
        self.settle(identity, outputs, context)
        if is_taken_over(self.noun, identity, context):
            context.tell(f"spec {name_of(outputs)} was taken over by another resource; only forgotten here")
            return
        # One answer is all: no status of a spec speaks of deleting, as those of deployments do.
        with suppress(NotFound):
            context.press.delete_spec(identity)

    def _patch(self, diff: Diff, olds: Values, news: Values) -> Values:
        """Give the body of the PATCH that the change asks for; empty where it asks for none."""
        body: Values = {}
        for change in diff.changes:
            if change.field.effect is Effect.PATCH:
                path = change.field.path
                is_metadata = path == "metadata"
                body[path] = patch_metadata(olds.get(path), news[path]) if is_metadata else change.field.value(news)
        return body

    def _project(self, live: Values, previous: Values) -> Values:
        projected: Values = {
            "kind": live.get("kind") or previous.get("kind"),
            "metadata": project_metadata(live.get("metadata"), previous.get("metadata")),
        }
        for field in self.fields:
            if field.effect is Effect.PATCH and field.path != "metadata":
                # The service answers with its default where the program says nothing.
                now = live.get(field.path)
                now = field.default if now is None else now
                if not is_equal(*align(field.value(previous), now)):
                    projected[field.path] = now
        return projected

    def _take_over(self, inputs: Values, error: PressError, context: Context, *, is_ours: bool) -> tuple[str, Values]:
        """Find the spec whose name is taken, or whose creation was not answered, and decide whether it is ours."""
        name, kind = name_of(inputs), inputs["kind"]
        found = find_spec(context.press, inputs)
        # The program's own spelling of its texts is kept where it means the same.
        live = self.read(str(found["id"]), {"metadata": inputs["metadata"]}, context) if found else None
        if found is None or live is None:
            raise error
        identity = str(found["id"])
        refuse_shared(self.noun, identity, context)
        is_identical = self._is_identical(live.inputs, inputs)
        if is_ours or (error.outcome_unknown and is_identical):
            claim(self.noun, identity, context)
        if is_identical:
            inputs = put(inputs, "release.version", get(live.inputs, "release.version"))
        if is_identical and (error.outcome_unknown or is_ours):
            return identity, inputs
        if is_ours:
            context.tell(f"{kind} {name} was published as {identity} by a run that was ended before it could tell")
            return identity, self._adopt(identity, live.inputs, inputs, context)
        if why := refuse(inputs, context, is_identical=is_identical):
            raise taken_error(kind, name, identity, why, error) from error
        if is_identical:
            claim(self.noun, identity, context)
            context.tell(f"{kind} {name} exists already as {identity} and is identical; taken over", warning=True)
            return identity, inputs
        return identity, self._adopt(identity, live.inputs, inputs, context)

    def _why_not(self, identity: str, inputs: Values, context: Context) -> str:
        """Say why a spec that has the name would not be taken over; empty where it would, or is ours already."""
        if context.intent("spec", inputs["kind"], name_of(inputs)).holds(releases.digest_content(inputs)):
            return ""
        live = self.read(identity, {"metadata": inputs["metadata"]}, context)
        return refuse(inputs, context, is_identical=self._is_identical(live.inputs, inputs)) if live else ""

    def _adopt(self, identity: str, live: Values, inputs: Values, context: Context) -> Values:
        """Turn a spec that exists into the program's; give the outputs."""
        # The files of a release cannot be read back, so they are taken to be the program's.
        live = {**live, "artifact": inputs.get("artifact")}
        version, latest = inputs["release"]["version"], live["release"]["version"]
        if versions.parse(version) <= versions.parse(latest):
            if find_changes(releases.CONTENT, live, inputs):
                raise TakenError(
                    f"{inputs['kind']} {name_of(inputs)} exists already as {identity}, its latest release is {latest}, "
                    f"and its content is not this program's; set release.version to {versions.next_patch(latest)}"
                )
            inputs = put(inputs, "release.version", latest)
        claim(self.noun, identity, context)
        context.tell(f"{inputs['kind']} {name_of(inputs)} exists already as {identity}; taken over", warning=True)
        return self.update(identity, live, inputs, context)

    def _is_identical(self, live: Values, inputs: Values) -> bool:
        """Tell whether the live spec is what would have been made, as far as the service tells: not the artifact.

        Its version may be a later one: that of a first release is often left out, and the same content came since.
        """
        comparable = [
            field for field in self.fields if field.effect is not Effect.NONE and not field.path.startswith("artifact")
        ]
        paths = {change.field.path for change in find_changes(comparable, live, inputs)}
        return not paths or (paths == {"release.version"} and _is_later(live, inputs))


def _is_later(live: Values, inputs: Values) -> bool:
    """Tell whether the version that is there is higher than the one that is wanted."""
    there, wanted = get(live, "release.version"), get(inputs, "release.version")
    known = isinstance(there, str) and isinstance(wanted, str)
    return known and versions.parse(there) > versions.parse(wanted)
