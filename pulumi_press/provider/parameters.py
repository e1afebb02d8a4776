"""Parameters: what releases declare, and what deployments give."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pulumi_press.carried import carry, is_shown, why_not_key
from pulumi_press.client.errors import NotFound, PressError
from pulumi_press.provider.fields import describe_reasons
from pulumi_press.provider.metadata import strip_notes
from pulumi_press.provider.secrets import note_hidden
from pulumi_press.provider.values import Values, get, is_equal, name_of
from pulumi_press.schema import versions
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.hidden import hides
from pulumi_press.schema.parameter_values import check_values
from pulumi_press.schema.plain import UNKNOWN, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pulumi_press.provider.context import Context

__all__ = [
    "check_parameters",
    "declared_parameters",
    "declared_run_parameters",
    "find_declared",
    "find_lasting",
    "flatten_declared",
    "flatten_run_parameters",
    "patch_run_parameters",
    "remember_checked",
    "remember_parameters",
]

GROUPS = ("build", "run")

ANY_VALUE = ("defaultValue", "value")
"""What may be any value."""


def flatten_declared(parameters: Any) -> Values:
    """Write live declarations as the input `parameters`; groups without any are left out.

    What the service adds to a declaration is no part of what was declared, so it is no difference either.
    """
    declared = {group: get(parameters, group) for group in GROUPS}
    return {group: [_project(item) for item in items] for group, items in declared.items() if items}


def _project(declaration: Values) -> Values:
    from pulumi_press.schema.parameters import Option, Parameter

    known = _take(declaration, Parameter)
    if options := known.get("options"):
        known["options"] = [_take(option, Option) for option in options]
    return known


def _take(value: Values, shape: Any) -> Values:
    """Return the keys that a shape has; a null counts as absent, and a value that Pulumi cannot hold becomes a text."""
    known = {key: item for key, item in value.items() if key in shape.__annotations__ and item is not None}
    return {key: carry(item) if key in ANY_VALUE else item for key, item in known.items()}


def remember_parameters(spec_id: str, version: str, parameters: Any, context: Context) -> None:
    """Keep what a release declares, so that a deployment in the same program is checked without a request.

    Args:
        spec_id: the spec; or the resource that publishes the release, by its URN, while there is no id.
        version: the release.
        parameters: what it declares.
        context: client, settings and cache.
    """
    if isinstance(parameters, Unknown):
        parameters = dict.fromkeys(GROUPS, UNKNOWN)
    context.cache.declared[spec_id, version] = parameters if isinstance(parameters, dict) else {}
    note_hidden(parameters, context)


def remember_checked(inputs: Values, context: Context, *keys: Any) -> None:
    """Keep what a checked spec or release declares, also by the names that the engine has for it.

    Args:
        inputs: its inputs.
        context: client, settings and cache.
        keys: by what deployments refer to it: its id or URN, or its spec's; empty or unknown ones are left out.
    """
    version = get(inputs, "release.version")
    for key in keys if isinstance(version, str) else ():
        if isinstance(key, str) and key:
            remember_parameters(key, version, inputs.get("parameters"), context)


def find_declared(spec_id: str, version: str | None, context: Context) -> Values | None:
    """Return what a release declares, where this process has seen it; None where it has not.

    Args:
        spec_id: the spec, or the resource that publishes the release.
        version: the release; None for the latest.
        context: client, settings and cache.
    """
    declared = context.cache.declared
    if version is None:
        seen = [known for spec, known in list(declared) if spec == spec_id]
        version = max(seen, key=versions.parse, default=None)
    return None if version is None else declared.get((spec_id, version))


def declared_parameters(spec_id: str, version: str | None, context: Context) -> Values:
    """Return what a release declares, asking the service only if this process has not seen it.

    Args:
        spec_id: the spec.
        version: the release; None for the latest.
        context: client, settings and cache.
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
    """Return the run parameters that a release declares, see `declared_parameters`."""
    declared = get(declared_parameters(spec_id, version, context), "run")
    return [item for item in declared if isinstance(item, dict)] if isinstance(declared, list) else []


