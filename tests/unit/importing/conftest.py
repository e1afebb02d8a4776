"""A local Press with blocks on it, a folder, and the commands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pulumi_press import cli
from pulumi_press.client.client import Client
from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.emulator import LocalPress

BODIES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "contract" / "bodies.yaml").read_text(encoding="utf-8")
)
TOKEN = "canary-token-77a1"
OTHERS = "token-of-others"


@dataclass(frozen=True)
class Ran:
    """The result of a command."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """The working folder, and a way to run the commands in it."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *words: object) -> Ran:
        """Run `pulumi-press` with these words."""
        try:
            code = cli.main([str(word) for word in words])
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = self.capture.readouterr()
        return Ran(code, printed.out, printed.err)

    def write(self, name: str, text: str) -> Path:
        """Write a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name: str) -> str:
        """Read a file."""
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """The working folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("PEAK_AUTH_TOKEN", "API_KEY", "PRESS_ENDPOINT", "PEAK__STAGE", "STAGE"):
        monkeypatch.delenv(name, raising=False)
    return Desk(tmp_path, capsys)


@pytest.fixture(scope="session")
def bodies() -> dict[str, Any]:
    """The bodies that the service's documentation shows."""
    return BODIES


@pytest.fixture(scope="session")
def press() -> Iterator[LocalPress]:
    """A local Press for all tests of the run: they only read."""
    with start(tokens={TOKEN: "acme", OTHERS: "others"}) as running:
        yield running


@dataclass(frozen=True)
class Blocks:
    """Ids of the blocks on the Press."""

    spec: str
    shared: str
    deployment: str


@pytest.fixture(scope="session")
def blocks(press: LocalPress, tmp_path_factory: pytest.TempPathFactory) -> Blocks:
    """Put blocks on the Press: two specs of our own, one of others, and a deployment."""
    from pulumi_press.artifact.folder import Folder

    folder = tmp_path_factory.mktemp("artifact")
    (folder / "main.py").write_text("print('hello')\n")
    hidden = {"name": "key", "type": "string", "required": False, "hideValue": True, "defaultValue": "x"}
    declared = {
        "run": [*BODIES["parameters"]["run"], hidden],
        "build": [{"name": "size", "type": "number", "required": False, "defaultValue": 1}],
    }
    with Client(press.url, TOKEN) as ours, Folder(str(folder)).pack() as archive:
        spec = ours.create_spec(BODIES["specs"]["private_workflow"], artifact=archive, parameters=declared)["id"]
        shared = ours.create_spec(BODIES["specs"]["web_app"], scope="shared", tenants=["others"])["id"]
        body = BODIES["deployment"]
        values = {"run": {**body["parameters"]["run"], "key": "s3cr3t-value"}, "build": {"size": 2}}
        deployment = ours.create_deployment(
            {**body, "parameters": values, "spec": {"id": spec, "release": {"version": "1.0.0"}}}
        )["id"]
        with Client(press.url, OTHERS) as others:
            others.create_spec(BODIES["specs"]["web_app"], scope="public")
    return Blocks(str(spec), str(shared), str(deployment))


@pytest.fixture
def at_press(desk: Desk, press: LocalPress, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The working folder, with the settings of the Press in the environment."""
    monkeypatch.setenv("PRESS_ENDPOINT", press.url)
    monkeypatch.setenv("PEAK_AUTH_TOKEN", press.token)
    return desk


@pytest.fixture
def connected(at_press: Desk, blocks: Blocks) -> Desk:
    """The working folder, with the settings of a Press that has blocks in the environment."""
    del blocks
    return at_press
