"""The reports of recorded previews equal the golden files.

`python -m tools.record_previews.golden` writes the golden files again, to be reviewed in the diff of git. JSON holds
the content of all reports. The other formats are stored for reports that differ in form, and compared with the JSON for
all.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.report import LIMIT, render_html, render_markdown, render_table
from tools.record_previews.golden import (
    FORMS,
    GOLDEN,
    KINDS,
    PAGES,
    RENDERERS,
    SHOWN,
    endings,
    load,
    read_report,
    reports,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = sorted(reports())
ALL_ITEMS = 10_000_000
"""A limit of the Markdown under which no report leaves anything out."""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_report_is_the_golden_one(name: str, kind: str) -> None:
    """The preview in JSON and the event log both make the golden report, in every format that is stored."""
    report = read_report(name, kind)

    for ending in endings(name):
        assert RENDERERS[ending](report) == load(GOLDEN / f"{name}.{ending}"), f"{name}.{ending}"


@pytest.mark.parametrize("name", NAMES)
def test_both_recordings_make_the_same_report_in_every_format(name: str) -> None:
    """No format differs between the preview in JSON and the event log."""
    one, other = (read_report(name, kind) for kind in KINDS)

    assert {ending: render(one) for ending, render in RENDERERS.items()} == {
        ending: render(other) for ending, render in RENDERERS.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_the_content_of_the_json(name: str) -> None:
    """Each verdict, change, drift and message of the JSON is in Markdown, HTML and the table."""
    report = read_report(name, KINDS[0])
    content = json.loads(load(GOLDEN / f"{name}.json"))
    texts = {
        "md": render_markdown(report, ALL_ITEMS),
        "html": html.unescape(re.sub("<[^>]*>", "", render_html(report))),
        "txt": render_table(report),
    }

    for ending, text in texts.items():
        lines = [line for stack in content["stacks"] for line in list_lines(stack, is_table=ending == "txt")]
        assert [line for line in lines if strip(line) not in strip(text)] == [], f"{name}.{ending}"


def list_lines(stack: dict[str, Any], *, is_table: bool) -> Iterator[str]:
    """Yield the lines that a report on a stack has, from its JSON."""
    yield from stack["verdict"].split("; ")
    yield from (line for message in stack["messages"] for line in message["text"].splitlines()[-10:])
    changed = {change["urn"] for change in stack["changes"]}
    for item in (*stack["changes"], *stack["drift"]):
        if not is_table:
            yield item["summary"]
        elif "outcome" in item or item["urn"] not in changed:
            # The table has name and type in columns of their own, and no line for drift of what changes anyway.
            yield item["summary"].removeprefix(item["name"]).partition(": ")[2]


def strip(text: str) -> str:
    """Return a text without blanks and backticks, in which formats differ."""
    return re.sub(r"[\s`]+", "", text)


def test_the_documentation_shows_reports_as_they_are() -> None:
    """The pages in `docs/reports` are reports of recorded previews, and there are no others."""
    assert {path.name: load(path) for path in PAGES.glob("*.html")} == {
        f"{page}.html": render_html(read_report(name, KINDS[0])) for page, name in SHOWN.items()
    }


def test_every_golden_report_is_of_a_recording() -> None:
    """Each recording has its golden files, and there are no others."""
    found = {path.name.removesuffix(".gz") for path in GOLDEN.iterdir()}

    assert found == {f"{name}.{ending}" for name in NAMES for ending in endings(name)}
    assert set(FORMS) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_no_report_has_a_secret_or_is_too_long(name: str) -> None:
    """No format holds a secret of the recorded programs, and a comment can hold the Markdown."""
    report = read_report(name, KINDS[0])
    texts = {ending: render(report) for ending, render in RENDERERS.items()}

    assert [ending for ending, text in texts.items() if "canary" in text] == []
    assert len(texts["md"]) <= LIMIT
    assert json.loads(texts["json"])


def test_secrets_of_the_recorded_programs_are_masked() -> None:
    """Where a recorded program gives secrets, the report says that they are."""
    assert "[secret]" in render_markdown(read_report("secret-change", KINDS[0]))
