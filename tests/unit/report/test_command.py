"""The command `pulumi-press report`."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from pulumi_press.cli import main
from pulumi_press.report import read_preview, render_markdown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Find = Callable[[str], Path]


def give(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Set the standard input of the command."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.parametrize("words", [[], ["-"]])
def test_standard_input_is_read(
    recording: Find, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """Without a file, or with `-`, the preview is read from standard input."""
    give(monkeypatch, recording("create").read_bytes())

    assert main(["report", *words]) == 2
    assert capsys.readouterr() == (render_markdown(read_preview(recording("create"))), "")


def test_several_stacks_and_both_kinds_of_files_make_one_report(
    recording: Find, event_log: Find, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A preview in JSON of one stack and an event log of another make one report, written to a file."""
    output = tmp_path / "report.json"
    code = main(
        ["report", str(recording("nothing")), str(event_log("staging")), "--format", "json", "--output", str(output)]
    )

    stacks = json.loads(output.read_text())["stacks"]
    assert (code, capsys.readouterr()) == (2, ("", ""))
    assert [stack["stack"] for stack in stacks] == ["prod", "staging"]
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("markdown", "<!-- pulumi-press: shop/prod -->\n### Preview of `shop/prod`\n"),
        ("json", '{\n  "format": 1,\n  "exit_code": 3,\n'),
        ("table", "Preview of shop/prod: Destructive: "),
        ("html", "<!doctype html>\n"),
    ],
)
def test_each_format_is_written(recording: Find, capsys: pytest.CaptureFixture[str], kind: str, start: str) -> None:
    """Each format can be asked for; the exit code is the same."""
    assert main(["report", str(recording("kind-replace")), "--format", kind]) == 3
    assert capsys.readouterr().out.startswith(start)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--fail-on", "change"], 2),
        (["--fail-on", "drift, destroy"], 0),
        (["--fail-on", "drift", "--fail-on", "replace,destroy"], 3),
    ],
)
def test_what_counts_can_be_chosen(recording: Find, words: list[str], code: int) -> None:
    """`--fail-on` takes several kinds, with commas or given again; only these count."""
    assert main(["report", str(recording("kind-replace")), *words]) == code


def test_a_preview_that_failed_is_reported_and_ends_with_1(recording: Find, capsys: pytest.CaptureFixture[str]) -> None:
    """The report is written all the same, whatever counts, and a line says that it failed."""
    assert main(["report", str(recording("mistakes")), "--fail-on", "drift"]) == 1

    printed, errors = capsys.readouterr()
    assert "metadata.summary: is required" in printed
    assert errors == "pulumi-press report: the preview failed; see the errors in the report\n"


def test_a_preview_without_a_resource_is_named_by_the_caller(
    recording: Find, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that does not even start names no stack; `--stack` does."""
    main(["report", str(recording("program-broken")), "--stack", "acme/shop/prod"])

    assert capsys.readouterr().out.startswith("<!-- pulumi-press: shop/prod -->\n### Preview of `shop/prod`")


def test_the_limit_is_kept(recording: Find, capsys: pytest.CaptureFixture[str]) -> None:
    """`--limit` is how many characters are printed at most."""
    main(["report", str(recording("many-effects")), "--limit", "1200"])

    assert 600 < len(capsys.readouterr().out) <= 1_200


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty: see the error that pulumi itself printed"),
        ("error: no stack selected\n", "is neither a preview in JSON nor an event log"),
        ("{}", "is neither a preview in JSON nor an event log: it has no steps and no events"),
        ('{"steps": 3}', "is not a preview: steps is not a list"),
        ("[" * 100_000, "is nested too deeply to be a preview"),
    ],
)
def test_what_is_no_preview_is_refused_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str,
    message: str,
) -> None:
    """An input that is not a preview ends with 1 and one line that names it; no report is written."""
    path = tmp_path / "preview.json"
    path.write_text(content)
    give(monkeypatch, content.encode())

    assert (main(["report", str(path), "--output", str(tmp_path / "report.md")]), main(["report"])) == (1, 1)

    printed, errors = capsys.readouterr()
    first, second = errors.splitlines()
    assert first.startswith(f"pulumi-press report: {path} {message}")
    assert second.startswith(f"pulumi-press report: standard input {message}")
    assert (printed, list(tmp_path.iterdir())) == ("", [path])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.json"], "missing.json cannot be read: No such file"),
        (["-", "-"], "standard input can be given only once"),
        (["--fail-on", "nothing"], "--fail-on takes destroy, replace, change, drift, not 'nothing'"),
        (["--fail-on", ","], "--fail-on takes destroy, replace, change, drift"),
        (["--limit", "10"], "must be a number of characters, at least 1000"),
        (["--format", "pdf"], "invalid choice: 'pdf'"),
        (["--output", "no/such/folder.md"], "no/such/folder.md cannot be written: No such file"),
    ],
)
def test_wrong_arguments_end_with_1(
    recording: Find,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    """Wrong arguments are reported and end with 1: 2 would mean that something changes."""
    give(monkeypatch, recording("create").read_bytes())

    try:
        code = main(["report", *words])
    except SystemExit as end:
        code = int(str(end.code))

    assert code == 1
    assert message in capsys.readouterr().err
