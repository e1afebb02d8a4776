"""Build previews step by step."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.report import Outcome, StackReport, read_preview, render_markdown
from pulumi_press.report.render.lines import describe, to_text

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDINGS = Path(__file__).parent / "recordings"
COUNTED = ("create", "update", "delete", "replace", "import", "discard")
"""The operations that the engine's summary counts."""
PRESS = "pulumi-python:dynamic/press:"
STACK = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"


def urn_of(kind: str, name: str) -> str:
    """Return the URN of a resource of this package, or of another package if the kind is a full type token."""
    return f"urn:pulumi:prod::shop::{kind if ':' in kind else PRESS + kind}::{name}"


def state_of(inputs: dict[str, Any] | None, **more: Any) -> dict[str, Any] | None:
    """Write a resource's state, as a preview in JSON has it."""
    return None if inputs is None else {"custom": True, "inputs": inputs, **more}


def is_whole(markdown: str) -> bool:
    """Return whether all fences and details are closed and the first line is the marker."""
    fence = ""
    folded = 0
    lines = markdown.splitlines()
    for line in map(str.strip, lines):
        if not fence:
            fence = "".join(re.findall("^`{3,}", line))
            folded += {"<details>": 1, "</details>": -1}.get(line, 0)
        elif line == fence:
            fence = ""
    return not fence and folded == 0 and lines[0].startswith("<!-- pulumi-press: ")


@dataclass
class Preview:
    """A preview of the stack `shop/prod`."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    diagnostics: list[dict[str, Any]] = field(default_factory=list)
    same: int = 1

    def add(
        self,
        op: str,
        kind: str,
        name: str,
        old: dict[str, Any] | None = None,
        new: dict[str, Any] | None = None,
        **more: Any,
    ) -> Preview:
        """Add a step, whose states have these inputs."""
        step = {"op": op, "urn": urn_of(kind, name), "oldState": state_of(old), "newState": state_of(new), **more}
        self.steps.append(step)
        return self

    def add_diagnostic(self, severity: str, message: str, **more: str) -> Preview:
        """Add a diagnostic."""
        self.diagnostics.append({"severity": severity, "message": f"{severity}: {message}\n", **more})
        return self

    def write(self) -> str:
        """Write it as the engine does."""
        same = {"op": "same", "urn": STACK, "oldState": {"custom": False}, "newState": {"custom": False}}
        counted = Counter(step["op"] for step in self.steps if step["op"] in COUNTED)
        document = {
            "steps": [same, *self.steps],
            "diagnostics": self.diagnostics,
            "changeSummary": {"same": self.same, **counted},
        }
        return json.dumps(document)

    def read(self) -> StackReport:
        """Read what is reported on it."""
        return read_preview(self.write()).stacks[0]

    def list_changes(self) -> list[tuple[Outcome, str]]:
        """Return the outcome and line of each change."""
        return [(change.outcome, to_text(describe(change))) for change in self.read().changes]

    def markdown(self) -> str:
        """Report on it as Markdown."""
        return render_markdown(read_preview(self.write()))


@pytest.fixture
def preview() -> Preview:
    """A preview in which nothing happens yet."""
    return Preview()


@pytest.fixture
def recording() -> Callable[[str], Path]:
    """Find a recorded preview in JSON by its name."""
    return lambda name: RECORDINGS / f"{name}.preview.json"


@pytest.fixture
def event_log() -> Callable[[str], Path]:
    """Find a recorded event log by its name."""
    return lambda name: RECORDINGS / f"{name}.events.jsonl"
