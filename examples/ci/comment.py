"""Posts each report as a comment on the pull request or merge request, or updates the one from last time.

    python comment.py github FOLDER
    python comment.py gitlab FOLDER

The folder holds folders with `report.md` and `verdict`, as `report.sh` writes them. A report's comment is found by the
marker that the report begins with. Needs Python alone.
"""

from __future__ import annotations

import json
import os
import re
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

MARKER = re.compile(r"<!-- pulumi-press: [^\n]*? -->")
NOTHING = "0"
TIMEOUT = 30
PAGE = 100


@dataclass(frozen=True)
class Forge:
    """The comments of one pull request or merge request."""

    comments: str
    """URL that lists them and takes new ones."""
    one: str
    """URL of one of them, with a slash at its end."""
    change: str
    """Method that changes one."""
    headers: dict[str, str]

    def find(self, marker: str) -> int | None:
        """Find the oldest comment that begins with a marker; a quotation of one does not."""
        number = 1
        while page := self._ask("GET", f"{self.comments}?per_page={PAGE}&page={number}{self._order}"):
            for comment in page:
                if str(comment["body"]).startswith(marker):
                    return int(comment["id"])
            number += 1
        return None

    def write(self, body: str, identity: int | None) -> None:
        """Post a comment, or replace the text of one."""
        if identity is None:
            self._ask("POST", self.comments, {"body": body})
        else:
            self._ask(self.change, f"{self.one}{identity}", {"body": body})

    @property
    def _order(self) -> str:
        # GitHub lists the oldest first, GitLab the newest.
        return "&sort=asc&order_by=created_at" if self.change == "PUT" else ""

    def _ask(self, method: str, url: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {**self.headers, "Content-Type": "application/json"}, method=method)  # noqa: S310  # The runner's own.
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310  # As above.
                return json.load(answer)
        except urllib.error.HTTPError as error:
            words = error.read().decode("utf-8", "replace")[:300]
            sys.exit(f"{method} {url} answered {error.code}: {words}\nMay the token write comments?")
        except OSError as error:
            sys.exit(f"{method} {url} failed: {error}")


def github() -> Forge:
    """Read where the comments of the pull request are from the environment of a workflow."""
    api, repository = os.environ["GITHUB_API_URL"], os.environ["GITHUB_REPOSITORY"]
    issues = f"{api}/repos/{repository}/issues"
    headers = {"Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}", "Accept": "application/vnd.github+json"}
    return Forge(f"{issues}/{os.environ['PULL_REQUEST']}/comments", f"{issues}/comments/", "PATCH", headers)


def gitlab() -> Forge:
    """Read where the notes of the merge request are from the environment of a job."""
    api, project = os.environ["CI_API_V4_URL"], quote(os.environ["CI_PROJECT_ID"], safe="")
    notes = f"{api}/projects/{project}/merge_requests/{os.environ['CI_MERGE_REQUEST_IID']}/notes"
    return Forge(notes, f"{notes}/", "PUT", {"PRIVATE-TOKEN": os.environ["PRESS_COMMENT_TOKEN"]})


def post(forge: Forge, report: str, verdict: str) -> str:
    """Post or update the comment of one report, and say which."""
    found = MARKER.match(report)
    if found is None:
        return "it has no marker, so it is not posted"
    identity = forge.find(found.group())
    if identity is None and verdict == NOTHING:
        return "nothing changes, so it is not posted"
    forge.write(report, identity)
    return "posted" if identity is None else "the comment is updated"


def main() -> None:
    """Run the command."""
    forges = {"github": github, "gitlab": gitlab}
    if len(sys.argv) != 3 or sys.argv[1] not in forges:  # noqa: PLR2004
        sys.exit(f"usage: comment.py {{{','.join(forges)}}} FOLDER")
    forge = forges[sys.argv[1]]()
    for path in sorted(Path(sys.argv[2]).glob("*/report.md")):
        verdict = path.with_name("verdict").read_text(encoding="utf-8").strip()
        print(f"{path}: {post(forge, path.read_text(encoding='utf-8'), verdict)}")


if __name__ == "__main__":
    main()
