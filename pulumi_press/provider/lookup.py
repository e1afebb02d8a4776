"""Finding an object by its natural key: after a lost answer, and when a name is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.provider.values import get, name_of

if TYPE_CHECKING:
    from pulumi_press.client.client import Client
    from pulumi_press.provider.values import Values

__all__ = ["find_deployment", "find_spec"]


def find_spec(press: Client, inputs: Values) -> Values | None:
    """Find the spec that has the kind and the exact name of the inputs; None where there is none.

    Other tenants may share or publish one of the same name, and the service does not say whose a spec is: one of the
    scope that the inputs ask for is preferred.
    """
    kind, name = inputs["kind"], name_of(inputs)
    # The service's filter matches prefixes.
    found = [item for item in press.list_specs(name=name) if item.get("kind") == kind and _has_name(item, name)]
    scope = inputs.get("scope", "private")
    return next((item for item in found if item.get("scope") == scope), next(iter(found), None))


def find_deployment(press: Client, name: str, spec_id: str) -> Values | None:
    """Find the deployment of this exact name, one of this spec rather than of another; None where there is none."""
    found = [item for item in press.list_deployments(name=name) if _has_name(item, name)]
    ours = [item for item in found if get(item, "spec.id") == spec_id]
    return next(iter(ours or found), None)


def _has_name(item: Values, name: str) -> bool:
    """Tell whether an item of a listing has a name, and an id to go on with."""
    return get(item, "metadata.name") == name and isinstance(item.get("id"), str)
