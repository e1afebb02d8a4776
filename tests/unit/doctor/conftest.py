"""A machine to be examined: a folder, the programs on its PATH, and services that answer in their ways."""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pulumi_press import cli

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from pathlib import Path

TOKEN = "canary-doctor-3f1b"
NOWHERE = "http://127.0.0.1:9"
"""An address where nobody listens."""
FOREIGN = ("PULUMI_", "PRESS_", "PEAK_", "API_KEY", "STAGE", "REQUESTS_CA", "CURL_CA")


class Found(NamedTuple):
    """What one check found."""

    level: str
    found: str
    advice: str


@dataclass(frozen=True)
class Examined:
    """What the command said."""

    code: int
    findings: dict[str, Found]
    printed: str

    def __getitem__(self, check: str) -> Found:
        """Give what one check found."""
        return self.findings[check]


@dataclass(frozen=True)
class Machine:
    """The working folder and the programs on PATH."""

    folder: Path
    programs: Path
    monkeypatch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def install(self, name: str, script: str) -> Path:
        """Put a program on PATH, as a shell script."""
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def install_engine(self, version: str = "v3.259.0", config: str = "exit 1") -> None:
        """Put the engine and its two hosts on PATH; `config` is what `pulumi config` does."""
        self.install("pulumi", f'case "$1" in version) echo {version} ;; config) {config} ;; esac')
        for host in ("pulumi-language-python", "pulumi-resource-pulumi-python"):
            self.install(host, "")

    def install_python(self) -> None:
        """Put this Python on PATH."""
        self.install("python3", f'exec "{sys.executable}" "$@"')

    def set(self, **variables: str) -> None:
        """Set variables of the environment."""
        for name, value in variables.items():
            self.monkeypatch.setenv(name, value)

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        (self.folder / name).write_text(text)

    def examine(self, *words: str) -> Examined:
        """Run the command."""
        code = cli.main(["doctor", "--json", *words])
        printed = self.capture.readouterr().out
        findings = {
            item["check"]: Found(item["level"], item["found"], item["advice"])
            for item in json.loads(printed)["findings"]
        }
        return Examined(code, findings, printed)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Machine:
    """A machine with nothing on it."""
    for name in list(os.environ):
        if name.startswith(FOREIGN) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    folder, programs = tmp_path / "project", tmp_path / "programs"
    folder.mkdir()
    programs.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", str(programs))
    # Where the engine keeps its plugins.
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    # So that no test asks for a service elsewhere.
    monkeypatch.setenv("PRESS_ENDPOINT", NOWHERE)
    return Machine(folder, programs, monkeypatch, capsys)


@dataclass
class Service:
    """A service that gives every request the same answer."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    port: int = 0
    seen: list[dict[str, str]] = field(default_factory=list)
    """The headers of each request."""


@contextmanager
def _serve(service: Service, tls: ssl.SSLContext | None) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            service.seen.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response_only(service.status)
            headers = {"Date": self.date_time_string(), "Content-Length": str(len(service.body)), **service.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(service.body)

        do_GET = do_CONNECT = answer  # noqa: N815  # The base class names them so.

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False

        def handle_error(self, *_: Any) -> None:
            """Do not print what a client did to its connection."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        service.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    """Start a service; over TLS, with a context."""
    with ExitStack() as running:

        def start(
            status: int = 200, body: object = b"{}", tls: ssl.SSLContext | None = None, **headers: str
        ) -> Service:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            service = Service(status, content, headers)
            running.enter_context(_serve(service, tls))
            return service

        yield start
