"""Checking what is to be published, here and by asking the service, and publishing a spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import PressError
from pulumi_press.provider.artifacts import describe_artifact, divide, is_same_content, open_artifact
from pulumi_press.provider.base import CheckResult, find_failures
from pulumi_press.provider.context import State
from pulumi_press.provider.create_once import is_refusal
from pulumi_press.provider.fields import find_changes
from pulumi_press.provider.lookup import find_spec
from pulumi_press.provider.marks import add_tag
from pulumi_press.provider.releases import CONTENT, expand_release, marked_release
from pulumi_press.provider.secrets import note_hidden
from pulumi_press.provider.shipped import find_missing_files
from pulumi_press.provider.values import Values, get, put
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.plain import contains_unknown

if TYPE_CHECKING:
    from pulumi_press.provider.cache import Description
    from pulumi_press.provider.context import Context, Request

__all__ = ["check_content", "publish_spec", "validate_on_server", "validate_release_on_server"]


def check_content(shape: Any, request: Request) -> CheckResult:
    """Find the failures that need no request, and describe the artifact, for whatever publishes a release."""
    failures = find_failures(shape, request)
    description, wrong = describe_artifact(request)
    known = {failure.property for failure in failures}
    failures += [failure for failure in wrong if failure.property not in known]
    note_hidden(request.inputs.get("parameters"), request)
    new = _put_artifact(request.inputs, description)
    old = request.olds.get("artifact")
    if _is_all_that_changed(request.olds, new.values) and is_same_content(old, new.values.get("artifact")):
        description = divide(request.olds["artifact"])
        new = _put_artifact(request.inputs, description)
    request.cache.descriptions[request.urn] = description
    # What is out already was taken by the service as it is, and a stack that has it shows no change.
    if request.old is None or request.olds.get("kind") != new.inputs.get("kind") or _has_changed(request.old, new):
        from pulumi_press.schema.release_rules import (
            find_content_failures,  # It needs the shapes, which are loaded by now.
        )

        known = {failure.property for failure in failures}
        found = [*find_content_failures(new.inputs), *find_missing_files(new.values, request)]
        failures += [failure for failure in found if failure.property not in known]
    return CheckResult(new.inputs, failures)


def _put_artifact(inputs: Values, description: Description) -> State:
    outputs = {"artifact": description.outputs} if description.outputs else {}
    return State(put(inputs, "artifact", description.argument), outputs)


def _has_changed(old: State, new: State) -> bool:
    """Return whether the content changed, as far as the old state is known: an engine may know its inputs only."""
    fields = [field for field in CONTENT if field.path != "artifact.digest" or old.outputs]
    return bool(find_changes(fields, old.values, new.values))


def _is_all_that_changed(olds: Values, news: Values) -> bool:
    """Return whether the artifact is the only reason for a new release."""
    version = get(news, "release.version")
    paths = [path for change in find_changes(CONTENT, olds, news) for path in change.paths]
    return paths == ["artifact.digest"] and version in (None, get(olds, "release.version"))


def publish_spec(inputs: Values, context: Context, *, dry_run: bool = False) -> dict[str, Any]:
    """Send the `create_spec` that the inputs describe; a `dry` one is only validated, and nothing is stored."""
    body = {key: inputs[key] for key in ("kind", "metadata", "config")}
    body["metadata"] = put(inputs["metadata"], "tags", add_tag(get(inputs, "metadata.tags"), context))
    with open_artifact(inputs.get("artifact"), context) as archive:
        return context.client.create_spec(
            {"version": 1, **body, "release": marked_release(inputs, context)},
            artifact=archive,
            featured=inputs.get("featured"),
            scope=inputs.get("scope"),
            auto_run_on_deploy=inputs.get("auto_run_on_deploy"),
            tenants=inputs.get("tenants"),
            parameters=inputs.get("parameters"),
            validate=dry_run,
        )


def validate_on_server(olds: Values, news: Values, context: Context) -> list[CheckFailure]:
    """Ask the service whether it would publish what changed, where `press:validate` is `server`.

    Nothing is asked where nothing changed, or where something is not known yet.

    Args:
        olds: the inputs before; empty for a new spec.
        news: the inputs.
        context: the surroundings.
    """
    if context.settings().validate != "server" or contains_unknown(news):
        return []
    is_new = not olds or olds.get("kind") != news.get("kind")
    if not is_new and not find_changes(CONTENT, olds, news):
        return []
    found = find_spec(context.client, news if is_new else olds)
    if found is None:
        return _validate_new(news, context)
    if is_new:
        return []  # Whether it is taken over has been looked into.
    return validate_release_on_server(str(found["id"]), news, context)


def _validate_new(news: Values, context: Context) -> list[CheckFailure]:
    try:
        publish_spec(news, context, dry_run=True)
    except PressError as error:
        return _as_failures(error)
    return []


def validate_release_on_server(spec_id: str, news: Values, context: Context) -> list[CheckFailure]:
    """Ask the service whether it would publish a release."""
    try:
        with open_artifact(news.get("artifact"), context) as archive:
            context.client.create_spec_release(
                spec_id,
                expand_release(news, context),
                artifact=archive,
                auto_run_on_deploy=news.get("auto_run_on_deploy"),
                parameters=news.get("parameters"),
                validate=True,
            )
    except PressError as error:
        return _as_failures(error)
    return []


def _as_failures(error: PressError) -> list[CheckFailure]:
    """Tell a refusal as mistakes, by path where the service gives paths; any other error is raised."""
    if not is_refusal(error):
        raise error
    listed = get(error.body, "errors")
    failures = [
        CheckFailure(str(item.get("path", "")), f"the service says: {item['message']}")
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict) and isinstance(item.get("message"), str)
    ]
    return failures or [CheckFailure("", f"the service says: {error.detail or error}")]
