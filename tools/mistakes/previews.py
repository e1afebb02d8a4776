"""What the engine prints of each mistake, against a local Press."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.emulator import start
from tests.engine.conftest import Stack
from tools.mistakes.cases import MISTAKES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pulumi_press.emulator import LocalPress
    from tools.mistakes.cases import Mistake

__all__ = ["preview_all"]

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "name: shop\nruntime: python\n"
FOLDER = "/home/ann/shop"
"""What stands for the project's folder."""

ADDRESS = re.compile(r"127\.0\.0\.1:\d+")
ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
PORT = re.compile(r"(?<=--port )\d+")
ENDINGS = (
    "error: Resource monitor has terminated, shutting down",
    "error: an unhandled error occurred: program exited with non-zero exit code: 1",
    "error: preview failed",
    "error: update failed",
)
"""How the engine says of the stack that the command ended: it does not always say all of it."""

AT_ONCE = 4


def preview_all(mistakes: Iterable[Mistake] = MISTAKES) -> dict[str, str]:
    """Give what is printed of each mistake, by its name; several run at a time, each as a tenant of its own."""
    chosen = list(mistakes)
    found = subprocess.run([sys.executable, str(ROOT / "tools/engine")], stdout=subprocess.PIPE, text=True, check=True)
    engine = found.stdout.strip()
    with (
        start(tokens={_token(mistake): mistake.name for mistake in chosen}) as press,
        closed_port() as closed,
        tempfile.TemporaryDirectory() as desk,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        printed = pool.map(lambda mistake: _preview(mistake, Path(desk) / mistake.name, press, engine, closed), chosen)
        return dict(zip([mistake.name for mistake in chosen], printed, strict=True))


def _token(mistake: Mistake) -> str:
    return f"token-of-{mistake.name}"


@contextmanager
def closed_port() -> Iterator[int]:
    """Give a port at which nobody answers: it is taken, and not listened to."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def _preview(mistake: Mistake, folder: Path, press: LocalPress, engine: str, closed: int) -> str:
    variables = {
        name: value and value.format(closed=closed)
        for name, value in {"PEAK_AUTH_TOKEN": _token(mistake), **mistake.variables}.items()
    }
    stack = Stack(folder, engine, press, variables)
    (folder / "backend").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "Dockerfile").write_text("FROM python:3.12-slim\nCOPY . .\n")
    program = folder / "__main__.py"
    if mistake.other_stack:
        program.write_text(mistake.source)
        stack.succeed("stack", "init", "other")
        stack.up()
    stack.succeed("stack", "init", "dev")
    if mistake.before:
        earlier = mistake.source
        for now, then in mistake.before.items():
            earlier = earlier.replace(now, then)
        program.write_text(earlier)
        stack.up()
    program.write_text(mistake.source)
    for command in mistake.commands:
        _, *words = shlex.split(command.format(token=_token(mistake)))
        stack.succeed(*words)
    run = stack.run(*(("up", "--yes", "--skip-preview") if mistake.command == "up" else (mistake.command,)))
    return clean(run.text, folder)


def clean(printed: str, folder: Path) -> str:
    """Leave of what was printed the messages about the mistake, without what differs from run to run."""
    _, _, rest = printed.partition("Diagnostics:\n")
    told = re.split(r"^\S", rest, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line.rstrip() for line in told.splitlines() if line.strip() and line.strip() not in ENDINGS]
    # The engine tells of resources in any order, and gives a provider the keys of an object in any.
    blocks = [re.split(r"\n(?=    \w+: )", block) for block in re.split(r"\n(?=  \S)", "\n".join(lines))]
    kept = sorted([name, *sorted(messages)] for name, *messages in blocks if messages)
    text = "\n".join(line for block in kept for line in block).replace(str(folder), FOLDER)
    return PORT.sub("8080", ID.sub("0bddb4c6-40c5-45c3-b477-fceb2c051609", ADDRESS.sub("127.0.0.1:8080", text)))
