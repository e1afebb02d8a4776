"""One call of the engine about a resource: its values, its secrets, and its failure as one message."""

from __future__ import annotations

import functools
import traceback
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import grpc
from google.protobuf import any_pb2
from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_press.plugin import runtime
from pulumi_press.plugin.codec import PLACE, PROVIDER, Codec
from pulumi_press.plugin.engine import encode_status, prepare_message
from pulumi_press.plugin.failures import FORESEEN, describe_failure
from pulumi_press.plugin.package import SHORTCUTS, VERSION
from pulumi_press.plugin.tokens import load_native, read_token
from pulumi_press.plugin.wire import dump, find_texts, load
from pulumi_press.provider.errors import NotReadyError, ProviderError
from pulumi_press.provider.secrets import find_secrets, redact
from pulumi_press.provider.settings import place_of, read_place
from pulumi_press.provider.values import get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from google.protobuf.struct_pb2 import Struct

    from pulumi_press.provider.context import Context
    from pulumi_press.provider.values import SecretPath, Values
    from pulumi_press.settings import Settings

__all__ = ["Operation", "UnhealthyError", "abort", "operation"]

_LONGEST_DETAIL = 4000  # characters of a message in gRPC's own field; the whole of it is in the status


class Plugin(Protocol):
    """What a call needs of the plugin."""

    def settings(self) -> Settings:
        """Return the settings; raise `SettingsError` where they are wrong."""
        raise NotImplementedError

    def make_context(self, urn: str) -> Context:
        """Return what an operation on a resource depends on."""
        raise NotImplementedError


class UnhealthyError(Exception):
    """The object exists and is not what was asked for: the engine keeps it, and updates it the next time.

    Args:
        id: its id.
        properties: what is true of it.
        inputs: the inputs that are, where the engine keeps them: after a `Read`.
        message: what is wrong.
    """

    def __init__(self, id: str, properties: Struct, inputs: Struct | None, message: str) -> None:
        super().__init__(message)
        self.message = message
        # The engine keeps the old inputs after a failed update, and the revision may be live by then: it reads first.
        self.failure = pb.ErrorResourceInitFailed(
            id=id,
            properties=properties,
            inputs=inputs,
            reasons=[prepare_message(message)],
            refresh_before_update=True,
        )


class Operation:
    """One call about a resource: its codec, its dependencies, and the secrets of its values.

    Args:
        provider: the plugin.
        request: the engine's request.
        doing: what it does, such as `creating`.

    Raises:
        ProviderError: this version has no such resource.
    """

    def __init__(self, provider: Plugin, request: Any, doing: str) -> None:
        self.doing, self.settings, self.kind = doing, provider.settings, "resource"
        self.values: Values = {}
        self.secrets: set[SecretPath] = set()
        self._earlier_secrets: set[SecretPath] = set()
        self._secret_texts: set[str] = set()
        type_ = request.urn.split("::")[2].rpartition("$")[2]
        token = read_token(type_)
        if token is None or not token.is_native:
            raise ProviderError(f"pulumi-press {VERSION} has no resource {type_}; another version of it may have")
        self.codec = Codec(load_native(token.kind)())
        self.kind = self.codec.resource.kind
        self._shortcuts = SHORTCUTS.get(token.kind, {})
        self._additions = {PROVIDER, PLACE, *self._shortcuts}
        self.context = provider.make_context(request.urn)

    def take(self, struct: Struct) -> Values:
        """Read values; remember their secrets, and where the object was last seen."""
        received = load(struct)
        self.secrets |= received.secrets
        self._secret_texts.update(find_texts(received.values, received.secrets))
        if PLACE in received.values:
            self.context = replace(self.context, seen=read_place(received.values[PLACE]))
        self.values = self.strip(received.values)
        return self.values

    def forget_secrets(self) -> None:
        """Forget where secrets stand: what was secret and is not any more must not stay so for ever."""
        self._earlier_secrets |= self.secrets
        self.secrets.clear()

    def strip(self, values: Values) -> Values:
        """Return values without what is not the core's."""
        return {name: value for name, value in values.items() if name not in self._additions}

    def give(self, values: Values) -> Struct:
        """Write values, with what is secret marked."""
        return dump(values, {*self.secrets, *find_secrets(values)})

    def give_planned(self, values: Values) -> Struct:
        """Write outputs as they will be."""
        return self.give({**values, **{name: get(values, path) for name, path in self._shortcuts.items()}})

    def give_outputs(self, values: Values) -> Struct:
        """Write outputs, with where the object is."""
        return self.give_planned({**values, PLACE: place_of(self.settings())._asdict()})

    def limit(self, operation: str, seconds: float) -> None:
        """Set the limit that `customTimeouts` gives the operation."""
        self.context = runtime.limit(self.context, operation, self.values, seconds or None)

    @contextmanager
    def keep_unready(self) -> Iterator[None]:
        """Let the engine keep an object that was made, and is not ready."""
        try:
            yield
        except NotReadyError as error:
            # After a rollback these are the values of before.
            self.secrets |= self._earlier_secrets
            properties = self.give_outputs(error.state.values)
            raise UnhealthyError(error.id, properties, None, self.describe(error)) from error

    def redact(self, text: str) -> str:
        """Remove secrets from a text."""
        text = redact(text, self.values)
        for secret in sorted(self._secret_texts, key=len, reverse=True):  # One may be a part of another.
            text = text.replace(secret, "[secret]")
        return text

    def describe(self, error: BaseException) -> str:
        """Return the message of a failure."""
        names = self.context.cache.names
        return self.redact(
            describe_failure(self.doing, self.kind, self.values, error, settings=self.settings, names=names)
        )


def operation(doing: str) -> Callable[[Callable[[Any, Any, Operation], Any]], Any]:
    """Return a decorator for a method about a resource: a failure becomes one clear message."""

    def decorate(method: Callable[[Any, Any, Operation], Any]) -> Any:
        @functools.wraps(method)
        def serve(self: Plugin, request: Any, context: grpc.ServicerContext) -> Any:
            call: Operation | None = None
            try:
                call = Operation(self, request, doing)
                return method(self, request, call)
            except UnhealthyError as error:
                return abort(context, error.message, error.failure)
            except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001  # The engine would hang on some.
                if not isinstance(error, FORESEEN):
                    # An unexpected response, or a bug: one line for the engine, the traceback on standard error.
                    traceback.print_exc()
                return abort(context, f"{doing}: {error}" if call is None else call.describe(error))

        return serve

    return decorate


def abort(context: grpc.ServicerContext, message: str, *details: Any) -> None:
    """End a call with a message, which the engine shows alone."""
    message = prepare_message(message)
    status = encode_status(message, *map(_pack, details))
    context.set_trailing_metadata((("grpc-status-details-bin", status),))
    context.abort(grpc.StatusCode.UNKNOWN, message[:_LONGEST_DETAIL])


def _pack(detail: Any) -> bytes:
    packed = any_pb2.Any()
    packed.Pack(detail)
    serialized: bytes = packed.SerializeToString()
    return serialized
