"""The dynamic face: between the engine's values and calls, and a lifecycle. It decides nothing."""

from __future__ import annotations

import traceback
from contextlib import contextmanager, suppress
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
from pulumi_press.plugin import runtime as clients
from pulumi_press.plugin import servicer as engine
from pulumi_press.plugin.messages import FORESEEN, describe_failure
from pulumi_press.plugin.process_exit import exit_with_engine
from pulumi_press.printable import escape_hidden
from pulumi_press.provider import ownership
from pulumi_press.provider.base import Resource, name_of
from pulumi_press.provider.context import Context
from pulumi_press.provider.declaration import read_declaration
from pulumi_press.provider.errors import ProviderError
from pulumi_press.provider.places import describe_absence, is_elsewhere, note_found, place_of, read_place
from pulumi_press.provider.releases import describe_reasons
from pulumi_press.provider.secrets import find_secrets, redact
from pulumi_press.provider.values import Values, get, is_alike, make_whole, normalize
from pulumi_press.schema.plain import UNKNOWN, Refused, Unknown, contains_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pulumi.dynamic import Config, ConfigureRequest

    from pulumi_press.provider.base import SecretPath
    from pulumi_press.settings import Settings

__all__ = ["DynamicProvider"]

PROVIDER = "__provider"

PLACE = "__place"
"""Key of an output that says where the object was last seen. No input, so never a difference; the engine shows no
name that begins so."""


