"""A long build shows that it lives."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.engine_tool.conftest import Gate

STEP = """
import os, sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from engine.progress import run_step

wait = ["/bin/sh", "-c", f"read line < {sys.argv[2]}"]
here = Path.cwd()
run_step("building", wait, log=here / "log", cwd=here, env=os.environ, beat_seconds=0.01)
"""


def test_long_step_says_how_long_it_has_run(tmp_path: Path, tool: Path, gate: "Gate") -> None:
    """From its start to its end a step tells the seconds that have passed, again and again."""
    command = [sys.executable, "-B", "-c", STEP, str(tool), str(gate.fifo)]
    with subprocess.Popen(command, cwd=tmp_path, encoding="utf-8", stderr=subprocess.PIPE) as run:
        assert run.stderr is not None
        lines = [run.stderr.readline() for _ in range(3)]
        gate.open()
        rest = run.stderr.readlines()

    assert lines == ["engine: building ...\n", "engine: building ... 0 s\n", "engine: building ... 0 s\n"]
    assert rest[-1].startswith("engine: building: done in ")


MEASURE = """
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from engine.build import count_packages, describe_progress

log = Path("go.log")
for done in (0, 1, 3, 4):
    log.write_text("go: downloading a module\\n" + "a/package\\n" * done)
    print(describe_progress(count_packages(log), 4, 30.0))
"""


def test_build_says_how_many_packages_are_compiled(tmp_path: Path, tool: Path) -> None:
    """The measure is the packages that Go names as it compiles them; the estimate is the rest at that rate."""
    command = [sys.executable, "-B", "-c", MEASURE, str(tool)]

    told = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout

    assert told.splitlines() == [
        "",
        "1 of 4 packages, about 90 s left",
        "3 of 4 packages, about 10 s left",
        "linking",
    ]
