"""The quickstart against a local Press that is left running."""

from __future__ import annotations

import json

from pulumi_press.emulator import LocalPress
from tools.quickstart.stack import ROOT, TOKEN, Stack, start_press

LOCAL = ROOT / ".local"
ADDRESS = LOCAL / "press.json"


def run_up() -> None:
    """Bring the quickstart up, on the local Press of last time if it still runs."""
    LOCAL.mkdir(exist_ok=True)
    press = find_press() or leave_press_running()
    stack = Stack(ROOT, LOCAL / "backend", press)
    stack.make()
    stack.run("up", "--yes", "--skip-preview")
    print(f"\nLook at it: {press.url}/")
    print("\nGo on by hand:")
    for line in stack.describe():
        print(f"  {line}")
    pid = json.loads(ADDRESS.read_text())["pid"]
    print(f"  pulumi preview --diff\n\nStop the local Press: kill {pid} (its data stays in {LOCAL / 'press'})")


def find_press() -> LocalPress | None:
    """Find the local Press of last time, if it still answers."""
    try:
        told = json.loads(ADDRESS.read_text())
        press = LocalPress(told["url"], TOKEN)
        press.info()
    except (OSError, ValueError, KeyError):
        return None
    print(f"The local Press listens at {press.url} (pid {told['pid']})", flush=True)
    return press


def leave_press_running() -> LocalPress:
    """Start a local Press that outlives this command."""
    press, process = start_press(LOCAL / "press", detached=True)
    process.returncode = 0  # It is meant to go on, so nobody waits for it.
    ADDRESS.write_text(json.dumps({"url": press.url, "pid": process.pid}))
    print(f"A local Press listens at {press.url} (pid {process.pid}); its data is in {LOCAL / 'press'}", flush=True)
    return press
