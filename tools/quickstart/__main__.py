"""Run the quickstart against a local Press: `demo` shows its whole life, `up` leaves it there to look at."""

import sys

from tools.quickstart.demo import run_demo
from tools.quickstart.up import run_up

COMMANDS = {"demo": run_demo, "up": run_up}

if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:  # noqa: PLR2004
    sys.exit(f"usage: python -m tools.quickstart {{{','.join(COMMANDS)}}}")
COMMANDS[sys.argv[1]]()
