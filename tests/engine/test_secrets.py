"""A canary in every place that can hold a secret: it shows nowhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

CANARY = "canary-5d0e"
CHANGES = 2
"""Exit code of a report on something that changes."""

PROGRAM = """
def hide(where):
    return pulumi.Output.secret(f"canary-5d0e-{where}")

spec = press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": hide("summary"), "description": hide("description")},
    release={"notes": hide("notes")},
    artifact={"path": "files"},
    config={
        "images": {"base": {"dockerfile": "Dockerfile", "buildArguments": {"TOKEN": hide("argument")}}},
        "steps": {
            "run": {
                "imageRef": "base",
                "command": hide("command"),
                "parameters": {"env": {"KEY": hide("env")}},
                "repository": {"branch": "main", "url": "https://example.com", "token": "canary-5d0e-repository"},
            },
            "call": {
                "type": "http",
                "method": "post",
                "url": "https://example.com",
                "payload": hide("payload"),
                "headers": {"absolute": {"X-Key": hide("header")}},
            },
        },
        "watchers": [
            {
                "webhook": {"name": "w", "url": "https://example.com", "payload": hide("watcher")},
                "events": {"fail": True},
            },
        ],
    },
    parameters={
        "build": [{"name": "license", "type": "string", "required": True, "hideValue": True}],
        "run": [
            {"name": "key", "type": "string", "required": True, "hideValue": True},
            {"name": "spare", "type": "string", "required": False, "hideValue": True,
             "defaultValue": "canary-5d0e-default"},
            {"name": "open", "type": "string", "required": True},
        ],
    },
)
run = press.BlockDeployment(
    "etl",
    metadata={"name": "etl", "summary": hide("deployment")},
    spec={"id": spec.id, "release": {"version": spec.release_version}},
    parameters={
        "build": {"license": "canary-5d0e-license"},
        "run": {"key": "canary-5d0e-key", "open": hide("open")},
    },
    revision={"notes": hide("revision")},
    triggers={"again": hide("trigger"), "count": 1},
)
"""


@pytest.fixture
def life(stack: Stack) -> Stack:
    """A stack with a canary wherever one fits; its token is one too."""
    (stack.folder / "files").mkdir()
    (stack.folder / "files/Dockerfile").write_text("FROM scratch\n")
    stack.write(PROGRAM)
    return stack


def test_canary_shows_nowhere(life: Stack) -> None:
    """No preview, log, error or state shows a secret, through creation, change, drift, failure and destruction."""
    verbose = ("--logtostderr", "--logflow", "-v=5")
    printed = {"preview": life.succeed("preview", "--diff"), "up": life.succeed("up", "--yes", "--skip-preview")}
    printed["state"] = life.succeed("stack", "export")
    printed["refresh"] = life.succeed("refresh", "--yes", "--skip-preview")
    printed["no change"] = life.succeed("preview", "--diff", "--expect-no-changes")
    life.write(PROGRAM.replace('"count": 1', '"count": 2').replace("canary-5d0e-key", "canary-5d0e-other"))
    printed["changed preview"] = life.succeed("preview", "--diff")
    printed["changed json"] = life.succeed("preview", "--json")
    for format_ in ("markdown", "json", "table", "html"):
        printed[f"{format_} report"] = report(printed["changed json"], format_)
    life.press.faults(
        {
            "match": {"method": "POST", "path": "*/revisions"},
            "times": 1,
            "then": {"status": 422, "detail": "parameters.run.key: 'canary-5d0e-other' is not allowed"},
        }
    )
    printed["failure"] = life.fail_up()
    printed["logs"] = life.run("up", "--yes", "--skip-preview", *verbose).text
    printed["changed state"] = life.succeed("stack", "export")
    printed["destroy"] = life.succeed("destroy", "--yes", "--skip-preview")

    assert [name for name, text in printed.items() if CANARY in text] == []
    assert "parameters.run.key: '[secret]' is not allowed" in printed["failure"]


def report(preview: str, format_: str) -> str:
    """Pipe a preview through `pulumi-press report`; give all that it printed, which tells of the change."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "pulumi-press"), "report", "--format", format_],
        input=preview,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == CHANGES, done.stdout
    assert "etl" in done.stdout
    return done.stdout


def test_canary_is_not_in_the_journal_where_the_service_hides_it(life: Stack) -> None:
    """The local Press masks the token, hidden parameters with their defaults, and repository tokens."""
    life.up()

    seen = str([life.press.requests(), life.press.state()])

    hidden = ["key", "license", "default", "repository"]
    assert [name for name in hidden if f"{CANARY}-{name}" in seen] == []
    assert life.press.token not in seen


LATER = """
def give(value):
    return value

spec = press.BlockSpec(
    "etl",
    kind="workflow",
    metadata={"name": "etl", "summary": give("canary-5d0e-summary")},
    config={
        "steps": {
            "run": {
                "imageDetails": {"id": 1},
                "command": "run",
                "parameters": {"env": {"KEY": give("canary-5d0e-env")}, "secrets": [give("canary-5d0e-name")]},
            },
        },
    },
    parameters={"run": [{"name": "keys", "type": "object", "required": True}]},
)
run = press.BlockDeployment(
    "etl",
    metadata={"name": "etl"},
    spec={"id": spec.id, "release": {"version": spec.release_version}},
    parameters={"run": {"keys": {"all": [{"key": give("canary-5d0e-key")}]}}},
    revision={"notes": "first"},
    triggers=give({"again": "canary-5d0e-trigger"}),
)
pulumi.export("parameters", run.parameters)
pulumi.export("key", run.parameters["run"]["keys"]["all"][0])
pulumi.export("config", spec.config)
"""


def test_value_that_is_made_secret_later_stays_nowhere_in_clear(stack: Stack) -> None:
    """Not in inputs, outputs and stack outputs, at any depth, also after a refresh; and nothing changes."""
    stack.write(LATER)
    stack.up()
    assert CANARY in stack.succeed("stack", "export")
    stack.write(LATER.replace("return value", "return pulumi.Output.secret(value)"))
    stack.forget()

    # The engine tells a dynamic provider of no secret, so it keeps them itself; it has the native plugin update them.
    stack.succeed("up", "--yes", "--skip-preview", *([] if stack.is_native else ["--expect-no-changes"]))
    assert stack.preview() == {}
    states = [stack.succeed("stack", "export")]
    stack.succeed("refresh", "--yes", "--skip-preview")
    states.append(stack.succeed("stack", "export"))

    assert [call for call in stack.calls() if not call.startswith("GET")] == []
    assert [CANARY in state for state in states] == [False, False]
    assert stack.resources()["BlockDeployment:etl"]["outputs"]["revision"] == {"notes": "first"}
    assert CANARY not in stack.succeed("stack", "output", "--json")

    # Plain again: it stays secret until something else changes, and nothing is in the way of that.
    stack.write(LATER)
    stack.succeed("up", "--yes", "--skip-preview", "--expect-no-changes")
    stack.write(LATER.replace('"first"', '"second"'))
    stack.up()
    stack.succeed("preview", "--expect-no-changes")
