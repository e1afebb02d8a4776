"""What a program tells of a declaration beside the inputs: no state ever holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulumi_press.schema.failures import CheckFailure, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Declaration", "read_declaration"]


@dataclass(frozen=True)
class Declaration:
    """What the program knows, and no input says."""

    failures: tuple[CheckFailure, ...] = ()
    """What only the program can find out, such as an output where a plain value is wanted."""
    unknown: tuple[str, ...] = ()
    """Arguments that the resource does not have."""
    source: str = ""
    """The spec or release of the same program that the id of the spec comes from, as the engine names it."""
    certain: bool = True
    """Whether the id is that resource's own; else it was computed from something of it."""
    earlier: frozenset[str] | None = None
    """The specs and releases of the same program that are published before this one; None where nobody can tell."""

    def find_failures(self, known: Iterable[str]) -> list[CheckFailure]:
        """Give the mistakes of the declaration itself.

        Args:
            known: names of the resource's arguments.
        """
        names = list(known)
        unknown = [CheckFailure(name, f"is not a known argument{suggest(name, names)}") for name in self.unknown]
        return [*self.failures, *unknown]


def read_declaration(told: Any) -> Declaration:
    """Read what the program told; nothing where it told nothing, or an older or later version told something else."""
    if not isinstance(told, dict):
        return Declaration()
    failures = tuple(CheckFailure(str(path), str(message)) for path, message in told.get("mistakes", ()))
    unknown = tuple(map(str, told.get("unknown", ())))
    spec = told.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    earlier = told.get("earlier")
    return Declaration(
        failures,
        unknown,
        str(spec.get("source", "")),
        certain=spec.get("certain") is True,
        earlier=frozenset(map(str, earlier)) if isinstance(earlier, list) else None,
    )
