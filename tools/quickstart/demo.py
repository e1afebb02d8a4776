"""The main job as a story: a new project, a mistake, a change, and what each of them does to a local Press."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.quickstart.stack import Stack, start_press

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pulumi_press.emulator import LocalPress

FAILURE = range(1, 256)
CHANGES = (2,)
"""Exit codes: of a command that fails, and of a report of changes."""

PROGRAM, SHIPPED = "__main__.py", "block/main.py"

NEXT = """
  pulumi-press new DIR      a project of your own; --template service, block or yaml for the other kinds
  make up                   a larger example, left running, with a page that shows what Press holds
  docs/from-peak.md         from the `peak` command to a program
  docs/index.md             all pages: every argument, what its change does, the service itself, several tenants
  make check                the linters and the unit tests; CONTRIBUTING.md says how to change this package
"""


@dataclass
class Chapters:
    """The parts of the story, and how long each took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def tell(self, word: str, title: str) -> Iterator[None]:
        """Tell a part under its title; the word stands for it in the end."""
        print(f"\n--- {len(self.seconds) + 1}. {title} ---", flush=True)
        started = time.monotonic()
        yield
        self.seconds[word] = time.monotonic() - started

    def summarize(self) -> str:
        """Say where the time went."""
        parts = ", ".join(f"{word} {seconds:.1f}" for word, seconds in self.seconds.items())
        return f"{sum(self.seconds.values()):.0f} s ({parts})"


def run_demo() -> None:
    """Tell the whole story, and check each part by asking the local Press."""
    press, process = start_press()
    print(f"A local Press listens at {press.url}: what follows needs no account, and nothing leaves this machine.")
    chapters = Chapters()
    try:
        with tempfile.TemporaryDirectory(prefix="pulumi-press-demo-") as folder:
            tell(Stack(Path(folder, "orders"), Path(folder, "backend"), press, name="dev"), chapters)
    finally:
        process.terminate()
        process.wait()
    print(f"\nWhere to go next:\n{NEXT}\ndemo: ok, in {chapters.summarize()}")


def tell(stack: Stack, chapters: Chapters) -> None:
    """Go through the life of a stack."""
    with chapters.tell("new project", "A new project"):
        make_project(stack)
    with chapters.tell("first up", "Publish and deploy"):
        stack.make()
        stack.run("up", "--yes", "--skip-preview")
        before = look(stack.press)
    with chapters.tell("mistake", "A mistake"):
        edit(stack, PROGRAM, '"parents": ["count"]', '"parents": ["cuont"]')
        stack.press.clear_requests()
        show_mistake(stack)
        edit(stack, PROGRAM, '"parents": ["cuont"]', '"parents": ["count"]')
    with chapters.tell("report", "A change, and its report"):
        edit(stack, SHIPPED, "{total:.2f}", "{total:,.2f}")
        edit(stack, PROGRAM, '["north", "south"]', '["north", "south", "west"]')
        show_report(stack)
    with chapters.tell("second up", "Publish and deploy it"):
        stack.press.clear_requests()
        stack.run("up", "--yes", "--skip-preview")
        compare(before, look(stack.press), stack.press)
    with chapters.tell("destroy", "Take it down"):
        stack.run("destroy", "--yes", "--skip-preview")
        left = {kind: len(stack.press.state()[kind]) for kind in ("specs", "deployments")}
        print(f"What Press holds now: {left['specs']} specs, {left['deployments']} deployments.")
        expect(not any(left.values()), "nothing is left")


def make_project(stack: Stack) -> None:
    """Write a new project, and show its program."""
    print(f"\n$ pulumi-press new {stack.project.name}")
    call("pulumi-press", "new", stack.project.name, folder=stack.project.parent, stack=stack)
    files = sorted(path.relative_to(stack.project).as_posix() for path in stack.project.rglob("*") if path.is_file())
    print(*(f"  {name}" for name in files), sep="\n")
    print(f"\n$ cat {PROGRAM}\n{(stack.project / PROGRAM).read_text()}", end="", flush=True)


def show_mistake(stack: Stack) -> None:
    """Show what a preview says of a mistake."""
    print("\n$ pulumi preview", flush=True)
    command = ("pulumi", "preview", "--non-interactive", "--color", "never")
    said = call(*command, folder=stack.project, stack=stack, ends=FAILURE)
    # What comes before are the same words, as progress.
    print(f"...\n{said[said.index('Diagnostics:') :].strip()}\n\nNothing was sent to Press.", flush=True)
    expect("did you mean `count`?" in said, "the message says what was meant")
    expect(not stack.press.requests(), "nothing was sent")


def show_report(stack: Stack) -> None:
    """Show what a reviewer would read of the change."""
    print("\n$ pulumi preview --json | pulumi-press report", flush=True)
    preview = call("pulumi", "preview", "--json", "--non-interactive", folder=stack.project, stack=stack)
    report = call("pulumi-press", "report", folder=stack.project, stack=stack, given=preview, ends=CHANGES)
    # Where a report is shown, its marker is hidden, and the full diff collapsed.
    print(report.partition("\n")[2].partition("<details>")[0].strip(), flush=True)
    for told in ("`1.0.0` -> `1.0.1`", "`main.py`"):
        expect(told in report, f"the report tells of {told}")


def edit(stack: Stack, file: str, old: str, new: str) -> None:
    """Replace a text of a file, and say so."""
    path = stack.project / file
    text = path.read_text()
    expect(text.count(old) == 1, f"{file} holds {old!r} once")
    path.write_text(text.replace(old, new))
    print(f"\nEdited {file}: {old} -> {new}", flush=True)


def call(*command: str, folder: Path, stack: Stack, given: str = "", ends: Collection[int] = (0,)) -> str:
    """Run a command and return what it prints; leave where it ends otherwise than expected."""
    environment = stack.environment()
    done = subprocess.run(
        command, cwd=folder, env=environment, input=given, capture_output=True, text=True, check=False
    )
    expect(done.returncode in ends, f"`{' '.join(command)}` ends well\n{done.stdout}{done.stderr}")
    return done.stdout


def look(press: LocalPress) -> dict[str, Any]:
    """Read what the local Press holds."""
    state = press.state()
    (spec,), (deployment,) = state["specs"], state["deployments"]
    return {
        "spec": spec["id"],
        "deployment": deployment["id"],
        "releases": {release["version"] for release in spec["releases"]},
        "revisions": {revision["revision"] for revision in deployment["revisions"]},
    }


def compare(before: dict[str, Any], after: dict[str, Any], press: LocalPress) -> None:
    """Show what was sent, and check that it was no more than the change."""
    print("What was sent to Press:")
    for sent in press.requests():
        print(f"  {sent['method']} {sent['path']}")
    expect(before["spec"] == after["spec"], "the spec keeps its id")
    expect(before["deployment"] == after["deployment"], "the deployment keeps its id")
    expect(after["releases"] - before["releases"] == {"1.0.1"}, "there is one new release")
    expect(after["revisions"] - before["revisions"] == {2}, "there is one new revision")
    writes = [sent for sent in press.requests() if sent["method"] != "GET"]
    expect(len(writes) == 2, "one release and one revision were sent")  # noqa: PLR2004


def expect(truth: bool, what: str) -> None:  # noqa: FBT001
    """Leave with a message unless it is true."""
    if not truth:
        sys.exit(f"demo: expected that {what}")
