"""The examples, as a person would run them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Stack

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_service_example_comes_up_and_goes(make_stack: Callable[..., Stack]) -> None:
    """The service example comes up, shows no change, keeps its secret out of sight, and leaves nothing behind."""
    stack = make_stack()
    shutil.copytree(EXAMPLES / "service", stack.folder, dirs_exist_ok=True)
    stack.succeed("stack", "init", "example")
    stack.succeed("config", "set", "--secret", "dashboardKey", "canary-key-91")

    printed = stack.up()

    assert stack.outputs() == {"dashboard": "deployed", "forecast": "deployed"}
    assert "canary-key-91" not in printed
    assert "canary-key-91" not in str(stack.export())
    assert "canary-key-91" not in str([stack.press.state(), stack.press.requests()])
    assert stack.preview() == {}
    refreshed = stack.succeed("refresh", "--yes", "--skip-preview")
    assert "7 unchanged" in refreshed
    assert stack.preview() == {}

    stack.succeed("destroy", "--yes", "--skip-preview")
    assert (stack.press.state()["specs"], stack.press.state()["deployments"]) == ([], [])
