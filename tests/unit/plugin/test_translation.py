"""Values on their way between the engine and a resource."""

from __future__ import annotations

from typing import Any

from pulumi.output import Unknown as EngineUnknown
from pulumi.runtime import rpc

from pulumi_press.plugin.dynamic import from_engine, hide, to_engine
from pulumi_press.schema.plain import UNKNOWN

SECRET = "canary-4f1d"


def test_values_of_the_engine_become_plain() -> None:
    """Whole numbers are whole again, what is unknown is marked at any depth, and the provider is no input."""
    unknown = EngineUnknown()  # type: ignore[no-untyped-call]  # Pulumi's own.
    value = {
        "__provider": "gASV",
        "count": 80.0,
        "share": 0.5,
        "names": ["a", None],
        "absent": None,
        "nested": {"list": [{"unknown": unknown, "none": None}], "large": 2.0**60, "negative": -3.0},
        "flag": True,
        "unknown": unknown,
    }
    before = repr(value)

    plain = from_engine(value)

    assert plain == {
        "count": 80,
        "share": 0.5,
        "names": ["a", None],
        "nested": {"list": [{"unknown": UNKNOWN}], "large": 2.0**60, "negative": -3},
        "flag": True,
        "unknown": UNKNOWN,
    }
    assert [type(plain["count"]), type(plain["share"]), type(plain["flag"])] == [int, float, bool]
    # No program may give so large a whole number, so it was written as a float.
    assert type(plain["nested"]["large"]) is float
    assert repr(value) == before


def test_plain_values_become_the_engine_s() -> None:
    """What is unknown becomes the engine's own mark, at any depth; the rest is copied."""
    plain: dict[str, Any] = {"a": [1, {"b": UNKNOWN}], "c": None}

    written = to_engine(plain)

    assert written == {"a": [1, {"b": rpc.UNKNOWN}], "c": None}
    assert written["a"] is not plain["a"]


def test_hidden_values_are_marked_secret() -> None:
    """What stands at a path is wrapped as a secret, and the rest stays."""
    value = {"parameters": {"run": {"key": SECRET, "rows": 1}}}

    hidden = hide(value, (("parameters", "run", "key"),))

    assert rpc.is_rpc_secret(hidden["parameters"]["run"]["key"])
    assert hidden["parameters"]["run"]["rows"] == 1
    assert value == {"parameters": {"run": {"key": SECRET, "rows": 1}}}
