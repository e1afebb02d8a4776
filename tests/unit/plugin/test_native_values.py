"""Values at every depth of a native resource: not known yet, secret, or of a wrong type."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2 as pb

from pulumi_press.carried import SECRET, SIGNATURE_KEY, UNKNOWN_TEXT
from pulumi_press.emulator import start
from pulumi_press.plugin.native import NativeProvider
from pulumi_press.plugin.wire import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Place = tuple[str | int, ...]

CONTENT: dict[str, Any] = {
    "autoRunOnDeploy": True,
    "artifact": {"path": "FOLDER", "ignoreFiles": []},
    "parameters": {
        "build": [{"name": "size", "type": "number", "required": False}],
        "run": [
            {"name": "rows", "type": "number", "required": False},
            {"name": "o", "type": "object", "required": False},
        ],
    },
}
STEPS: dict[str, Any] = {
    "run": {
        "imageRef": "base",
        "command": "run",
        "parameters": {"env": {"KEY": "value"}, "secrets": ["name"]},
        "resources": {"instanceTypeId": 1},
    },
    "call": {
        "type": "http",
        "method": "post",
        "url": "https://example.com",
        "payload": "text",
        "headers": {"absolute": {"X-Key": "value"}},
        "parents": ["run"],
    },
}
FULL: dict[str, dict[str, Any]] = {
    "BlockSpec": {
        **CONTENT,
        "kind": "workflow",
        "metadata": {"name": "etl", "summary": "Loads", "tags": [{"name": "tag"}]},
        "scope": "shared",
        "tenants": ["other"],
        "featured": True,
        "release": {"version": "1.0.0", "notes": "first"},
        "config": {
            "images": {"base": {"dockerfile": "Dockerfile", "context": ".", "buildArguments": {"A": "b"}}},
            "steps": STEPS,
            "triggers": [{"cron": "0 0 * * *"}],
            "watchers": [
                {"webhook": {"name": "w", "url": "https://example.com", "payload": "text"}, "events": {"fail": True}}
            ],
        },
        "adopt": "identical",
    },
    "BlockSpecRelease": {
        **CONTENT,
        "specId": "SPEC",
        "release": {"version": "2.0.0", "notes": "second"},
        "config": {"imageDetails": {"id": 1}},
    },
    "BlockDeployment": {
        "metadata": {"name": "etl", "summary": "Runs", "tags": [{"name": "tag"}]},
        "spec": {"id": "SPEC", "release": {"version": "1.0.0"}},
        "parameters": {"run": {"rows": 1, "o": {"a": [{"b": "c"}]}}, "build": {"size": 2}},
        "revision": {"notes": "first"},
        "triggers": {"a": {"b": [1]}},
        "timeouts": {"create": "5m"},
        "wait": True,
        "onFailure": "rollback",
        "adopt": "never",
    },
}
FREE = (("parameters", "run", "o"), ("triggers",))
"""Below these, any JSON is right."""
ALLOWED: dict[str | int, tuple[type, ...]] = {"id": (str, int)}
"""Types that are right, too, by key: an id may be a text."""
WRONG: tuple[object, ...] = ("text", 7, [], {}, {"x": [1]}, True)


def paths(value: Any, at: Place = ()) -> Iterator[Place]:
    """Give the path of every value in a value."""
    members: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*at, key)
        yield from paths(member, (*at, key))


def put(values: dict[str, Any], place: Place, new: object) -> dict[str, Any]:
    """Give the values with another one at a place; what is callable makes it of the old one."""
    changed = deepcopy(values)
    inner: Any = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = new(inner[place[-1]]) if callable(new) else new
    return changed


def get(values: dict[str, Any], place: Place) -> Any:
    """Give the value at a place."""
    inner: Any = values
    for key in place:
        inner = inner[key]
    return inner


class Refusing:
    """A call's context, of a call that must not be refused."""

    def abort(self, code: object, message: str) -> None:
        """Fail."""
        raise AssertionError(code, message)

    def set_trailing_metadata(self, metadata: object) -> None:
        """Take what comes before a refusal."""


