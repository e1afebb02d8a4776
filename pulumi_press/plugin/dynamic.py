"""The dynamic provider: between the engine's values and calls, and a resource of the core."""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import Unknown as EngineUnknown
from pulumi.runtime import rpc

from pulumi_press.carried import REFUSED, TOLD, carry, why_not_carried, why_not_key
from pulumi_press.output import escape_hidden
from pulumi_press.plugin import runtime, servicer
from pulumi_press.plugin.codec import INTERNAL, PLACE, PROVIDER, Codec, is_native
from pulumi_press.plugin.collector import collect_less
from pulumi_press.plugin.failures import FORESEEN, describe_failure
from pulumi_press.plugin.names import to_snake
from pulumi_press.plugin.tokens import load_resource
from pulumi_press.provider.context import Context, read_declaration
from pulumi_press.provider.secrets import find_secrets, redact
from pulumi_press.provider.settings import place_of, read_place
from pulumi_press.provider.values import SecretPath, Values, is_alike, make_whole, normalize
from pulumi_press.schema.plain import UNKNOWN, Refused, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pulumi.dynamic import Config, ConfigureRequest

    from pulumi_press.provider.base import Resource
    from pulumi_press.provider.values import Values
    from pulumi_press.settings import Settings

__all__ = ["DynamicProvider", "make_provider"]


class DynamicProvider(ResourceProvider):
    """Serves one resource to the engine, as the dynamic SDK calls it. It decides nothing."""

    serialize_as_secret_always = False

    def __init__(self, resource: Resource) -> None:
        super().__init__()
        self._resource = resource
        self._codec = Codec(resource)
        self._config: Config | None = None
        self._known_settings: Settings | None = None

    def configure(self, req: ConfigureRequest) -> None:
        """Keep the configuration. What is wrong with it is reported by `check`, in one line."""
        self._config, self._known_settings = req.config, None
        servicer.widen_pool()
        servicer.wrap_handlers(runtime.stop)
        servicer.exit_with_engine(runtime.stop)
        servicer.log_at_exit(runtime.summarize)
        if servicer.engine_address():
            collect_less()

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Return every failure; none names a property, for the engine would print its value."""
        inputs = from_engine(news)
        declaration = read_declaration(inputs.pop(TOLD, None))
        with self._translate_errors("checking", inputs):
            context = replace(self._context(), declaration=declaration)
            checked = self._codec.check(self._from_state(_olds), inputs, context)
        reasons = [failure.write(lambda text: escape_hidden(redact(text, inputs))) for failure in checked.failures]
        return CheckResult(mark_secrets(checked.inputs), [CheckFailure("", reason) for reason in reasons])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Return whether anything changed in meaning; the engine itself finds the paths to show."""
        olds, news = self._from_state(_olds), from_engine(_news)
        with self._translate_errors("comparing", news):
            context = replace(self._context(), seen=read_place(_olds.get(PLACE)))
            diff = self._codec.diff(_id, olds, news, context, **_request_fields())
        if not diff.replaces and is_native(_olds):
            # An update writes the outputs anew, with the provider in them.
            return DiffResult(changes=True, delete_before_replace=diff.delete_before_replace)
        if not diff.changes:
            # The order holds for a replacement that somebody asks for, too.
            return DiffResult(changes=False, delete_before_replace=diff.delete_before_replace)
        return DiffResult(replaces=list(diff.replaces), delete_before_replace=diff.delete_before_replace)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Make the object."""
        inputs = from_engine(props)
        with self._translate_errors("creating", inputs):
            identifier, outputs = self._codec.create(inputs, self._timed_context("create", inputs), **_request_fields())
        return CreateResult(identifier, self._placed(mark_secrets(outputs)))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look at the object; inputs are returned too, or drift would stay unseen."""
        outputs = from_engine(props)
        with self._translate_errors("reading", outputs):
            live = self._codec.read(id_, outputs, replace(self._context(), seen=read_place(props.get(PLACE))))
        if live is None:
            return ReadResult(None, {})
        outs = mark_secrets(live.outputs)
        if live.inputs is not live.outputs:
            return ReadResult(id_, self._placed(outs), mark_secrets(live.inputs))
        # Where nothing drifted, the state's own inputs stay: an answer of half the size.
        return ReadResult(id_, self._placed(outs), None if is_alike(live.outputs, outputs) else outs)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change the object in place."""
        news = from_engine(_news)
        with self._translate_errors("updating", news):
            context = self._timed_context("update", news)
            outputs = self._codec.update(_id, self._from_state(_olds), news, context, **_request_fields())
        return UpdateResult(self._placed(mark_secrets(outputs)))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the object."""
        outputs = from_engine(_props)
        with self._translate_errors("deleting", outputs):
            context = replace(self._timed_context("delete", outputs), seen=read_place(_props.get(PLACE)))
            self._codec.delete(_id, outputs, context)

    def _from_state(self, values: dict[str, Any]) -> Values:
        """Copy old values into plain ones; those of the native plugin have other names, and outputs of their own."""
        olds = from_engine(values)
        return from_native(self._resource, olds) if PROVIDER not in values else olds

    def _placed(self, outputs: Any) -> Any:
        """Add where the object is, for the state; nothing to a part, and nothing outside the engine."""
        if self._resource.is_part or servicer.current_call() is None:
            return outputs
        return {**outputs, PLACE: place_of(self._settings())._asdict()}

    def _settings(self) -> Settings:
        if self._known_settings is None:
            # Once: each call needs them several times, and neither source changes within a process.
            self._known_settings = runtime.settings_of(self._config)
        return self._known_settings

    def _context(self) -> Context:
        return Context(
            connect=lambda: runtime.connect(self._settings()),
            settings=self._settings,
            log=servicer.log,
            cache=runtime.cache,
            intents=runtime.intents,
            urn=servicer.current_urn(),
            cancelled=runtime.stop,
        )

    def _timed_context(self, operation: str, values: Values) -> Context:
        """Return the dependencies of an operation, with the limit that `custom_timeouts` set."""
        return runtime.limit(self._context(), operation, values, servicer.current_timeout())

    @contextmanager
    def _translate_errors(self, doing: str, values: Values) -> Iterator[None]:
        """Turn a failure into one clear message; an exit of the process too, for it would hang the engine."""
        try:
            yield
        except servicer.OperationFailed:
            raise
        except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001  # The engine would hang on some.
            if isinstance(error, Exception) and not isinstance(error, FORESEEN):
                # An unexpected response, or a bug: one line here, the traceback on standard error.
                traceback.print_exc()
            kind, names = self._resource.kind, runtime.cache.names
            message = describe_failure(doing, kind, values, error, settings=self._settings, names=names)
            raise servicer.fail(message) from None


