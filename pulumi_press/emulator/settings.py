"""How a local Press is set up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi_press.emulator.assumptions import Assumptions
from pulumi_press.emulator.pacing import AT_ONCE, Pacing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["DEFAULT_TOKENS", "Settings"]

DEFAULT_TOKENS: Mapping[str, str] = {"token": "tenant"}
"""Who is known when nobody says otherwise: the token, and its tenant."""

STALL = 30.0
"""Seconds without a byte after which a half-sent body is given up."""


@dataclass(frozen=True)
class Settings:
    """How a local Press is set up.

    Args:
        tokens: tenant by token; never shown.
        assumptions: how it behaves where the real service is not known.
        pacing: how long rollouts take that no outcome rule speaks of.
        state: folder that keeps everything, or None to forget at the end.
        seed: file with objects to begin with, or None.
        seed_number: ids and times follow from it and from the calls; None: random ids, real time.
        stall: seconds without a byte after which a half-sent body is given up.
        allow_hosts: host names that are answered on a loopback address beside those of this machine.
    """

    tokens: Mapping[str, str] = field(default_factory=lambda: DEFAULT_TOKENS, repr=False)
    assumptions: Assumptions = field(default_factory=Assumptions)
    pacing: Pacing = AT_ONCE
    state: Path | None = None
    seed: Path | None = None
    seed_number: int | None = None
    stall: float = STALL
    allow_hosts: tuple[str, ...] = ()
