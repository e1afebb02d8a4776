"""Unit tests of programs without an engine.

Example:
    ```python
    pulumi.runtime.set_mocks(PressMocks())

    @pulumi.runtime.test
    def test_orders_run_what_is_published():
        import my_program

        def check(arguments):
            version, spec = arguments
            assert version == spec["release"]["version"]

        return pulumi.Output.all(my_program.orders.release_version, my_program.production.spec).apply(check)
    ```
"""

from __future__ import annotations

import re
import threading
import uuid
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime import rpc

from pulumi_press.carried import TOLD
from pulumi_press.client.errors import PressError
from pulumi_press.plugin.codec import Codec
from pulumi_press.plugin.dynamic import from_engine, hide, to_engine
from pulumi_press.plugin.names import to_camel, to_snake
from pulumi_press.plugin.package import SHORTCUTS
from pulumi_press.plugin.runtime import connect
from pulumi_press.plugin.tokens import DYNAMIC_PACKAGE, PACKAGE, Token, load_native, load_resource, read_token
from pulumi_press.provider.context import Context, Declaration, ProcessCache, read_declaration
from pulumi_press.provider.parameters import remember_parameters
from pulumi_press.provider.secrets import find_secrets
from pulumi_press.provider.settings import read_settings
from pulumi_press.provider.values import get
from pulumi_press.sdk import stack_config
from pulumi_press.settings import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs

    from pulumi_press.client.client import Client
    from pulumi_press.provider.values import SecretPath, Values
    from pulumi_press.settings import Settings

__all__ = ["MistakesError", "PressMocks"]

PROVIDERS = (f"pulumi:providers:{DYNAMIC_PACKAGE}", f"pulumi:providers:{PACKAGE}")
"""Type tokens of explicit providers, of the dynamic SDK and of the native plugin."""


class MistakesError(AssertionError):
    """A resource of the program has mistakes; the message tells them all, by path."""


class PressMocks(pulumi.runtime.Mocks):
    """Serves the resources of this package with their real checks, and every other resource with its own inputs.

    Resources of `pulumi_press` and of `pulumi_press.native` are served alike. No plugin is started or installed.

    The stack's configuration, and explicit providers, decide as they do in the engine, but for the address: everything
    goes to `endpoint`, whatever they say.

    Args:
        endpoint: address of a local Press, which then really makes what the program declares. Left out: nothing is
            sent; ids are made up, and every rollout is deployed at once.
        auth_token: token for it; that of an explicit provider wins for its resources.
        existing: outputs of blocks that `.get` finds where there is no service, by id, such as `{"an-id": {"metadata":
            {"name": "orders"}}}`; what they leave out is made up.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        auth_token: str = "token",  # noqa: S107  # A local one.
        *,
        existing: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._token = auth_token
        self._existing = {id_: dict(outputs) for id_, outputs in (existing or {}).items()}
        self._providers: dict[str, Values] = {}
        self._memory = ProcessCache()
        self._lock = threading.Lock()
        self.lines: list[str] = []
        """What the resources told, such as `orders: new release 1.0.0 -> 1.0.1`."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Check a resource, and make it where there is a service.

        Raises:
            MistakesError: its inputs have mistakes.
        """
        if args.typ in PROVIDERS:
            return self._keep_provider(args)
        token = read_token(args.typ)
        if token is None:
            return args.resource_id or f"{args.name}-id", args.inputs
        load = load_native if token.is_native else load_resource
        resource, given = Codec(load(token.kind)()), _read_names(token, args.inputs)
        inputs = from_engine(_reveal(given))
        settings = partial(self._read_settings, args.provider)
        context = Context(
            connect=lambda: self._connect(settings()),
            settings=settings,
            log=self._tell,
            cache=self._memory,
            urn=f"{args.typ}::{args.name}",
            declaration=_shorten(read_declaration(inputs.pop(TOLD, None))),
        )
        # An import has inputs too, which are checked as those of a new resource are.
        is_import = bool(args.resource_id and args.custom)
        if args.resource_id and not is_import:
            outputs = self._read(resource, token, args, context)
            return args.resource_id, _write_names(token, _hide(outputs, given))
        checked = resource.check({}, inputs, context)
        if checked.failures:
            failures = "\n".join(f"  {failure}" for failure in checked.failures)
            raise MistakesError(f"{resource.resource.kind} {args.name!r} has mistakes:\n{failures}")
        if is_import:
            id_, outputs = str(args.resource_id), checked.inputs
        else:
            make = self._make_up if self._endpoint is None else resource.create
            id_, outputs = make(checked.inputs, context)
        self._existing[id_] = outputs
        return id_, _write_names(token, _hide(outputs, given))

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Answer a function of another package with nothing."""
        del args
        return {}, None

    def _keep_provider(self, args: MockResourceArgs) -> tuple[str, dict[Any, Any]]:
        """Keep the settings of an explicit provider, by an id of its own: two may have one name."""
        id_ = f"{args.name}-{uuid.uuid4()}"
        given = {key: value for key, value in _reveal(args.inputs).items() if value is not None}
        # The plugin's arguments have no namespace.
        self._providers[id_] = {key if ":" in key else f"{PACKAGE}:{key}": value for key, value in given.items()}
        return id_, args.inputs

    def _read_settings(self, provider: str | None) -> Settings:
        """Read the settings of a resource: those of its explicit provider, or the stack's.

        Raises:
            SettingsError: some make no sense.
        """
        own = self._providers.get((provider or "").rpartition("::")[2])
        given = stack_config.find_known() if own is None else own
        token = given.get(TOKEN.key) if own is not None else None
        values = {**given, TOKEN.key: token or self._token}
        settings = read_settings(lambda key: None if values.get(key) is None else str(values[key]), {})
        settings = replace(settings, endpoint=self._endpoint, stage=None, token_source="PressMocks")  # noqa: S106
        # Where there is no service, none can be asked.
        return settings if self._endpoint else replace(settings, validate="local", adopt="never")

    def _connect(self, settings: Settings) -> Client:
        if self._endpoint is None:
            raise PressError("there is no service in this test; give PressMocks the endpoint of a local Press")
        return connect(settings)

    def _read(self, resource: Codec, token: Token, args: MockResourceArgs, context: Context) -> Values:
        id_ = str(args.resource_id)
        if self._endpoint is None:
            return {**_imagine(token, args.name, id_), **self._existing.get(id_, {})}
        live = resource.read(id_, {}, context)
        return {} if live is None else live.outputs

    def _make_up(self, inputs: Values, context: Context) -> tuple[str, Values]:
        """Make up an id, and what a deployment must know of a release to be checked against it."""
        id_ = str(inputs.get("deployment_id") or uuid.uuid4())
        if "config" in inputs:
            version = str(inputs["release"]["version"])
            spec_id = str(inputs.get("spec_id", id_))
            remember_parameters(spec_id, version, inputs.get("parameters"), context)
            id_ = f"{spec_id}/{version}" if "spec_id" in inputs else id_
        return id_, inputs

    def _tell(self, message: str, *, warning: bool = False, ephemeral: bool = False) -> None:
        del warning, ephemeral
        with self._lock:
            self.lines.append(message)


