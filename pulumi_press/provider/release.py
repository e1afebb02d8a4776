"""`BlockSpecRelease`: published once, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pulumi_press.client.errors import NotFound
from pulumi_press.provider.artifacts import add_description, check_files, plan_artifact
from pulumi_press.provider.base import CheckError, CheckResult, Diff, Resource, has_failures
from pulumi_press.provider.context import Publication, State
from pulumi_press.provider.errors import ProviderError
from pulumi_press.provider.fields import Effect, Field, describe_reasons, find_changes
from pulumi_press.provider.metadata import find_imitations
from pulumi_press.provider.parameters import remember_checked
from pulumi_press.provider.publishing import (
    CONTENT,
    check_content,
    content_fields,
    digest_content,
    flatten_release,
    publish_release,
    validate_release_on_server,
)
from pulumi_press.provider.values import Values, get, merge, put
from pulumi_press.provider.versioning import find_clashes
from pulumi_press.schema import versions
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.plain import Unknown, contains_unknown

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context, Request
    from pulumi_press.provider.values import Values

__all__ = ["ReleaseResource"]


class ReleaseResource(Resource):
    """A `BlockSpecRelease`. Its id is `<spec id>/<version>`."""

    kind: ClassVar = "release"
    shape: ClassVar = "BlockSpecReleaseArgs"
    fields: ClassVar = (
        Field("spec_id", Effect.REPLACE, api="(in the path)"),
        Field("release.version", Effect.REPLACE, api="(in the path)"),
        *content_fields(Effect.REPLACE),
        Field("artifact.path", Effect.NONE),
        Field("artifact.ignore_files", Effect.NONE),
        Field("artifact.default_ignores", Effect.NONE, default=True),
        Field("artifact.files", Effect.NONE, computed=True),
    )

    def check(self, request: Request) -> CheckResult:
        """Validate; refuse other content under the same version beside other failures."""
        from pulumi_press.schema import arguments  # A refresh needs no shapes.

        checked = check_content(getattr(arguments, self.shape), request)
        failures = checked.failures or find_imitations(checked.inputs)
        if failures and request.knows_outputs and not has_failures(failures, "spec_id", "release", "artifact"):
            failures = [*failures, *self._refuse(request.olds, add_description(checked.inputs, request))]
        return CheckResult(checked.inputs, failures)

    def plan(self, request: Request) -> Values:
        """Describe the artifact; refuse what cannot be published beside what is there."""
        outputs, olds = plan_artifact(request), request.olds
        news = merge(request.inputs, outputs)
        failures = self._refuse(olds, news)
        if not olds:
            # Also one that is to be replaced: the engine checks its inputs once more, without the old ones.
            failures = failures or check_files(news.get("artifact"), "the release is created", request)
        if not failures:
            source = request.declaration.source if request.declaration.certain else ""
            remember_checked(news, request, request.urn, source, news.get("spec_id"))
            failures = self._find_clashes(olds, news, source, request) or self._ask(olds, news, request)
        if failures:
            raise CheckError(failures)
        return outputs

    def _find_clashes(self, olds: Values, news: Values, source: str, context: Context) -> list[CheckFailure]:
        """Compare the version with those that the same program publishes beside it."""
        version, spec_id = get(news, "release.version"), news.get("spec_id")
        if not isinstance(version, str) or not context.urn:
            return []
        is_new = (olds.get("spec_id"), get(olds, "release.version")) != (spec_id, version)
        keys = {key for key in (spec_id, source) if isinstance(key, str) and key}
        earlier = context.declaration.earlier
        return list(find_clashes(Publication(frozenset(keys), version, is_new, earlier), context))

    def diff(self, request: Request) -> Diff:
        """Find what changed, and remember what the release declares for the deployments that follow."""
        remember_checked(request.inputs, request, request.inputs.get("spec_id"))
        return super().diff(request)

    def clear_intents(self, request: Request) -> None:
        """Forget the note about the release."""
        spec_id, _, version = request.id.rpartition("/")
        request.intent("release", spec_id, version).forget()

    def create(self, request: Request) -> tuple[str, State]:
        """Publish the release."""
        new = self.find_planned(request)
        publish_release(new.inputs["spec_id"], new.values, request, may_be_taken=False)
        return f"{new.inputs['spec_id']}/{new.inputs['release']['version']}", new

    def fetch(self, request: Request) -> State | None:
        """Look at the release."""
        spec_id, _, version = request.id.rpartition("/")
        if not (spec_id and version):
            # An import, or a `get`: a state has ids of this form only.
            raise ProviderError(f"the id of a release is <spec id>/<version>, which {request.id!r} is not")
        try:
            live = dict(request.client.describe_spec_release(spec_id, version))
        except NotFound:
            return None
        old = request.old or State()
        # A release never changes, so what is known of its content stays as the program wrote it.
        content = {} if "config" in old.inputs else flatten_release(live)
        inputs = put({**old.inputs, "spec_id": spec_id, **content}, "release.version", version)
        remember_checked(inputs, request, spec_id, request.urn)
        return State(inputs, old.outputs)

    def update(self, request: Request) -> State:
        """Update the state only: what changed, such as the artifact's path, does not count for the service."""
        return self.find_planned(request)

    def delete(self, request: Request) -> None:
        """Forget the release: the service cannot delete one alone."""
        spec_id, _, version = request.id.rpartition("/")
        # It stays this resource's own, should it come back: nobody can change it meanwhile.
        request.intent("release", spec_id, version).note({"content": digest_content(request.olds)})
        request.log(
            f"release {version} stays on the service until its spec is deleted; it is only removed from the state"
        )

    def _ask(self, olds: Values, news: Values, context: Context) -> list[CheckFailure]:
        """Ask the service about a release that is new, where `press:validate` is `server`."""
        asks = context.settings().validate == "server" and not contains_unknown(news)
        if not asks or (olds and not find_changes(self.fields, olds, news)):
            return []
        return validate_release_on_server(news["spec_id"], news, context)

    def _refuse(self, olds: Values, news: Values) -> list[CheckFailure]:
        """Refuse other content under the same version, before anything is sent."""
        version, released = get(news, "release.version"), get(olds, "release.version")
        if isinstance(version, Unknown) or not olds or get(olds, "spec_id") != get(news, "spec_id"):
            return []
        if version != released:
            is_twin = versions.parse(version) == versions.parse(released)
            twin = versions.describe_twin(released, versions.next_patch(version))
            return [CheckFailure("release.version", twin)] if is_twin else []
        paths = [
            path
            for change in find_changes(CONTENT, olds, news)
            for path in change.paths
            if not contains_unknown(change.field.value(news))
        ]
        if not paths:
            return []
        message = (
            f"is {version} still, but a release never changes "
            f"({describe_reasons(paths, olds, news)}); raise it, for example to {versions.next_patch(version)}"
        )
        return [CheckFailure("release.version", message)]