NUMBER = "revision_number"


def check_parameters(olds: Values, news: Values, context: Context) -> list[CheckFailure]:
    """Check the parameters against what the release declares, where the release is known.

    Nothing is asked of the service while neither the values nor the release changed, nor where this process made the
    release itself. A service that cannot be reached is no failure of the program: the operation itself will report it.
    """
    paths = ("spec.id", "spec.release.version", "parameters.run", "parameters.build")
    spec_id, version = get(news, "spec.id"), get(news, "spec.release.version")
    if isinstance(news.get("spec"), Unknown) and context.declaration.source and context.declaration.certain:
        example = 'give the resource itself, or an object such as {"id": "..."}'
        return [CheckFailure("spec", f"must not be the bare id of a spec; {example}")]
    if isinstance(spec_id, Unknown) and not isinstance(version, Unknown):
        return _check_declared(news, version, context)
    is_same = olds and all(is_equal(get(olds, path) or {}, get(news, path) or {}) for path in paths)
    is_open = any(isinstance(get(news, f"parameters.{group}"), Unknown) for group in GROUPS)
    if not isinstance(spec_id, str) or isinstance(version, Unknown) or is_same or is_open:
        return []
    try:
        declared = declared_parameters(spec_id, version, context)
    except NotFound:
        return _find_missing_spec(spec_id, context)
    except PressError:
        return []
    return _compare(declared, news)


def _check_declared(news: Values, version: str | None, context: Context) -> list[CheckFailure]:
    """Check against a spec or release that the same program is yet to publish, so that there is no id to ask for."""
    declaration = context.declaration
    declared = find_declared(declaration.source, version, context) if declaration.source else None
    failures = [] if declared is None else _compare(declared, news)
    if declaration.certain:
        return failures
    for failure in failures:
        # The id was computed from something of that resource, so it may be another's.
        context.log(f"{failure} (if {declaration.source.rpartition('::')[2]} is the spec)", warning=True)
    return []


def _compare(declared: Values, news: Values) -> list[CheckFailure]:
    given = {group: get(news, f"parameters.{group}") or {} for group in GROUPS}
    return [
        failure
        for group, values in given.items()
        if not isinstance(values, Unknown) and not isinstance(get(declared, group), Unknown)
        for failure in check_values(get(declared, group) or [], values, at=f"parameters.{group}")
    ]


def _find_missing_spec(spec_id: str, context: Context) -> list[CheckFailure]:
    """Report a spec that does not exist. A missing release may be one that the same program will publish."""
    try:
        context.client.describe_spec(spec_id)
    except NotFound:
        message = f"there is no spec with the id {spec_id!r}; was it deleted, or is it another tenant's?"
        return [CheckFailure("spec.id", message)]
    except PressError:
        return []
    return []


def find_lasting(olds: Values, news: Values, context: Context) -> list[str]:
    """Return the run parameters that are removed but have no default to go back to: only a new revision drops them."""
    before, after = get(olds, "parameters.run") or {}, get(news, "parameters.run") or {}
    spec_id, version = get(news, "spec.id"), get(news, "spec.release.version")
    removed = [name for name in before if name not in after] if isinstance(after, dict) else []
    if not removed or not isinstance(spec_id, str) or isinstance(version, Unknown):
        return []
    try:
        declared = {item["name"]: item for item in declared_run_parameters(spec_id, version, context)}
    except PressError:
        return []
    return [name for name in removed if not _has_default(declared.get(name, {}))]


def patch_run_parameters(id: str, olds: Values, news: Values, paths: Sequence[str], context: Context) -> Any:
    """Change the run parameters in place. One that the program no longer sets goes back to its declared default.

    Returns:
        The number of this stack's revision: whether a patch makes a revision is not documented.
    """
    before, after = get(olds, "parameters.run") or {}, get(news, "parameters.run") or {}
    body = {name: value for name, value in after.items() if not is_equal(before.get(name), value)}
    body |= _defaults([name for name in before if name not in after], id, news, context)
    if body:
        context.client.patch_parameters(id, body)
    context.log(f"{name_of(news)}: run parameters changed in place: {describe_reasons(paths, olds, news)}")
    return _number_own(context.client.describe_deployment(id), olds) if body else olds.get(NUMBER)


