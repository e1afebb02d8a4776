"""Where a stack's objects lie: the configuration, explicit providers, and another address or tenant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_press.emulator import start
from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress
    from tests.engine.conftest import Stack

pytestmark = both_ways

ONE = "token-of-one"
TWO = "token-of-two"

PROGRAM = """
spec = press.BlockSpec(
    "api", kind="service", metadata={"name": "api", "summary": "An API"}, config={"imageDetails": {"id": 1}}
)
press.BlockDeployment("api", metadata={"name": "api"}, spec={"id": spec.id, "release": {"version": "1.0.0"}})
"""

PROVIDERS = """
south = press.Provider("south", auth_token=pulumi.Config().require_secret("south"))
options = pulumi.ResourceOptions(provider=south)
press.Block(
    "api",
    spec={
        "kind": "service",
        "metadata": {"name": "api", "summary": "An API"},
        "config": {"imageDetails": {"id": 1}},
    },
    deployment={"metadata": {"name": "api"}},
    opts=options,
)
pulumi.export("found", press.list_specs_output(provider=south).apply(len))
"""


@pytest.fixture
def other() -> Iterator[LocalPress]:
    """Another Press than the one of the environment."""
    with start(tokens={ONE: "one", TWO: "two"}) as running:
        yield running


def names(press: LocalPress) -> list[tuple[str, str]]:
    """Give the tenant and name of every block."""
    state = press.state()
    return sorted((item["tenant"], item["metadata"]["name"]) for item in [*state["specs"], *state["deployments"]])


def test_provider_takes_what_it_is_not_given_from_the_configuration(
    make_stack: Callable[..., Stack], other: LocalPress
) -> None:
    """A provider that is given a token alone goes where the stack's configuration says, also within a `Block`."""
    stack = make_stack()  # Its environment has another address, and another token.
    stack.succeed("config", "set", "press:endpoint", other.url)
    stack.succeed("config", "set", "press:defaultTags", '["team-a"]')
    stack.succeed("config", "set", "--secret", "south", TWO)
    stack.write(PROVIDERS)

    stack.up()

    assert names(other) == [("two", "api"), ("two", "api")]
    assert other.state()["specs"][0]["metadata"]["tags"] == [{"name": "team-a"}]
    assert names(stack.press) == []
    assert TWO not in str(stack.export())
    stack.up()
    assert stack.succeed("stack", "output", "--show-secrets", "found").strip() == "1"
    assert stack.preview() == {}

    stack.succeed("destroy", "--yes", "--skip-preview")
    assert names(other) == []


def test_move_to_another_address_is_told_in_the_preview(make_stack: Callable[..., Stack], other: LocalPress) -> None:
    """A preview says which objects are out of reach, and a destroy forgets none of them."""
    stack = make_stack()
    stack.write(PROGRAM)
    stack.up()
    (spec,), (deployment,) = stack.press.state()["specs"], stack.press.state()["deployments"]
    here = {"PRESS_ENDPOINT": other.url, "PEAK_AUTH_TOKEN": ONE}

    previewed = stack.run("preview", **here)
    destroyed = stack.run("destroy", "--yes", "--skip-preview", **here)

    assert f"spec api ({spec['id']}) is not at {other.url}" in previewed.text
    for run in (previewed, destroyed):
        assert f"deployment api ({deployment['id']}) is not at {other.url}" in run.text
        assert f"it was last seen at {stack.press.url}" in run.text
        assert "Traceback" not in run.text
    assert "nothing was deleted" in destroyed.text
    assert previewed.code == 0
    assert destroyed.code != 0
    assert set(stack.resources()) >= {"BlockSpec:api", "BlockDeployment:api"}
    # A rollout is only a wait, and there is nothing to lose with it.
    assert set(stack.preview()) <= {"Rollout:api"}
    stack.succeed("destroy", "--yes", "--skip-preview")
    assert names(stack.press) == []


