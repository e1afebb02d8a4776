"""Explicit providers: what they are given, what they take from the stack's configuration, and what not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime import config, rpc

import pulumi_press as press
from pulumi_press.client.errors import InvalidArgument
from pulumi_press.client.request import base_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.unit.sdk.conftest import Keeper

    Run = Callable[[Callable[[], Any]], Any]

STACK = {
    "press:authToken": "token-of-the-stack",
    "press:endpoint": "https://press.example.com",
    "press:timeout": "5",
    "press:defaultTags": '["team-a"]',
    "shop:south": "token-of-south",
}
SECRET = ["press:authToken"]


@pytest.fixture
def configure() -> Iterator[Callable[..., None]]:
    """Set the stack's configuration."""
    yield config.set_all_config
    config.set_all_config({}, [])


@pytest.fixture
def warnings(configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the program warns of."""
    del configure  # It takes the configuration away afterwards.
    lines: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda message, *_, **__: lines.append(message))
    return lines


def given(keeper: Keeper) -> dict[str, Any]:
    """Give what the engine is given of the one provider, secrets opened."""
    (made,) = [item for item in keeper.declared if item.token == "pulumi:providers:pulumi-python"]
    return {key: rpc.unwrap_rpc_secret(value) for key, value in made.inputs.items() if value is not None}


INHERITED = {"press:timeout": "5", "press:defaultTags": '["team-a"]'}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"auth_token": "own"}, {**INHERITED, "press:authToken": "own", "press:endpoint": STACK["press:endpoint"]}),
        ({}, {**INHERITED, "press:endpoint": STACK["press:endpoint"]}),
        ({"endpoint": "https://other.example.com"}, {**INHERITED, "press:endpoint": "https://other.example.com"}),
        ({"stage": "dev"}, {**INHERITED, "press:stage": "dev", "press:endpoint": "https://press.dev.peak.ai"}),
        (
            {"timeout": 9, "default_tags": []},
            {"press:timeout": 9, "press:defaultTags": "[]", "press:endpoint": STACK["press:endpoint"]},
        ),
    ],
)
def test_what_is_not_given_comes_from_the_configuration(
    arguments: dict[str, Any], expected: dict[str, Any], run: Run, keeper: Keeper, configure: Callable[..., None]
) -> None:
    """All but the token comes from the stack's configuration; an address that is given, by either name, stays."""
    configure(STACK, SECRET)

    run(lambda: press.Provider("south", **arguments))

    assert given(keeper) == expected


def test_address_that_is_a_secret_stays_one(run: Run, keeper: Keeper, configure: Callable[..., None]) -> None:
    """What the stack keeps secret is handed on as a secret."""
    configure(STACK, ["press:endpoint", *SECRET])

    run(lambda: press.Provider("south", auth_token="own"))

    (made,) = keeper.declared
    assert made.inputs["press:endpoint"] == rpc.wrap_rpc_secret(STACK["press:endpoint"])


@pytest.mark.parametrize(
    "declare",
    [
        lambda: press.BlockSpec("etl", kind="service", metadata={"name": "a", "summary": "b"}, config={}),
        lambda: press.BlockSpec.get("etl", "an-id"),
        lambda: press.Provider("south"),
        press.list_specs,
        lambda: press.Block("etl", spec={"kind": "service", "metadata": {"name": "a", "summary": "b"}, "config": {}}),
    ],
)
def test_wrong_key_is_an_error_whatever_is_declared(
    declare: Callable[[], Any], run: Run, configure: Callable[..., None]
) -> None:
    """Whatever a program uses of this package, a wrong key is told, all of them at once, and no value."""
    configure({**STACK, "press:adpot": "canary", "press:authtoken": "canary"}, SECRET)

    with pytest.raises(pulumi.RunError) as caught:
        run(declare)

    assert "press:adpot is not a setting; did you mean press:adopt?" in str(caught.value)
    assert "press:authtoken is not a setting; did you mean press:authToken?" in str(caught.value)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("secret", "token", "warned"),
    [
        ([], "own", ["press:authToken"]),
        (SECRET, "token-of-south", ["shop:south"]),
        (SECRET, pulumi.Output.secret, ["shop:south"]),
        (["shop:south", *SECRET], "token-of-south", []),
    ],
)
def test_token_in_plain_text_is_warned_of(
    secret: list[str], token: Any, warned: list[str], run: Run, warnings: list[str]
) -> None:
    """A token that stands in clear in the configuration is warned of by its key, once, and never shown."""
    config.set_all_config(STACK, secret)

    def program() -> None:
        given = token("token-of-south") if callable(token) else token
        press.Provider("south", auth_token=given)
        press.Provider("other", auth_token=given)

    run(program)

    assert [line.partition(" ")[0] for line in warnings] == warned
    assert "token-of" not in "".join(warnings)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"auth_token": ""}, "auth_token is empty"),
        ({"endpoint": ""}, "endpoint is empty"),
        ({"stage": ""}, "stage is empty"),
        ({"stage": "nowhere"}, "stage 'nowhere' does not exist"),
        ({"auth_tokn": "own"}, "auth_tokn is not a known argument; did you mean `auth_token`?"),
        ({"defaultTags": ["a"]}, "defaultTags is not a known argument; did you mean `default_tags`?"),
        ({"default_tags": "team"}, "default_tags must be a list of texts"),
    ],
    ids=str,
)
def test_argument_that_would_leave_the_choice_to_the_environment_is_refused(
    arguments: dict[str, Any], told: str, run: Run, keeper: Keeper, configure: Callable[..., None]
) -> None:
    """An empty token or address, a stage that does not exist or a wrong name never leads to another place."""
    configure(STACK, SECRET)

    with pytest.raises(pulumi.RunError, match=re.escape(told)):
        run(lambda: press.Provider("south", **arguments).id)

    assert keeper.declared == []


@pytest.mark.parametrize("name", ["auth_token", "endpoint"])
def test_text_that_turns_out_to_be_empty_is_refused(
    name: str, run: Run, keeper: Keeper, configure: Callable[..., None]
) -> None:
    """So is one that is known only later."""
    configure(STACK, SECRET)
    arguments: dict[str, Any] = {"auth_token": "own"}

    def program() -> pulumi.Output[str]:
        return press.Provider("south", **{**arguments, name: pulumi.Output.secret("")}).id

    with pytest.raises(pulumi.RunError, match=f"{name} of a press.Provider is empty"):
        run(program)
    assert keeper.declared == []


def test_unknown_stage_that_is_computed_is_no_address(run: Run, keeper: Keeper, configure: Callable[..., None]) -> None:
    """What its text is, the provider refuses it as an address."""
    configure(STACK, SECRET)

    run(lambda: press.Provider("south", stage=pulumi.Output.from_input("https://example.com")))

    with pytest.raises(InvalidArgument):
        base_url(given(keeper)["press:endpoint"])
