"""Making the previews, and storing them."""

from __future__ import annotations

import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.client.client import Client
from pulumi_press.emulator import start
from tools.quickstart.stack import ROOT, TOKEN
from tools.record_previews.golden import RECORDINGS, store
from tools.record_previews.normalize import Normalizer
from tools.record_previews.project import Project

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress
    from tools.record_previews.scenario import Behind, Scenario, Stage

PROGRAMS = Path(__file__).parent / "programs"
TENANTS = {
    TOKEN: "shop",
    **{f"canary-secret-{tenant}{old}": tenant for tenant in ("north", "south") for old in ("", "-2")},
}

INTRODUCTION = """\
# Recorded previews

Each is one preview of the real engine against a local Press: what `pulumi preview --json` printed (`NAME.preview.json`)
and its event log (`NAME.events.jsonl`), without what differs from run to run. `python -m tools.record_previews` writes
all of this anew, `python -m tools.record_previews NAME` one of them. `python -m tools.record_previews.golden` writes
the reports of them, in the folder beside this one.

| name | program | stack | command | what is changed |
|---|---|---|---|---|
"""


def record_stage(stage: Stage, wanted: frozenset[str]) -> None:
    """Deploy a stage and record its previews, or only the named ones."""
    scenarios = [scenario for scenario in stage.scenarios if not wanted or scenario.name in wanted]
    if not scenarios:
        return
    with start(tokens=TENANTS, seed_number=1) as press, tempfile.TemporaryDirectory(prefix="previews-") as folder:
        project = Project(Path(folder, "project"), Path(folder, "backend"), press, stage.stack)
        project.make()
        project.set({}, stage.secrets)
        program = edit((PROGRAMS / f"{stage.program}.py").read_text(), stage.edits)
        project.write({**stage.files, "__main__.py": program})
        press.outcomes(*stage.outcomes)
        act(press, stage.before)
        if stage.up:
            project.up(fails=bool(stage.outcomes))
        for scenario in scenarios:
            record(project, program, stage, scenario)


def record(project: Project, program: str, stage: Stage, scenario: Scenario) -> None:
    """Make one preview, store what it left, and put everything back."""
    text = scenario.program or edit(program, scenario.edits, everywhere=scenario.everywhere)
    project.write({**scenario.files, "__main__.py": text})
    project.set(scenario.config, scenario.secrets)
    act(project.press, scenario.behind)
    project.press.faults(*scenario.faults)
    preview = project.preview(project.backend / f"{scenario.name}.jsonl", *scenario.command)
    normalizer = Normalizer(folders(project))
    sizes = [
        store(RECORDINGS / f"{scenario.name}.preview.json", normalizer.digest(preview.output))
        if preview.output.strip()
        else 0,
        store(RECORDINGS / f"{scenario.name}.events.jsonl", normalizer.log(preview.events)),
    ]
    print(f"{scenario.name}: exit code {preview.code}, {sizes[0]} and {sizes[1]} bytes", flush=True)
    project.press.clear_faults()
    project.write({**dict.fromkeys(scenario.files), **stage.files})
    for name in scenario.config:
        project.call("config", "rm", name)
    project.set({}, stage.secrets)


def edit(program: str, edits: tuple[tuple[str, str], ...], *, everywhere: bool = False) -> str:
    """Change texts of a program.

    Raises:
        ValueError: an old text is not there, or in several places.
    """
    for old, new in edits:
        if program.count(old) != 1 and not (everywhere and old in program):
            raise ValueError(f"{old!r} stands {program.count(old)} times in the program")
        program = program.replace(old, new)
    return program


def act(press: LocalPress, behind: Behind | None) -> None:
    """Apply a change outside the stack, if there is one."""
    if behind:
        with Client(press.url, press.token) as client:
            behind(client, press.state())


def folders(project: Project) -> dict[str, str]:
    """Return the placeholder of each folder of this machine, inner folders first."""
    pulumi = shutil.which("pulumi")
    return {
        str(project.project): "/shop",
        str(project.project.parent): "/tmp",  # noqa: S108  # Only a name.
        sysconfig.get_path("purelib"): "/python/site-packages",
        sys.prefix: "/python",
        sysconfig.get_path("stdlib"): "/python/lib",
        sys.base_prefix: "/python",
        str(ROOT): "/pulumi_press",
        str(Path(pulumi).parent if pulumi else ROOT): "/engine",
        str(Path.home()): "/home",
    }


def list_scenarios(stages: tuple[Stage, ...]) -> None:
    """Store the page that lists the recordings."""
    rows = [
        f"| `{item.name}` | {stage.program} | {stage.stack} | `pulumi {' '.join(item.command)}` | {item.what} |\n"
        for stage in stages
        for item in stage.scenarios
    ]
    store(RECORDINGS / "README.md", INTRODUCTION + "".join(rows))
