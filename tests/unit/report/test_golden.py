"""The reports of recorded previews are as they were when somebody last read them.

`python -m tools.record_previews.golden` writes them anew, to be read again in the difference that git shows.
"""

from __future__ import annotations

import json

import pytest

from pulumi_press.report import LIMIT, render_markdown
from tools.record_previews.golden import GOLDEN, KINDS, PAGES, RENDERERS, SHOWN, load, read_report, reports

NAMES = sorted(reports())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_report_is_the_golden_one(name: str, kind: str) -> None:
    """The preview in JSON and the event log both make the golden report, in every format."""
    report = read_report(name, kind)

    for ending, render in RENDERERS.items():
        assert render(report) == load(GOLDEN / f"{name}.{ending}"), f"{name}.{ending}"


def test_the_documentation_shows_reports_as_they_are() -> None:
    """The pages in `docs/reports` are golden reports, and there is no other."""
    assert {path.name: load(path) for path in PAGES.glob("*.html")} == {
        f"{page}.html": load(GOLDEN / f"{name}.html") for page, name in SHOWN.items()
    }


def test_every_golden_report_is_of_a_recording() -> None:
    """No golden report is left of a recording that is no more."""
    assert sorted({path.name.partition(".")[0] for path in GOLDEN.iterdir()}) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_no_golden_report_tells_a_secret_or_is_too_long(name: str) -> None:
    """No format holds a secret of the recorded programs, and a comment can hold the Markdown."""
    texts = {ending: load(GOLDEN / f"{name}.{ending}") for ending in RENDERERS}

    assert [ending for ending, text in texts.items() if "canary" in text] == []
    assert len(texts["md"]) <= LIMIT
    assert json.loads(texts["json"])


def test_secrets_of_the_recorded_programs_are_masked() -> None:
    """Where a recorded program gives secrets, the report says that they are."""
    assert "[secret]" in render_markdown(read_report("secret-change", KINDS[0]))
