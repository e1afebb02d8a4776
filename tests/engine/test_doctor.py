"""The command `pulumi-press doctor` in a real project."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.conftest import NATIVE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Stack


def examine(stack: Stack, *words: str, **variables: str) -> tuple[dict[str, Any], str]:
    """Run the command in a stack's project; give its findings by check, and all that it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "pulumi_press.cli", "doctor", "--json", *words],
        cwd=stack.folder,
        env={**stack.environment(), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    findings = {finding["check"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert done.returncode == int("problem" in {finding["level"] for finding in findings.values()})
    return findings, done.stdout


def test_a_stack_that_works_has_nothing_amiss(make_stack: Callable[..., Stack]) -> None:
    """The stack's own token and address are read and tried; without the passphrase, that is what is told."""
    stack = make_stack(PEAK_AUTH_TOKEN=None, PRESS_ENDPOINT=None)
    stack.succeed("config", "set", "--secret", "press:authToken", stack.press.token)
    stack.succeed("config", "set", "press:endpoint", stack.press.url)

    findings, printed = examine(stack)
    unreadable, _ = examine(stack, PULUMI_CONFIG_PASSPHRASE="")
    elsewhere, _ = examine(stack, "--stack", "nowhere")

    assert {check: finding["level"] for check, finding in findings.items()} == dict.fromkeys(findings, "ok")
    assert findings["settings"]["found"] == "token from press:authToken; endpoint from press:endpoint"
    assert stack.press.token not in printed
    assert [unreadable[check]["level"] for check in ("settings", "endpoint", "token")] == ["warning", "ok", "warning"]
    assert "passphrase" in unreadable["settings"]["found"]
    assert "no stack named 'nowhere' found" in elsewhere["settings"]["found"]


@pytest.mark.parametrize("way", [NATIVE])
def test_plugin_that_cannot_be_started_is_told_with_its_cure(stack: Stack) -> None:
    """What the engine cannot use is a problem for the command too, and the advice makes it work again."""
    stack.write(
        'press.BlockSpec("a", kind="service", metadata={"name": "a", "summary": "A."}, '
        'config={"serviceType": "api", "imageDetails": {"id": 1}})'
    )
    stack.up()
    (script,) = (stack.folder / "home/plugins").rglob("pulumi-resource-press")
    current, _ = examine(stack)

    script.write_text(f"#!/gone/python\n{script.read_text().partition(chr(10))[2]}")
    broken, _ = examine(stack)
    refused = stack.run("refresh", "--yes", "--skip-preview")
    script.unlink()
    absent, _ = examine(stack)

    found = [findings["native plugin"] for findings in (current, broken, absent)]
    assert [item["level"] for item in found] == ["ok", "problem", "ok"]
    assert refused.code != 0
    assert {"run `pulumi-press plugin install`" in item["advice"] for item in found[1:]} == {True}

    subprocess.run([sys.executable, "-m", "pulumi_press.cli", "plugin", "install"], env=stack.environment(), check=True)
    stack.succeed("refresh", "--yes", "--skip-preview")
    assert examine(stack)[0]["native plugin"]["level"] == "ok"
