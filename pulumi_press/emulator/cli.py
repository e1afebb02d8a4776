"""`pulumi-press emulator`: a local Press as a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.assumptions import DEFAULT_TOKENS, Assumptions, Pacing, Settings, describe
from pulumi_press.emulator.local_press import MissingExtraError, require_extra

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["add_arguments", "pair", "read_tokens", "run"]


def read_tokens(given: Sequence[str], variables: Sequence[str], files: Sequence[str]) -> dict[str, str]:
    """Return the tenants by token. No message repeats a token.

    Args:
        given: pairs of a token and its tenant.
        variables: pairs of an environment variable that holds a token, and its tenant.
        files: pairs of a file that holds a token, and its tenant.

    Raises:
        ValueError: a pair has no equals sign, or a variable or file holds no token; the message says what to do.
    """
    tokens: dict[str, str] = {}
    for token, tenant in [*_from_options(given), *_from_environment(variables), *_from_files(files)]:
        if tokens.setdefault(token, tenant) != tenant:
            raise ValueError(f"one token is given for two tenants, {tokens[token]} and {tenant}; give each its own")
    return tokens


def pair(text: str, option: str, form: str, *, last: bool = False) -> tuple[str, str]:
    """Split the value of an option at its equals sign.

    Args:
        text: the value; it may contain a token, and is not repeated in the message.
        option: the option.
        form: its form, for the message.
        last: whether to split at the last equals sign: a token may contain some, a tenant contains none.

    Raises:
        ValueError: there is no equals sign, or nothing before or after it.
    """
    left, sign, right = text.rpartition("=") if last else text.partition("=")
    if not (left and sign and right):
        raise ValueError(f"{option} takes {form}")
    return left, right


def _from_options(given: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in given:
        yield pair(text, "--token", "TOKEN=TENANT", last=True)


def _from_environment(variables: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in variables:
        name, tenant = pair(text, "--token-env", "VARIABLE=TENANT", last=True)
        yield _check_token(os.environ.get(name, ""), f"the environment variable {name} of --token-env"), tenant


def _from_files(files: Sequence[str]) -> Iterator[tuple[str, str]]:
    for text in files:
        name, tenant = pair(text, "--token-file", "FILE=TENANT", last=True)
        where = f"the file {name} of --token-file"
        try:
            token = Path(name).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise ValueError(f"{where} cannot be read: {reason}") from None
        yield _check_token(token.removesuffix("\n").removesuffix("\r"), where), tenant


def _check_token(token: str, where: str) -> str:
    if not token:
        raise ValueError(f"{where} has no token; set it to the token")
    if not (token.isascii() and token.isprintable() and token == token.strip()):
        raise ValueError(
            f"{where} has more than a token: a line break, a space at an end, or characters that no header can contain"
        )
    return token


DESCRIPTION = """\
Run a local Press: the HTTP API of Press Blocks on this machine, for trying programs out and for tests. It never
contacts Peak. It is strict: it rejects what the real service documents to reject, and responds with 501 to calls that
it does not know. It prints one JSON line with its URL once it is ready, and ends with Ctrl-C or SIGTERM."""

GUIDE = """\
use it
  $ pulumi-press emulator --port 8600
  $ export PRESS_ENDPOINT=http://127.0.0.1:8600 PEAK_AUTH_TOKEN=token      # for pulumi
  $ curl -H 'Authorization: token' http://127.0.0.1:8600/v1/blocks/specs/  # by hand
  /               pages that show what is stored, what differs, and the latest calls, as it happens
  /openapi.json   every call that it implements, with its requests and responses

the control plane, under /_emulator/, without a token
  GET health, GET info            whether it is up; its settings, tenants and counts
  POST reset                      back to the beginning
  GET changes                     server-sent events, one after each change
  GET state                       everything that is stored, secrets masked
  GET artifacts/ID                the zip of an artifact
  GET requests?after=N, DELETE    the calls so far, secrets masked
  GET, POST, DELETE outcomes      rules on how rollouts end, such as
                                  {"deployment": "etl-*", "status": "failed", "times": 1}
  GET, POST, DELETE faults        rules on which calls go wrong, such as
                                  {"match": {"method": "POST"}, "skip": 1, "times": 2, "probability": 0.5, "seed": 7,
                                   "then": {"status": 503, "headers": {"Retry-After": "1"}}}
                                  then: status, detail, headers, delay, body (garbage, truncated, empty),
                                  drop (the connection), when (before or after the work was done)
  GET, POST clock                 {"advance": 60}, {"freeze": true}

