"""How something about the service is known: every route, key and field says so, for `docs/emulator.md`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeVar

__all__ = ["MEANINGS", "Assumed", "Documented", "How", "Known", "Sample", "Wire"]

How = Literal["wire", "documented", "sample", "code", "assumed"]

MEANINGS: Final[dict[How, str]] = {
    "wire": "seen on the wire: the real client sends it so, or accepts it so",
    "documented": "said in words by the client's documentation or its command's help",
    "sample": "shown in an example of the documentation, or in a sample file of the client's package",
    "code": "read by the client's code, and mentioned nowhere",
    "assumed": "not known; the local Press had to choose",
}


@dataclass(frozen=True)
class Known:
    """How something is known.

    Args:
        how: the best source that says so.
        settings: names of the assumptions that change it.
        remark: where the sources disagree, or are scarce.
    """

    how: How
    settings: tuple[str, ...] = ()
    remark: str = ""


T = TypeVar("T")

Wire = Annotated[T, Known("wire")]
Documented = Annotated[T, Known("documented")]
Sample = Annotated[T, Known("sample")]
Assumed = Annotated[T, Known("assumed")]
