"""Names of a program's variables."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["choose_names"]

_TAKEN = {"pulumi", "press", "config", "os", *dir(builtins)}
# Letters and marks that Python takes in a name, and that nobody sees there.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def choose_names(resources: Iterable[str]) -> list[str]:
    """Choose a variable for each resource, in their order: `orders-prod` becomes `orders_prod`."""
    chosen: list[str] = []
    for resource in resources:
        # Python reads names in this form of Unicode, so two that it takes for one are one here.
        letters = unicodedata.normalize("NFKC", resource).lower()
        plain = "".join(letter if f"a{letter}".isidentifier() else "_" for letter in _UNSEEN.sub("", letters))
        name = re.sub("_+", "_", plain).strip("_") or "block"
        if not name.isidentifier():
            name = f"block_{name}"
        if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in _TAKEN:
            name = f"{name}_block"
        numbers = (f"{name}_{number}" for number in range(2, len(chosen) + 3))
        chosen.append(name if name not in chosen else next(other for other in numbers if other not in chosen))
    return chosen
