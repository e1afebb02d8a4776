"""Releases: what their content is, which version comes next, and publishing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider.artifacts import open_artifact
from pulumi_press.provider.create_once import create_once
from pulumi_press.provider.declarations import GROUPS, flatten_declared
from pulumi_press.provider.errors import AlreadyExistsError
from pulumi_press.provider.fields import Effect, Field, find_changes
from pulumi_press.provider.intents import digest
from pulumi_press.provider.marks import digest_public, mark_notes, name_stack, read_digest, strip_notes
from pulumi_press.provider.values import Values, get, put
from pulumi_press.schema import versions
from pulumi_press.schema.plain import UNKNOWN, Unknown

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context
    from pulumi_press.provider.intents import Record

__all__ = [
    "content_fields",
    "declared_parameters",
    "declared_run_parameters",
    "digest_content",
    "expand_release",
    "find_declared",
    "flatten_release",
    "publish_release",
    "remember_checked",
    "remember_parameters",
]


def content_fields(effect: Effect) -> tuple[Field, ...]:
    """Give the fields that make up a release's content, all with one effect."""
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
    """Give a short digest of a release's content, to tell two of them apart."""
    return digest([field.value(inputs) for field in CONTENT])[:12]


def expand_release(inputs: Values, context: Context) -> Values:
    """Give the body of `create_spec_release`."""
    return {"release": marked_release(inputs, context), "config": inputs["config"]}


def marked_release(inputs: Values, context: Context) -> Values:
    """Give the version and notes of a release as they are sent."""
    notes = mark_notes(get(inputs, "release.notes"), digest_public(inputs, _PATHS), context)
    return inputs["release"] if notes is None else {**inputs["release"], "notes": notes}


def is_proven(release: Values, inputs: Values) -> bool:
    """Tell whether a live release carries the mark of just this content, its files included."""
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
        context: the surroundings.
        may_be_taken: whether a release of the same content that somebody else published is taken as it is, whatever
            `press:adopt` says: where the spec is the resource's own.

    Raises:
        AlreadyExistsError: the version exists with other content.
    """
    version = inputs["release"]["version"]
    content = digest_content(inputs)

    def find_own(noted: Record) -> bool | None:
        live = _find_release(spec_id, version, context) if noted["content"] == content else None
        if live is None or not holds_content(live, inputs):
            return None
        context.log(f"release {version} was found from an interrupted run; reusing it")
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
    create_once(intent, {"content": content}, find_own, send, look_up)
    remember_parameters(spec_id, version, inputs.get("parameters"), context)


def _refuse_taken(
    spec_id: str, live: Values, inputs: Values, error: PressError, context: Context, *, may_be_taken: bool
) -> None:
    """Raise the error for a version that is out already with what is not, or may not be, this program's."""
    version, adopt = inputs["release"]["version"], context.settings().adopt
    if name_stack(context) and is_proven(live, inputs):
        return
    # A POST whose answer was lost would have left this stack's mark.
    if (not error.outcome_unknown or name_stack(context)) and adopt != "always":
        free = _next_free(spec_id, version, context)
        if "artifact" in inputs and not is_proven(live, inputs):
            raise AlreadyExistsError(
                f"release {version} exists already, and the service does not tell its files, so nobody can say whether "
                f"they are this program's; raise release.version to {free}, or set press:adopt to always to take it "
                "as it is"
            ) from error
        if adopt == "never" and not may_be_taken and holds_content(live, inputs):
            raise AlreadyExistsError(
                f"release {version} exists already with the same content, and press:adopt is never; raise "
                f"release.version to {free}, or set press:adopt to identical to take it as it is. A release cannot be "
                "made anew: to replace this resource by itself, set delete_before_replace=True"
            ) from error
    if not holds_content(live, inputs):
        theirs = digest_content({**flatten_release(live), "artifact": inputs.get("artifact")})
        raise AlreadyExistsError(
            f"release {version} exists already with other content (digest {theirs}) than this program's "
            f"({digest_content(inputs)}); raise release.version to {_next_free(spec_id, version, context)}"
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
    """Give the next version that the service would take."""
    latest = get(context.client.describe_spec(spec_id), "latestRelease.version")
    return versions.next_patch(max(version, latest, key=versions.parse) if isinstance(latest, str) else version)


def _find_release(spec_id: str, version: str, context: Context) -> Values | None:
    try:
        live = context.client.describe_spec_release(spec_id, version)
    except NotFound:
        return None
    return dict(live)


def find_in_spec(spec_id: str, live: Values, version: str, context: Context) -> Values:
    """Give a release of a spec that was read, asking for it only if it is not the latest.

    Raises:
        NotFound: there is no such release.
    """
    latest = live.get("latestRelease") or {}
    if latest.get("version") == version and "config" in latest:
        return {**latest, "parameters": live.get("parameters")}
    return dict(context.client.describe_spec_release(spec_id, version))


def holds_content(live: Values, inputs: Values) -> bool:
    """Tell whether a live release has the content of the inputs, as far as the service tells: not the artifact."""
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


def remember_parameters(spec_id: str, version: str, parameters: Any, context: Context) -> None:
    """Keep what a release declares, so that a deployment in the same program is checked without a request.

    Args:
        spec_id: the spec; or the resource that publishes the release, as the engine names it, while there is no id.
        version: the release.
        parameters: what it declares.
        context: the surroundings.
    """
    if isinstance(parameters, Unknown):
        parameters = dict.fromkeys(GROUPS, UNKNOWN)
    context.cache.declared[spec_id, version] = parameters if isinstance(parameters, dict) else {}


def remember_checked(inputs: Values, context: Context, *keys: Any) -> None:
    """Keep what a checked spec or release declares, also by the names that the engine has for it.

    Args:
        inputs: its inputs.
        context: the surroundings.
        keys: by what deployments refer to it: its id or URN, or its spec's; empty or unknown ones are left out.
    """
    version = get(inputs, "release.version")
    for key in keys if isinstance(version, str) else ():
        if isinstance(key, str) and key:
            remember_parameters(key, version, inputs.get("parameters"), context)


def find_declared(spec_id: str, version: str | None, context: Context) -> Values | None:
    """Give what a release declares, where this process has seen it; None where it has not.

    Args:
        spec_id: the spec, or the resource that publishes the release.
        version: the release; None for the latest.
        context: the surroundings.
    """
    declared = context.cache.declared
    if version is None:
        seen = [known for spec, known in list(declared) if spec == spec_id]
        version = max(seen, key=versions.parse, default=None)
    return None if version is None else declared.get((spec_id, version))


def declared_parameters(spec_id: str, version: str | None, context: Context) -> Values:
    """Give what a release declares, asking the service only if this process has not seen it.

    Args:
        spec_id: the spec.
        version: the release; None for the latest.
        context: the surroundings.
    """
    known = find_declared(spec_id, version, context)
    if known is not None:
        return known
    if version is None:
        live = context.client.describe_spec(spec_id)
        version = str(get(live, "latestRelease.version"))
        remember_parameters(spec_id, version, live.get("parameters"), context)
    else:
        release = context.client.describe_spec_release(spec_id, version)
        remember_parameters(spec_id, version, release.get("parameters"), context)
    return context.cache.declared[spec_id, version]


def declared_run_parameters(spec_id: str, version: str | None, context: Context) -> list[Any]:
    """Give the run parameters that a release declares, see `declared_parameters`."""
    declared = get(declared_parameters(spec_id, version, context), "run")
    return [item for item in declared if isinstance(item, dict)] if isinstance(declared, list) else []
