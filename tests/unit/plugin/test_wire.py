"""Values between the engine's protocol and the core: nothing changes on the way, and secrets keep their place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct
from hypothesis import given
from hypothesis import strategies as st

from pulumi_press.carried import ARCHIVE, ASSET, LARGEST, REFUSED, SECRET, SIGNATURE_KEY, UNKNOWN_TEXTS
from pulumi_press.plugin.wire import dump, find_texts, load
from pulumi_press.schema.plain import UNKNOWN, Refused

_TEXTS = st.text("ab _-.[]\"'ß\u202e\0", max_size=8)
_LEAVES = st.one_of(
    st.booleans(),
    st.integers(-LARGEST, LARGEST),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: number != 0 and not number.is_integer()),
    _TEXTS,
)
_KEYS = st.text("abc", min_size=1, max_size=6)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3), max_leaves=12
)


def struct(values: dict[str, Any]) -> Struct:
    """Write plain values as the engine sends them."""
    return ParseDict(values, Struct())


def secret(value: Any) -> dict[str, Any]:
    """Wrap a value as the engine does."""
    return {SIGNATURE_KEY: SECRET, "value": value}


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_values_come_back_as_they_went(values: dict[str, Any]) -> None:
    """What the core gives the engine comes back equal, to the type of each number."""
    back = load(dump(values)).values

    assert back == values
    assert json.dumps(back, sort_keys=True) == json.dumps(values, sort_keys=True)


@given(st.dictionaries(_KEYS, st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=2), min_size=1, max_size=3))
def test_secrets_come_back_at_their_place(values: dict[str, Any]) -> None:
    """A path that is marked comes back marked, and no other."""
    path = (next(iter(values)), next(iter(next(iter(values.values())))))

    received = load(dump(values, {path}))

    assert received.values == values
    assert received.secrets == {path}


def test_secret_in_a_list_makes_the_list_secret() -> None:
    """The engine may return a list in another order, so the place of an item says nothing."""
    received = load(struct({"triggers": {"a": ["x", secret("canary"), {"deep": secret("other")}]}}))

    assert received.values == {"triggers": {"a": ["x", "canary", {"deep": "other"}]}}
    assert received.secrets == {("triggers", "a")}
    assert MessageToDict(dump(received.values, received.secrets)) == {
        "triggers": {"a": secret(["x", "canary", {"deep": "other"}])}
    }


def test_secret_within_a_secret_is_wrapped_once() -> None:
    """The engine marks the whole of a secret."""
    written = dump({"config": {"key": "canary"}}, {("config",), ("config", "key")})

    assert MessageToDict(written) == {"config": secret({"key": "canary"})}


@pytest.mark.parametrize("text", sorted(UNKNOWN_TEXTS))
def test_every_unknown_is_unknown(text: str) -> None:
    """Some languages send the type of what is not known yet."""
    assert load(struct({"specId": text})).values == {"spec_id": UNKNOWN}
    assert load(dump({"spec_id": UNKNOWN})).values == {"spec_id": UNKNOWN}


def test_only_names_of_this_package_change() -> None:
    """Properties and the members of `artifact` are renamed; what is deeper is the API's or the user's own."""
    program = {
        "autoRunOnDeploy": True,
        "artifact": {"path": "app", "ignoreFiles": ["a_b"], "files": {"aB/c_d.py": "hash"}},
        "triggers": {"someKey": 1, "some_key": 2},
        "__told": {"unknownName": 1},
    }

    values = load(struct(program)).values

    assert values == {
        "auto_run_on_deploy": True,
        "artifact": {"path": "app", "ignore_files": ["a_b"], "files": {"aB/c_d.py": "hash"}},
        "triggers": {"someKey": 1, "some_key": 2},
        "__told": {"unknownName": 1},
    }
    assert MessageToDict(dump(values)) == program


def test_nulls_are_absent_in_objects_and_stay_in_lists() -> None:
    """As the engine has it."""
    assert load(struct({"a": None, "b": {"c": None}, "d": [None, 1]})).values == {"b": {}, "d": [None, 1]}


@pytest.mark.parametrize("signature", [ASSET, ARCHIVE, "another"])
def test_assets_are_refused_where_they_stand(signature: str) -> None:
    """The check names the path of what cannot be used."""
    values = load(struct({"config": {"steps": {SIGNATURE_KEY: signature, "path": "x"}}})).values

    refused = values["config"]["steps"]
    assert isinstance(refused, Refused)
    assert "not supported" in refused.reason


def test_refusals_of_the_program_come_back_as_they_came() -> None:
    """A program's own refusal is a text to the engine."""
    values = load(struct({"config": {"x": REFUSED + "is a set"}})).values

    assert isinstance(values["config"]["x"], Refused)
    assert MessageToDict(dump(values)) == {"config": {"x": REFUSED + "is a set"}}


@pytest.mark.parametrize("value", [LARGEST + 1, -0.0, {SIGNATURE_KEY: "x"}, {"": 1}, "\ud800"])
def test_live_values_that_the_engine_cannot_hold_become_texts(value: Any) -> None:
    """They must not keep a stack from being refreshed; what they were is shown."""
    written = MessageToDict(dump({"parameters": {"run": {"x": value}}}))

    assert written["parameters"]["run"]["x"].startswith("(Pulumi cannot hold this value)")


def test_texts_of_secrets_are_found() -> None:
    """Every text at or below a secret path that is long enough not to be found by chance."""
    values = {"parameters": {"run": {"key": ["canary", {"deep": "another"}, "abc"]}}, "kind": "workflow"}

    assert list(find_texts(values, {("parameters", "run", "key"), ("gone",)})) == ["canary", "another"]
