"""The main job, shown: publish a block to a local Press, deploy it, change it, take it all down."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.quickstart.stack import ROOT, Stack, start_press

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress

NO_CHANGE = ("preview", "--expect-no-changes")

EDITS = (
    ("orders/main.py", "{total:.2f}", "{total:,.2f}", "a file of the artifact"),
    ("__main__.py", '"stepTimeout": 30', '"stepTimeout": 60', "a field of the config"),
    ("__main__.py", '"aggregation": "SUM"', '"aggregation": "AVG"', "a run parameter"),
)


def run_demo() -> None:
    """Run the whole way through, and check each step by asking the local Press."""
    press, process = start_press()
    print(f"A local Press listens at {press.url}", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="pulumi-press-demo-") as folder:
            project = Path(folder, "project")
            shutil.copytree(ROOT / "examples/quickstart", project / "examples/quickstart")
            shutil.copy(ROOT / "Pulumi.yaml", project)
            show(Stack(project, Path(folder, "backend"), press))
    finally:
        process.terminate()
        process.wait()
    print("\ndemo: ok")


def show(stack: Stack) -> None:
    """Go through the life of the quickstart's stack."""
    stack.make()
    stack.run("up", "--yes", "--skip-preview")
    before = look(stack.press)
    stack.run(*NO_CHANGE)

    for file, old, new, what in EDITS:
        path = stack.project / "examples/quickstart" / file
        text = path.read_text()
        expect(text.count(old) == 1, f"{file} holds {old!r} once")
        path.write_text(text.replace(old, new))
        print(f"\nEdited {what}: in {file}, {old} -> {new}", flush=True)

    stack.run("preview", "--diff")
    stack.press.clear_requests()
    stack.run("up", "--yes", "--skip-preview")
    compare(before, look(stack.press), stack.press)
    stack.run(*NO_CHANGE)

    stack.run("destroy", "--yes", "--skip-preview")
    left = stack.press.state()
    print("\nWhat the local Press holds now:")
    for kind in ("specs", "deployments"):
        print(f"  {kind}: {len(left[kind])}")
        expect(not left[kind], f"no {kind} are left")


def look(press: LocalPress) -> dict[str, Any]:
    """Read what the local Press holds of the quickstart."""
    state = press.state()
    (spec,), (deployment,) = state["specs"], state["deployments"]
    return {
        "spec": spec["id"],
        "deployment": deployment["id"],
        "releases": sorted(release["version"] for release in spec["releases"]),
        "revisions": sorted(revision["revision"] for revision in deployment["revisions"]),
        "aggregation": deployment["revisions"][-1]["parameters"]["run"]["aggregation"],
    }


def compare(before: dict[str, Any], after: dict[str, Any], press: LocalPress) -> None:
    """Show what the second `up` did, and check that it did no more."""
    releases = [version for version in after["releases"] if version not in before["releases"]]
    revisions = [number for number in after["revisions"] if number not in before["revisions"]]
    print("\nWhat that did, as the local Press tells it:")
    print(f"  new releases: {', '.join(releases)} (the spec keeps its id {after['spec']})")
    print(f"  new revisions: {', '.join(map(str, revisions))} (the deployment keeps its id {after['deployment']})")
    print(f"  run parameter aggregation: {before['aggregation']} -> {after['aggregation']}")
    expect(before["spec"] == after["spec"], "the spec keeps its id")
    expect(before["deployment"] == after["deployment"], "the deployment keeps its id")
    expect(len(releases) == 1, "there is one new release")
    expect(len(revisions) == 1, "there is one new revision")
    expect((before["aggregation"], after["aggregation"]) == ("SUM", "AVG"), "the run parameter is changed")
    writes = [f"{call['method']} {call['path']}" for call in press.requests() if call["method"] != "GET"]
    print("  requests that change something:")
    for line in writes:
        print(f"    {line}")
    expect(len(writes) == 2, "one release and one revision were sent")  # noqa: PLR2004


def expect(truth: bool, what: str) -> None:  # noqa: FBT001
    """Leave with a message unless it is true."""
    if not truth:
        sys.exit(f"demo: expected that {what}")
