"""How the engine is run: the way in which programs reach it, and when it writes the state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["MODES", "PLAIN", "SETUPS", "WAYS", "Setup", "select_setups"]

WAYS = {"dynamic": "import pulumi_press as press", "native": "from pulumi_press import native as press"}
"""What a program imports, by how it reaches the engine."""

MODES: dict[str, dict[str, str]] = {
    "checkpoints": {},
    "no-checkpoints": {"PULUMI_EXPERIMENTAL": "1", "PULUMI_SKIP_CHECKPOINTS": "1"},
}
"""What the environment of the engine says, by when it writes the state: around each step, or once at the end."""


@dataclass(frozen=True)
class Setup:
    """How the engine is run.

    Args:
        way: how programs reach it; one of `WAYS`.
        mode: when it writes the state; one of `MODES`.
    """

    way: str = "dynamic"
    mode: str = "checkpoints"

    def __str__(self) -> str:
        """A few words."""
        return f"{self.way}, {self.mode}"

    @property
    def writes_once(self) -> bool:
        """Whether a run that is killed leaves the state as it was before it."""
        return bool(self.environment)

    @property
    def environment(self) -> Mapping[str, str]:
        """What the environment of each command says."""
        return MODES[self.mode]


PLAIN = Setup()


def select_setups(ways: Iterable[str] = WAYS, modes: Iterable[str] = MODES) -> tuple[Setup, ...]:
    """Combine ways and modes."""
    return tuple(Setup(way, mode) for mode in modes for way in ways)


SETUPS = select_setups()
