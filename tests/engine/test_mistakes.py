"""Mistakes: each is one clear error that names the path, and nothing is made."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Stack

SPEC = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads"},
    "config": {"steps": {"run": {"imageDetails": {"id": 1}, "command": "run"}}},
}


def program(**changes: object) -> str:
    """Write a program with one spec whose arguments are changed; an argument of None is left out."""
    arguments = {key: value for key, value in {**SPEC, **changes}.items() if value is not None}
    return f'press.BlockSpec("etl", **{arguments!r})'


STEP = {"imageDetails": {"id": 1}, "command": "run"}

MISTAKES = {
    "unknown field": (
        program(config={"steps": {"run": {**STEP, "comand": "x"}}}),
        ["config.steps.run.comand: is not a known property"],
    ),
    "wrong type": (
        program(config={"steps": {"run": {**STEP, "resources": {"instanceTypeId": "big"}}}}),
        ["config.steps.run.resources.instanceTypeId: must be a whole number, not a text"],
    ),
    "missing field": (program(metadata={"name": "etl"}), ["metadata.summary: is required"]),
    "unknown image": (
        program(config={"images": {"base": {}}, "steps": {"run": {"imageRef": "bsae", "command": "run"}}}),
        ["config.steps.run.imageRef: names no image: 'bsae' is not in config.images (there: base)"],
    ),
    "bad version": (
        program(release={"version": "1.0"}),
        ["release.version: '1.0' is not a semantic version; write one like 1.0.0 or 1.1.0-beta.1"],
    ),
    "missing folder": (program(artifact={"path": "nowhere"}), ["artifact.path: ", "nowhere", "does not exist"]),
    "several at once": (
        program(metadata={"name": "etl", "tags": [{"name": 3}]}, scope="secret"),
        [
            "metadata.summary: is required",
            "metadata.tags[0].name: must be a text, not a whole number",
            "scope: must be 'private', 'public' or 'shared'",
        ],
    ),
}


# The wrong programs try the native plugin with more of them.
@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_told_by_its_path(stack: Stack, name: str) -> None:
    """A mistake in the program is told by its path, in one line, before anything is sent."""
    text, expected = MISTAKES[name]
    stack.write(text)

    printed = stack.fail_up()

    for part in expected:
        assert part in printed
    # The engine shows a line while it goes on, and again at the end.
    told = printed.partition("Diagnostics:")[2]
    assert told.count(f"'etl' has a problem: {expected[0]}") == 1
    assert "Traceback" not in printed
    assert stack.calls() == []
    assert stack.resources() == {}


@both_ways
def test_missing_token_is_told_by_a_preview(make_stack: Callable[..., Stack]) -> None:
    """Without a token even a preview says which setting is missing, and how to set it."""
    stack = make_stack(PEAK_AUTH_TOKEN=None)
    stack.write(program())

    run = stack.run("preview")

    assert run.code != 0
    assert "press:authToken is not set: run `pulumi config set press:authToken --secret`" in run.text
    assert "Traceback" not in run.text
    assert stack.calls() == []


@both_ways
def test_wrong_token_is_told_with_its_source(make_stack: Callable[..., Stack]) -> None:
    """A refused token is told with where it came from, and never shown."""
    stack = make_stack(PEAK_AUTH_TOKEN="wrong-token-77")
    stack.write(program())

    printed = stack.fail_up()

    assert "creating spec etl: POST /v1/blocks/specs/" in printed
    assert "401 Unauthorized" in printed
    assert "the token came from PEAK_AUTH_TOKEN: set a valid one there" in printed
    assert "wrong-token-77" not in printed
    assert "Traceback" not in printed
    assert stack.press.state()["specs"] == []


@both_ways
def test_unreachable_service_is_told_with_its_address(make_stack: Callable[..., Stack]) -> None:
    """A service that cannot be reached is told with its address and what to check."""
    with socket.socket() as taken:
        # Bound but not listening: nobody answers there, and nobody else can take it.
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        stack = make_stack(PRESS_ENDPOINT=f"http://{address}")
        stack.succeed("config", "set", "press:maxRetries", "0")
        stack.write(program())

        printed = stack.fail_up()

    assert f"creating spec etl: POST /v1/blocks/specs/ at {address}" in printed
    assert "Traceback" not in printed
    assert stack.resources() == {}


@both_ways
def test_run_parameters_are_checked_against_the_release(stack: Stack) -> None:
    """Run parameters that the release does not declare are refused before the deployment is created."""
    stack.write(
        program(parameters={"run": [{"name": "rows", "type": "number", "required": True}]}).replace(
            "press.", "spec = press."
        )
        + """
press.BlockDeployment("run", metadata={"name": "run"}, spec={"id": spec.id, "release": {"version": "1.0.0"}},
    parameters={"run": {"rows": "many", "colour": "red"}})
"""
    )

    printed = stack.fail_up()

    assert "'run' has a problem: parameters.run.rows: must be a number" in printed
    assert "parameters.run.colour: is not declared by the release (declared: rows)" in printed
    assert stack.press.state()["deployments"] == []


@both_ways
def test_settings_come_from_the_stack_first(make_stack: Callable[..., Stack]) -> None:
    """The stack's configuration wins over the environment; a secret token stays encrypted in the state."""
    stack = make_stack(PEAK_AUTH_TOKEN="of-another-tenant", PRESS_ENDPOINT="http://127.0.0.1:9")
    stack.succeed("config", "set", "press:endpoint", stack.press.url)
    stack.succeed("config", "set", "--secret", "press:authToken", stack.press.token)
    stack.write(program())

    stack.up()

    assert len(stack.press.state()["specs"]) == 1
    assert stack.press.token not in str(stack.export())
