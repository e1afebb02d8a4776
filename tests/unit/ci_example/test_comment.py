"""The comment that the CI example keeps: posted once, then updated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.engine.ci_example.forge import TOKEN, Comment, Forge, serve_forge

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = Path(__file__).resolve().parents[3] / "examples/ci/comment.py"
MARKER = "<!-- pulumi-press: shop/production -->"


class Desk(NamedTuple):
    """The folder of reports, and the service that the comments are on."""

    kind: str
    folder: Path
    forge: Forge

    def report(self, text: str, verdict: str = "2", name: str = "press-stage") -> None:
        """Put a report there."""
        (self.folder / name).mkdir(exist_ok=True)
        (self.folder / name / "report.md").write_text(text)
        (self.folder / name / "verdict").write_text(f"{verdict}\n")

    def post(self, token: str = TOKEN, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        environment = {
            "GITHUB_API_URL": self.forge.url,
            "GITHUB_REPOSITORY": "acme/shop",
            "GITHUB_TOKEN": token,
            "PULL_REQUEST": "7",
            "CI_API_V4_URL": self.forge.url,
            "CI_PROJECT_ID": "12",
            "CI_MERGE_REQUEST_IID": "7",
            "PRESS_COMMENT_TOKEN": token,
            **variables,
        }
        command = [sys.executable, str(SCRIPT), self.kind, str(self.folder)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(params=["github", "gitlab"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A desk for each service."""
    with serve_forge() as forge:
        yield Desk(request.param, tmp_path, forge)


def test_a_report_is_posted_once_and_then_updated(desk: Desk) -> None:
    """The second report of a stack takes the place of the first, in the same comment."""
    desk.report(f"{MARKER}\nfirst")
    assert desk.post().returncode == 0
    desk.report(f"{MARKER}\nsecond")
    assert desk.post().returncode == 0

    assert desk.forge.comments == [Comment(f"{MARKER}\nsecond", times=2)]


def test_the_comment_is_found_among_many(desk: Desk) -> None:
    """A comment on a later page is found, and neither a quotation of it nor another stack's is taken for it."""
    others = [Comment(f"> {MARKER}\n> quoted"), Comment("<!-- pulumi-press: shop/test -->\n")]
    desk.forge.comments += [*others, *(Comment(f"remark {number}") for number in range(150)), Comment(f"{MARKER}\nold")]
    desk.report(f"{MARKER}\nnew")

    done = desk.post()

    assert (done.returncode, desk.forge.comments[-1].body) == (0, f"{MARKER}\nnew"), done.stderr
    assert sum(comment.times for comment in desk.forge.comments) == len(desk.forge.comments) + 1


def test_nothing_is_posted_where_nothing_changes(desk: Desk) -> None:
    """A change that touches no block gets no comment, and one that does no more has its comment updated."""
    desk.report(f"{MARKER}\nnothing", verdict="0")
    desk.post()
    assert desk.forge.comments == []

    desk.forge.comments.append(Comment(f"{MARKER}\na release"))
    desk.post()
    assert desk.forge.comments == [Comment(f"{MARKER}\nnothing", times=2)]


def test_each_stack_has_its_comment(desk: Desk) -> None:
    """Two reports are two comments."""
    desk.report(f"{MARKER}\none")
    desk.report("<!-- pulumi-press: shop/local -->\ntwo", name="press-local")
    desk.post()

    assert sorted(comment.body.splitlines()[1] for comment in desk.forge.comments) == ["one", "two"]


def test_no_reports_are_nothing_to_do(desk: Desk) -> None:
    """Where the previews failed before there was a report, nothing is posted, and nothing fails once more."""
    assert (desk.post().returncode, desk.forge.comments) == (0, [])


def test_a_report_without_a_marker_is_not_posted(desk: Desk) -> None:
    """What could not be found again is not posted."""
    desk.report("just text")

    done = desk.post()

    assert (done.returncode, "no marker" in done.stdout, desk.forge.comments) == (0, True, [])


def test_a_refusal_is_told_without_the_token(desk: Desk) -> None:
    """A token that may not write is told with the service's words, and not shown."""
    desk.report(f"{MARKER}\nreport")

    done = desk.post(token="canary-other")

    assert done.returncode == 1
    assert "answered 401" in done.stderr
    assert "who are you" in done.stderr
    assert "canary-other" not in done.stdout + done.stderr


def test_a_service_out_of_reach_is_told(desk: Desk) -> None:
    """A service that is not there is told in a line, without a traceback."""
    desk.report(f"{MARKER}\nreport")

    done = desk.post(GITHUB_API_URL="http://127.0.0.1:9", CI_API_V4_URL="http://127.0.0.1:9")

    assert (done.returncode, "refused" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
