"""Reading what is on the service, with the settings of the stack or of an explicit provider.

Each function reads at once and takes plain values. Its `_output` form takes the same arguments, any of which may be an
output of a resource, and gives an output; in a preview that does not know an argument yet, nothing is read.
"""

from __future__ import annotations

import os
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi

from pulumi_press.sdk import stack_config

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

T = TypeVar("T")
Json = dict[str, Any]


def get_spec(spec_id: str, *, provider: Provider | None = None) -> Json:
    """Read a spec with its latest release, as the SDK's `describe_spec` gives it.

    Raises:
        NotFound: there is none with this id.
    """
    return _strip(_connect(provider).describe_spec(spec_id))


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
    """Read all specs that the filters let through; `name` and `title` are beginnings, `sort` is like `name:asc`."""
    found = _connect(provider).list_specs(
        status=_list(status), featured=featured, name=name, title=title, sort=_list(sort), scope=_list(scope)
    )
    return _strip(list(found))


def get_spec_release(spec_id: str, version: str, *, provider: Provider | None = None) -> Json:
    """Read a release: its config, parameters, notes and artifact.

    Raises:
        NotFound: there is no such spec or release.
    """
    return _strip(_connect(provider).describe_spec_release(spec_id, version))


def list_spec_releases(
    spec_id: str, *, sort: Sequence[str] | None = None, provider: Provider | None = None
) -> list[Json]:
    """Read all releases of a spec, newest first unless sorted otherwise."""
    return _strip(list(_connect(provider).list_spec_releases(spec_id, sort=_list(sort))))


def get_deployment(deployment_id: str, *, provider: Provider | None = None) -> Json:
    """Read a deployment with its latest revision, as the SDK's `describe_deployment` gives it.

    Raises:
        NotFound: there is none with this id.
    """
    return _strip(_connect(provider).describe_deployment(deployment_id))


def list_deployments(
    *,
    status: Sequence[str] | None = None,
    name: str | None = None,
    title: str | None = None,
    sort: Sequence[str] | None = None,
    provider: Provider | None = None,
) -> list[Json]:
    """Read all deployments that the filters let through; `name` and `title` are beginnings."""
    found = _connect(provider).list_deployments(status=_list(status), name=name, title=title, sort=_list(sort))
    return _strip(list(found))


def get_deployment_revision(deployment_id: str, revision: int, *, provider: Provider | None = None) -> Json:
    """Read a revision of a deployment: its release, parameters, status and resources.

    Raises:
        NotFound: there is no such deployment or revision.
    """
    return _strip(_connect(provider).describe_deployment_revision(deployment_id, int(revision)))


def list_deployment_revisions(
    deployment_id: str,
    *,
    status: Sequence[str] | None = None,
    sort: Sequence[str] | None = None,
    provider: Provider | None = None,
) -> list[Json]:
    """Read all revisions of a deployment that the filter lets through."""
    found = _connect(provider).list_deployment_revisions(deployment_id, status=_list(status), sort=_list(sort))
    return _strip(list(found))


def get_parameters(
    deployment_id: str | None = None,
    fallback_params_file: str | None = None,
    *,
    provider: Provider | None = None,
) -> Json:
    """Read the run parameters of a deployment, by name.

    Args:
        deployment_id: the deployment; the environment variable `PRESS_DEPLOYMENT_ID` comes first, as in the SDK.
        fallback_params_file: a YAML or JSON file that is read where there is no id.
        provider: whose settings to use; default: the stack's.
    """
    return _connect(provider).get_parameters(deployment_id, fallback_params_file)


def _connect(provider: Provider | None) -> Client:
    from pulumi_press.plugin import runtime  # It takes a while to load.
    from pulumi_press.provider.errors import SettingsError
    from pulumi_press.provider.settings import read_settings

    def find(key: str) -> str | None:
        value = pulumi.runtime.get_config(key) if provider is None else provider.settings.get(key)
        if isinstance(value, pulumi.Output):
            raise SettingsError(f"{key} of the provider is an output: use the `_output` form of this function")
        return None if value is None else str(value)

    stack_config.check_configuration()
    return runtime.connect(read_settings(find, os.environ))


def _strip(answer: T) -> T:
    """Take out the marks of `press:marks`, which are no part of what was declared."""
    from pulumi_press.provider.metadata import strip_marks  # Programs that read nothing need not load it.

    stripped: T = strip_marks(answer)
    return stripped


def _list(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else list(values)


def _output_form(function: Callable[..., T]) -> Callable[..., pulumi.Output[T]]:
    """Make the form of a function that takes outputs and gives one."""

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
    """A provider's settings once they are known."""

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
