"""Finds or makes a Pulumi engine and prints the folder to put first on PATH: `python3 tools/engine --help`."""

import sys

from engine.cli import main  # type: ignore[import-not-found]  # Python finds it beside this file; mypy starts at the root.

if __name__ == "__main__":
    sys.exit(main())
