"""Variables that have no value: nothing where they stand alone, a mistake inside a text."""

from __future__ import annotations

from typing import TypeVar

from jinja2 import Undefined

from pulumi_press.peakfiles.environment import Environment
from pulumi_press.peakfiles.errors import BlockfileError

__all__ = ["Missing", "require_value"]

T = TypeVar("T")


class Missing(Undefined):
    """A variable without a value. It prints as nothing, as the command has it."""

    __slots__ = ()

    def refuse(self) -> None:
        """Refuse it, unless it is what an `if` without an `else` leaves.

        Raises:
            BlockfileError: the place is for the caller.
        """
        name = self._undefined_name
        if name is None:
            return
        if isinstance(self._undefined_obj, Environment):
            message = f"the environment variable {name} is not set, and a text is made of it"
            raise BlockfileError(message, names=(name,))
        raise BlockfileError(
            f"{name!r} has no value, and a text is made of it: give it as a parameter, "
            f"or write {{{{ {name} | default('') }}}} where nothing will do",
            names=(name,),
        )


def require_value(value: T) -> T:
    """Let a value pass that is there."""
    if isinstance(value, Missing):
        value.refuse()
    return value
