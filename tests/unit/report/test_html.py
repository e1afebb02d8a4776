"""The HTML page: the tree of files, several stacks, the commit and the date."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pulumi_press.cli import main
from pulumi_press.report import Files, Origin, Outcome, Report, read_preview, render_html
from pulumi_press.report.render.tree import build_tree, count_left_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_press.report.render.tree import Folder
    from tests.unit.report.conftest import Preview

    Find = Callable[[str], Path]


def read_text(page: str) -> str:
    """Return the text of a page, without its style sheet, on one line."""
    body = page.partition("<body")[2]
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", body.partition(">")[2])).split())


def show(folder: Folder, indent: str = "") -> list[str]:
    """Write a tree as lines."""
    lines = []
    for inner in folder.folders.values():
        lines += [f"{indent}{inner.name}/ {inner.counts}", *show(inner, f"{indent}  ")]
    return lines + [f"{indent}{sign} {name}" for sign, name in folder.files]


def test_files_are_a_tree_of_folders() -> None:
    """Folders come first, with the number of files by sign; one that holds only another is one with it."""
    files = Files(
        added=("src/etl/load/fast.py", "README.md"),
        changed=("src/etl/load/slow.py", "src/etl/__init__.py"),
        removed=("docs/a/b/c.txt",),
    )
    assert show(build_tree(files)) == [
        "docs/a/b/ {'+': 0, '~': 0, '-': 1}",
        "  - c.txt",
        "src/etl/ {'+': 1, '~': 2, '-': 0}",
        "  load/ {'+': 1, '~': 1, '-': 0}",
        "    + fast.py",
        "    ~ slow.py",
        "  ~ __init__.py",
        "+ README.md",
    ]
    assert count_left_out(files) == 0


def test_a_tree_has_an_end() -> None:
    """Neither many files nor deep folders break a page; what is left out is counted."""
    many = Files(added=tuple(f"{number}.txt" for number in range(2_000)))
    deep = Files(added=("/".join(["d", "x"] * 400 + ["a"]), "/".join(["d", "x"] * 400 + ["b"]), "d/c"))
    assert (len(build_tree(many).files), count_left_out(many)) == (500, 1_500)
    assert len(show(build_tree(deep))) < 30
    assert show(build_tree(deep))[-1] == "  + c"


def test_the_page_has_the_tree(recording: Find) -> None:
    """Each file is told with its sign and a word, so that colours are not needed."""
    stack = read_preview(recording("artifact-release")).stacks[0]
    text = read_text(render_html(Report((stack,))))
    for line in ("+ check.py added", "~ load.py changed", " removed"):
        assert line in text
    files = Files(changed=tuple(f"src/{number}.py" for number in range(700)))
    change = replace(stack.changes[0], files=files)
    text = read_text(render_html(Report((replace(stack, changes=(change,)),))))
    assert "src/ ~500 ~ 0.py changed" in text
    assert "and 200 more files" in text


@pytest.mark.parametrize(
    ("name", "effects"),
    [
        ("create", {"create"}),
        ("many-effects", {"new release", "new revision"}),
        ("run-parameters", {"run parameters"}),
        ("spec-metadata", {"patch"}),
        ("kind-replace", {"replace", "new release"}),
        ("destroy", {"destroy"}),
        ("drift-refresh-only", {"drift"}),
    ],
)
def test_each_effect_is_told_in_words(recording: Find, name: str, effects: set[str]) -> None:
    """Beside its colour, which has a class of its own."""
    page = render_html(read_preview(recording(name)))
    found = re.findall(r'<li class="is-(\w+)"><span class="effect">([^<]+)</span>', page)
    assert effects <= {words for _, words in found}
    assert {kind for kind, _ in found} <= set(re.findall(r"\.is-(\w+)", page)) | {"note", "other"}


def test_several_stacks_are_compared(recording: Find) -> None:
    """A table has each resource that changes anywhere, with its effect in each stack."""
    page = render_html(read_preview(recording("many-effects"), recording("staging"), recording("nothing")))
    table = page[page.index("<table>") : page.index("</table>")]
    heads = re.findall(r'<th scope="col">([^<]*)</th>', table)
    rows = [
        (html.unescape(re.sub("<[^>]*>", "", name)), re.findall(r"<td>(?:<[^>]*>)?([^<]*)", cells))
        for name, cells in re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', table)
    ]
    assert heads == ["Resource", "shop/prod", "shop/staging", "shop/prod"]
    assert len(rows) > 3
    assert all(len(cells) == 3 and cells[2] == "no change" for _, cells in rows)
    assert any(cells[0] == "new release" for _, cells in rows)
    assert any(cells[1] != "no change" for _, cells in rows)
    assert page.count("<h1>") == 1
    assert page.count("<article>") == 3


def test_what_a_failed_preview_would_change_is_not_known(recording: Find) -> None:
    """Its changes may be missing: a cell without one does not say that there is none."""
    page = render_html(read_preview(recording("spec-metadata"), recording("mistakes"), recording("nothing")))
    (row,) = re.findall(r"</th>(<td>.*?)</tr>", page)
    assert re.sub("(<[^>]*>)+", "|", row) == "|patch|not known|no change|"


def test_one_stack_has_no_table(recording: Find) -> None:
    """There is nothing to compare."""
    page = render_html(read_preview(recording("many-effects")))
    assert "<table>" not in page
    assert "<h1>Preview of shop/prod</h1>" in page


def test_a_stack_shows_every_effect_on_what_has_one_name(recording: Find) -> None:
    """Resources of one name and type, as where one was moved without an alias, hide none of what is done to them."""
    stack = read_preview(recording("artifact-release")).stacks[0]
    made, *_ = stack.changes
    gone = replace(made, outcome=Outcome.DESTROY)
    moved = replace(stack, changes=(made, gone))

    page = render_html(Report((stack, moved)))

    row = next(row for row in re.findall("<tr>.*?</tr>", page, re.DOTALL) if "is-destroy" in row)
    assert read_text(f"<body>{row}").endswith("new release new release destroy")


def test_stacks_without_changes_have_no_table(recording: Find) -> None:
    """An empty table would say nothing."""
    assert "<table>" not in render_html(read_preview(recording("nothing"), recording("nothing")))


@pytest.mark.parametrize(
    ("origin", "text"),
    [
        (Origin(), ""),
        (Origin(commit="abc1234"), "commit abc1234"),
        (Origin(date="2026-11-30"), "2026-11-30"),
        (Origin("abc1234", "2026-11-30"), "commit abc1234 , 2026-11-30"),
        (Origin("<b>\u202ex"), "commit <b>\\u202ex"),
    ],
)
def test_commit_and_date_are_shown_where_they_are_known(recording: Find, origin: Origin, text: str) -> None:
    """They are only text, whatever is in them."""
    for sources in ([recording("create")], [recording("create"), recording("staging")]):
        page = render_html(read_preview(*sources), origin)
        assert read_text(page).count(text or "commit ") == (1 if text else 0)
        assert page.count('class="origin"') == bool(text)


def test_the_command_is_told_commit_and_date(recording: Find, capsys: pytest.CaptureFixture[str]) -> None:
    """With both, nothing is looked for."""
    words = ["report", str(recording("create")), "--format", "html", "--commit", "abc1234", "--date", "today"]
    main(words)
    assert capsys.readouterr().out == render_html(read_preview(recording("create")), Origin("abc1234", "today"))
    main([*words[:-1], "", "--commit", ""])
    assert capsys.readouterr().out == render_html(read_preview(recording("create")))


def test_the_command_finds_commit_and_date(
    recording: Find, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without, they are those of the environment."""
    for name in ("GITHUB_EVENT_PATH", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CI_COMMIT_SHA", "f00ba4")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    main(["report", str(recording("create")), "--format", "html"])
    expected = Origin("f00ba4", "1970-01-01 00:00 UTC")
    assert capsys.readouterr().out == render_html(read_preview(recording("create")), expected)


def test_names_in_the_table_and_the_tree_are_only_text(preview: Preview) -> None:
    """As everywhere on the page."""
    odd = "<i>\u202e&"
    preview.add("update", "BlockSpec", odd, {"metadata": {"name": "a"}}, {"metadata": {"name": "b"}})
    stack = preview.read()
    (change,) = stack.changes
    files = Files(added=(f"{odd}/{odd}",))
    report = Report((replace(stack, changes=(replace(change, files=files),)), replace(stack, stack=odd)))
    page = render_html(report)
    assert "<i>" not in page
    assert "\u202e" not in page
    assert page.count("&lt;i&gt;\\u202e&amp;") >= 5