def _request_fields() -> dict[str, Any]:
    """Return the fields of the engine's request that the SDK does not pass on; none outside the engine."""
    call = servicer.current_call()
    return {} if call is None else {"preview": call.preview, "ignore_changes": call.ignore_changes}


def make_provider(name: str) -> DynamicProvider:
    """Return the provider with this name in the state.

    Raises:
        LookupError: there is none: the state was written by a later version of this package.
    """
    try:
        return DynamicProvider(load_resource(name)())
    except KeyError:
        raise LookupError(f"pulumi-press has no provider {name!r}: install the version that wrote this state") from None


def from_engine(values: dict[str, Any]) -> Values:
    """Copy values of the engine into plain ones: unknowns marked, whole numbers whole, without what is internal."""
    given = {key: value for key, value in values.items() if key not in (PROVIDER, PLACE)}
    return dict(normalize(given, _leaf_from_engine))


def from_native(resource: Resource, values: Values) -> Values:
    """Return values of the native plugin by the names of the core, without what only a native resource has."""
    known = {field.path.partition(".")[0] for field in resource.fields}
    named = {to_snake(name): value for name, value in values.items()}
    if isinstance(artifact := named.get("artifact"), dict):
        named["artifact"] = {to_snake(name): value for name, value in artifact.items()}
    return {name: value for name, value in named.items() if name in known or name.startswith(INTERNAL)}


def _leaf_from_engine(leaf: Any) -> Any:
    if isinstance(leaf, str):
        return Refused(leaf.removeprefix(REFUSED)) if leaf.startswith(REFUSED) else leaf
    return UNKNOWN if isinstance(leaf, EngineUnknown) else make_whole(leaf)


def mark_secrets(values: Values) -> Any:
    """Write values for the engine, with what is secret by itself marked."""
    return hide(to_engine(values), find_secrets(values))


def hide(value: Any, paths: Iterable[SecretPath], wrap: Callable[[Any], Any] = rpc.wrap_rpc_secret) -> Any:
    """Mark what stands at the paths as secret, in a value of the engine's.

    Args:
        value: the value.
        paths: where what is secret stands.
        wrap: marks a value as secret; the engine's calls and its files do that in ways of their own.
    """
    for path in paths:
        value = _hide(value, path, wrap)
    return value


def _hide(value: Any, path: SecretPath, wrap: Callable[[Any], Any]) -> Any:
    if not path:
        return wrap(value)
    if isinstance(value, str):
        # It stands for all of it, see `to_engine`.
        return wrap(value)
    key, *rest = path
    changed = value.copy()
    changed[key] = _hide(value[key], tuple(rest), wrap)
    return changed


def to_engine(value: Any) -> Any:
    """Copy a plain value into one of the engine's.

    What was refused comes back as the text that it came as. What the service has and the engine cannot hold becomes a
    text: such a value must not keep a stack from being refreshed or changed.
    """
    if isinstance(value, dict):
        return carry(value) if any(map(why_not_key, value)) else {key: to_engine(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_engine(item) for item in value]
    if isinstance(value, (str, int)):
        return carry(value) if why_not_carried(value) else value
    if isinstance(value, Refused):
        return REFUSED + value.reason
    return rpc.UNKNOWN if isinstance(value, Unknown) else value
