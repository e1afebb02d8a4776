"""The command: `python -m bench`, with the engine and the environment on PATH."""

import sys

from bench.command import main

if __name__ == "__main__":
    sys.exit(main())
