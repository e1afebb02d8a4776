"""`PressResource`: how every resource of this package is declared to the engine, and read by `get`."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping
from contextlib import contextmanager
from copy import copy
from inspect import get_annotations
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi
from pulumi.dynamic import Resource, ResourceProvider

from pulumi_press import _v1
from pulumi_press.carried import TOLD
from pulumi_press.plugin.tokens import DYNAMIC_PACKAGE, NATIVE_KINDS, PACKAGE, Token
from pulumi_press.sdk.inputs import Untrusted, keep_secret, take_unknown
from pulumi_press.sdk.interruption import end_when_interrupted
from pulumi_press.sdk.speed import declare_quickly
from pulumi_press.sdk.stack_config import check_configuration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from typing_extensions import Self

__all__ = [
    "OptionsError",
    "PressResource",
    "ProviderReference",
    "add_alias",
    "check_options",
    "find_source",
    "limit_stack_trace",
]

WHOLE_NUMBER = "pulumi.Output[int]"


class ProviderReference(ResourceProvider):
    """What a program hands to the engine instead of a provider: it pickles to a call of `pulumi_press._v1.load`.

    It holds nothing of the provider, so the state never contains code, settings or secrets, and another version of the
    package is no change.
    """

    # Plain text in the state: a name is not secret, and secret values cost time and memory.
    serialize_as_secret_always = False

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        # Every program that declares a resource makes one of these, and only such a program.
        end_when_interrupted()
        declare_quickly()

    def __reduce__(self) -> tuple[Callable[[str], ResourceProvider], tuple[str]]:
        """Pickle as a call."""
        return _v1.load, (self._name,)


class PressResource(Resource):
    """A resource that this package provides.

    A subclass annotates each of its outputs, which are all its arguments and what is computed. Pulumi makes a future of
    every property that it is given, which takes time: an argument that a program leaves out is not given, and reads as
    an output of None.
    """

    output_names: ClassVar[frozenset[str]] = frozenset()
    """All outputs: those that the class annotates."""
    always_given: ClassVar[frozenset[str]] = frozenset()
    """Outputs that the engine fills in even where a program gives no value: required arguments, and computed values."""
    has_unique_name: ClassVar[bool] = False
    """Whether the service allows one object per name, so that a replacement must delete the old object first."""
    publishes: ClassVar[bool] = False
    """Whether a deployment can run what it declares, see `_as_spec`."""

    _left_out: frozenset[str] = frozenset()

    def __init_subclass__(cls, **named: Any) -> None:
        """Read the annotations, once."""
        super().__init_subclass__(**named)
        annotations = get_annotations(cls)
        own = {name for name, kind in annotations.items() if str(kind).startswith("pulumi.Output[")}
        # A native class has two bases.
        cls.output_names = frozenset(own).union(*(vars(base).get("output_names", ()) for base in cls.__mro__))
        # For each resource, Pulumi reads the annotations and walks through each value by its type: a sixth of a
        # program's time. Only whole numbers need it, which the engine returns as floats. A text would be evaluated
        # each time.
        cls.__annotations__ = {name: kind for name, kind in annotations.items() if name not in cls.output_names}
        whole = {name for name in cls.output_names if str(annotations.get(name)) == WHOLE_NUMBER}
        cls.__annotations__.update(dict.fromkeys(whole, pulumi.Output[int]))

    def _as_spec(self) -> dict[str, Any]:
        """Return the `spec` of a deployment of this resource.

        Raises:
            TypeError: it cannot be deployed.
        """
        raise TypeError(f"a {type(self).__name__} cannot be deployed")

    def _find_facts(self, inputs: Untrusted, opts: pulumi.ResourceOptions | None) -> dict[str, Any]:
        """Return what the provider should know in addition to the inputs, for every resource of the class."""
        del inputs, opts
        return {}

    def _declare(
        self,
        provider: str,
        resource_name: str,
        arguments: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
        *,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Declare the resource to the engine.

        Args:
            provider: name of its provider.
            resource_name: name of the resource in the program.
            arguments: the arguments; those of None are left out.
            opts: Pulumi's options.
            facts: what the provider should know in addition. It is sent as one more input, which `check` removes, so no
                state contains it.
        """
        check_configuration()
        facts = dict(facts or {})
        if unknown := take_unknown(self):
            facts["unknown"] = unknown
        self._check_options(provider, resource_name, opts)
        given = {name: value for name, value in arguments.items() if value is not None or name in self.always_given}
        self._left_out = frozenset(arguments.keys() - given.keys())
        inputs = Untrusted(given)
        facts.update(self._find_facts(inputs, opts))
        if inputs.outputs:
            opts = self._keep_secret(inputs, opts)
        if self.has_unique_name:
            opts = _delete_before_replace(opts)
        if facts:
            inputs.arguments[TOLD] = facts
        self._register(provider, resource_name, inputs.arguments, opts)
        # Pulumi makes an output of every input; this one is none.
        vars(self).pop(TOLD, None)

    def _register(
        self, kind: str, resource_name: str, properties: dict[str, Any], opts: pulumi.ResourceOptions | None
    ) -> None:
        """Register the resource with the engine; an attribute is made for each of the properties."""
        if kind in NATIVE_KINDS:
            opts = add_alias(Token(kind, is_native=True), resource_name, opts)
        with limit_stack_trace():
            Resource.__init__(self, ProviderReference(kind), resource_name, properties, opts)

    def _keep_secret(self, inputs: Untrusted, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions | None:
        """Return the options that keep secret arguments secret in the outputs."""
        return keep_secret(inputs, opts)

    @classmethod
    def _check_options(cls, kind: str, resource_name: str, opts: pulumi.ResourceOptions | None) -> None:
        """Refuse options that do not work, see `check_options`."""
        check_options(kind, resource_name, opts)

    @classmethod
    def _read(cls, resource_name: str, id: pulumi.Input[str], opts: pulumi.ResourceOptions | None) -> Self:
        """Declare a resource that the engine only reads, and return it."""
        check_configuration()
        cls._check_options(cls.__name__, resource_name, opts)
        found = cls.__new__(cls)
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        outputs = dict.fromkeys(cls.output_names)
        found._register(cls.__name__, resource_name, outputs, options)  # noqa: SLF001  # It is this class' own.
        found.__dict__["id"] = _fill_in_id(found.id, id)
        return found

    if not TYPE_CHECKING:  # A type checker would accept any attribute.

        def __getattr__(self, name: str) -> Any:
            """Return an output of None for an argument that was left out."""
            if name in self._left_out:
                return pulumi.Output.from_input(None)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


def add_alias(token: Token, name: str, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options with an alias by which the engine finds a resource that was made with another type.

    Args:
        token: the other type.
        name: name of the resource in the program.
        opts: the program's options, which stay as they are. To merge them takes the SDK longer than all else.
    """
    opts = pulumi.ResourceOptions() if opts is None else copy(opts)
    if opts.parent is None:
        # The URN as a text: the SDK makes seven outputs to find it from an `Alias`, a tenth of a program's time.
        alias = f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{token.text}::{name}"
        opts.aliases = [alias, *(opts.aliases or ())]
    else:
        opts.aliases = [pulumi.Alias(type_=token.text), *(opts.aliases or ())]
    return opts


def find_source(spec_id: pulumi.Output[Any]) -> pulumi.Output[dict[str, Any] | None]:
    """Return the spec or release of this program that an id comes from; None where there is none or more than one.

    The value has the `source`, a URN, and whether it is `certain`: whether the id is an output of that resource, and
    not computed from one.
    """

    async def find() -> dict[str, Any] | None:
        sources = [item for item in await spec_id.resources() if getattr(item, "publishes", False)]
        if len(sources) != 1:
            return None
        (source,) = sources
        own = any(spec_id is source.__dict__.get(name) for name in ("id", "spec_id"))
        return {"source": await source.urn.future(), "certain": own}

    return pulumi.Output.from_input(find())


def _delete_before_replace(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options with `delete_before_replace` set, unless the program has set it.

    The engine does not call `diff` for a replacement that a user requests (`--replace`, `state taint`, `replace_with`),
    so only the option sets the order.
    """
    if opts is None:
        return pulumi.ResourceOptions(delete_before_replace=True)
    if opts.delete_before_replace is None:
        opts = copy(opts)
        opts.delete_before_replace = True
    return opts


def _fill_in_id(answered: pulumi.Output[str], requested: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return the id that the engine answers, else the requested one, which is the same.

    Engines before 3.274 answer none. Since 3.271 the SDK takes that for an unknown id in a preview, and everything that
    uses the id would show as replaced.
    """
    given = pulumi.Output.from_input(requested)

    async def read_value() -> str:
        return await answered.future() or await given.future() or ""

    async def read_known() -> bool:
        return await answered.is_known() or await given.is_known()

    return pulumi.Output(answered.resources(), read_value(), read_known(), answered.is_secret())


_HOW_TO_IMPORT: Mapping[str, str] = {
    **{
        kind: f"run `pulumi-press import {word} {{name}} {{id}}`"
        for kind, word in (("BlockSpec", "spec"), ("BlockSpecRelease", "release"), ("BlockDeployment", "deployment"))
    },
    "Rollout": "it is imported with its deployment",
    "Block": "import each of its parts with `pulumi-press import`",
}
"""What to do instead of `import_`, by kind."""

_DELETED = ("BlockSpec", "BlockDeployment", "Block")
"""Kinds that stay on the service until they are deleted themselves; parts inherit the option of their component."""


class OptionsError(pulumi.RunError):
    """An option is not supported; the engine shows the message alone."""


def check_options(kind: str, name: str, opts: pulumi.ResourceOptions | None, package: str = DYNAMIC_PACKAGE) -> None:
    """Refuse options that would fail with an unclear message, or leave a block on the service that no state knows.

    Args:
        kind: what the program calls it.
        name: name of the resource in the program.
        opts: Pulumi's options.
        package: the package that serves the resource.

    Raises:
        OptionsError: there is such an option; the message says what to do instead.
    """
    if opts is None:
        return
    _refuse_other_provider(kind, name, opts, package)
    if opts.import_ is not None and (package == DYNAMIC_PACKAGE or kind == "Block"):
        instead = _HOW_TO_IMPORT[kind].format(name=name, id=opts.import_)
        raise OptionsError(
            f"{kind} {name!r}: the option import_ does not work with dynamic resources: remove it; {instead}"
        )
    if opts.deleted_with is not None and kind in _DELETED:
        raise OptionsError(
            f"{kind} {name!r}: the option deleted_with would remove it from the state and leave it on the service, "
            "which deletes nothing along with another object. Remove it; to set the order, use depends_on"
        )


def _refuse_other_provider(kind: str, name: str, opts: pulumi.ResourceOptions, package: str) -> None:
    """Refuse an explicit provider of the other way: Pulumi would use the stack's own settings without a word."""
    several = opts.providers or ()
    named = [opts.provider, *(several.values() if isinstance(several, Mapping) else several)]
    packages = {item.package for item in named if item is not None} & {DYNAMIC_PACKAGE, PACKAGE}
    if packages and package not in packages:
        own = "pulumi_press" if package == DYNAMIC_PACKAGE else "pulumi_press.native"
        other = "pulumi_press.native" if package == DYNAMIC_PACKAGE else "pulumi_press"
        raise OptionsError(
            f"{kind} {name!r}: its provider is a Provider of {other}, which does not serve it; use a Provider of {own}"
        )


INNER_FRAMES = 6
"""Frames of Pulumi's own between the declaration of a resource and the place that reads the stack, and one to spare."""


@contextmanager
def limit_stack_trace() -> Iterator[None]:
    """Show Pulumi the program's frames, and not those that run the program.

    Pulumi keeps the stack of each declaration in the state. Below the program are the frames of the language host and
    of Python's event loop, the same for every resource: a quarter of the state, which the engine writes at each step.
    """
    depth = _count_frames(sys._getframe(2))  # noqa: SLF001  # There is no public way to the caller's frame.
    if depth is None or hasattr(sys, "tracebacklimit"):
        yield
        return
    sys.tracebacklimit = INNER_FRAMES + depth
    try:
        yield
    finally:
        del sys.tracebacklimit


def _count_frames(frame: FrameType | None) -> int | None:
    """Return the number of frames from this one to the program's outermost; None if it is not found."""
    for depth, (caller, _) in enumerate(traceback.walk_stack(frame)):
        module = str(caller.f_globals.get("__name__", ""))
        if module == "runpy" or module.startswith("pulumi."):
            return depth
    return None
