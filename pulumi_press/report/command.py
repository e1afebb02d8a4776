"""Turn a Pulumi preview into a report for a reviewer.

Reads the output of `pulumi preview --json`, or an event log, of one or more stacks, and reports which blocks
change: their releases, files, revisions and parameters.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.output import STDOUT, log, write_text
from pulumi_press.report.model import FAILED, FailOn, Report, exit_code
from pulumi_press.report.origin import Origin, find_commit, find_date
from pulumi_press.report.preview import read_preview
from pulumi_press.report.read.operation import PreviewError
from pulumi_press.report.render.html import render_html
from pulumi_press.report.render.json import render_json
from pulumi_press.report.render.markdown import LIMIT, SMALLEST, render_markdown
from pulumi_press.report.render.table import render_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["add_arguments", "run"]

FORMATS = ("markdown", "json", "table", "html")
EPILOG = """\
exit codes: 0 no changes, 2 changes or drift, 3 something is destroyed or replaced, 1 the preview failed or cannot be
read, 70 an internal error of pulumi-press. With --fail-on, only the named kinds count.

examples:
  pulumi preview --json | pulumi-press report
  pulumi-press report preview.json --output comment.md --fail-on destroy,replace
  pulumi-press report north.json south.json --format html --output report.html
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        default=[STDOUT],
        metavar="FILE",
        help="previews in JSON or event logs, one for each stack; - reads standard input (default: -)",
    )
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="report format (default: %(default)s)")
    parser.add_argument(
        "--output", type=Path, default=STDOUT, metavar="FILE", help="file to write the report to (default: print it)"
    )
    parser.add_argument(
        "--fail-on",
        action="append",
        default=[],
        metavar="KIND",
        help=f"kinds that count for the exit code: {', '.join(kind.value for kind in FailOn)}; separate several with "
        "commas or repeat the option (default: all)",
    )
    parser.add_argument(
        "--stack", default="", metavar="PROJECT/STACK", help="name of the stack, for a preview without any resource"
    )
    parser.add_argument(
        "--commit",
        metavar="TEXT",
        help="commit that the HTML page names (default: that of the CI system or of git, if there is one; '' for none)",
    )
    parser.add_argument(
        "--date", metavar="TEXT", help="date on the HTML page (default: now, or SOURCE_DATE_EPOCH; '' for none)"
    )
    parser.add_argument(
        "--limit",
        type=_read_limit,
        default=LIMIT,
        metavar="N",
        help="maximum length of the Markdown in characters (default: %(default)s); what is left out is counted",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    try:
        fail_on = _read_kinds(arguments.fail_on)
        with _paused_collector():
            report = _read(arguments.files, arguments.stack)
            text = _render(report, arguments)
        write_text(arguments.output, text)
    except PreviewError as error:
        _log(str(error))
        return FAILED
    except OSError as error:
        place = "standard output" if arguments.output == STDOUT else arguments.output
        _log(f"{place} cannot be written: {error.strerror}")
        return FAILED
    code = exit_code(report, fail_on)
    if code == FAILED:
        _log("the preview failed; see the errors in the report")
    return code


@contextmanager
def _paused_collector() -> Iterator[None]:
    """Pause the garbage collector: what is read stays until the report is written, so a search finds nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read_limit(word: str) -> int:
    limit = int(word) if word.isdecimal() else 0
    if limit < SMALLEST:
        raise argparse.ArgumentTypeError(f"must be a number of characters, at least {SMALLEST}")
    return limit


def _read_kinds(words: Sequence[str]) -> list[FailOn]:
    kinds = {kind.value: kind for kind in FailOn}
    named = [word.strip() for words_ in words for word in words_.split(",") if word.strip()]
    unknown = next((word for word in named if word not in kinds), None)
    if unknown is not None or (words and not named):
        raise PreviewError(f"--fail-on takes {', '.join(kinds)}" + (f", not {unknown!r}" if unknown else ""))
    return [kinds[word] for word in named]


def _read(files: Sequence[Path], stack: str) -> Report:
    if files.count(STDOUT) > 1:
        raise PreviewError("standard input can be given only once")
    return Report(tuple(report for path in files for report in _read_file(path, stack).stacks))


def _read_file(path: Path, stack: str) -> Report:
    if path != STDOUT:
        try:
            return read_preview(path.read_bytes(), stack=stack)
        except PreviewError as error:
            raise PreviewError(f"{path} {error}") from None
        except OSError as error:
            raise PreviewError(f"{path} cannot be read: {error.strerror}") from None
    try:
        return read_preview(_read_stdin(), stack=stack)
    except PreviewError as error:
        raise PreviewError(f"standard input {error}") from None


def _read_stdin() -> bytes:
    if sys.stdin is None:  # The process was started without it.
        raise PreviewError("is closed")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise PreviewError(f"cannot be read: {error.strerror}") from None


def _render(report: Report, arguments: argparse.Namespace) -> str:
    if arguments.format == "json":
        return render_json(report)
    if arguments.format == "html":
        return render_html(report, _find_origin(arguments.commit, arguments.date))
    if arguments.format == "table":
        is_shown = arguments.output == STDOUT and sys.stdout is not None and sys.stdout.isatty()
        width = shutil.get_terminal_size().columns if is_shown else None
        return render_table(report, width=width, color=is_shown and not os.environ.get("NO_COLOR"))
    return render_markdown(report, arguments.limit)


def _find_origin(commit: str | None, date: str | None) -> Origin:
    return Origin(find_commit() if commit is None else commit, find_date() if date is None else date)


def _log(message: str) -> None:
    log("report", message)
