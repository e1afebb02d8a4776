"""What a program tells the provider of a declaration beside its inputs: wrong arguments, and where an id comes from.

It travels as one more input, which `check` takes out again, so no state holds it.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

import pulumi
from typing_extensions import ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["accept_any_argument", "find_earlier", "find_source", "take_unknown"]

P = ParamSpec("P")

UNKNOWN, EARLIER = "_unknown_arguments", "_earlier"


def accept_any_argument(construct: Callable[P, None]) -> Callable[P, None]:
    """Let a constructor take arguments that it does not have, and go without those that it must have.

    Python would raise at the first of them; like this the preview tells all mistakes of the resource at once. A type
    checker still sees the constructor as it was written.
    """
    function: Any = construct
    code, defaults = function.__code__, function.__kwdefaults__ or {}
    named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    known = {*named, *code.co_varnames[: code.co_argcount]}
    required = [name for name in named if name not in defaults]

    @wraps(construct)
    def call(self: Any, *arguments: Any, **given: Any) -> None:
        unknown = [name for name in given if name not in known]
        if unknown:
            self.__dict__[UNKNOWN] = unknown
            given = {name: value for name, value in given.items() if name in known}
        function(self, *arguments, **{**dict.fromkeys(required), **given})

    return cast("Callable[P, None]", call)


def take_unknown(resource: Any) -> dict[str, Any]:
    """Tell of the arguments that a resource was given and does not have."""
    unknown = resource.__dict__.pop(UNKNOWN, ())
    return {"unknown": list(unknown)} if unknown else {}


def find_source(identity: pulumi.Output[Any]) -> pulumi.Output[dict[str, Any] | None]:
    """Find the spec or release of this program that an id comes from; None where it is none, or one of several."""

    async def find() -> dict[str, Any] | None:
        sources = [item for item in await identity.resources() if getattr(item, "publishes", False)]
        if len(sources) != 1:
            return None
        (source,) = sources
        own = any(identity is source.__dict__.get(name) for name in ("id", "spec_id"))
        return {"source": await source.urn.future(), "certain": own}

    return pulumi.Output.from_input(find())


async def find_earlier(outputs: Iterable[pulumi.Output[Any]], opts: pulumi.ResourceOptions | None) -> list[str] | None:
    """Find the specs and releases of this program that are published before a release; None where nobody can tell.

    Args:
        outputs: the outputs among the release's arguments.
        opts: its options.
    """
    waits: Any = await pulumi.Output.from_input(opts.depends_on if opts else None).future()
    resources: set[Any] = {*waits} if isinstance(waits, (list, tuple)) else {waits} - {None}
    for output in outputs:
        resources |= await output.resources()
    earlier: set[str] = set()
    for item in resources:
        if not getattr(item, "publishes", False):
            # Whatever else it waits for may wait for other releases itself.
            return None
        before = item.__dict__.get(EARLIER)
        more = await before.future() if before is not None else []
        if more is None:
            return None
        earlier |= {str(await item.urn.future()), *more}
    return sorted(earlier)
