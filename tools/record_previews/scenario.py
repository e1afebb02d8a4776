"""What is recorded: stages, which are deployed stacks, and the previews of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulumi_press.client.client import Client
    from pulumi_press.emulator.backend.rollout_simulation import OutcomeRule
    from pulumi_press.emulator.control.faults import FaultRule

    Behind: TypeAlias = Callable[[Client, dict[str, Any]], object]
    """A change outside the stack: called with a client and the state of the local Press before it."""

PREVIEW = ("preview",)
REFRESH = ("preview", "--refresh")
DESTROY = ("destroy", "--preview-only")
DRIFT_ONLY = ("refresh", "--preview-only")


@dataclass(frozen=True)
class Scenario:
    """One preview."""

    name: str
    """Name of its recording."""
    what: str
    """What is changed, in a few words."""
    edits: tuple[tuple[str, str], ...] = ()
    """Replacements in the program, old to new; each old text occurs exactly once unless `everywhere`."""
    everywhere: bool = False
    """Whether an old text may occur more than once."""
    program: str | None = None
    """The program's text, where it is another one altogether."""
    files: Mapping[str, str | None] = field(default_factory=dict)
    """Files written before it by path, or taken away (None)."""
    config: Mapping[str, str] = field(default_factory=dict)
    """Settings of the stack."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Secret settings of the stack."""
    behind: Behind | None = None
    """Change outside the stack before the preview."""
    faults: tuple[FaultRule, ...] = ()
    """Faults of the local Press during the preview."""
    command: tuple[str, ...] = PREVIEW
    """The command of `pulumi`, to which `--json` is added."""


@dataclass(frozen=True)
class Stage:
    """A program, what is done with it first, and the scenarios that start from there."""

    program: str
    """Name of a module in `programs`."""
    scenarios: tuple[Scenario, ...]
    stack: str = "prod"
    """Name of the stack."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Files next to the program, by path."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Secret settings of the stack."""
    up: bool = True
    """Whether `pulumi up` is run first."""
    edits: tuple[tuple[str, str], ...] = ()
    """Texts of the program that are changed before that."""
    before: Behind | None = None
    """Change outside the stack before `pulumi up`."""
    outcomes: tuple[OutcomeRule, ...] = ()
    """How the rollouts of that `up` end; with a failing one, so does `up`."""
