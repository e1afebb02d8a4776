"""Finding an object by its natural key: after a lost answer, and when a name is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi_press.api import Client
    from pulumi_press.lifecycle.values import Values

__all__ = ["find_deployment", "find_spec"]


def find_spec(press: Client, kind: str, name: str) -> Values | None:
    """Find the spec of this kind and exact name; None where there is none."""
    return _exact(press.list_specs(name=name), kind, name)


def find_deployment(press: Client, name: str, spec_id: str) -> Values | None:
    """Find the deployment of this exact name, one of this spec rather than of another; None where there is none."""
    found = [item for item in press.list_deployments(name=name) if item["metadata"]["name"] == name]
    ours = [item for item in found if item["spec"]["id"] == spec_id]
    return next(iter(ours or found), None)


def _exact(items: Iterable[Any], kind: str, name: str) -> Values | None:
    # The service's filter matches prefixes.
    return next((item for item in items if item["kind"] == kind and item["metadata"]["name"] == name), None)
