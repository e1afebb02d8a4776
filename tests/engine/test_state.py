"""What the engine's state holds."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from pulumi.dynamic.dynamic import serialize_provider

from pulumi_press.sdk.press_resource import ProviderReference
from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    import pytest

    from tests.engine.conftest import Stack

pytestmark = both_ways

PROGRAM = """
spec = press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    artifact={"path": "files"},
    config={
        "serviceType": "api",
        "imageDetails": {"id": 1},
        "parameters": {"env": {"KEY": pulumi.Output.secret("hidden-value")}},
    },
)
run = press.BlockDeployment(
    "api", metadata={"name": "api"}, spec={"id": spec.id, "release": {"version": spec.release_version}}
)
"""


def test_state_is_lean_and_holds_no_token(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    """The state holds no token and no secret in clear, no path of this machine, no code, and little beside the inputs.

    A dynamic provider is in it as a constant, the native plugin not at all.
    """
    (stack.folder / "files").mkdir()
    (stack.folder / "files/main.py").write_text("print('one')\n")
    stack.write(PROGRAM)
    stack.up()

    exported = json.dumps(stack.export())
    assert stack.press.token not in exported
    assert "hidden-value" not in exported
    for name, resource in stack.resources().items():
        expected = None if stack.is_native else serialize_provider(ProviderReference(name.partition(":")[0]))
        assert resource["inputs"].get("__provider") == expected
        assert resource["outputs"].get("__provider") == expected
        assert str(stack.folder) not in json.dumps([resource["inputs"], resource["outputs"]])
        positions = [frame["sourcePosition"] for frame in resource["stackTrace"] if "sourcePosition" in frame]
        assert any("__main__.py#" in position for position in positions)
        assert not any("asyncio" in position for position in positions)
        beyond = size_beyond_inputs(resource)
        with capsys.disabled():
            sys.stdout.write(f"\n{stack.way} {name}: {beyond} bytes beside its inputs and the engine's stack trace ")
        assert beyond < 1000


def size_beyond_inputs(resource: dict[str, Any]) -> int:
    """Give the bytes of a resource in the state, without its inputs (held twice) and the engine's stack trace."""
    trace = ("stackTrace", "sourcePosition")
    own = {key: value for key, value in resource.items() if key not in (*trace, "inputs", "outputs")}
    inputs = {key: value for key, value in resource["inputs"].items() if key != "__provider"}
    outputs = {key: value for key, value in resource["outputs"].items() if key not in inputs}
    provider = resource["inputs"].get("__provider", "")
    return len(json.dumps([own, outputs, provider], separators=(",", ":")))