class Plugin:
    """The plugin, and a resource of each kind.

    Args:
        url: address of the service.
        token: a token that it knows.
        folder: an artifact's.
    """

    def __init__(self, url: str, token: str, folder: Path) -> None:
        (folder / "Dockerfile").write_text("FROM scratch\n")
        self._provider = NativeProvider()
        self._provider.Configure(pb.ConfigureRequest(args=write({"endpoint": url, "authToken": token})), Refusing())
        declared = {
            "kind": "service",
            "metadata": {"name": "api", "summary": "x"},
            "config": {"imageDetails": {"id": 1}},
        }
        inputs = self.check("BlockSpec", {**declared, "parameters": CONTENT["parameters"]}).inputs
        request = pb.CreateRequest(urn=name("BlockSpec"), properties=inputs)
        spec = self._provider.Create(request, Refusing()).id
        self.full = deepcopy(FULL)
        self.full["BlockDeployment"]["spec"]["id"] = self.full["BlockSpecRelease"]["specId"] = spec
        for kind in ("BlockSpec", "BlockSpecRelease"):
            self.full[kind]["artifact"]["path"] = str(folder)
        self.checked = {kind: self.check(kind, values).inputs for kind, values in self.full.items()}

    def check(self, kind: str, news: dict[str, Any]) -> Any:
        """Check inputs."""
        return self._provider.Check(pb.CheckRequest(urn=name(kind), news=write(news)), Refusing())

    def diff(self, kind: str, news: Struct) -> Any:
        """Compare with the inputs as they are."""
        request = pb.DiffRequest(id="an-id", urn=name(kind), olds=self.checked[kind], news=news)
        return self._provider.Diff(request, Refusing())

    def create(self, kind: str, news: Struct) -> Struct:
        """Give the outputs that a preview shows."""
        request = pb.CreateRequest(urn=name(kind), properties=news, preview=True)
        outputs: Struct = self._provider.Create(request, Refusing()).properties
        return outputs

    def update(self, kind: str, news: Struct) -> Struct:
        """Give the outputs that a preview of an update shows."""
        request = pb.UpdateRequest(id="an-id", urn=name(kind), olds=self.checked[kind], news=news, preview=True)
        outputs: Struct = self._provider.Update(request, Refusing()).properties
        return outputs


def name(kind: str) -> str:
    """Give a URN."""
    return f"urn:pulumi:test::life::press:index:{kind}::name"


def write(values: dict[str, Any]) -> Struct:
    """Write values as the engine does."""
    struct = Struct()
    struct.update(values)
    return struct


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plugin]:
    """The plugin, which asks a local Press."""
    with start() as press:
        yield Plugin(press.url, press.token, tmp_path_factory.mktemp("artifact"))


@pytest.mark.parametrize("kind", FULL)
def test_unknown_value_is_previewed_at_every_depth(plugin: Plugin, kind: str) -> None:
    """It is no mistake, it shows as a change, and what a create or update leads to can be foreseen."""
    for place in paths(plugin.full[kind]):
        checked = plugin.check(kind, put(plugin.full[kind], place, UNKNOWN_TEXT))

        assert (place, list(checked.failures)) == (place, [])
        plugin.create(kind, checked.inputs)
        diff = plugin.diff(kind, checked.inputs)
        assert diff.detailedDiff, place
        if not diff.replaces:
            plugin.update(kind, checked.inputs)


@pytest.mark.parametrize("kind", FULL)
def test_secret_value_stays_secret_at_every_depth(plugin: Plugin, kind: str) -> None:
    """It is secret in inputs and outputs; where it was not before, that is a change, which replaces nothing."""
    for place in paths(plugin.full[kind]):
        checked = plugin.check(kind, put(plugin.full[kind], place, lambda old: {SIGNATURE_KEY: SECRET, "value": old}))

        assert (place, list(checked.failures)) == (place, [])
        for values in (checked.inputs, plugin.create(kind, checked.inputs)):
            assert load(values).secrets, place
        diff = plugin.diff(kind, checked.inputs)
        assert (place, list(diff.replaces), [*diff.detailedDiff]) == (place, [], [place[0]])


@pytest.mark.parametrize("kind", FULL)
def test_wrong_type_is_refused_by_its_path_at_every_depth(plugin: Plugin, kind: str) -> None:
    """Its path is told, in the names of the schema."""
    for place in paths(plugin.full[kind]):
        if any(place[: len(free)] == free and len(place) > len(free) for free in FREE):
            continue
        for wrong in WRONG:
            checked = plugin.check(kind, put(plugin.full[kind], place, wrong))
            if type(wrong) in ALLOWED.get(place[-1], ()) or type(wrong) is type(get(plugin.full[kind], place)):
                continue

            assert checked.failures, (place, wrong)
            assert any(str(place[0]) in failure.reason for failure in checked.failures), (place, wrong)
