"""A preview of thousands of resources: that of a small stack by the real engine, with its resources many times over."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.project import ROOT
from pulumi_press.emulator import start
from tools.quickstart.stack import TOKEN
from tools.record_previews.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Recorded", "record", "show_secrets"]

PROGRAM = ROOT / "bench" / "mixed" / "__main__.py"
STACK = "bench"
COPIED = "copy0-"
"""What the names of the program's resources begin with."""
SUMMARIES = ("changeSummary", "resourceChanges")


@dataclass(frozen=True)
class Recorded:
    """What the engine wrote about a preview of the small stack."""

    document: dict[str, Any]
    """What `pulumi preview --json` printed."""
    events: list[dict[str, Any]]
    """The event log of the same preview."""

    @property
    def resources(self) -> int:
        """The resources of the program that the preview is about, unchanged ones included."""
        counts: dict[str, int] = self.document["changeSummary"]
        return sum(counts.values()) - 1

    def write_document(self, copies: int) -> str:
        """Write a preview in JSON with so many copies of each resource."""
        return json.dumps({**self._count(self.document, copies), "steps": _multiply(self.document["steps"], copies)})

    def write_events(self, copies: int) -> str:
        """Write an event log with so many copies of each resource."""
        events = [
            {**event, "summaryEvent": self._count(event["summaryEvent"], copies)} if "summaryEvent" in event else event
            for event in self.events
        ]
        return "".join(f"{json.dumps(event)}\n" for event in _multiply(events, copies))

    def _count(self, value: dict[str, Any], copies: int) -> dict[str, Any]:
        """Give the engine's summary as it is for so many copies; the stack itself stays one."""
        return {
            key: {op: count * copies - (copies - 1) * (op == "same") for op, count in item.items()}
            if key in SUMMARIES
            else item
            for key, item in value.items()
        }


def _multiply(items: Iterable[Any], copies: int) -> list[Any]:
    """Copy each item that is about a resource of the program, under names of its own; keep the others."""
    found: list[Any] = []
    for item in items:
        text = json.dumps(item)
        numbers = range(copies) if COPIED in text else ()
        found += [json.loads(text.replace(COPIED, f"copy{number}-")) for number in numbers] or [item]
    return found


def record() -> Recorded:
    """Preview the small stack with the real engine, after an edit of all that can change."""
    with start(tokens={TOKEN: "bench"}) as press, tempfile.TemporaryDirectory(prefix="press-bench-") as folder:
        project = Project(Path(folder, "project"), Path(folder, "backend"), press, STACK)
        project.make()
        project.write({"__main__.py": PROGRAM.read_text(encoding="utf-8")})
        project.up(fails=False)
        project.write({"edited": ""})
        preview = project.preview(project.backend / "log.jsonl", "preview")
    if preview.code:
        raise RuntimeError(preview.output)
    return Recorded(json.loads(preview.output), list(map(json.loads, preview.events.splitlines())))


def show_secrets(log: str) -> str:
    """Give each secret of an event log a text of its own, as if the engine had not hidden it."""
    numbers = count()
    return re.sub(
        r'"ciphertext": "\[secret\]"',
        lambda _: f'"plaintext": "\\"{sha256(str(next(numbers)).encode()).hexdigest()}\\""',
        log,
    )
