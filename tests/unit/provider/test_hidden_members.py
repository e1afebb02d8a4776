"""An object with a hidden member is hidden as a whole: in the state, in digests, in messages."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_press.provider.secrets import drop_secrets, find_secrets, redact
from pulumi_press.schema.hidden import hides

CANARY = "canary-77aa"


def member(**more: Any) -> dict[str, Any]:
    """Declare a member of an object."""
    return {"name": "password", "type": "string", "required": False, **more}


def within(*members: Any, **more: Any) -> dict[str, Any]:
    """Declare an object with members."""
    return {"name": "login", "type": "object", "required": False, "properties": list(members), **more}


HIDDEN = {
    "itself": within(member(), hideValue=True),
    "a member": within(member(hideValue=True)),
    "a member of a member": within(within(member(hideValue=True))),
    "a member of a list": {**within(member(hideValue=True)), "type": "object_array"},
}
OPEN = {"no member": within(member()), "a member that says no": within(member(hideValue=False)), "no members": member()}


@pytest.mark.parametrize("declaration", HIDDEN.values(), ids=HIDDEN)
def test_parameter_with_a_hidden_member_is_hidden(declaration: dict[str, Any]) -> None:
    """Its declaration is secret in a list of declarations."""
    assert hides(declaration)
    assert list(find_secrets({"parameters": {"run": [declaration]}})) == [("parameters", "run")]


@pytest.mark.parametrize("declaration", [*OPEN.values(), None, "text", {"properties": 1}])
def test_other_parameters_are_shown(declaration: Any) -> None:
    """Also what is no declaration at all."""
    assert not hides(declaration)
    assert list(find_secrets({"parameters": {"run": [declaration]}})) == []


@pytest.mark.parametrize(
    "declaration",
    [
        within(member(hideValue=True, defaultValue=CANARY)),
        within(member(hideValue=True), defaultValue={"password": CANARY}),
        within(member(defaultValue=CANARY), hideValue=True),
        within(member(options=[{"value": CANARY}]), hideValue=True),
        within(within(member(defaultValue=CANARY, hideValue=True))),
    ],
)
def test_defaults_are_in_no_digest_and_no_message(declaration: dict[str, Any]) -> None:
    """Those of the object hold the member's, and those of a hidden object's members are hidden with it."""
    values = {"parameters": {"run": [declaration]}}

    assert CANARY not in str(drop_secrets(values))
    assert "login" in str(drop_secrets(values))
    assert redact(f"no such value: {CANARY}", values) == "no such value: [secret]"