class DynamicProvider(ResourceProvider):
    """Serves one lifecycle to the engine."""

    serialize_as_secret_always = False

    def __init__(self, lifecycle: Resource) -> None:
        super().__init__()
        self._lifecycle = lifecycle
        self._config: Config | None = None
        self._known_settings: Settings | None = None

    def configure(self, req: ConfigureRequest) -> None:
        """Keep the configuration. What is wrong with it is told by `check`, where it can be told in one line."""
        self._config, self._known_settings = req.config, None
        engine.widen_pool()
        engine.wrap_handlers(clients.stop)
        exit_with_engine(clients.stop)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Tell every mistake; a failure never names a property, for the engine would print its value."""
        inputs = from_engine(news)
        declaration = read_declaration(inputs.pop(TOLD, None))
        with self._told("checking", inputs):
            context = replace(self._context(), declaration=declaration)
            olds = from_engine(_olds)
            ownership.note_entry(olds, context)
            checked = self._lifecycle.check(olds, inputs, context)
        told = [failure.write(lambda text: escape_hidden(redact(text, inputs))) for failure in checked.failures]
        failures = [CheckFailure("", text) for text in told]
        return CheckResult(_shown(checked.inputs), failures)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Say whether anything changed in meaning; the engine itself finds the leaves to show."""
        olds, news, context = from_engine(_olds), from_engine(_news), self._context()
        with self._told("comparing", news):
            diff = self._lifecycle.diff(_id, olds, news, context)
            self._tell_if_elsewhere(_id, olds, replace(context, seen=read_place(_olds.get(PLACE))))
        ownership.note_owner(self._lifecycle.kind, _id, context)
        # With unknown values the engine asks about every dependent of what a destroy deletes, too: none is replaced.
        if known := [leaf for leaf in diff.replaces if not contains_unknown(get(news, leaf))]:
            subject = name_of(news) if "metadata" in news else self._lifecycle.kind
            engine.log(f"{subject}: replaced because {describe_reasons(known, olds, news)} changed")
        if not diff.changes:
            # The order holds for a replacement that somebody asks for, too.
            return DiffResult(changes=False, delete_before_replace=diff.delete_before_replace)
        return DiffResult(replaces=list(diff.replaces), delete_before_replace=diff.delete_before_replace)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Make the object."""
        inputs = from_engine(props)
        with self._told("creating", inputs):
            context = self._timed_context("create", inputs)
            identity, outputs = self._lifecycle.create(inputs, context)
        ownership.note_owner(self._lifecycle.kind, identity, context)
        return CreateResult(identity, self._placed(_shown(outputs)))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look at the object; inputs are given back too, or drift would stay unseen."""
        outputs = from_engine(props)
        with self._told("reading", outputs):
            context = replace(self._context(), seen=read_place(props.get(PLACE)))
            live = self._lifecycle.read(id_, outputs, context)
            if live is None and not outputs:
                # An import, or a `get`: an empty answer would pass for an object without properties.
                raise ProviderError(f"there is no {self._lifecycle.kind} with the id {id_}")
            if live is not None:
                note_found(context)
            elif is_elsewhere(context) and not self._lifecycle.is_part:
                absence = describe_absence(self._describe(id_, outputs), context)
                engine.log(f"{absence}, and may be there still; only forgotten here", warning=True)
        if live is None:
            return ReadResult(None, {})
        outs = _shown(live.outputs)
        if live.inputs is not live.outputs:
            return ReadResult(id_, self._placed(outs), _shown(live.inputs))
        # Where nothing drifted, the state's own inputs stay: an answer of half the size.
        return ReadResult(id_, self._placed(outs), None if is_alike(live.outputs, outputs) else outs)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change the object in place."""
        news = from_engine(_news)
        with self._told("updating", news):
            outputs = self._lifecycle.update(_id, from_engine(_olds), news, self._timed_context("update", news))
        return UpdateResult(self._placed(_shown(outputs)))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Take the object away."""
        outputs = from_engine(_props)
        with self._told("deleting", outputs):
            context = replace(self._timed_context("delete", outputs), seen=read_place(_props.get(PLACE)))
            self._lifecycle.delete(_id, outputs, context)

    def _placed(self, outputs: Any) -> Any:
        """Add where the object is, for the state; nothing to a part, and nothing outside the engine."""
        if self._lifecycle.is_part or engine.current_call() is None:
            return outputs
        return {**outputs, PLACE: place_of(self._settings())._asdict()}

    def _tell_if_elsewhere(self, id: str, olds: Values, context: Context) -> None:
        """Warn where the settings lead to another address or tenant than before, and the object is not there.

        One look is enough where the first object is found: then it is the same place by another name.
        """
        if self._lifecycle.is_part or not is_elsewhere(context):
            return
        with suppress(*FORESEEN):  # What cannot be asked now fails by itself when something is to be done.
            if self._lifecycle.read(id, olds, replace(context, log=lambda *_, **__: None)) is None:
                absence = describe_absence(self._describe(id, olds), context)
                engine.log(f"{absence}, which is out of reach from here", warning=True)
            else:
                note_found(context)

    def _describe(self, id: str, values: Values) -> str:
        name = f" {name_of(values)}" if "metadata" in values else ""
        return f"{self._lifecycle.kind}{name} ({id})"

    def _settings(self) -> Settings:
        if self._known_settings is None:
            # Once: each call of the engine needs them several times, and neither source changes within a process.
            self._known_settings = clients.settings_of(self._config)
        return self._known_settings

    def _context(self) -> Context:
        return Context(
            connect=lambda: clients.connect(self._settings()),
            settings=self._settings,
            log=engine.log,
            cache=clients.cache,
            intents=clients.intents,
            urn=engine.current_urn(),
            cancelled=clients.stop,
        )

    def _timed_context(self, operation: str, values: Values) -> Context:
        """Make the surroundings of an operation that the engine's request may give a limit, from `custom_timeouts`.

        Args:
            operation: `create`, `update` or `delete`.
            values: the inputs or outputs. Their `timeouts` win; they are about what is waited for, so each call to the
                service then has the time that it always has.
        """
        context, timeout = self._context(), engine.current_timeout()
        if timeout is None or get(values, f"timeouts.{operation}"):
            return context
        return replace(context, timeout=timeout, connect=lambda: clients.connect(self._settings(), timeout))

    @contextmanager
    def _told(self, doing: str, values: Values) -> Iterator[None]:
        """Turn a failure into one clear message; an exit of the process too, for it would hang the engine."""
        try:
            yield
        except engine.OperationFailed:
            raise
        except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001  # The engine would hang on some.
            if isinstance(error, Exception) and not isinstance(error, FORESEEN):
                # An answer that nobody thought of, or a mistake of ours: one line here, the whole on standard error.
                traceback.print_exc()
            message = describe_failure(doing, self._lifecycle.kind, values, error, self._settings)
            raise engine.fail(message) from None


def from_engine(values: dict[str, Any]) -> Values:
    """Copy values of the engine into plain ones: unknowns marked, whole numbers whole, without what is internal."""
    given = {key: value for key, value in values.items() if key not in (PROVIDER, PLACE)}
    return dict(normalize(given, _leaf_from_engine))


def _leaf_from_engine(leaf: Any) -> Any:
    if isinstance(leaf, str):
        return Refused(leaf.removeprefix(REFUSED)) if leaf.startswith(REFUSED) else leaf
    return UNKNOWN if isinstance(leaf, EngineUnknown) else make_whole(leaf)


def _shown(values: Values) -> Any:
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