def _imagine(token: Token, name: str, id_: str) -> Values:
    """Make up the outputs of a block that exists, as little as a program needs to go on with it."""
    spec_id, _, version = id_.rpartition("/")
    release = {"version": version if token.kind == "BlockSpecRelease" else "1.0.0"}
    metadata = {"name": name, "summary": name}
    outputs: dict[str, Values] = {
        "BlockSpec": {"kind": "workflow", "metadata": metadata, "release": release, "config": {}},
        "BlockSpecRelease": {"spec_id": spec_id, "release": release, "config": {}},
        "BlockDeployment": {
            "metadata": metadata,
            "spec": {"id": f"spec-of-{id_}", "release": release},
            "revision_number": 1,
            **({"status": "deployed"} if token.is_native else {}),
        },
        "Rollout": {"deployment_id": id_, "revision": 1, "status": "deployed"},
    }
    return outputs[token.kind]


def _read_names(token: Token, values: Values) -> Values:
    """Return inputs under the names of the core."""
    return _rename(values, to_snake) if token.is_native else values


def _write_names(token: Token, values: Values) -> Values:
    """Return outputs as the engine has them."""
    if not token.is_native:
        return values
    shortcuts = {name: get(values, path) for name, path in SHORTCUTS.get(token.kind, {}).items()}
    return _rename({**values, **shortcuts}, to_camel)


def _rename(values: Values, rename: Callable[[str], str]) -> Values:
    """Rename what this package names: the properties of a resource, and the members of `artifact`."""
    renamed = {rename(name): value for name, value in values.items()}
    artifact: Any = renamed.get("artifact")
    if rpc.is_rpc_secret(artifact):
        renamed["artifact"] = {**artifact, "value": _rename_keys(artifact["value"], rename)}
    elif artifact is not None:
        renamed["artifact"] = _rename_keys(artifact, rename)
    return renamed


def _rename_keys(value: Any, rename: Callable[[str], str]) -> Any:
    return {rename(name): member for name, member in value.items()} if isinstance(value, dict) else value


def _hide(outputs: Values, inputs: Values) -> Values:
    """Mark as secret what is secret by itself, and what has the path of a secret input: as the engine does."""
    paths = sorted({*find_secrets(outputs), *_find_secret(inputs)}, key=len)
    outermost: list[SecretPath] = []
    for path in paths:
        if _holds(outputs, path) and not any(path[: len(outer)] == outer for outer in outermost):
            outermost.append(path)
    hidden: Values = hide(to_engine(outputs), outermost)
    return hidden


def _find_secret(value: Any, path: SecretPath = ()) -> Iterator[SecretPath]:
    """Give the path of each secret; a list that holds one is secret as a whole."""
    if rpc.is_rpc_secret(value):
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _find_secret(item, (*path, key))
    elif isinstance(value, list) and any(True for item in value for _ in _find_secret(item)):
        yield path


def _holds(values: Any, path: SecretPath) -> bool:
    for key in path:
        if not isinstance(values, dict) or key not in values:
            return False
        values = values[key]
    return True


def _shorten(declaration: Declaration) -> Declaration:
    """Name resources by type and name, since mocks are not told their URNs."""

    def short(urn: str) -> str:
        kind, _, name = urn.rpartition("::")
        return f"{re.split(r'::|[$]', kind)[-1]}::{name}" if urn else ""

    earlier = declaration.earlier
    return replace(
        declaration,
        source=short(declaration.source),
        earlier=None if earlier is None else frozenset(map(short, earlier)),
    )


def _reveal(value: Any) -> Any:
    """Take secrets out of their wrapping at every depth."""
    value = rpc.unwrap_rpc_secret(value)
    if isinstance(value, dict):
        return {key: _reveal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_reveal(item) for item in value]
    return value
