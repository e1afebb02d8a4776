"""Deploy one block to several tenants at once, each with a stack of its own.

Exit codes: 0 all tenants are well, 1 some failed, 2 the arguments, the file or the environment cannot be used and
nothing was begun.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import CancelledError, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.report import Report, render_table

from .operations import Operation, Run
from .outcomes import Outcome, draw_table
from .tenants import UnusableError, read_tenants, take_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from .tenants import Tenant

ALL_WELL, SOME_FAILED, UNUSABLE = 0, 1, 2
PARALLEL = 4
"""Tenants at once: an engine and its provider take about 200 MB."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; give its exit code."""
    options = _parse(arguments)
    try:
        tenants = read_tenants(options.tenants)
        backend = _find_backend(options.backend)
    except UnusableError as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    operation: Operation = "destroy" if options.destroy else "preview" if options.preview else "up"
    width = max(len(tenant.name) for tenant in tenants)
    tokens = take_tokens(tenants, os.environ)
    run = Run(operation, backend, tokens, lambda tenant, line: _tell(tenant.ljust(width), line), options.refresh)
    outcomes = _run_all(run, tenants, options.parallel)
    if operation == "preview":
        planned = Report(tuple(outcome.report for outcome in outcomes if outcome.report))
        print("\n" + render_table(planned, color=sys.stdout.isatty()).rstrip())
    print(f"\n{draw_table(outcomes)}")
    failed = [outcome for outcome in outcomes if outcome.failure]
    for outcome in failed:
        print("\n" + "\n  ".join([f"{outcome.tenant} failed:", *outcome.failure]))
    return SOME_FAILED if failed else ALL_WELL


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m automation", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--preview", action="store_true", help="only tell what would change")
    what.add_argument("--destroy", action="store_true", help="take everything away, the stacks too")
    parser.add_argument("--refresh", action="store_true", help="compare with what is live first")
    tenants = Path(__file__).with_name("tenants.yaml")
    parser.add_argument("--tenants", type=Path, default=tenants, metavar="FILE", help="the tenants, YAML or JSON")
    parser.add_argument("--backend", metavar="URL", help="where the stacks are kept (default: $PULUMI_BACKEND_URL)")
    parser.add_argument("--parallel", type=int, default=PARALLEL, metavar="N", help="tenants at once (default: 4)")
    return parser.parse_args(arguments)


def _find_backend(given: str | None) -> str:
    """Find where the stacks are kept, and see that their secrets can be encrypted there.

    Raises:
        UnusableError: it is not said, or the passphrase is missing.
    """
    backend = given or os.environ.get("PULUMI_BACKEND_URL")
    if not backend:
        raise UnusableError("where are the stacks? Give --backend file:///a/folder, or set PULUMI_BACKEND_URL")
    if backend.startswith("file://"):
        Path(backend.removeprefix("file://")).mkdir(parents=True, exist_ok=True)
    passphrase = {"PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"} & os.environ.keys()
    if not backend.startswith(("http://", "https://")) and not passphrase:
        raise UnusableError("set PULUMI_CONFIG_PASSPHRASE: it encrypts what is secret in the stacks")
    return backend


def _run_all(run: Run, tenants: Sequence[Tenant], parallel: int) -> list[Outcome]:
    """Run all tenants side by side; give what came of each, in the order of the file."""
    with ThreadPoolExecutor(max(1, parallel)) as pool:
        futures = [pool.submit(run.work, tenant) for tenant in tenants]
        try:
            wait(futures)
        except KeyboardInterrupt:
            # The engines hear of it too, end what they are at, and write down what is done.
            print("interrupted: waiting for the engines to end in good order", flush=True)
            pool.shutdown(cancel_futures=True)
    return [_outcome_of(future, tenant) for future, tenant in zip(futures, tenants, strict=True)]


def _outcome_of(future: Future[Outcome], tenant: Tenant) -> Outcome:
    try:
        return future.result()
    except CancelledError:
        return Outcome(tenant.name, "not begun", failure=("the run was interrupted before its turn",))


def _tell(tenant: str, text: str) -> None:
    """Print lines about a tenant, in one piece: others print too."""
    sys.stdout.write("".join(f"{tenant}  {line}\n" for line in text.splitlines()))
    sys.stdout.flush()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # The SDK leaves the programs of failed runs behind, and they would complain as the interpreter ends.
    os._exit(code)
