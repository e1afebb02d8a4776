"""Functions that are given an output where a plain value is wanted."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

import pulumi_press as press

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[[Callable[[], Any]], Any]

KNOWN = pulumi.Output.from_input


def provider() -> press.Provider:
    """Declare a provider one of whose settings is known only later."""
    return press.Provider("south", endpoint=KNOWN("https://press.example.com"), auth_token="token")


CALLS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "get_spec: spec_id": ("get_spec", press.get_spec),
    "get_spec_release: version": ("get_spec_release", lambda given: press.get_spec_release("an-id", version=given)),
    "list_specs: scope": ("list_specs", lambda given: press.list_specs(scope=["private", given])),
    "get_parameters: deployment_id": ("get_parameters", press.get_parameters),
    "get_spec: press:endpoint of the provider": (
        "get_spec",
        lambda _: press.get_spec("an-id", provider=provider()),
    ),
}


@pytest.mark.parametrize("subject", CALLS)
def test_an_output_is_refused_in_one_line(subject: str, run: Run) -> None:
    """The message names the argument and the form that takes outputs; nothing is sent."""
    name, call = CALLS[subject]

    with pytest.raises(pulumi.RunError) as caught:
        run(lambda: call(KNOWN("an-id")))

    assert str(caught.value) == (
        f"{subject} is an output, whose value is not known yet; use {name}_output, which takes outputs and returns an "
        "output"
    )


def test_an_awaitable_is_refused_too(run: Run) -> None:
    """Pulumi takes one where it takes an output."""

    def program() -> None:
        later: Any = asyncio.sleep(0, "an-id")
        try:
            press.get_deployment(later)
        finally:
            later.close()

    with pytest.raises(TypeError, match=re.escape("get_deployment: deployment_id is an output")):
        run(program)
