"""The native plugin: between the engine's protocol and a resource of the core. It decides nothing.

Values have one side here too, as the codec makes them: the engine takes the new side of a difference from the inputs,
so a preview shows versions, numbers and files only if `Check` returns them.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_press.carried import TOLD
from pulumi_press.client.errors import Unauthorized
from pulumi_press.plugin import runtime
from pulumi_press.plugin.codec import PROVIDER
from pulumi_press.plugin.differences import DELETED, UPDATED, describe_changes, describe_new_secrets, diff_response
from pulumi_press.plugin.engine import Engine, prepare_message
from pulumi_press.plugin.failures import FORESEEN, advise_on_token
from pulumi_press.plugin.functions import FUNCTIONS
from pulumi_press.plugin.names import read_path, to_snake, write_failure
from pulumi_press.plugin.operation import Operation, UnhealthyError, abort, operation
from pulumi_press.plugin.package import VERSION, read_schema
from pulumi_press.plugin.tokens import PACKAGE, read_token
from pulumi_press.plugin.wire import dump, load
from pulumi_press.provider.context import Context, read_declaration
from pulumi_press.provider.errors import ProviderError, SettingsError
from pulumi_press.provider.settings import read_settings
from pulumi_press.provider.values import name_of, put
from pulumi_press.schema.plain import UNKNOWN, contains_unknown
from pulumi_press.settings import ADDRESS, SETTINGS, TOKEN, find_wrong_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pulumi_press.plugin.codec import Codec, ReadResult
    from pulumi_press.provider.values import Values
    from pulumi_press.settings import Settings

__all__ = ["NativeProvider"]


class NativeProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves the package `press` to the engine.

    Args:
        engine_address: where the engine listens; empty where it tells that later.
    """

    def __init__(self, engine_address: str = "") -> None:
        self.engine = Engine(engine_address)
        self._arguments = _Arguments({}, is_explicit=False)
        self._known_settings: Settings | None = None

    # The plugin.

    def Handshake(self, request: Any, context: Any) -> Any:
        """Agree with the engine on what both can do."""
        del context
        if request.engine_address:
            self.engine = Engine(request.engine_address)
        return pb.ProviderHandshakeResponse(accept_secrets=True)

    def Attach(self, request: Any, context: Any) -> Any:
        """Talk to another engine, where a person started this process."""
        del context
        self.engine = Engine(request.address)
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """Return the version."""
        del request, context
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(self, request: Any, context: Any) -> Any:
        """Return the schema of the package."""
        del request, context
        return pb.GetSchemaResponse(schema=read_schema())

    def Cancel(self, request: Any, context: Any) -> Any:
        """Cancel all operations."""
        del request, context
        runtime.stop.set()
        return empty_pb2.Empty()

    # Its settings.

    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Return every failure of the settings at once; what is not known yet is skipped."""
        del context
        received = load(request.news, named=False)
        settings = _Arguments(received.values, is_explicit=_is_explicit(request.urn))
        failures = [pb.CheckFailure(reason=reason) for reason in settings.find_failures()]
        # The engine marks no secret of the configuration, so nobody can tell whether the token was one there.
        secrets = {*received.secrets, (TOKEN.name,)}
        return pb.CheckResponse(inputs=dump(received.values, secrets, named=False), failures=failures)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        """Compare the settings. Another address or token replaces nothing: it may lead to the same objects."""
        del context
        olds, news = load(request.olds, named=False).values, load(request.news, named=False).values
        changed = sorted(name for name in {*olds, *news} if olds.get(name) != news.get(name))
        return diff_response(dict.fromkeys(changed, UPDATED))

    def Configure(self, request: Any, context: Any) -> Any:
        """Keep the settings. What is wrong with them was reported, or is by the operation that needs them."""
        del context
        values = load(request.args, named=False).values
        self._arguments, self._known_settings = _Arguments(values, is_explicit=_is_explicit(request.urn)), None
        runtime.begin()
        return pb.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def settings(self) -> Settings:
        """Return the settings.

        Raises:
            SettingsError: some are missing or invalid.
        """
        if self._known_settings is None:
            self._known_settings = self._arguments.read()
        return self._known_settings

    def make_context(self, urn: str) -> Context:
        """Return what an operation on a resource depends on."""
        return Context(
            connect=lambda: runtime.connect(self.settings()),
            settings=self.settings,
            log=partial(self.engine.log, urn),
            cache=runtime.cache,
            intents=runtime.intents,
            urn=urn,
            cancelled=runtime.stop,
        )

    # Functions.

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Read from the service."""
        function = FUNCTIONS.get(request.tok)
        received = load(request.args, named=False)
        arguments = {to_snake(name): value for name, value in received.values.items()}
        try:
            if function is None:
                raise ProviderError(f"pulumi-press {VERSION} has no function {request.tok}")
            if wrong := "; ".join(function.find_failures(arguments)):
                raise ProviderError(wrong)
            if contains_unknown(arguments):
                found: Values = dict.fromkeys(function.outputs, UNKNOWN)
            else:
                found = function.call(runtime.connect(self.settings()), arguments)
        except FORESEEN as error:
            return abort(context, f"{request.tok}: {_advise(error, self.settings)}")
        response = pb.InvokeResponse()
        getattr(response, "return").CopyFrom(dump(found, named=False))
        return response

    # Resources.

    def List(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        """Yield the id and name of what exists."""
        token = read_token(request.token)
        method = {"BlockSpec": "list_specs", "BlockDeployment": "list_deployments"}.get(token.kind if token else "")
        if method is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{request.token} cannot be listed")
        query = {to_snake(name): value for name, value in load(request.query, named=False).values.items()}
        try:
            found = getattr(runtime.connect(self.settings()), str(method))(**query)
            for count, item in enumerate(found):
                if 0 < request.limit <= count:
                    return
                yield pb.ListResponse(result=pb.ListResponse.Result(id=str(item["id"]), name=name_of(item)))
        except FORESEEN as error:
            abort(context, f"{request.token}: {_advise(error, self.settings)}")

    @operation("checking")
    def Check(self, request: Any, call: Operation) -> Any:
        """Return the inputs with what is planned, or every failure. None names a property: its value would be shown."""
        news = call.take(request.news)
        told = news.pop(TOLD, None)
        call.context = replace(call.context, declaration=read_declaration(told))
        # The outputs are true where an update failed: the engine then keeps the inputs from before.
        old = request.old_outputs if request.HasField("old_outputs") else request.olds
        olds = call.strip(load(old).values)
        checked = call.codec.check(olds, news, call.context)
        # Python's names are the core's.
        renamed = checked.failures if isinstance(told, dict) else map(write_failure, checked.failures)
        reasons = [failure.write(call.redact) for failure in renamed]
        failures = [pb.CheckFailure(reason=prepare_message(reason)) for reason in reasons]
        return pb.CheckResponse(inputs=call.give(checked.inputs), failures=failures)

    @operation("comparing")
    def Diff(self, request: Any, call: Operation) -> Any:
        """Return what changed, leaf by leaf, and what comes of it."""
        olds = call.take(request.olds)
        before = frozenset(call.secrets)
        news = call.take(request.news)
        diff = call.codec.diff(request.id, olds, news, call.context, ignore_changes=_paths(request.ignoreChanges))
        details = describe_changes(call.codec.resource.fields, diff, olds, news)
        if not diff.replaces:
            # An update rewrites what a dynamic provider left in the state, and what is secret from now on.
            if PROVIDER in request.olds.fields:
                details[PROVIDER] = DELETED
            details = {**describe_new_secrets(olds, before, call.secrets), **details}
        return diff_response(details, diff.replaces, delete_before_replace=diff.delete_before_replace)

    @operation("creating")
    def Create(self, request: Any, call: Operation) -> Any:
        """Make the object, or say what it will be."""
        inputs = call.take(request.properties)
        if request.preview:
            outputs = call.codec.preview("", {}, inputs, call.context, preview=True)
            return pb.CreateResponse(properties=call.give_planned(outputs))
        call.limit("create", request.timeout)
        with call.keep_unready():
            id, outputs = call.codec.create(inputs, call.context)
        return pb.CreateResponse(id=id, properties=call.give_outputs(outputs), **self._refresh())

    @operation("reading")
    def Read(self, request: Any, call: Operation) -> Any:
        """Look at the object."""
        call.take(request.inputs)
        outputs = call.take(request.properties)
        live = call.codec.read(request.id, outputs, call.context)
        if live is None:
            return pb.ReadResponse()
        inputs = live.inputs if outputs else _drop_computed(call.codec, live)
        properties, written = call.give_outputs(live.outputs), call.give(inputs)
        if live.trouble:
            raise UnhealthyError(request.id, properties, written, call.redact(live.trouble))
        return pb.ReadResponse(id=request.id, properties=properties, inputs=written, **self._refresh())

    @operation("updating")
    def Update(self, request: Any, call: Operation) -> Any:
        """Change the object in place, or say what it will be."""
        olds = call.take(request.olds)
        call.forget_secrets()
        news = call.take(request.news)
        fields: dict[str, Any] = {"ignore_changes": _paths(request.ignoreChanges)}
        if request.preview:
            outputs = call.codec.preview(request.id, olds, news, call.context, preview=True, **fields)
            return pb.UpdateResponse(properties=call.give_planned(outputs))
        call.limit("update", request.timeout)
        with call.keep_unready():
            outputs = call.codec.update(request.id, olds, news, call.context, **fields)
        return pb.UpdateResponse(properties=call.give_outputs(outputs), **self._refresh())

    @operation("deleting")
    def Delete(self, request: Any, call: Operation) -> Any:
        """Delete the object."""
        outputs = call.take(request.properties)
        call.limit("delete", request.timeout)
        call.codec.delete(request.id, outputs, call.context)
        return empty_pb2.Empty()

    def _refresh(self) -> dict[str, bool]:
        """Return the field of a response that makes the engine read the object before it plans, where that is set."""
        return {"refresh_before_update": True} if self.settings().refresh_before_update else {}


def _paths(texts: Any) -> tuple[str, ...]:
    return tuple(read_path(text) for text in texts)


def _drop_computed(codec: Codec, live: ReadResult) -> Values:
    """Return the inputs of an object that is imported or only read: those that a program can give."""
    inputs = live.inputs
    for field in codec.resource.fields:
        if field.computed:
            inputs = put(inputs, field.path, None)
    return inputs


@dataclass(frozen=True)
class _Arguments:
    """The arguments of a provider: the stack's configuration, or those that a program gives an explicit one."""

    values: Values
    is_explicit: bool

    def read(self) -> Settings:
        """Return the settings; what is not given comes from the environment.

        Raises:
            SettingsError: some are missing or invalid.
        """

        def find(key: str) -> str | None:
            value = self.values.get(key.removeprefix(f"{PACKAGE}:"))
            return value if value is None or isinstance(value, str) else json.dumps(value)

        return read_settings(find, self._environment())

    def find_failures(self) -> Iterator[str]:
        """Yield what is wrong with them, those that are not known yet aside."""
        yield from find_wrong_keys([f"{PACKAGE}:{name}" for name in self.values], "")
        if not any(contains_unknown(self.values.get(setting.name)) for setting in SETTINGS):
            try:
                self.read()
            except SettingsError as error:
                yield from error.failures

    def _environment(self) -> Mapping[str, str]:
        """Return the environment; it does not change the address where a program gives one."""
        if not self.is_explicit or not any(setting.name in self.values for setting in ADDRESS):
            return os.environ
        others = {variable for setting in ADDRESS for variable in setting.variables}
        return {name: value for name, value in os.environ.items() if name not in others}


def _is_explicit(urn: str) -> bool:
    """Return whether a program declares the provider; the engine makes those called `default` itself."""
    return bool(urn) and not urn.rpartition("::")[2].startswith("default")


def _advise(error: BaseException, settings: Callable[[], Settings]) -> str:
    return f"{error}\n{advise_on_token(settings().token_source)}" if isinstance(error, Unauthorized) else str(error)