def test_another_tenant_is_told_and_a_new_token_of_the_same_is_not(
    make_stack: Callable[..., Stack], other: LocalPress
) -> None:
    """What a token of another tenant does not see is told; a token that was replaced says nothing."""
    stack = make_stack(PRESS_ENDPOINT=other.url, PEAK_AUTH_TOKEN=ONE)
    stack.write(PROGRAM)
    stack.up()

    moved = stack.run("preview", PEAK_AUTH_TOKEN=TWO)
    refreshed = stack.run("refresh", "--preview-only", PEAK_AUTH_TOKEN=TWO)

    for run in (moved, refreshed):
        assert "was last seen with another token" in run.text, run.text
    assert TWO not in moved.text


def test_new_token_of_the_same_tenant_is_no_news(make_stack: Callable[..., Stack]) -> None:
    """A token that was replaced costs one look, and is not told."""
    with start(tokens={ONE: "one", TWO: "one"}) as press:
        stack = make_stack(PRESS_ENDPOINT=press.url, PEAK_AUTH_TOKEN=ONE)
        stack.write(PROGRAM)
        stack.up()
        press.clear_requests()

        run = stack.run("preview", PEAK_AUTH_TOKEN=TWO)

        assert "last seen" not in run.text
        assert len(press.requests()) <= 2
        stack.succeed("destroy", "--yes", "--skip-preview")


@pytest.mark.parametrize(
    ("key", "meant"),
    [("press:adpot", "press:adopt"), ("press:authtoken", "press:authToken"), ("press:end_point", "press:endpoint")],
)
def test_wrong_key_is_an_error(key: str, meant: str, stack: Stack) -> None:
    """A key that names no setting is an error, with the nearest right one, and its value is not shown."""
    stack.succeed("config", "set", "--plaintext", key, "canary-value")
    stack.write(PROGRAM)

    run = stack.run("preview")

    assert run.code != 0
    assert f"{key} is not a setting; did you mean {meant}?" in run.text
    assert "canary-value" not in run.text
    assert "Traceback" not in run.text


def test_token_in_plain_text_is_warned_of(make_stack: Callable[..., Stack], other: LocalPress) -> None:
    """A token that lies in clear in the configuration is warned of, once; one that is a secret is not."""
    stack = make_stack(PRESS_ENDPOINT=other.url, PEAK_AUTH_TOKEN=None)
    stack.write(PROGRAM)
    stack.succeed("config", "set", "--plaintext", "press:authToken", ONE)

    plain = stack.run("preview")
    stack.succeed("config", "set", "--secret", "press:authToken", ONE)
    secret = stack.run("preview")

    assert plain.text.partition("Diagnostics:")[2].count("press:authToken is plain text") == 1
    assert ONE not in plain.text
    assert "plain text" not in secret.text
    assert (plain.code, secret.code) == (0, 0)


def test_token_of_a_provider_in_plain_text_is_warned_of(make_stack: Callable[..., Stack], other: LocalPress) -> None:
    """The same holds for a key of the program's own that a provider's token comes from."""
    stack = make_stack(PRESS_ENDPOINT=other.url)
    stack.succeed("config", "set", "--plaintext", "south", TWO)
    stack.write(PROVIDERS.replace("require_secret", "require"))

    run = stack.run("preview")

    assert "life:south is plain text" in run.text
    assert TWO not in run.text


def test_destroy_says_what_was_not_there(stack: Stack) -> None:
    """What somebody else has deleted is not told as if this run had deleted it."""
    stack.write(PROGRAM)
    stack.up()
    state = stack.press.state()
    for kind in ("deployments", "specs"):
        url = f"{stack.press.url}/v1/blocks/{kind}/{state[kind][0]['id']}"
        requests.delete(url, headers={"Authorization": stack.press.token}, timeout=10).raise_for_status()

    printed = stack.succeed("destroy", "--yes", "--skip-preview")

    assert f"spec api ({state['specs'][0]['id']}) is not at {stack.press.url}, so nothing was deleted" in printed
    assert json.loads(stack.succeed("stack", "export"))["deployment"].get("resources", []) == []