def _number_own(live: Values, olds: Values) -> Any:
    """Return the number of the live revision if the service made it of a patch, else of the one before.

    The next one, with the notes of none or of the one before, came of the patch. Any other is somebody else's, and the
    next refresh reports it.
    """
    latest, known = get(live, "latestRevision.revision"), olds.get(NUMBER)
    notes = strip_notes(get(live, "latestRevision.notes")) or None
    is_own = known is None or (latest == known + 1 and notes in (None, get(olds, "revision.notes")))
    return latest if is_own else known


def _defaults(names: list[str], id: str, news: Values, context: Context) -> Values:
    if not names:
        return {}
    # Where the version is left to the service, it is the release that runs that counts.
    version = get(news, "spec.release.version") or get(
        context.client.describe_deployment(id), "spec.release.currentVersion"
    )
    declared = {item["name"]: item for item in declared_run_parameters(news["spec"]["id"], version, context)}
    return {name: declared[name]["defaultValue"] for name in names if _has_default(declared.get(name, {}))}


def _has_default(declaration: Values) -> bool:
    # The service may return a hidden default masked, and the mask must never become a value. Nor may a text that
    # stands for a default which Pulumi cannot hold.
    is_known = "defaultValue" in declaration and not is_shown(declaration["defaultValue"])
    return is_known and not hides(declaration)


def flatten_run_parameters(
    live: Values,
    previous: Any,
    spec_id: Any,
    context: Context,
    hidden: Collection[str] = (),
    *,
    write: Callable[[Any], Any] = carry,
) -> Any:
    """Write the live run parameters as inputs.

    One that the program does not set shows only if it is not at its default; a masked one keeps the value it had.
    One that Pulumi cannot hold becomes a text, which no program has, so that it shows as drift. None where there are
    none.

    Args:
        live: the answer of the service.
        previous: the inputs before.
        spec_id: the spec, whose release is asked for the defaults where the answer has values only.
        context: client, settings and cache.
        hidden: masked ones, as `run.<name>`, whether or not the answer says that they are.
        write: writes a value that is not the one before.
    """
    before = previous if isinstance(previous, dict) else {}
    items = get(live, "parameters.run")
    if not isinstance(items, list):
        # The shape is not documented beyond "a list": what cannot be read is no drift.
        return previous
    named = {item["name"]: item for item in items if isinstance(item, dict) and not why_not_key(item.get("name"))}
    masked = {name for name, item in named.items() if hides(item) or f"run.{name}" in hidden}
    projected = dict(before)
    # Where values are returned at all, a parameter without one has none.
    if any("value" in item for item in named.values()):
        projected = {
            name: value
            for name, value in before.items()
            if name not in named or "value" in named[name] or name in masked
        }
    told = {name: item["value"] for name, item in named.items() if "value" in item and name not in masked}
    unset = {name: named[name] for name in told if name not in before}
    defaults = _declared_defaults(unset, live, spec_id, context)
    for name, value in told.items():
        if name in before:
            projected[name] = before[name] if is_equal(before[name], value) else write(value)
        elif not is_equal(value, defaults.get(name)) and not is_equal(write(value), defaults.get(name)):
            projected[name] = write(value)
    return projected or None


def _declared_defaults(items: Values, live: Values, spec_id: Any, context: Context) -> Values:
    """Return the defaults of described parameters: from the description, or from the release if it has bare values."""
    declared = items
    if isinstance(spec_id, str) and any(not item.keys() - {"name", "value"} for item in items.values()):
        version = get(live, "spec.release.currentVersion") or get(live, "spec.release.version")
        with suppress(NotFound):
            declared = {item["name"]: item for item in declared_run_parameters(spec_id, version, context)}
    return {name: item["defaultValue"] for name, item in declared.items() if "defaultValue" in item}
