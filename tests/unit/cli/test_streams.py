"""What the commands write: any text on any terminal, whether or not it is read, and crashes by a code of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from pulumi_press.cli import COMMANDS, CRASHED, main

if TYPE_CHECKING:
    from pathlib import Path

NAME = "größe ☕ \udcff\u202e\x1b]0;title\x07\u2028"
SPEC = 'body: {kind: service, metadata: {name: "☕", summary: "größe"}, config: {imageDetails: {id: 1}}}\n'
ODD_LOCALES = (
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
)
HIDDEN = ("\x1b", "\x07", "\u202e", "\u2028")


def run(
    folder: Path,
    *words: object,
    variables: dict[str, str] | None = None,
    stdout: int = subprocess.PIPE,
    stderr: int = subprocess.PIPE,
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    foreign = ("PULUMI_", "PRESS_", "PEAK_", "API_KEY", "STAGE", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return subprocess.run(
        [sys.executable, "-m", "pulumi_press", *map(str, words)],
        cwd=folder,
        env={**kept, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        check=False,
    )


@pytest.fixture
def preview(tmp_path: Path) -> Path:
    """A preview that names a resource in an odd way, and fails in odd words."""
    urn = f"urn:pulumi:prod::shop::pulumi-python:dynamic/press:BlockSpec::{NAME}"
    document = {
        "steps": [{"op": "create", "urn": urn, "newState": {"custom": True, "inputs": {"kind": NAME}}}],
        "diagnostics": [{"severity": "warning", "urn": urn, "message": f"{NAME}\n"}],
        "changeSummary": {"create": 1},
    }
    path = tmp_path / "preview.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("variables", ODD_LOCALES)
@pytest.mark.parametrize("kind", ["markdown", "html", "json", "table"])
def test_a_report_is_the_same_whatever_the_locale_says(preview: Path, variables: dict[str, str], kind: str) -> None:
    """A report that another program reads is in UTF-8, and holds nothing that acts on a terminal."""
    done = run(preview.parent, "report", preview, "--format", kind, variables=variables)

    assert (done.returncode, done.stderr) == (2, b"")
    text = done.stdout.decode("utf-8")
    assert ("☕" in text) is (kind != "json")
    assert not any(sign in text for sign in HIDDEN)


@pytest.mark.parametrize("variables", ODD_LOCALES)
def test_a_program_is_printed_as_python_reads_it(tmp_path: Path, variables: dict[str, str]) -> None:
    """Python takes a program for UTF-8: so is the one that `convert` prints."""
    (tmp_path / "block.yaml").write_text(SPEC, encoding="utf-8")

    done = run(tmp_path, "convert", "block.yaml", variables=variables)

    assert (done.returncode, done.stderr) == (0, b"")
    assert '"summary": "größe"' in done.stdout.decode("utf-8")
    compile(done.stdout, "program", "exec")


@pytest.mark.parametrize("variables", ODD_LOCALES)
@pytest.mark.parametrize(
    "words", [("report", NAME), ("convert", NAME), ("import", NAME), ("import", "spec", NAME), ("doctor", NAME)]
)
def test_a_message_repeats_a_name_without_what_acts_on_a_terminal(
    tmp_path: Path, variables: dict[str, str], words: tuple[str, ...]
) -> None:
    """A message names what it is about in characters that the terminal has, and in escapes."""
    done = run(tmp_path, *words, variables=variables)

    assert done.returncode in (1, 2)
    encoding = variables.get("PYTHONIOENCODING", "ascii")
    message = done.stderr.decode(encoding)
    assert "pulumi-press" in message
    assert "Traceback" not in message
    assert not any(sign in message for sign in HIDDEN)


@pytest.mark.parametrize("variables", ODD_LOCALES)
def test_findings_are_told_in_any_locale(tmp_path: Path, variables: dict[str, str]) -> None:
    """`doctor` names what it finds, in text and in JSON."""
    (tmp_path / "Pulumi.yaml").write_text(f"name: x\nruntime: {json.dumps(NAME)}\n", encoding="utf-8")
    variables = {**variables, "PATH": str(tmp_path), "PRESS_ENDPOINT": "http://127.0.0.1:9", "API_KEY": "x"}

    for words in (["doctor"], ["doctor", "--json"]):
        done = run(tmp_path, *words, variables=variables)
        text = done.stdout.decode("utf-8")
        assert (done.returncode, done.stderr) == (1, b"")
        assert "\\u202e" in text
        assert not any(sign in text for sign in HIDDEN)


@pytest.mark.parametrize(
    ("words", "code"),
    [(["report", "preview.json"], 2), (["convert", "block.yaml"], 0), (["doctor"], 1), (["--help"], 0)],
)
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_reader_that_went_away_changes_nothing(preview: Path, words: list[str], code: int, stream: str) -> None:
    """As in `pulumi-press report ... | head -1`: no complaint, and the exit code that it would have been."""
    (preview.parent / "block.yaml").write_text(SPEC, encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = run(preview.parent, *words, variables={"PATH": str(preview.parent)}, **{stream: writer})
    finally:
        os.close(writer)

    assert done.returncode == code
    assert not done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no file that is always full")  # noqa: PTH110
def test_a_report_that_cannot_be_written_is_a_failure(preview: Path) -> None:
    """A full disk is no closed pipe: the report is lost, and that is said."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = run(preview.parent, "report", preview, stdout=full.fileno())

    assert done.returncode == 1
    assert done.stderr == b"pulumi-press report: standard output cannot be written: No space left on device\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_stream_that_is_not_there_is_no_crash(preview: Path, closed: str) -> None:
    """A process may be started without one of its streams."""
    command = f'"{sys.executable}" -m pulumi_press report {closed}'
    text = preview.read_bytes()
    if closed != "<&-":
        command = f"{command} < preview.json"
    done = subprocess.run(["/bin/sh", "-c", command], cwd=preview.parent, check=False, capture_output=True)

    assert text
    assert (done.returncode, b"Traceback" in done.stderr) == (1 if closed == "<&-" else 2, False)


@pytest.mark.parametrize("command", ["report", "import", "convert", "doctor"])
@pytest.mark.parametrize("error", [RuntimeError("canary-secret"), RecursionError(), MemoryError(), KeyError("x")])
def test_a_crash_has_an_exit_code_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, error: Exception
) -> None:
    """No crash looks like a preview that failed, or a change; what is said of it shows no value."""

    def crash(_: object) -> int:
        raise error

    monkeypatch.setattr(import_module(COMMANDS[command].module), "run", crash)
    words = {"import": ["spec", "a", "b"], "convert": ["x.yaml"]}.get(command, [])

    code = main([command, *words])

    printed = capsys.readouterr().err
    assert code == CRASHED
    assert CRASHED not in (0, 1, 2, 3)
    assert f"pulumi-press {command}: internal error: {type(error).__name__}" in printed
    assert "test_streams.py" in printed
    assert "canary-secret" not in printed


def test_an_interruption_ends_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends a command as a shell expects it, without a traceback."""

    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module(COMMANDS["report"].module), "run", interrupt)

    with pytest.raises(SystemExit) as ended:
        main(["report"])

    assert (ended.value.code, capsys.readouterr().err) == (130, "")
