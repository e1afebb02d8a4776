"""The life of a `BlockSpecRelease`: published once, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pulumi_press.client.errors import NotFound
from pulumi_press.provider import releases
from pulumi_press.provider.artifacts import check_files
from pulumi_press.provider.base import CheckResult, Diff, ReadResult, Resource, has_failures
from pulumi_press.provider.fields import Effect, Field, find_changes
from pulumi_press.provider.marks import find_imitations
from pulumi_press.provider.publications import Publication, find_clashes
from pulumi_press.provider.validation import check_content, validate_release_on_server
from pulumi_press.provider.values import Values, get, put
from pulumi_press.schema import versions
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.plain import Unknown, contains_unknown

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context

__all__ = ["ReleaseResource"]


class ReleaseResource(Resource):
    """What happens to a `BlockSpecRelease`. Its id is `<spec id>/<version>`."""

    kind: ClassVar = "release"
    fields: ClassVar = (
        Field("spec_id", Effect.REPLACE, api="(in the path)"),
        Field("release.version", Effect.REPLACE, api="(in the path)"),
        *releases.content_fields(Effect.REPLACE),
        Field("artifact.path", Effect.NONE),
        Field("artifact.ignore_files", Effect.NONE),
        Field("artifact.default_ignores", Effect.NONE, default=True),
        Field("artifact.files", Effect.NONE, computed=True),
    )

    def check(self, olds: Values, news: Values, context: Context) -> CheckResult:
        """Validate; describe the artifact; refuse other content under the same version."""
        from pulumi_press.schema.arguments import BlockSpecReleaseArgs  # A refresh needs no shapes.

        checked = check_content(BlockSpecReleaseArgs, olds, news, context)
        inputs, failures = checked.inputs, checked.failures or find_imitations(checked.inputs)
        if not has_failures(failures, "spec_id", "release", "artifact"):
            failures = [*failures, *self._refuse(olds, inputs)]
        if not olds:
            # Also one that is to be replaced: the engine checks its inputs once more, without the old ones.
            failures = failures or check_files(inputs.get("artifact"), "the release is made anew", context)
        if not failures:
            source = context.declaration.source if context.declaration.certain else ""
            releases.remember_checked(inputs, context, context.urn, source, inputs.get("spec_id"))
            failures = self._find_clashes(olds, inputs, source, context) or self._ask(olds, inputs, context)
        return CheckResult(inputs, failures)

    def _find_clashes(self, olds: Values, news: Values, source: str, context: Context) -> list[CheckFailure]:
        """Compare the version with those that the same program publishes beside it."""
        version, spec_id = get(news, "release.version"), news.get("spec_id")
        if not isinstance(version, str) or not context.urn:
            return []
        is_new = (olds.get("spec_id"), get(olds, "release.version")) != (spec_id, version)
        keys = {key for key in (spec_id, source) if isinstance(key, str) and key}
        earlier = context.declaration.earlier
        return list(find_clashes(Publication(frozenset(keys), version, is_new, earlier), context))

    def diff(self, id: str, olds: Values, news: Values, context: Context) -> Diff:
        """Find what changed, and remember what the release declares for the deployments that follow."""
        releases.remember_checked(news, context, news.get("spec_id"))
        return super().diff(id, olds, news, context)

    def clear_intents(self, id: str, outputs: Values, context: Context) -> None:
        """Forget the note about the release."""
        del outputs
        spec_id, _, version = id.rpartition("/")
        context.intent("release", spec_id, version).forget()

    def create(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Publish the release."""
        releases.publish_release(inputs["spec_id"], inputs, context, may_be_taken=False)
        return f"{inputs['spec_id']}/{inputs['release']['version']}", inputs

    def read(self, id: str, outputs: Values, context: Context) -> ReadResult | None:
        """Look at the release."""
        spec_id, _, version = id.rpartition("/")
        try:
            live = dict(context.client.describe_spec_release(spec_id, version))
        except NotFound:
            return None
        # A release never changes, so what is known of its content stays as the program wrote it.
        content = {} if "config" in outputs else releases.project(live)
        inputs = put({**outputs, "spec_id": spec_id, **content}, "release.version", version)
        releases.remember_checked(inputs, context, spec_id, context.urn)
        return ReadResult(inputs, inputs)

    def update(self, id: str, olds: Values, news: Values, context: Context) -> Values:
        """Take note of what does not count, such as the artifact's path: nothing is sent."""
        del id, olds, context
        return news

    def delete(self, id: str, outputs: Values, context: Context) -> None:
        """Forget the release: the service cannot delete one alone."""
        spec_id, _, version = id.rpartition("/")
        # It stays this resource's own, should it come back: nobody can change it meanwhile.
        context.intent("release", spec_id, version).note({"content": releases.digest_content(outputs)})
        context.log(f"release {version} stays on the service until its spec is deleted; only forgotten here")

    def _ask(self, olds: Values, news: Values, context: Context) -> list[CheckFailure]:
        """Ask the service about a release that is new, where `press:validate` is `server`."""
        asks = context.settings().validate == "server" and not contains_unknown(news)
        if not asks or (olds and not find_changes(self.fields, olds, news)):
            return []
        return validate_release_on_server(news["spec_id"], news, context)

    def _refuse(self, olds: Values, news: Values) -> list[CheckFailure]:
        """A release never changes, so other content needs another version: told before anything is sent."""
        version, released = get(news, "release.version"), get(olds, "release.version")
        if isinstance(version, Unknown) or not olds or get(olds, "spec_id") != get(news, "spec_id"):
            return []
        if version != released:
            is_twin = versions.parse(version) == versions.parse(released)
            twin = versions.describe_twin(released, versions.next_patch(version))
            return [CheckFailure("release.version", twin)] if is_twin else []
        paths = [
            path
            for change in find_changes(releases.CONTENT, olds, news)
            for path in change.paths
            if not contains_unknown(change.field.value(news))
        ]
        if not paths:
            return []
        message = (
            f"is {version} still, but a release never changes "
            f"({releases.describe_reasons(paths, olds, news)}; digest {releases.digest_content(olds)} -> "
            f"{releases.digest_content(news)}); raise it, for example to {versions.next_patch(version)}"
        )
        return [CheckFailure("release.version", message)]
