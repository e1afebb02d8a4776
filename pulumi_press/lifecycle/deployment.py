"""The life of a `BlockDeployment`: metadata and run parameters change in place, the rest as new revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pulumi_press.api import NotFound, PressError
from pulumi_press.lifecycle import releases, run_parameters
from pulumi_press.lifecycle.deletion import delete_and_wait
from pulumi_press.lifecycle.durations import parse_duration
from pulumi_press.lifecycle.errors import TakenError
from pulumi_press.lifecycle.fields import Effect, Field, find_changes
from pulumi_press.lifecycle.lookup import find_deployment
from pulumi_press.lifecycle.metadata import patch_metadata, project_metadata
from pulumi_press.lifecycle.resource import Checked, Diff, Lifecycle, Live, check_settings, name_of
from pulumi_press.lifecycle.revisions import create_revision, number_revision
from pulumi_press.lifecycle.rollouts import note_fresh
from pulumi_press.lifecycle.values import Values, get, put
from pulumi_press.schema import BlockDeploymentArgs, validate, versions

if TYPE_CHECKING:
    from pulumi_press.lifecycle.context import Context

__all__ = ["DeploymentLifecycle"]


class DeploymentLifecycle(Lifecycle):
    """What happens to a `BlockDeployment`. Its id is the deployment's.

    It never waits for a revision to come up: that is the rollout's part, a resource of its own, so that the id is in
    the state before anything can go wrong.
    """

    noun: ClassVar = "deployment"
    fields: ClassVar = (
        Field("spec.id", Effect.REPLACE, api="spec.id"),
        Field("metadata", Effect.PATCH, lenient=True, api="metadata"),
        Field("parameters.run", Effect.PARAMETERS, default={}, api="parameters.run"),
        Field("parameters.build", Effect.REVISION, default={}),
        Field("spec.release.version", Effect.REVISION, api="spec.release.currentVersion"),
        Field("revision.notes", Effect.REVISION, lenient=True, api="latestRevision.notes"),
        Field("triggers", Effect.REVISION, default={}),
        Field("timeouts", Effect.NONE, default={}),
        Field("revision_number", Effect.NONE, computed=True, api="latestRevision.revision"),
    )

    def check(self, olds: Values, news: Values, context: Context) -> Checked:
        """Validate, also against the release's declaration; number the revision."""
        given = {key: value for key, value in news.items() if key != "revision_number"}
        mistakes = [*check_settings(context), *validate(BlockDeploymentArgs, given)]
        if not mistakes:
            mistakes = run_parameters.check(olds, given, context)
        return Checked({**given, "revision_number": number_revision(self.fields, olds, given)}, mistakes)

    def diff(self, identity: str, olds: Values, news: Values) -> Diff:
        """Find what changed. Names are unique, so a deployment that keeps its name goes before it is replaced."""
        changes = super().diff(identity, olds, news).changes
        return Diff(changes, delete_first=name_of(olds) == name_of(news))

    def create(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Create the deployment; the service goes on with its first revision by itself."""
        body: Values = {key: inputs[key] for key in ("metadata", "spec", "revision", "parameters") if key in inputs}
        try:
            identity = str(context.press.create_deployment(body)["id"])
        except PressError as error:
            if not error.outcome_unknown and not releases.is_refusal(error):
                raise
            identity = self._take_over(inputs, error, context)
        note_fresh(identity, inputs["revision_number"])
        return identity, inputs

    def read(self, identity: str, outputs: Values, context: Context) -> Live | None:
        """Look at the deployment; its answer holds all that counts."""
        try:
            live = context.press.describe_deployment(identity)
        except NotFound:
            return None
        inputs = self._project(live, outputs)
        return Live(inputs, inputs)

    def update(self, identity: str, olds: Values, news: Values, context: Context) -> Values:
        """Change the metadata in place, then make a new revision, or change the run parameters in place."""
        diff = self.diff(identity, olds, news)
        # The PATCHes come first: they may be sent again, a revision may not.
        patch = patch_metadata(olds.get("metadata"), news.get("metadata"))
        if patch:
            context.press.update_deployment_metadata(identity, patch)
        if diff.leaves(Effect.REVISION):
            # The revision carries the run parameters too.
            leaves = diff.leaves(Effect.REVISION, Effect.PARAMETERS)
            number = create_revision(identity, olds, news, leaves, context)
            note_fresh(identity, number)
            return {**news, "revision_number": number}
        if leaves := diff.leaves(Effect.PARAMETERS):
            run_parameters.patch(identity, olds, news, leaves, context)
        return {**news, "revision_number": olds.get("revision_number", news["revision_number"])}

    def delete(self, identity: str, outputs: Values, context: Context) -> None:
        """Delete the deployment with what it runs."""
        delete_and_wait(
            lambda: context.press.delete_deployment(identity),
            lambda: context.press.describe_deployment(identity),
            context,
            what=f"deployment {name_of(outputs)}",
            timeout=parse_duration(get(outputs, "timeouts.delete") or "10m"),
        )

    def _project(self, live: Values, previous: Values) -> Values:
        inputs: Values = {
            **previous,
            "metadata": project_metadata(live.get("metadata"), previous.get("metadata")),
            "revision_number": get(live, "latestRevision.revision") or previous.get("revision_number"),
        }
        inputs = put(inputs, "spec.id", get(live, "spec.id"))
        inputs = put(inputs, "parameters.run", run_parameters.project(live, get(previous, "parameters.run")))
        if inputs["revision_number"] != previous.get("revision_number"):
            inputs = put(inputs, "revision.notes", get(live, "latestRevision.notes"))
        return put(inputs, "spec.release.version", _project_version(live, get(previous, "spec.release.version")))

    def _take_over(self, inputs: Values, error: PressError, context: Context) -> str:
        """Find the deployment whose name is taken, or whose creation was not answered, and decide if it is ours."""
        name = name_of(inputs)
        found = find_deployment(context.press, name, inputs["spec"]["id"])
        if found is None:
            raise error
        identity = str(found["id"])
        live = self.read(identity, inputs, context)
        adopt = context.settings().adopt
        same = live is not None and not find_changes(_COMPARABLE, live.inputs, inputs)
        if same and error.outcome_unknown:
            return identity
        if same and adopt != "never":
            context.tell(f"deployment {name} exists already as {identity} and is identical; taken over", warning=True)
            return identity
        if live is not None and adopt == "always" and get(live.inputs, "spec.id") == inputs["spec"]["id"]:
            context.tell(f"deployment {name} exists already as {identity}; taken over", warning=True)
            self.update(identity, live.inputs, inputs, context)
            return identity
        why = "and press:adopt is never" if adopt == "never" else "and differs from this program"
        raise TakenError(
            f"metadata.name: a deployment named {name!r} exists already as {identity} {why}; choose another name, "
            "delete it, or set press:adopt to always to take it over"
        ) from error


_COMPARABLE = tuple(
    field
    for field in DeploymentLifecycle.fields
    if field.effect is not Effect.NONE and field.path not in ("parameters.build", "triggers", "revision.notes")
)
"""What the service tells of a deployment, so that two can be compared."""


def _project_version(live: Values, previous: Any) -> Any:
    """Write the version that runs; one that was left to the service shows only once a later release is out."""
    current, latest = get(live, "spec.release.currentVersion"), get(live, "spec.release.latestVersion")
    if previous is None and isinstance(current, str) and isinstance(latest, str):
        return current if versions.parse(current) < versions.parse(latest) else None
    return current if current is not None else previous
