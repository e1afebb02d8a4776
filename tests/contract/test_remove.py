"""The real client takes down what it made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress


@pytest.fixture(scope="module")
def calls(client: Any, bodies: dict[str, Any]) -> dict[str, Any]:
    """Deploy, then take everything down, and return the calls of that by their labels."""
    client.play("deploy", bodies)
    recorded: dict[str, Any] = client.record("remove", {})
    return recorded


def test_every_call_goes_as_documented(calls: dict[str, Any]) -> None:
    """Every delete answers as documented."""
    assert [deviation for call in calls.values() for deviation in call.deviations] == []


def test_nothing_is_left(calls: dict[str, Any], press: LocalPress) -> None:
    """Deployments and specs are gone, from the listings as from the storage."""
    assert [call.label for call in calls.values() if call.method.startswith("delete")] == [
        "delete the deployment nightly-load-live",
        "delete the deployment load-that-fails",
        "delete the deployment dashboard",
        "delete the spec nightly-load",
        "delete the spec dashboard",
    ]
    assert press.state() == {"specs": [], "deployments": []}


@pytest.mark.parametrize("what", ["deployment", "spec"])
def test_what_is_gone_is_not_found(what: str, calls: dict[str, Any]) -> None:
    """A deleted object cannot be described any more."""
    assert calls[f"describe a deleted {what}"].error["type"] == "NotFoundException"
