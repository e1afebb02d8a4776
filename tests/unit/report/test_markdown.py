"""The Markdown of a report: its first line, its length, and that nothing in it can break out of its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pulumi_press.report import LIMIT, Report, StackReport, marker, read_preview, render_markdown
from tests.unit.report.conftest import is_whole
from tools.record_previews.golden import RECORDINGS, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.report.conftest import Preview

SPEC = {"kind": "workflow", "metadata": {"name": "etl"}, "release": {"version": "1.0.0"}}


def named(project: str, stack: str) -> Report:
    """Make a report of a stack of such a name."""
    return Report((StackReport(project, stack),))


def test_the_first_line_is_a_marker_of_project_and_stack(recording: Callable[[str], Path]) -> None:
    """The first line is hidden, and names the stacks, so that a bot finds its comment again."""
    one, two = (read_preview(*map(recording, names)) for names in (["create"], ["create", "staging"]))

    assert render_markdown(one).splitlines()[0] == marker(one) == "<!-- pulumi-press: shop/prod -->"
    assert marker(two) == "<!-- pulumi-press: shop/prod, shop/staging -->"


def test_the_marker_is_the_same_whatever_happens(recording: Callable[[str], Path]) -> None:
    """Two previews of one stack have one marker; a preview that names no stack has the one that is given."""
    failed = read_preview(recording("program-broken"), stack="shop/prod")

    assert {marker(read_preview(recording(name))) for name in ("create", "nothing", "mistakes")} == {marker(failed)}


@pytest.mark.parametrize("name", ["a--><b", "a\nb", "ünïcode", "x" * 5_000])
def test_no_name_of_a_stack_ends_the_marker(name: str) -> None:
    """Whatever a stack is called, its marker is one short line and one comment, unlike those of other stacks."""
    line = marker(named("shop", name))

    assert re.fullmatch(r"<!-- pulumi-press: [\w/%.,~ -]+ -->", line, re.ASCII)
    assert line.count("-->") == 1
    assert len(line) < 1_100
    assert line != marker(named("shop", f"{name}2"))


def test_nothing_is_one_line(recording: Callable[[str], Path]) -> None:
    """Where nothing changes, one line says so."""
    text = render_markdown(read_preview(recording("nothing"), recording("staging-nothing")))

    assert text.splitlines()[1:] == [
        "**`shop/prod`: No changes** (7 unchanged)",
        "",
        "**`shop/staging`: No changes** (7 unchanged)",
    ]


@pytest.mark.parametrize("limit", [1_000, 1_500, 3_000, 8_000, 20_000, LIMIT])
@pytest.mark.parametrize("name", ["many-change", "many-create", "many-destroy", "special-create", "refused-token"])
def test_what_is_too_long_is_cut_in_whole_pieces_and_counted(name: str, limit: int) -> None:
    """A report keeps under the limit; items are left out whole, each left-out one counted, no fence left open."""
    report = read_preview(load(RECORDINGS / f"{name}.preview.json"))
    whole, text = (render_markdown(report, size) for size in (10_000_000, limit))

    assert len(text) <= limit
    assert text.splitlines()[:4] == whole.splitlines()[:4]
    assert (text == whole) is (len(whole) <= limit)
    if text != whole:
        assert re.search(r"and [\d,]+ more", text)
    counted = re.compile(r"(- )?and [\d,]+ more( sections)? \.\.\.")
    lines = set(whole.splitlines())
    assert [line for line in text.splitlines() if line not in lines and not counted.fullmatch(line)] == []
    assert is_whole(text)


def test_the_check_for_whole_texts_sees_a_broken_one() -> None:
    """What judges the Markdown finds a fence or a folded part that is left open, and no marker."""
    texts = ["````diff\n```\n````", "```diff\n- a", "````\n```", "<details>"]

    assert [is_whole(f"<!-- pulumi-press: a/b -->\n{text}\n") for text in texts] == [True, False, False, False]
    assert not is_whole("text\n")


def test_the_full_diff_is_left_out_before_what_sums_it_up() -> None:
    """Of three hundred changes the lines stay longest; the folded diff goes first."""
    report = read_preview(load(RECORDINGS / "many-change.preview.json"))

    counts = [
        (text.count("\n- `block-"), text.count("```diff"))
        for text in (render_markdown(report, limit) for limit in (1_000_000, 30_000, 10_000))
    ]

    assert counts[0] == (200, 200)
    assert counts[1][0] == 200 > counts[1][1] > 0
    assert counts[2][0] > counts[2][1] == 0


def test_two_long_stacks_both_keep_their_verdicts() -> None:
    """However little fits, each of several stacks keeps its heading and verdict."""
    one = read_preview(load(RECORDINGS / "many-change.preview.json"))
    text = render_markdown(Report(one.stacks * 4), 2_000)

    assert text.count("### Preview of `shop/prod`") == 4
    assert text.count("new releases, ") == 4


def test_a_limit_that_is_too_small_is_refused() -> None:
    """A limit in which not even a verdict fits is refused."""
    with pytest.raises(ValueError, match="1000 characters"):
        render_markdown(named("shop", "prod"), 999)


def test_what_comes_from_outside_is_no_markup(preview: Preview) -> None:
    """Names, values and messages that look like markup are code, which they cannot end."""
    evil = "`</details>` **@everyone** <img src=x onerror=alert(1)> ```"
    changed = {**SPEC, "metadata": {"name": "etl", "summary": evil}}
    preview.add("update", "BlockSpec", evil, SPEC, changed)
    preview.add_diagnostic("error", f"line one\n```\n{evil}")

    text = preview.markdown()

    outside = re.sub(r"^ *(`{3,})\w*\n.*?^ *\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", outside)
    assert "everyone" in text
    assert [word for word in ("everyone", "<img", "onerror") if word in outside] == []
    assert outside.count("</details>") == 1


@pytest.mark.parametrize("limit", [2_000, 20_000, LIMIT])
def test_each_of_thousands_of_changes_is_shown_or_counted(preview: Preview, limit: int) -> None:
    """Of thousands of changes, the destructive ones come first; each heading counts what it leaves out."""
    for number in range(1_000):
        titles = [{**SPEC, "metadata": {"name": "etl", "title": title}} for title in ("old", "new")]
        preview.add("update", "BlockSpec", f"titled{number}", *titles)
        preview.add("create", "BlockSpec", f"made{number}", None, SPEC)
        preview.add("delete", "BlockSpec", f"gone{number}", SPEC)

    text = render_markdown(read_preview(preview.write()), limit)

    assert len(text) <= limit
    assert "**Destructive: 1000 destroyed**; 1000 changed in place, 1000 created" in text
    sections = [section.splitlines() for section in text.partition("<details>")[0].split("#### ")[1:]]
    assert [section[0] for section in sections] == ["Destroyed or replaced", "Changed in place", "Created"]
    for heading, *lines in sections:
        shown = sum(line.startswith("- `") for line in lines)
        counted = re.search(r"^- and ([\d,]+) more \.\.\.$", "\n".join(lines), re.MULTILINE)
        assert shown + int(counted[1].replace(",", "") if counted else 0) == 1_000, heading
    assert "<summary>Full diff</summary>\n\nand 2,000 more ...\n\n</details>" in text
