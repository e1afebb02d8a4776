"""The page on errors: each of its texts, printed by what it says is the cause."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Stack

PAGE = Path(__file__).resolve().parents[2] / "docs" / "troubleshooting.md"
TEXTS = re.findall(r"^### `(.*)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

PROGRAM = """
spec = press.BlockSpec(
    "api", kind="service", metadata={"name": "api", "summary": "An API"}, config={"imageDetails": {"id": 1}}
)
press.BlockDeployment("api", metadata={"name": "api"}, spec=spec)
"""
YAML = "resources: {api: {type: 'press:BlockSpec'}}"
UP = ("up", "--yes", "--skip-preview")


def leave_folder(stack: Stack) -> str:
    """Run in a folder without a project."""
    (stack.folder / "Pulumi.yaml").unlink()
    return stack.run("preview").text


def select_none(stack: Stack) -> str:
    """Forget which stack is selected."""
    shutil.rmtree(stack.folder / "home" / "workspaces")
    return stack.run("preview").text


def log_out(stack: Stack) -> str:
    """Name no backend."""
    stack.variables["PULUMI_BACKEND_URL"] = None
    return stack.run("preview").text


def forget_passphrase(stack: Stack) -> str:
    """Leave the passphrase out."""
    stack.variables["PULUMI_CONFIG_PASSPHRASE"] = None
    return stack.run("preview").text


def mistake_passphrase(stack: Stack) -> str:
    """Give another one than the stack was made with."""
    stack.succeed("config", "set", "--secret", "key", "value")
    return stack.run("preview", PULUMI_CONFIG_PASSPHRASE="another").text


def lock(stack: Stack) -> str:
    """Leave the lock of a run."""
    locks = stack.folder / "backend/.pulumi/locks/organization/life/test"
    locks.mkdir(parents=True, exist_ok=True)
    told = {"pid": 1, "username": "ann", "hostname": "build-7", "timestamp": "2026-01-31T10:00:00Z"}
    (locks / "one.json").write_text(json.dumps(told))
    return stack.run(*UP).text


def run_other_python(stack: Stack, tmp_path: Path) -> str:
    """Run with a Python that has no packages."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    return stack.run("preview", TEST_PYTHON=str(tmp_path / "bare/bin/python3")).text


def name_no_environment(stack: Stack) -> str:
    """Name a virtual environment that does not exist."""
    runtime = "{name: python, options: {virtualenv: nowhere}}"
    (stack.folder / "Pulumi.yaml").write_text(f"name: life\nruntime: {runtime}\n")
    return stack.run("preview").text


def install_no_plugin(stack: Stack, yaml_engine: str) -> str:
    """Run a YAML program before the plugin is installed."""
    stack.declare(YAML)
    path = f"{yaml_engine}:{stack.environment()['PATH']}"
    return stack.run("preview", PATH=path).text


def install_no_host(stack: Stack) -> str:
    """Run a YAML program without its host."""
    stack.declare(YAML)
    return stack.run("preview").text


def forget_token(stack: Stack) -> str:
    """Set no token."""
    stack.variables["PEAK_AUTH_TOKEN"] = None
    return stack.run("preview").text


def mistake_token(stack: Stack) -> str:
    """Set one that the service does not know."""
    return stack.run(*UP, PEAK_AUTH_TOKEN="another").text


def misspell_setting(stack: Stack) -> str:
    """Set what is no setting."""
    stack.succeed("config", "set", "press:adpot", "always")
    return stack.run("preview").text


def call_nobody(stack: Stack) -> str:
    """Lead to a port where nothing listens."""
    return stack.run(*UP, PRESS_ENDPOINT="http://127.0.0.1:9").text


def call_unknown_host(stack: Stack) -> str:
    """Lead to a host that does not exist."""
    return stack.run(*UP, PRESS_ENDPOINT="http://press.invalid").text


def call_with_tls(stack: Stack) -> str:
    """Speak TLS with a server that does not."""
    return stack.run(*UP, PRESS_ENDPOINT=stack.press.url.replace("http:", "https:")).text


def take_name(stack: Stack, tmp_path: Path, build_stack: Callable[..., Stack]) -> str:
    """Let another stack have the name."""
    other = build_stack(tmp_path / "other", stack.press)
    other.write(PROGRAM)
    other.up()
    return stack.run(*UP).text


def lead_elsewhere(stack: Stack) -> str:
    """Lead to another service."""
    stack.up()
    with start() as other:
        return stack.run("preview", PRESS_ENDPOINT=other.url, PEAK_AUTH_TOKEN=other.token).text


def fail_rollout(stack: Stack) -> str:
    """Let the rollout fail."""
    stack.press.outcomes({"deployment": "api", "status": "failed", "errors": [{"code": 500, "message": "No room"}]})
    return stack.run(*UP).text


def protect(stack: Stack) -> str:
    """Delete what is protected."""
    stack.up()
    stack.succeed("state", "protect", "--all", "--yes")
    return stack.run("destroy", "--yes", "--skip-preview").text


CAUSES: dict[str, Callable[..., str]] = {
    "no Pulumi.yaml project file found": leave_folder,
    "no stack selected": select_none,
    "PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions": log_out,
    "passphrase must be set with PULUMI_CONFIG_PASSPHRASE": forget_passphrase,
    "incorrect passphrase": mistake_passphrase,
    "the stack is currently locked by 1 lock(s)": lock,
    "ModuleNotFoundError: No module named 'pulumi'": run_other_python,
    "The 'virtualenv' option in Pulumi.yaml is set to ... doesn't exist": name_no_environment,
    "no resource plugin 'pulumi-resource-press' found": install_no_plugin,
    "no language plugin 'pulumi-language-yaml' found": install_no_host,
    "press:authToken is not set": forget_token,
    "401 Unauthorized": mistake_token,
    "is not a setting; did you mean": misspell_setting,
    "Connection refused": call_nobody,
    "Name or service not known": call_unknown_host,
    "no trusted connection": call_with_tls,
    "exists already as ... and press:adopt is never": take_name,
    "is not at ...; it was last seen at ...": lead_elsewhere,
    "which redeploys it": fail_rollout,
    "cannot be deleted": protect,
}


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_printed_by_its_cause(text: str, stack: Stack, request: pytest.FixtureRequest) -> None:
    """What the page names as the cause prints the text that it stands under."""
    cause = CAUSES[text]
    needed = cause.__code__.co_varnames[1 : cause.__code__.co_argcount]
    stack.write(PROGRAM)

    printed = cause(stack, *map(request.getfixturevalue, needed))

    assert re.search(".*?".join(map(re.escape, text.split("..."))), printed, re.DOTALL), printed


def test_every_cause_is_on_the_page() -> None:
    """The page has a text for each cause that is known here, in the same order."""
    assert list(CAUSES) == TEXTS
