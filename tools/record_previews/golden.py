"""The golden reports of the recorded previews; run as a module, it writes them again."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from pulumi_press.report import (
    Report,
    read_preview,
    render_html,
    render_json,
    render_markdown,
    render_table,
)
from tools.quickstart.stack import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = [
    "FORMS",
    "GOLDEN",
    "KINDS",
    "PAGES",
    "RECORDINGS",
    "RENDERERS",
    "SHOWN",
    "endings",
    "load",
    "read_report",
    "reports",
    "store",
]

FOLDER = ROOT / "tests/unit/report"
RECORDINGS = FOLDER / "recordings"
GOLDEN = FOLDER / "golden"

KINDS = ("preview.json", "events.jsonl")
"""The recordings of each preview: as JSON and as an event log."""

RENDERERS: Mapping[str, Callable[[Report], str]] = {
    "md": render_markdown,
    "json": render_json,
    "txt": render_table,
    "html": render_html,
}
"""Renderers by the ending of their golden files."""

FORMS = (
    "create",  # New blocks, with a full diff.
    "drift-refresh-only",  # Drift without changes.
    "kind-replace",  # Destructive.
    "refused-token",  # Errors of several lines.
    "release-parameters",  # Lists with added and removed items.
    "special-change",  # Names and values that look like markup.
    "two-stacks-one-failed",
    "two-stacks-one-quiet",
)
"""Reports that differ in form, stored in every format. Of all others the content is stored, as JSON."""

TOGETHER = {
    "two-stacks": ("run-parameters", "staging"),
    "two-stacks-one-quiet": ("config-release", "staging-nothing"),
    "two-stacks-one-failed": ("mistakes", "staging"),
}
"""Reports of several previews."""

SHOWN = {"change": "many-effects", "replacement": "kind-replace", "drift": "drift-and-change"}
"""Reports that the documentation shows as pages in `PAGES`, by their name there."""
PAGES = ROOT / "docs/reports"

LARGE = 100_000
"""Longer files, in characters, are stored compressed."""


def reports() -> dict[str, tuple[str, ...]]:
    """Return the recordings of each golden report, by its name."""
    names = sorted({path.name.partition(".")[0] for path in RECORDINGS.glob("*.events.jsonl*")})
    return {**{name: (name,) for name in names}, **TOGETHER}


def endings(name: str) -> tuple[str, ...]:
    """Return the endings of the golden files of a report."""
    return tuple(RENDERERS) if name in FORMS else ("json",)


def read_report(name: str, kind: str) -> Report:
    """Read the recordings of a golden report; the kind is one of `KINDS`."""
    return read_preview(*(load(RECORDINGS / f"{recording}.{kind}") for recording in reports()[name]))


def load(path: Path) -> str:
    """Read a file, or the compressed one beside it."""
    return path.read_text() if path.exists() else gzip.decompress(_compressed(path).read_bytes()).decode()


def store(path: Path, text: str) -> int:
    """Store a file, compressed if it is large, and return its size in bytes."""
    data = text.encode()
    if len(data) > LARGE:
        path, data = _compressed(path), gzip.compress(data, mtime=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return len(data)


def write_all() -> None:
    """Replace all golden reports and the pages of the documentation."""
    for old in (*GOLDEN.glob("*"), *PAGES.glob("*.html")):
        old.unlink()
    for name in reports():
        report = read_report(name, KINDS[0])
        for ending in endings(name):
            store(GOLDEN / f"{name}.{ending}", RENDERERS[ending](report))
    for page, name in SHOWN.items():
        store(PAGES / f"{page}.html", render_html(read_report(name, KINDS[0])))


def _compressed(path: Path) -> Path:
    return path.with_name(f"{path.name}.gz")


if __name__ == "__main__":
    write_all()
