"""Finding an object by its name in the service's listings, with as few requests as that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.client.errors import InvalidResponse
from pulumi_press.client.responses import DEPLOYMENT, SPEC, ShapeError, why_unusable
from pulumi_press.output import shorten
from pulumi_press.provider.values import Values, get, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pulumi_press.client.client import Client
    from pulumi_press.client.responses import Json, Shape
    from pulumi_press.provider.values import Values

__all__ = ["find_deployment", "find_spec", "tells_deployment", "tells_spec"]

_LONGEST_NAME = 200  # characters of a name in a message

_ORDER = ("name:asc",)
"""The service's filter matches prefixes: in this order the name itself comes before those that it begins.

So the first page has it, however many there are.
"""


def find_spec(client: Client, inputs: Values) -> Values | None:
    """Find the spec that has the kind and the exact name of the inputs; None where there is none.

    Other tenants may share or publish one of the same name, and the service does not say whose a spec is: one of the
    scope that the inputs ask for is preferred.
    """
    kind, name, scope = inputs["kind"], name_of(inputs), inputs.get("scope", "private")
    listed = client.list_specs(name=name, sort=_ORDER)
    of_kind = (item for item in listed if item.get("kind") == kind)
    return _find("spec", name, of_kind, lambda item: item.get("scope") == scope, client)


def find_deployment(client: Client, name: str, spec_id: str) -> Values | None:
    """Find the deployment of this exact name, one of this spec rather than of another; None where there is none."""
    listed = client.list_deployments(name=name, sort=_ORDER)
    return _find("deployment", name, listed, lambda item: get(item, "spec.id") == spec_id, client)


def _find(
    kind: str, name: str, listed: Iterable[Values], is_preferred: Callable[[Values], bool], client: Client
) -> Values | None:
    """Return the first object of the name that is preferred, else the first that has a usable id.

    Raises:
        InvalidResponse: There are such objects and none has one. They exist, so they do not count as missing.
    """
    usable, why = None, ""
    for item in listed:
        if get(item, "metadata.name") != name:
            continue
        if fault := why_unusable(item):
            why = why or fault
        elif is_preferred(item):
            return item  # No further page is asked for.
        else:
            usable = usable or item
    if usable is None and why:
        named = shorten(name, _LONGEST_NAME)
        raise InvalidResponse(f"{client.endpoint} lists a {kind} named {named!r} that cannot be used: {why}")
    return usable


def tells_spec(item: Values | None) -> bool:
    """Return whether an item of a listing can stand for the spec: it lacks the content of the latest release alone."""
    return _has_shape(item, SPEC)


def tells_deployment(item: Values | None) -> bool:
    """Return whether an item of a listing can stand for the deployment: it lacks the parameters alone."""
    return _has_shape(item, DEPLOYMENT)


def _has_shape(item: Values | None, shape: Shape[Json]) -> bool:
    try:
        shape(item)
    except ShapeError:
        return False
    return True