a seed, as the calls that would make its objects
  specs:
    - body: {version: 1, kind: workflow, metadata: {...}, release: {version: 1.0.0}, config: {...}}
      parameters: {run: [...]}    # also: artifact (a zip), scope, tenants, featured, autoRunOnDeploy, tenant
      releases: [{body: {release: {version: 1.1.0}, config: {...}}}]
      deployments: [{metadata: {name: prod}, release: {version: 1.0.0}, parameters: {run: {...}}}]
  outcomes: []
  faults: []"""

USAGE_ERROR = 2
FAILURE = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.epilog = f"{GUIDE}\n\n{_help_assumptions()}"
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="on a loopback address, accept this host name too, besides 127.0.0.1, localhost, [::1] and the value of "
        "--host; may be repeated. Any page in a browser can make a name of its own resolve to this machine",
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="store everything in this folder, where it survives kill -9 (default: discard it at the end)",
    )
    parser.add_argument(
        "--seed",
        type=Path,
        metavar="FILE",
        help="a YAML or JSON file with the first objects, used while there are none; see below",
    )
    parser.add_argument(
        "--seed-number",
        type=int,
        metavar="N",
        help="derive ids and times from N and from the calls, so that every run has the same ones",
    )
    parser.add_argument(
        "--token",
        action="append",
        default=[],
        metavar="TOKEN=TENANT",
        help="a token that is accepted, and its tenant; may be repeated (default: token=tenant). The list of processes "
        "shows it to every user of this machine: use one of the next two for a real token",
    )
    parser.add_argument(
        "--token-env",
        action="append",
        default=[],
        metavar="VARIABLE=TENANT",
        help="the token is in this environment variable; may be repeated",
    )
    parser.add_argument(
        "--token-file",
        action="append",
        default=[],
        metavar="FILE=TENANT",
        help="the token is the content of this file, without the line break at its end; may be repeated",
    )
    parser.add_argument(
        "--assume",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change an assumption about the real service; they are listed below; may be repeated",
    )
    parser.add_argument(
        "--rollout",
        default="at-once",
        metavar="PACE",
        help="how long each status of a rollout lasts: at-once, reads:N (N responses show it) or seconds:S "
        "(default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Run the command until it is stopped, and return its exit code."""
    try:
        require_extra()
        settings = _settings(args)
    except MissingExtraError as error:
        return _fail(str(error), FAILURE)
    except ValueError as error:
        return _fail(str(error), USAGE_ERROR)
    from pulumi_press.emulator.backend.store import StateError
    from pulumi_press.emulator.seeds import SeedError
    from pulumi_press.emulator.server import ServerError, serve

    try:
        serve(settings, args.host, args.port, _announce)
    except (ServerError, StateError, SeedError) as error:
        return _fail(str(error), FAILURE)
    return 0


def _announce(url: str) -> None:
    print(json.dumps({"url": url, "pid": os.getpid()}), flush=True)  # noqa: T201  (the command's output)


def _fail(message: str, code: int) -> int:
    print(f"pulumi-press emulator: {message}", file=sys.stderr)  # noqa: T201  (the command's output)
    return code


def _settings(args: argparse.Namespace) -> Settings:
    tokens = read_tokens(args.token, args.token_env, args.token_file)
    assumed: dict[str, Any] = dict(pair(text, "--assume", "NAME=VALUE") for text in args.assume)
    return Settings(
        tokens=tokens or DEFAULT_TOKENS,
        assumptions=Assumptions.of(assumed),
        pacing=Pacing.parse(args.rollout),
        state=args.state,
        seed=args.seed,
        seed_number=args.seed_number,
        allow_hosts=tuple(args.allow_host),
    )


def _help_assumptions() -> str:
    lines = ["assumptions: what is not known about the real service, with the default and the choices"]
    for item in describe():
        lines.append(f"  {item.name} = {item.default}  ({item.words})")
        text = f"{item.what}. Why {item.default}: {item.because}."
        lines += textwrap.wrap(text, 92, initial_indent="      ", subsequent_indent="      ")
    return "\n".join(lines)
