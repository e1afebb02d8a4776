"""The native plugin in place of the codec: requests and responses of the protocol, and a look at each response."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from google.rpc import status_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_press.plugin import runtime
from pulumi_press.plugin.codec import ReadResult
from pulumi_press.plugin.native import NativeProvider
from tests.reliability.core import responses
from tests.reliability.core.state import Unready
from tests.reliability.core.values import Secret, find_secrets, read, write
from tests.reliability.core.wire import Killed

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.protobuf.struct_pb2 import Struct

    from pulumi_press.provider.context import Context
    from pulumi_press.provider.values import Values
    from pulumi_press.settings import Settings

__all__ = ["AbortedError", "Difference", "PluginCodec", "Process"]


class AbortedError(Exception):
    """The plugin ended a call with this message.

    Args:
        text: the message.
        unready: the object that exists and is not what was asked for, if there is one.
    """

    def __init__(self, text: str, unready: Unready | None = None) -> None:
        super().__init__(text)
        self.text, self.unready = text, unready


class Difference(NamedTuple):
    """What the plugin says of a change."""

    changes: tuple[str, ...]
    replaces: tuple[str, ...]
    delete_before_replace: bool


class Call:
    """The context of a call: it raises what the status says."""

    def __init__(self) -> None:
        self._trailing: dict[str, Any] = {}

    def set_trailing_metadata(self, pairs: Any) -> None:
        """Take the status."""
        self._trailing.update(pairs)

    def abort(self, code: object, details: str) -> NoReturn:
        """End the call."""
        del code, details
        status = status_pb2.Status.FromString(self._trailing["grpc-status-details-bin"])
        for detail in status.details:
            failed = pb.ErrorResourceInitFailed()
            if detail.Unpack(failed):
                inputs = read(failed.inputs) if failed.HasField("inputs") else None
                raise AbortedError(status.message, Unready(failed.id, read(failed.properties), inputs, failed))
        raise AbortedError(status.message)


class Process(NativeProvider):
    """A process of the plugin, configured as the engine does it.

    Args:
        settings: its settings.
        prefix: what the URNs of the stack begin with.
        surroundings: makes what an operation depends on.
        judge: takes what is wrong with a response.
    """

    def __init__(
        self,
        settings: Settings,
        prefix: str,
        surroundings: Callable[[str], Context],
        judge: Callable[[list[str]], object],
    ) -> None:
        super().__init__()
        self.prefix, self.judge = prefix, judge
        self._surroundings = surroundings
        self._hidden: set[str] = set()
        self.is_cancelled = False
        arguments = {
            "endpoint": settings.endpoint,
            "authToken": Secret(settings.auth_token.reveal()),
            "adopt": settings.adopt,
            "marks": settings.marks,
        }
        self.Configure(pb.ConfigureRequest(args=write(arguments, named=False)), Call())

    def make_context(self, urn: str) -> Context:
        """Return the harness' own dependencies, but for what the plugin itself decides."""
        surroundings = self._surroundings("")
        return replace(surroundings, urn=urn, settings=self.settings, cancelled=runtime.stop, log=self._log)

    def cancel(self) -> None:
        """Cancel the operation, as the engine does when somebody presses Ctrl-C."""
        self.is_cancelled = True
        self.Cancel(None, Call())

    def serve(self, kind: str, urn: str) -> PluginCodec:
        """Give what serves a resource; the engine begins nothing more once it has cancelled."""
        if self.is_cancelled:
            raise Killed
        return PluginCodec(self, kind, urn)

    def hide(self, *values: Values) -> None:
        """Take the values of a call: what is secret among them may be in no line or message."""
        self._hidden = {text for some in values for text in find_secrets(some).values() if text}

    def find_shown(self, text: str) -> list[str]:
        """Say which secret texts of the call are in a text."""
        return [f"the secret {hidden!r} is shown: {text}" for hidden in sorted(self._hidden) if hidden in text]

    def _log(self, message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        del warning, ephemeral
        self.judge(self.find_shown(message))


class PluginCodec:
    """Serves a resource as `Codec` does, by calls of the plugin's methods.

    Args:
        process: the plugin.
        kind: the resource's kind.
        urn: its URN in the harness.
    """

    def __init__(self, process: Process, kind: str, urn: str) -> None:
        self._process, self._kind = process, kind
        self._urn = f"{process.prefix}press:index:{kind}::{urn}"

    def check(self, olds: Values, news: Values, context: Context, *, old_outputs: Values | None = None) -> Checked:
        """Check the inputs; with the old outputs, as the engine sends them."""
        del context
        request = pb.CheckRequest(urn=self._urn, olds=write(olds), news=write(news))
        if old_outputs is not None:
            request.old_outputs.CopyFrom(write(old_outputs))
        response = self._call("Check", request, news)
        if response.failures:
            return Checked({}, [failure.reason for failure in response.failures])
        return Checked(self._read(response.inputs, news), [])

    def diff(self, identity: str, olds: Values, news: Values, context: Context) -> Difference:
        """Compare."""
        del context
        before, after = write(olds), write(news)
        response = self._call("Diff", pb.DiffRequest(urn=self._urn, id=identity, olds=before, news=after), news, olds)
        self._process.judge(responses.find_wrong_details(response, before, after))
        changes = tuple(
            f"{pb.PropertyDiff.Kind.Name(detail.kind)} {path}" for path, detail in response.detailedDiff.items()
        )
        return Difference(changes, tuple(response.replaces), response.deleteBeforeReplace)

    def preview(self, identity: str, olds: Values, news: Values, context: Context) -> Values:
        """Say what a create or an update will lead to."""
        del context
        request: Any = pb.CreateRequest(urn=self._urn, properties=write(news), preview=True)
        if identity:
            request = pb.UpdateRequest(urn=self._urn, id=identity, olds=write(olds), news=write(news), preview=True)
        return self._read(self._call("Update" if identity else "Create", request, news, olds).properties, news)

    def create(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Make the object."""
        del context
        response = self._call("Create", pb.CreateRequest(urn=self._urn, properties=write(inputs)), inputs)
        return response.id, self._read(response.properties, inputs, whole=True)

    def read(self, identity: str, outputs: Values, context: Context, *, inputs: Values) -> ReadResult | None:
        """Look at the object."""
        del context
        request = pb.ReadRequest(urn=self._urn, id=identity, properties=write(outputs), inputs=write(inputs))
        try:
            response = self._call("Read", request, outputs)
        except AbortedError as error:
            if error.unready is None:
                raise
            unready = error.unready
            return ReadResult(unready.outputs, unready.inputs or inputs, error.text)
        if not response.id:
            return None
        live = self._read(response.properties, outputs, whole=True)
        return ReadResult(live, self._read(response.inputs, outputs))

    def update(self, identity: str, olds: Values, news: Values, context: Context) -> Values:
        """Change the object."""
        del context
        request = pb.UpdateRequest(urn=self._urn, id=identity, olds=write(olds), news=write(news))
        return self._read(self._call("Update", request, news, olds).properties, news, whole=True)

    def delete(self, identity: str, outputs: Values, context: Context) -> None:
        """Delete the object."""
        del context
        self._call("Delete", pb.DeleteRequest(urn=self._urn, id=identity, properties=write(outputs)), outputs)

    def _call(self, method: str, request: Any, values: Values, *further: Values) -> Any:
        self._process.hide(values, *further)
        try:
            return getattr(self._process, method)(request, Call())
        except AbortedError as error:
            self._process.judge(self._process.find_shown(error.text))
            if error.unready:
                failure = error.unready.failure
                self._judge(failure.properties, values, whole=True)
                self._process.judge([] if failure.reasons else ["an object is not ready, and no reason says why"])
            raise

    def _read(self, struct: Struct, values: Values, *, whole: bool = False) -> Values:
        self._judge(struct, values, whole=whole)
        return read(struct)

    def _judge(self, struct: Struct, values: Values, *, whole: bool) -> None:
        self._process.judge(responses.find_wrong_names(self._kind, struct, whole=whole))
        self._process.judge(responses.find_clear(values, read(struct)))


class Checked(NamedTuple):
    """What a check returned."""

    inputs: Values
    failures: list[str]
