"""What all resources of a program have in common: how they are declared to the engine."""

from __future__ import annotations

import sys
import traceback
from contextlib import contextmanager
from copy import copy
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import pulumi
from pulumi.dynamic import Resource, ResourceProvider

from pulumi_press import _v1
from pulumi_press.carried import TOLD
from pulumi_press.sdk.inputs import Given, keep_secret, take_unknown
from pulumi_press.sdk.interruption import end_when_interrupted
from pulumi_press.sdk.stack_config import check_configuration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType

__all__ = [
    "Declared",
    "OptionsError",
    "ProviderReference",
    "check_options",
    "cut_trace",
    "find_source",
    "read_existing",
]


class ProviderReference(ResourceProvider):
    """Pickles to a call of `pulumi_press._v1.load`.

    It holds nothing of the provider, so the state never sees code, settings or secrets, and another version of the
    package never shows as a change.
    """

    # Plain text in the state: there is nothing secret in a name, and secret ones cost time and memory.
    serialize_as_secret_always = False

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        # Every resource of a program comes by here, and nothing else does.
        end_when_interrupted()

    def __reduce__(self) -> tuple[Callable[[str], ResourceProvider], tuple[str]]:
        """Pickle as a call."""
        return _v1.load, (self._name,)


PLAIN = frozenset({"pulumi.Output[str]", "pulumi.Output[str | None]", "pulumi.Output[dict[str, Any]]"})
"""Outputs of these kinds come from the engine as they are; a whole number comes as a float."""


