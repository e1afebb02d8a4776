"""Keep the state of the present version: `python -m tools.keep_state`, once before each release.

It brings up the program of this folder on the real engine and a local Press, and writes `tests/states/<version>/`: the
program, the state, and the calls that made what the state tells of. From then on `tests/engine/test_upgrades.py` takes
every such state up with the present code.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from pulumi_press.emulator import LocalPress, start
from tests.engine.conftest import PROJECT, Stack
from tests.reliability.servers.script import Recorder
from tests.reliability.servers.wire import Server
from tools.keep_state.service import ADDRESS, TOKENS, VARIABLES, keep_calls, without_traces

ROOT = Path(__file__).resolve().parents[2]
STATES = ROOT / "tests" / "states"


def main() -> int:
    """Keep the state, and give the exit code."""
    folder = STATES / version("pulumi-press")
    if folder.exists():
        print(f"{folder} is there already: a state that was released is never changed", file=sys.stderr)
        return 1
    engine = subprocess.run([sys.executable, str(ROOT / "tools/engine")], stdout=subprocess.PIPE, text=True, check=True)
    with (
        tempfile.TemporaryDirectory() as desk,
        start(tokens=TOKENS) as press,
        Server(recorder := Recorder(press.url)) as server,
    ):
        stack = Stack(Path(desk), engine.stdout.strip(), LocalPress(server.url, press.token), dict(VARIABLES))
        shutil.copytree(Path(__file__).parent / "program", desk, dirs_exist_ok=True)
        (Path(desk) / "backend").mkdir()
        (Path(desk) / "Pulumi.yaml").write_text(PROJECT)
        stack.succeed("stack", "init", "test")
        stack.up()
        state = without_traces(json.loads(stack.succeed("stack", "export")))
        calls = keep_calls(recorder.exchanges)
        shutil.copytree(Path(__file__).parent / "program", folder / "program")
        write(folder / "state.json", state, server.url)
        write(folder / "calls.json", calls, server.url)
    print(f"kept {len(state['deployment']['resources'])} resources and {len(calls)} calls in {folder}")
    return 0


def write(path: Path, content: object, address: str) -> None:
    """Write a file, with the address of the service taken out."""
    path.write_text(json.dumps(content, indent=1).replace(address, ADDRESS) + "\n")


if __name__ == "__main__":
    sys.exit(main())
