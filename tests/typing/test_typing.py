"""What type checkers say of programs: nothing of right ones, and of wrong ones exactly what is marked in them.

A line of a program in `rejected` that ends in `# error` is one that both mypy and pyright must refuse; the messages of
both name what stands after `# error:`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.checkers import Complaint, check_with_mypy, check_with_pyright
from tools.mistakes.cases import PROGRAMS
from tools.mistakes.page import read_page, read_printed, render

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "schema.md"
ACCEPTED = sorted((HERE / "accepted").glob("*.py"))
REJECTED = sorted((HERE / "rejected").glob("*.py"))
MISTAKES = sorted(PROGRAMS.glob("*.py"))
WRONG = re.compile(r"^<!-- wrong -->\n```python\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""A wrong program in the documentation, and what the checkers say."""
MARK = re.compile(r"  # error(?:: (\w+))?$", re.MULTILINE)

Check = dict[str, list[Complaint]]

CHECKERS: dict[str, Callable[[list[Path], Path], list[Complaint]]] = {
    "mypy": lambda files, _: check_with_mypy(files),
    "pyright": check_with_pyright,
}


@pytest.fixture(scope="module", params=CHECKERS)
def checked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Run one checker after the other, once over the right programs and once over all wrong ones."""
    shown = tmp_path_factory.mktemp("page") / "on_page.py"
    [(program, _)] = WRONG.findall(PAGE.read_text(encoding="utf-8"))
    shown.write_text(program, encoding="utf-8")
    folders = {"accepted": ACCEPTED, "rejected": [*REJECTED, *MISTAKES, shown]}
    check = CHECKERS[request.param]
    return {name: check(files, tmp_path_factory.mktemp(name)) for name, files in folders.items()}


def read_marks(file: Path) -> dict[int, str]:
    """Give the lines that are to be refused, with what the messages name."""
    text = file.read_text(encoding="utf-8")
    return {text.count("\n", 0, mark.start()) + 1: mark[1] or "" for mark in MARK.finditer(text)}


@pytest.mark.parametrize("file", ACCEPTED, ids=lambda file: file.stem)
def test_a_right_program_is_accepted(file: Path, checked: Check) -> None:
    """Plain dicts, outputs at every depth, typed variables and unpacked bodies have no error."""
    assert [complaint for complaint in checked["accepted"] if complaint.file == file.name] == []


@pytest.mark.parametrize("file", REJECTED, ids=lambda file: file.stem)
def test_a_wrong_program_is_refused_where_it_is_wrong(file: Path, checked: Check) -> None:
    """Each mistake is seen while it is written, on its own line, and nothing else is; its message names the key."""
    told = {complaint.line: complaint.message for complaint in checked["rejected"] if complaint.file == file.name}
    marks = read_marks(file)

    assert told.keys() == marks.keys(), told
    assert [message for line, message in told.items() if marks[line] not in message] == []


@pytest.mark.parametrize("file", REJECTED, ids=lambda file: file.stem)
def test_a_wrong_program_has_one_mistake(file: Path) -> None:
    """A program without a mark would show nothing, one with several would hide one behind the other."""
    assert len(read_marks(file)) == 1


def test_the_page_says_what_the_checkers_say(checked: Check, request: pytest.FixtureRequest) -> None:
    """The wrong program in the documentation is refused in the words that stand below it."""
    [(_, told)] = WRONG.findall(PAGE.read_text(encoding="utf-8"))
    said = dict(line.split(": ", 1) for line in told.splitlines())
    [message] = [complaint.message for complaint in checked["rejected"] if complaint.file == "on_page.py"]

    assert said[request.node.callspec.params["checked"]] in message


@pytest.mark.parametrize("checked", ["pyright"], indirect=True)
def test_the_page_of_mistakes_is_up_to_date(checked: Check) -> None:
    """Programs, cures and what pyright says; `python -m tools.mistakes` renews it, and what the engine prints."""
    names = {file.name for file in MISTAKES}
    complaints = [complaint for complaint in checked["rejected"] if complaint.file in names]

    assert read_page() == render(read_printed(), complaints)
