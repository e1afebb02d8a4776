"""Checking what a release holds, here and by asking the service, and publishing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.output import shorten
from pulumi_press.provider.adoption import take_up, was_taken_up
from pulumi_press.provider.artifacts import (
    check_files,
    describe_artifact,
    divide,
    find_missing_files,
    is_same_content,
    open_artifact,
)
from pulumi_press.provider.base import CheckResult, find_failures
from pulumi_press.provider.context import State
from pulumi_press.provider.create_once import create_once, digest, is_refusal
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.fields import Effect, Field, describe_reasons, find_changes
from pulumi_press.provider.listings import find_spec
from pulumi_press.provider.metadata import add_tag, digest_public, mark_notes, name_stack, read_digest, strip_notes
from pulumi_press.provider.parameters import flatten_declared, remember_parameters
from pulumi_press.provider.secrets import note_hidden
from pulumi_press.provider.values import Values, get, put
from pulumi_press.schema import versions
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.plain import contains_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_press.provider.context import Context, Description, Request
    from pulumi_press.provider.create_once import Record

__all__ = [
    "check_content",
    "content_fields",
    "digest_content",
    "expand_release",
    "find_unavailable_files",
    "flatten_release",
    "publish_release",
    "publish_spec",
    "validate_on_server",
    "validate_release_on_server",
]


def content_fields(effect: Effect) -> tuple[Field, ...]:
    """Return the fields that make up a release's content, all with one effect."""
    return (
        Field("config", effect, api="config"),
        Field("artifact.digest", effect, computed=True),
        Field("parameters", effect, default={}, empty_is_absent=True, api="parameters"),
        Field("auto_run_on_deploy", effect, default=False, api="autoRunOnDeploy"),
        Field("release.notes", effect, empty_is_absent=True, api="notes"),
    )


CONTENT = content_fields(Effect.RELEASE)

_PATHS = tuple(field.path for field in CONTENT)


def digest_content(inputs: Values) -> str:
    """Return a short digest of a release's content, to tell two of them apart."""
    return digest([field.value(inputs) for field in CONTENT])[:12]


def expand_release(inputs: Values, context: Context) -> Values:
    """Return the body of `create_spec_release`."""
    return {"release": marked_release(inputs, context), "config": inputs["config"]}


def marked_release(inputs: Values, context: Context) -> Values:
    """Return the version and notes of a release as they are sent."""
    notes = mark_notes(get(inputs, "release.notes"), digest_public(inputs, _PATHS), context)
    return inputs["release"] if notes is None else {**inputs["release"], "notes": notes}


def is_proven(release: Values, inputs: Values) -> bool:
    """Return whether a live release carries the mark of just this content, its files included."""
    marked = read_digest(release.get("notes"))
    return bool(marked) and marked == digest_public(inputs, _PATHS)


def take_content(inputs: Values) -> Values:
    """Take the inputs that are a release's content, beside its notes."""
    return {key: inputs[key] for key in ("config", "artifact", "parameters", "auto_run_on_deploy") if key in inputs}


def publish_release(spec_id: str, inputs: Values, context: Context, *, may_be_taken: bool = True) -> None:
    """Publish the release that the inputs describe.

    The POST is sent once. If its answer was lost, or the version exists already, the release is looked up: one with
    the same content is the one that was to be made.

    Args:
        spec_id: the spec.
        inputs: the release.
        context: client, settings and cache.
        may_be_taken: whether a release of the same content that somebody else published is taken as it is, whatever
            `press:adopt` says: where the spec is the resource's own.

    Raises:
        AlreadyExistsError: the version exists with other content.
    """
    version = inputs["release"]["version"]
    content = digest_content(inputs)

    def find_own(noted: Record) -> bool | None:
        if noted.get("content", content) != content:
            return None
        live = _find_release(spec_id, version, context)
        if live is None or not (holds_content(live, inputs) if noted else is_proven(live, inputs)):
            return None
        take_up("release", f"{spec_id}/{version}", context)
        return True

    def send() -> bool:
        with open_artifact(inputs.get("artifact"), context) as archive:
            context.client.create_spec_release(
                spec_id,
                expand_release(inputs, context),
                artifact=archive,
                auto_run_on_deploy=inputs.get("auto_run_on_deploy"),
                parameters=inputs.get("parameters"),
            )
        return True

    def look_up(error: PressError) -> bool:
        live = _find_release(spec_id, version, context)
        if live is None:
            _refuse_lower(spec_id, version, error, context)
            raise error
        _refuse_taken(spec_id, live, inputs, error, context, may_be_taken=may_be_taken)
        return True

    intent = context.intent("release", spec_id, version)
    # A mark tells of it without a note. It is looked for where it is known to be there, or may well be.
    is_there = get(context.live, "latestRelease.version") == version
    is_marked = bool(name_stack(context)) and (is_there or was_taken_up("spec", spec_id, context))
    create_once(intent, {"content": content}, find_own, send, look_up, is_marked=is_marked)
    remember_parameters(spec_id, version, inputs.get("parameters"), context)


