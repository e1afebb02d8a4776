"""What a program does once to be quick with many resources."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

HOST = "pulumi-language-python-exec"
DECLARES = "from pulumi_press.sdk.press_resource import ProviderReference; ProviderReference('BlockSpec')"
TELLS = """
import gc, json, pulumi
print(json.dumps({"threshold": gc.get_threshold(), "frozen": gc.get_freeze_count() > 1000}))
"""


def run(folder: Path, name: str, code: str, **variables: str) -> dict[str, Any]:
    """Run a program by a script of this name; give what it prints."""
    script = folder / name
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, script], check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **variables}
    )
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def test_a_program_that_declares_blocks_collects_less(tmp_path: Path) -> None:
    """Only the threshold of the youngest objects changes, and what was loaded before is out of sight."""
    before = run(tmp_path, HOST, TELLS)
    after = run(tmp_path, HOST, DECLARES + TELLS)

    assert not before["frozen"]
    assert after["frozen"]
    assert after["threshold"][0] > 10 * before["threshold"][0]
    assert after["threshold"][1:] == before["threshold"][1:]


def test_a_process_that_no_language_host_runs_is_left_as_it_is(tmp_path: Path) -> None:
    """It may run for long, such as a server that uses the Automation API."""
    assert run(tmp_path, "serve.py", DECLARES + TELLS) == run(tmp_path, HOST, TELLS)


@pytest.mark.parametrize(
    ("own", "threshold"),
    [("gc.set_threshold(5000, 7, 9)", [5000, 7, 9]), ("gc.disable()", None), ("gc.set_threshold(0)", None)],
)
def test_a_program_that_sets_its_own_thresholds_keeps_them(
    tmp_path: Path, own: str, threshold: list[int] | None
) -> None:
    """So does one that turned the collector off."""
    alone = run(tmp_path, HOST, f"import gc; {own}\n{TELLS}")

    found = run(tmp_path, HOST, f"import gc; {own}\n{DECLARES}\n{TELLS}")

    assert found == alone
    assert threshold is None or found["threshold"] == threshold


SENDS = """
import json, sys
from pulumi.runtime import settings

class Engine:
    def __init__(self):
        self.lines = []
    def Log(self, request):
        self.lines.append(request.message)

engine = Engine()
settings.configure(settings.Settings("project", "stack", engine=engine))
import pulumi
pulumi.log.debug("for debugging")
pulumi.log.info("for people")
print(json.dumps({"lines": engine.lines}))
"""


@pytest.mark.parametrize("value", ["true", "1", "TRUE"])
def test_debug_messages_are_left_out_where_the_environment_asks_for_it(tmp_path: Path, value: str) -> None:
    """All other messages are sent, and without the variable these are as well."""
    asked = run(tmp_path, HOST, DECLARES + SENDS, PULUMI_PRESS_SKIP_DEBUG_LOG=value)

    assert asked["lines"] == ["for people"]
    for other in ("", "false"):
        sent = run(tmp_path, HOST, DECLARES + SENDS, PULUMI_PRESS_SKIP_DEBUG_LOG=other)
        assert sent["lines"] == ["for debugging", "for people"]
