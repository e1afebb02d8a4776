"""Which commit a report is about, and when it was made."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Origin", "find_commit", "find_date"]


@dataclass(frozen=True)
class Origin:
    """Where a report comes from. What is empty is not known, and not shown."""

    commit: str = ""
    """The commit of the program, such as its hash."""
    date: str = ""
    """When the report was made."""


COMMITS: Final = (
    "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA",
    "CI_COMMIT_SHA",
    "GITHUB_SHA",
    "BITBUCKET_COMMIT",
    "BUILD_SOURCEVERSION",
    "CIRCLE_SHA1",
    "GIT_COMMIT",
)
"""Variables in which CI systems name the commit. The first that is set counts: GitLab tests a merge of its own."""

EVENT: Final = "GITHUB_EVENT_PATH"
"""Variable with GitHub's file on the event: for a pull request `GITHUB_SHA` is a merge that nobody made."""

GIT: Final = ("git", "--no-optional-locks", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
DIRTY: Final = "-dirty"
TIMEOUT: Final = 10
EPOCH: Final = "SOURCE_DATE_EPOCH"
"""Variable with the time that reproducible results are to show, in seconds since 1970."""


def find_commit(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> str:
    """Return the commit that the CI system names, or that git has checked out; empty if neither is there.

    Args:
        environment: the variables.
        folder: where git looks; None: the working directory.
    """
    named = next(filter(None, map(environment.get, COMMITS)), None)
    return _read_event(environment.get(EVENT)) or named or _ask_git(folder)


def find_date(environment: Mapping[str, str] = os.environ) -> str:
    """Return the present time in UTC, or that of `SOURCE_DATE_EPOCH`."""
    given = environment.get(EPOCH, "")
    moment = datetime.now(timezone.utc)
    # No number, or one beyond what a date can be.
    with suppress(ValueError, OverflowError, OSError):
        moment = datetime.fromtimestamp(int(given), timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def _read_event(path: str | None) -> str:
    """Return the newest commit of the pull request that GitHub's event is about, if it is about one."""
    try:
        event: Any = json.loads(Path(path or "").read_text(encoding="utf-8"))
        commit = event["pull_request"]["head"]["sha"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return commit if isinstance(commit, str) else ""


def _ask_git(folder: Path | None) -> str:
    try:
        done = subprocess.run(  # noqa: S603  (words of our own)
            GIT, cwd=folder, capture_output=True, check=True, encoding="utf-8", errors="replace", timeout=TIMEOUT
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    commit = done.stdout.strip()
    return f"{commit.removesuffix(DIRTY)} with changes that are not committed" if commit.endswith(DIRTY) else commit
