"""Functions that read from the service, with the settings of the stack or of an explicit provider.

Each function takes plain values and reads at once. Its `_output` form takes the same arguments, any of which may be an
output of a resource, and returns an output; while a preview does not know an argument, nothing is read.
"""

from __future__ import annotations

import os
from functools import wraps
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi
from typing_extensions import ParamSpec

from pulumi_press.sdk.stack_config import check_configuration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pulumi_press.client.client import Client
    from pulumi_press.sdk.provider import Provider

__all__ = [
    "get_deployment",
    "get_deployment_output",
    "get_deployment_revision",
    "get_deployment_revision_output",
    "get_parameters",
    "get_parameters_output",
    "get_spec",
    "get_spec_output",
    "get_spec_release",
    "get_spec_release_output",
    "list_deployment_revisions",
    "list_deployment_revisions_output",
    "list_deployments",
    "list_deployments_output",
    "list_spec_releases",
    "list_spec_releases_output",
    "list_specs",
    "list_specs_output",
]

P = ParamSpec("P")
T = TypeVar("T")
Json = dict[str, Any]


class OutputError(pulumi.RunError, TypeError):
    """A function that takes plain values was given an output; the engine shows the message alone."""


def _takes_plain_values(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function that refuses outputs with a message that names the form which takes them."""
    names = function.__code__.co_varnames

    @wraps(function)
    def read(*arguments: P.args, **named: P.kwargs) -> T:
        given: Json = {**dict(zip(names, arguments, strict=False)), **named}
        settings = getattr(given.get("provider"), "settings", {})
        given.update({f"{key} of the provider": value for key, value in settings.items()})
        for name, value in given.items():
            if _holds_output(value):
                raise OutputError(
                    f"{function.__name__}: {name} is an output, whose value is not known yet; use "
                    f"{function.__name__}_output, which takes outputs and returns an output"
                )
        return function(*arguments, **named)

    return read


def _holds_output(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_holds_output, value))
    return isinstance(value, pulumi.Output) or isawaitable(value)


@_takes_plain_values
def get_spec(spec_id: str, *, provider: Provider | None = None) -> Json:
    """Read a spec with its latest release, as the SDK's `describe_spec` returns it.

    Raises:
        NotFound: there is no object with this id.
    """
    return _strip(_connect(provider).describe_spec(spec_id))


@_takes_plain_values
def list_specs(
    *,
    status: Sequence[str] | None = None,
    featured: bool | None = None,
    name: str | None = None,
    title: str | None = None,
    sort: Sequence[str] | None = None,
    scope: Sequence[str] | None = None,
    provider: Provider | None = None,
) -> list[Json]:
    """Read all specs that match the filters; `name` and `title` are prefixes, `sort` is like `name:asc`."""
    found = _connect(provider).list_specs(
        status=_list(status), featured=featured, name=name, title=title, sort=_list(sort), scope=_list(scope)
    )
    return _strip(list(found))


@_takes_plain_values
def get_spec_release(spec_id: str, version: str, *, provider: Provider | None = None) -> Json:
    """Read a release: its config, parameters, notes and artifact.

    Raises:
        NotFound: there is no such spec or release.
    """
    return _strip(_connect(provider).describe_spec_release(spec_id, version))


@_takes_plain_values
def list_spec_releases(
    spec_id: str, *, sort: Sequence[str] | None = None, provider: Provider | None = None
) -> list[Json]:
    """Read all releases of a spec, newest first unless sorted otherwise."""
    return _strip(list(_connect(provider).list_spec_releases(spec_id, sort=_list(sort))))


@_takes_plain_values
def get_deployment(deployment_id: str, *, provider: Provider | None = None) -> Json:
    """Read a deployment with its latest revision, as the SDK's `describe_deployment` returns it.

    Raises:
        NotFound: there is no object with this id.
    """
    return _strip(_connect(provider).describe_deployment(deployment_id))


@_takes_plain_values
def list_deployments(
    *,
    status: Sequence[str] | None = None,
    name: str | None = None,
    title: str | None = None,
    sort: Sequence[str] | None = None,
    provider: Provider | None = None,
) -> list[Json]:
    """Read all deployments that match the filters; `name` and `title` are prefixes."""
    found = _connect(provider).list_deployments(status=_list(status), name=name, title=title, sort=_list(sort))
    return _strip(list(found))


@_takes_plain_values
def get_deployment_revision(deployment_id: str, revision: int, *, provider: Provider | None = None) -> Json:
    """Read a revision of a deployment: its release, parameters, status and resources.

    Raises:
        NotFound: there is no such deployment or revision.
    """
    return _strip(_connect(provider).describe_deployment_revision(deployment_id, int(revision)))


@_takes_plain_values
def list_deployment_revisions(
    deployment_id: str,
    *,
    status: Sequence[str] | None = None,
    sort: Sequence[str] | None = None,
    provider: Provider | None = None,
) -> list[Json]:
    """Read all revisions of a deployment that match the filter."""
    found = _connect(provider).list_deployment_revisions(deployment_id, status=_list(status), sort=_list(sort))
    return _strip(list(found))


@_takes_plain_values
def get_parameters(
    deployment_id: str | None = None,
    fallback_params_file: str | None = None,
    *,
    provider: Provider | None = None,
) -> Json:
    """Read the run parameters of a deployment, by name.

    Args:
        deployment_id: the deployment; the environment variable `PRESS_DEPLOYMENT_ID` overrides it, as in the SDK.
        fallback_params_file: a YAML or JSON file that is read if there is no id.
        provider: whose settings to use; default: the stack's.
    """
    return _connect(provider).get_parameters(deployment_id, fallback_params_file)


def _connect(provider: Provider | None) -> Client:
    from pulumi_press.plugin import runtime  # It is slow to load.
    from pulumi_press.provider.settings import read_settings

    def find(key: str) -> str | None:
        value = pulumi.runtime.get_config(key) if provider is None else provider.settings.get(key)
        return None if value is None else str(value)

    check_configuration()
    return runtime.connect(read_settings(find, os.environ))


def _strip(answer: T) -> T:
    """Return an answer without the marks of `press:marks`, which no program declares."""
    from pulumi_press.provider.metadata import strip_marks  # Only programs that read need it.

    stripped: T = strip_marks(answer)
    return stripped


def _list(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else list(values)


def _output_form(function: Callable[..., T]) -> Callable[..., pulumi.Output[T]]:
    """Return the form of a function that takes outputs and returns one."""

    @wraps(function)
    def read(*arguments: Any, provider: Provider | None = None, **named: Any) -> pulumi.Output[T]:
        settings = {} if provider is None else provider.settings

        def call(known: Json) -> T:
            chosen = None if provider is None else _Known(known["settings"])
            return function(*known["arguments"], **known["named"], provider=chosen)

        inputs: pulumi.Output[Json] = pulumi.Output.from_input(
            {"arguments": list(arguments), "named": named, "settings": settings}
        )
        return inputs.apply(call)

    return read


class _Known:
    """The settings of a provider, once they are known."""

    def __init__(self, settings: Json) -> None:
        self.settings = settings


get_spec_output = _output_form(get_spec)
list_specs_output = _output_form(list_specs)
get_spec_release_output = _output_form(get_spec_release)
list_spec_releases_output = _output_form(list_spec_releases)
get_deployment_output = _output_form(get_deployment)
list_deployments_output = _output_form(list_deployments)
get_deployment_revision_output = _output_form(get_deployment_revision)
list_deployment_revisions_output = _output_form(list_deployment_revisions)
get_parameters_output = _output_form(get_parameters)