class Declared(Resource):
    """A resource whose provider is ours.

    The engine makes an output of every property that it is given, which takes its time. So what a program leaves out
    is not given; it is an output of None all the same.
    """

    output_names: ClassVar[frozenset[str]] = frozenset()
    """The outputs that a class annotates: the engine gives a value only to names that it was given."""

    has_unique_name: ClassVar[bool] = False
    """Whether the service holds only one object of its name, so that the old one goes before a new one is made."""
    publishes: ClassVar[bool] = False
    """Whether a deployment can run what it declares, see `_as_spec`."""

    _left_out: frozenset[str] = frozenset()

    def __init_subclass__(cls, **named: Any) -> None:
        """Read what the class annotates, once."""
        super().__init_subclass__(**named)
        kinds = get_annotations(cls)
        cls.output_names |= {name for name, kind in kinds.items() if str(kind).startswith("pulumi.Output[")}
        # Pulumi reads annotations again for each resource, and walks through each value with its type: a sixth of what
        # a program does. So only those stay that tell it something.
        cls.__annotations__ = {name: kind for name, kind in kinds.items() if str(kind) not in PLAIN}

    def _as_spec(self) -> dict[str, Any]:
        """Give what a deployment of this resource has as its `spec`.

        Raises:
            TypeError: it declares nothing that can be deployed.
        """
        raise TypeError(f"a {type(self).__name__} is nothing that can be deployed")

    def _tell(self, given: Given, opts: pulumi.ResourceOptions | None) -> dict[str, Any]:
        """Give what the provider is told beside the inputs, of any resource of the class."""
        del given, opts
        return {}

    def _declare(
        self,
        provider: str,
        resource_name: str,
        props: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
        *,
        told: Mapping[str, Any] | None = None,
    ) -> None:
        check_configuration()
        told = {**(told or {}), **take_unknown(self)}
        check_options(provider, resource_name, opts)
        wanted = {name: value for name, value in props.items() if value is not None or name in self.output_names}
        self._left_out = frozenset(props.keys() - wanted.keys())
        given = Given(wanted)
        told.update(self._tell(given, opts))
        if given.outputs:
            opts = keep_secret(given, opts)
        if self.has_unique_name:
            opts = _delete_before_replace(opts)
        if told:
            given.arguments[TOLD] = told
        with cut_trace():
            Resource.__init__(self, ProviderReference(provider), resource_name, given.arguments, opts)
        # It is no output, though the engine's SDK makes one of every input.
        vars(self).pop(TOLD, None)

    if not TYPE_CHECKING:  # A type checker would take any attribute for a good one.

        def __getattr__(self, name: str) -> Any:
            """Give what was left out."""
            if name in self._left_out:
                return pulumi.Output.from_input(None)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def _delete_before_replace(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Set the option, unless the program has.

    The engine asks no `diff` about a replacement that somebody demands (`--replace`, `state taint`, `replace_with`), so
    only the option tells it the order.
    """
    if opts is None:
        return pulumi.ResourceOptions(delete_before_replace=True)
    if opts.delete_before_replace is None:
        opts = copy(opts)
        opts.delete_before_replace = True
    return opts


R = TypeVar("R", bound=Declared)


def read_existing(
    cls: type[R],
    resource_name: str,
    identity: pulumi.Input[str],
    opts: pulumi.ResourceOptions | None,
) -> R:
    """Declare a resource that the engine only reads; its outputs are those that the class annotates."""
    check_configuration()
    check_options(cls.__name__, resource_name, opts)
    found = cls.__new__(cls)
    outputs = dict.fromkeys(cls.output_names)
    options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=identity))
    with cut_trace():
        Resource.__init__(found, ProviderReference(cls.__name__), resource_name, outputs, options)
    found.__dict__["id"] = _fill_in(found.id, identity)
    return found


def _fill_in(answered: pulumi.Output[str], requested: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return the id that the engine answered, else the requested one, which is the same.

    Engines before 3.274 answer none, and in a preview the SDK takes that for unknown from 3.271 on: whatever is made
    from the id would show as replaced.
    """
    given = pulumi.Output.from_input(requested)

    async def read_value() -> str:
        return await answered.future() or await given.future() or ""

    async def read_known() -> bool:
        return await answered.is_known() or await given.is_known()

    return pulumi.Output(answered.resources(), read_value(), read_known(), answered.is_secret())


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


_WAYS: Mapping[str, str] = {
    **{
        kind: f"run `pulumi-press import {word} {{name}} {{id}}`"
        for kind, word in (("BlockSpec", "spec"), ("BlockSpecRelease", "release"), ("BlockDeployment", "deployment"))
    },
    "Rollout": "its deployment brings it along",
    "Block": "its parts are imported, each for itself, with `pulumi-press import`",
}
"""Kind -> how one that exists is taken over."""

_DELETED = ("BlockSpec", "BlockDeployment", "Block")
"""Kinds that are on the service until they are deleted themselves; parts inherit the option of their component."""


class OptionsError(pulumi.RunError):
    """An option cannot be honoured; the engine shows the message alone."""


def check_options(kind: str, name: str, opts: pulumi.ResourceOptions | None) -> None:
    """Refuse what would fail with no clear word, or leave a block alive that no state knows.

    Raises:
        OptionsError: there is such an option; the message says what works instead.
    """
    if opts is None:
        return
    if opts.import_ is not None:
        way = _WAYS[kind].format(name=name, id=opts.import_)
        raise OptionsError(f"{kind} {name!r}: import_ does not work with dynamic resources: {way}, and leave it out")
    if opts.deleted_with is not None and kind in _DELETED:
        raise OptionsError(
            f"{kind} {name!r}: deleted_with would leave it alive on the service, and in no state: nothing there is "
            "deleted along with something else. Leave it out; where the order counts, use depends_on"
        )


INNER = 6
"""Frames of Pulumi's own within the declaration of a resource, and one to spare."""


@contextmanager
def cut_trace() -> Iterator[None]:
    """Let Pulumi see the program's own calls, and not those that run the program.

    It keeps the stack of each declaration in the state. Below the program lie the frames of the language host and of
    Python's event loop, the same for every resource: a quarter of the state, which the engine writes at each step.
    """
    depth = _count_calls(sys._getframe(2))  # noqa: SLF001  # There is no public way to the caller's frame.
    if depth is None or hasattr(sys, "tracebacklimit"):
        yield
        return
    sys.tracebacklimit = INNER + depth
    try:
        yield
    finally:
        del sys.tracebacklimit


def _count_calls(frame: FrameType | None) -> int | None:
    """Count the frames from this one to the program's outermost; None where nothing tells which that is."""
    for depth, (caller, _) in enumerate(traceback.walk_stack(frame)):
        module = str(caller.f_globals.get("__name__", ""))
        if module == "runpy" or module.startswith("pulumi."):
            return depth
    return None