def _refuse_taken(
    spec_id: str, live: Values, inputs: Values, error: PressError, context: Context, *, may_be_taken: bool
) -> None:
    """Raise the error for a version that is out already with what is not, or may not be, this program's."""
    version, adopt = inputs["release"]["version"], context.settings().adopt
    if name_stack(context) and is_proven(live, inputs):
        if not error.outcome_unknown:
            take_up("release", f"{spec_id}/{version}", context)
        return
    # A POST whose answer was lost would have left this stack's mark.
    if (not error.outcome_unknown or name_stack(context)) and adopt != "always":
        free = _next_free(spec_id, version, context)
        if "artifact" in inputs and not is_proven(live, inputs):
            raise AlreadyExistsError(
                f"release {version} exists already, and the service does not return its files, so the provider cannot "
                f"verify that they match; raise release.version to {free}, or set press:adopt to always to take it "
                "as it is"
            ) from error
        if adopt == "never" and not may_be_taken and holds_content(live, inputs):
            raise AlreadyExistsError(
                f"release {version} exists already with the same content, and press:adopt is never; raise "
                f"release.version to {free}, or set press:adopt to identical to take it as it is. A release cannot be "
                "replaced in place: to replace this resource by itself, set delete_before_replace=True"
            ) from error
    if not holds_content(live, inputs):
        raise AlreadyExistsError(
            f"release {version} exists already with other content than this program's; "
            f"raise release.version to {_next_free(spec_id, version, context)}"
        ) from error
    if not error.outcome_unknown:
        context.log(f"release {version} exists already with the same content; taken as it is", warning=True)


def _refuse_lower(spec_id: str, version: str, error: PressError, context: Context) -> None:
    """Raise the error for a version that is not out, where it is refused since a later one is."""
    if error.outcome_unknown:
        return
    try:
        latest = get(context.client.describe_spec(spec_id), "latestRelease.version")
    except PressError:
        return
    if isinstance(latest, str) and versions.parse(latest) > versions.parse(version):
        raise AlreadyExistsError(
            f"release.version: {version} is not above the latest release {latest}; set it to "
            f"{versions.next_patch(latest)}, or run the command again if it was left out\n"
            f"(the service says: {error.detail})"
        ) from error


def _next_free(spec_id: str, version: str, context: Context) -> str:
    """Return the next version that the service would take."""
    latest = get(context.client.describe_spec(spec_id), "latestRelease.version")
    return versions.next_patch(max(version, latest, key=versions.parse) if isinstance(latest, str) else version)


def _find_release(spec_id: str, version: str, context: Context) -> Values | None:
    try:
        return find_in_spec(spec_id, context.live or {}, version, context)
    except NotFound:
        return None


def find_in_spec(spec_id: str, live: Values, version: str, context: Context) -> Values:
    """Return a release of a spec that was read, asking for it only if it is not the latest.

    Raises:
        NotFound: there is no such release.
    """
    latest = live.get("latestRelease") or {}
    if latest.get("version") == version and "config" in latest:
        return {**latest, "parameters": live.get("parameters")}
    return dict(context.client.describe_spec_release(spec_id, version))


def holds_content(live: Values, inputs: Values) -> bool:
    """Return whether a live release has the content of the inputs, apart from the artifact, which is not returned."""
    return not find_changes(
        [field for field in CONTENT if field.path != "artifact.digest"], flatten_release(live), inputs
    )


def flatten_release(live: Values) -> Values:
    """Write a live release as inputs: config, parameters, notes and `auto_run_on_deploy`."""
    declared = flatten_declared(live.get("parameters"))
    inputs: Values = {"config": live.get("config")}
    if declared:
        inputs["parameters"] = declared
    if live.get("autoRunOnDeploy"):
        inputs["auto_run_on_deploy"] = True
    if notes := strip_notes(live.get("notes")):
        inputs = put(inputs, "release.notes", notes)
    return inputs


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
        # It needs the shapes, which are loaded by now.
        from pulumi_press.schema.release_rules import find_content_failures

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


def find_unavailable_files(fields: Iterable[Field], olds: Values, news: Values, context: Context) -> list[CheckFailure]:
    """Find out whether the files are there, if a release is due. A spec of another kind is checked once more."""
    if not olds:
        return check_files(news.get("artifact"), "the spec is created", context)
    released = [field for field in fields if field.effect is Effect.RELEASE]
    paths = [path for change in find_changes(released, olds, news) for path in change.paths]
    if not paths or olds.get("kind") != news.get("kind"):
        return []
    content = [path for path in paths if path != "release.version"]
    reasons = describe_reasons(content or paths, olds, news)
    return check_files(news.get("artifact"), f"{reasons} changed", context)


def publish_spec(inputs: Values, context: Context, *, dry_run: bool = False) -> dict[str, Any]:
    """Send the `create_spec` that the inputs describe; a dry run is only validated, and nothing is stored."""
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
        context: client, settings and cache.
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
        return []  # Whether it is adopted was checked before.
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


_LONGEST = 500  # characters of one of the service's texts in a message


def _as_failures(error: PressError) -> list[CheckFailure]:
    """Return a refusal as failures, by path where the service gives paths; raise any other error."""
    if not is_refusal(error):
        raise error
    listed = get(error.body, "errors")
    failures = [
        CheckFailure(
            shorten(str(item.get("path", "")), _LONGEST), f"the service says: {shorten(item['message'], _LONGEST)}"
        )
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict) and isinstance(item.get("message"), str)
    ]
    return failures or [CheckFailure("", f"the service says: {error.detail or error}")]
