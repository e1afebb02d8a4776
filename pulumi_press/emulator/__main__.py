"""`python -m pulumi_press.emulator`: the same as `pulumi-press emulator`."""

from __future__ import annotations

import argparse
import sys

from pulumi_press.emulator.cli import add_arguments, run

parser = argparse.ArgumentParser(prog="python -m pulumi_press.emulator")
add_arguments(parser)
sys.exit(run(parser.parse_args()))
