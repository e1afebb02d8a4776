"""A stand-in for the comments of GitHub and the notes of GitLab, on this machine."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TOKEN", "Comment", "Forge", "serve_forge"]

TOKEN = "canary-forge-token"
LIST = re.compile(r"/repos/acme/shop/issues/7/comments|/projects/12/merge_requests/7/notes")
ONE = re.compile(r"(?:/repos/acme/shop/issues/comments|/projects/12/merge_requests/7/notes)/(\d+)")
CHANGE = {"repos": "PATCH", "projects": "PUT"}


@dataclass
class Comment:
    """A comment, and how often it was written."""

    body: str
    times: int = 1


@dataclass
class Forge:
    """The comments of one pull request, which is also merge request 7 of project 12."""

    comments: list[Comment] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    """Calls that the real service would not take."""
    port: int = 0

    @property
    def url(self) -> str:
        """Address of its API."""
        return f"http://127.0.0.1:{self.port}"

    def answer(self, method: str, target: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        """Do what is asked, and give status and answer."""
        parts = urlsplit(target)
        kind = parts.path.split("/")[1]
        given = {"repos": headers.get("authorization"), "projects": headers.get("private-token")}.get(kind)
        if given != {"repos": f"Bearer {TOKEN}", "projects": TOKEN}.get(kind):
            return 401, {"message": "who are you"}
        if LIST.fullmatch(parts.path) and method == "GET":
            return 200, self._page(kind, parse_qs(parts.query))
        if LIST.fullmatch(parts.path) and method == "POST":
            self.comments.append(Comment(body["body"]))
            return 201, {"id": len(self.comments)}
        one = ONE.fullmatch(parts.path)
        if one and method == CHANGE[kind]:
            comment = self.comments[int(one.group(1)) - 1]
            comment.body, comment.times = body["body"], comment.times + 1
            return 200, {"id": int(one.group(1))}
        return 404, {"message": "no such thing"}

    def _page(self, kind: str, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        found = [{"id": number, "body": comment.body} for number, comment in enumerate(self.comments, start=1)]
        # GitLab tells the newest first, unless it is asked otherwise.
        if kind == "projects" and query.get("sort") != ["asc"]:
            found.reverse()
        size, number = int(query.get("per_page", ["20"])[0]), int(query.get("page", ["1"])[0])
        return found[(number - 1) * size : number * size]


@contextmanager
def serve_forge() -> Iterator[Forge]:
    """Run one for as long as the context lasts."""
    forge = Forge()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, told = forge.answer(self.command, self.path, headers, body)
            if status >= 400:
                forge.refusals.append(f"{self.command} {self.path}: {status}")
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815  # The base class names them so.

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        forge.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield forge
        finally:
            server.shutdown()
            thread.join()
