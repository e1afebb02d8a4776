"""The state of each released version goes on with the present code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_press.emulator import start
from tools.keep_state.service import TOKENS, VARIABLES, rename, tell_again

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress
    from tests.engine.conftest import Stack

STATES = Path(__file__).resolve().parents[1] / "states"
VERSIONS = sorted(folder.name for folder in STATES.iterdir() if folder.is_dir())


@pytest.fixture
def press() -> Iterator[LocalPress]:
    """A local Press with the tenants of the kept states."""
    with start(tokens=TOKENS) as running:
        yield running


@pytest.fixture(params=VERSIONS)
def kept(request: pytest.FixtureRequest, make_stack: Callable[..., Stack], press: LocalPress) -> Stack:
    """A stack with the state of a version, and a service that holds what the state tells of."""
    folder = STATES / request.param
    stack = make_stack(**VARIABLES)
    shutil.copytree(folder / "program", stack.folder, dirs_exist_ok=True)
    names = tell_again(json.loads((folder / "calls.json").read_text()), press)
    (stack.folder / "state.json").write_text(rename((folder / "state.json").read_text(), names))
    stack.succeed("stack", "import", "--file", "state.json")
    stack.forget()
    return stack


def test_kept_state_previews_and_refreshes_empty_and_is_destroyed(kept: Stack) -> None:
    """Nothing changes by an upgrade, before and after a refresh, and destroying leaves nothing on the service."""
    assert kept.preview() == {}
    assert kept.calls() == []

    kept.succeed("refresh", "--yes", "--skip-preview")
    assert kept.preview() == {}
    assert not [call for call in kept.calls() if not call.startswith("GET ")]

    kept.succeed("destroy", "--yes", "--skip-preview")
    assert (kept.press.state()["specs"], kept.press.state()["deployments"]) == ([], [])


def test_kept_state_is_changed_like_one_of_today(kept: Stack) -> None:
    """A change of every kind that is made in place is made once; the next preview is empty and no id has changed."""
    before = identities(kept)

    kept.variables["CHANGED"] = "1"
    kept.up()
    assert kept.preview() == {}
    assert identities(kept) == before


def identities(stack: Stack) -> dict[str, str]:
    """Give the id of each resource in the state; a component has none."""
    return {name: resource["id"] for name, resource in stack.resources().items() if "id" in resource}
