"""`pulumi-press emulator`: a local Press as a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from pathlib import Path
from typing import Any

from pulumi_press.emulator.assumptions import Assumptions, describe
from pulumi_press.emulator.extra import MissingExtraError, require_extra
from pulumi_press.emulator.pacing import Pacing
from pulumi_press.emulator.settings import DEFAULT_TOKENS, Settings

__all__ = ["add_arguments", "run"]

USAGE_ERROR = 2
FAILURE = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = (
        "Run a local Press: the HTTP API of Press Blocks on this machine. Prints one JSON line with its URL."
    )
    parser.epilog = _help_assumptions()
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: any that is free)")
    parser.add_argument("--state", type=Path, metavar="DIR", help="keep everything in this folder (default: forget it)")
    parser.add_argument("--seed", type=Path, metavar="FILE", help="objects to begin with, when there are none yet")
    parser.add_argument(
        "--token",
        action="append",
        default=[],
        metavar="TOKEN=TENANT",
        help="a token and its tenant (default: token=tenant)",
    )
    parser.add_argument(
        "--assume",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change an assumption; they are listed below",
    )
    parser.add_argument(
        "--rollout", default="at-once", metavar="PACE", help="at-once, reads:N or seconds:S (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Run the command until it is told to end, and give its exit code."""
    try:
        require_extra()
        settings = _settings(args)
    except MissingExtraError as error:
        return _fail(str(error), FAILURE)
    except ValueError as error:
        return _fail(str(error), USAGE_ERROR)
    from pulumi_press.emulator.seeds import SeedError
    from pulumi_press.emulator.server import ServerError, serve
    from pulumi_press.emulator.store import StateError

    try:
        serve(settings, args.host, args.port, _announce)
    except (ServerError, StateError, SeedError) as error:
        return _fail(str(error), FAILURE)
    return 0


def _announce(url: str) -> None:
    print(json.dumps({"url": url, "pid": os.getpid()}), flush=True)  # noqa: T201  (the command's answer)


def _fail(message: str, code: int) -> int:
    print(f"pulumi-press emulator: {message}", file=sys.stderr)  # noqa: T201  (the command's answer)
    return code


def _settings(args: argparse.Namespace) -> Settings:
    # A token may have equals signs of its own, a tenant has none.
    tokens: dict[str, str] = dict(_pair(text, "--token", last=True) for text in args.token)
    assumed: dict[str, Any] = dict(_pair(text, "--assume") for text in args.assume)
    return Settings(
        tokens=tokens or DEFAULT_TOKENS,
        assumptions=Assumptions.of(assumed),
        pacing=Pacing.parse(args.rollout),
        state=args.state,
        seed=args.seed,
    )


def _pair(text: str, option: str, *, last: bool = False) -> tuple[str, str]:
    left, sign, right = text.rpartition("=") if last else text.partition("=")
    if not (left and sign and right):
        # What was written may be a token: it is not repeated.
        form = "TOKEN=TENANT" if last else "NAME=VALUE"
        raise ValueError(f"{option} takes {form}")
    return left, right


def _help_assumptions() -> str:
    lines = ["assumptions about the real service (docs/emulator.md):"]
    for item in describe():
        lines.append(f"  {item.name} = {item.default}  ({item.words})")
        lines += textwrap.wrap(item.why, 92, initial_indent="      ", subsequent_indent="      ")
    return "\n".join(lines)
