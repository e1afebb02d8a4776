"""Whether the engine writes the whole state around every step of a large stack."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from pulumi_press.doctor.checks import Finding, run_program, warning
from pulumi_press.plugin.runtime import find_backend
from pulumi_press.plugin.tokens import read_token

if TYPE_CHECKING:
    from pulumi_press.doctor.installation import Project

__all__ = ["check_checkpoints"]

LARGE = 100
"""Resources of this package from which on the time to write the state counts."""

EXPERIMENTAL, SKIP = "PULUMI_EXPERIMENTAL", "PULUMI_SKIP_CHECKPOINTS"
CHECK = "checkpoints"
LEAVE_OUT = (
    f"set {EXPERIMENTAL}=1 and {SKIP}=1 to have it written once, at the end of a run, where a killed run may lose "
    "track of what other packages made; or use Pulumi Cloud, which writes differences, a faster backend, smaller "
    "stacks, `?metadata=skip` for a backend in files, or a higher `--parallel`"
)


def check_checkpoints(engine: str | None, project: Project | None, stack: str | None) -> Finding:
    """Check how often the state of the stack is written, where it is large.

    Args:
        engine: the engine's path; None where there is none.
        project: the project that the working folder belongs to.
        stack: the stack's name; None: the selected one.
    """
    experimental, skip = _is_set(EXPERIMENTAL), _is_set(SKIP)
    if skip:
        return _check_skipping(experimental=experimental)
    backend = find_backend()
    if _is_cloud(backend):
        return Finding(CHECK, "Pulumi Cloud keeps the state, and is sent differences")
    scheme = f"a backend at {backend.partition('://')[0]}://"
    count = _count(engine, project, stack)
    if count is None:
        return Finding(CHECK, f"written around each step, to {scheme}; how large the stack is could not be read")
    resources = f"{count} resource{'' if count == 1 else 's'} of this package"
    if count < LARGE:
        return Finding(CHECK, f"written around each step, to {scheme}: {resources}, so that takes little time")
    found = f"the whole state is written around each step, to {scheme}: {resources}"
    if experimental:
        return warning(CHECK, f"{EXPERIMENTAL} is set without {SKIP}; {found}", LEAVE_OUT)
    return Finding(CHECK, found, advice=LEAVE_OUT)


def _check_skipping(*, experimental: bool) -> Finding:
    if experimental:
        return Finding(CHECK, f"left out: {EXPERIMENTAL} and {SKIP} are set, so the state is written once, at the end")
    found = f"{SKIP} is set without {EXPERIMENTAL}, so the engine ignores it"
    return warning(CHECK, found, f"set {EXPERIMENTAL}=1 too, or unset {SKIP}")


def _is_set(variable: str) -> bool:
    """Return whether a variable is set, as the engine reads it."""
    return os.environ.get(variable, "").lower() in ("1", "true")


def _is_cloud(backend: str) -> bool:
    return not backend or backend.startswith(("https://", "http://"))


def _count(engine: str | None, project: Project | None, stack: str | None) -> int | None:
    """Return how many resources of this package the stack has; None where that cannot be read.

    An export reads one file. A list of the stacks has numbers too, but reads every stack, and counts other resources.
    """
    if engine is None or project is None:
        return None
    command = [engine, "stack", "export", "--non-interactive", *(["--stack", stack] if stack else [])]
    output = run_program(command, project.folder)
    with suppress(ValueError, AttributeError, TypeError, KeyError):  # Not what the engine prints.
        resources = json.loads(output.text)["deployment"].get("resources") or []
        return sum(read_token(resource["type"]) is not None for resource in resources)
    return None
