"""A value that would not reach the service as it is written is refused in the program's first check, by its path."""

from __future__ import annotations

import asyncio
import datetime as dt
import decimal
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

import pulumi
import pytest
from pulumi.runtime import rpc
from typing_extensions import get_type_hints, is_typeddict

import pulumi_press as press
from pulumi_press import carried, schema
from pulumi_press.carried import LARGEST, SIGNATURE_KEY, UNKNOWN_TEXT
from pulumi_press.plugin.dynamic import from_engine
from pulumi_press.testing import MistakesError, PressMocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Runner = Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]

JSON = "which JSON does not have; give a text, a number, true, false, a list or an object"
LARGE = "is a whole number beyond 2**53, which Pulumi would change; give it as a text"
KNOWN = pulumi.Output.from_input


def deploy(**arguments: Any) -> Any:
    """Declare a deployment."""
    return press.BlockDeployment("etl", metadata={"name": "etl"}, spec={"id": "id"}, wait=False, **arguments)


def publish(**arguments: Any) -> press.BlockSpec:
    """Declare a spec; `step` goes into its only step."""
    step = {"imageDetails": {"id": 1}, "command": "python main.py", **arguments.pop("step", {})}
    return press.BlockSpec(
        "etl",
        kind="workflow",
        **{
            "metadata": {"name": "etl", "summary": "Loads."},
            "config": {"steps": {"load": step}},
            **arguments,
        },
    )


def declare(name: str, *, value: Any, **more: Any) -> Any:
    """Declare a run parameter with a default."""
    return {"run": [{"name": name, "type": "object", "required": False, "defaultValue": value, **more}]}


def circle() -> list[Any]:
    """Give a list that holds itself."""
    made: list[Any] = []
    made.append([made])
    return made


def tower(levels: int) -> Any:
    """Give lists within lists."""
    made: Any = 1
    for _ in range(levels):
        made = [made]
    return made


VALUES: dict[str, tuple[Callable[[], Any], str]] = {
    "file asset": (lambda: pulumi.FileAsset("model.bin"), f"is a FileAsset, {JSON}"),
    "text asset": (lambda: pulumi.StringAsset("text"), f"is a StringAsset, {JSON}"),
    "archive": (lambda: pulumi.FileArchive("."), f"is a FileArchive, {JSON}"),
    "asset archive": (lambda: pulumi.AssetArchive({}), f"is an AssetArchive, {JSON}"),
    "not a number": (lambda: math.nan, "must be a finite number"),
    "infinity": (lambda: -math.inf, "must be a finite number"),
    "large": (lambda: LARGEST + 1, LARGE),
    "large negative": (lambda: -(2**70), "is a whole number beyond 2**53"),
    "beyond floats": (lambda: 10**400, "is a whole number beyond 2**53"),
    "negative zero": (lambda: -0.0, "is a negative zero, which Pulumi would change; write 0"),
    "bytes": (lambda: b"text", f"is a bytes, {JSON}"),
    "date": (lambda: dt.date(2026, 1, 31), f"is a date, {JSON}"),
    "path": (lambda: Path("orders"), f"is a PosixPath, {JSON}"),
    "set": (lambda: {"a"}, f"is a set, {JSON}"),
    "decimal": (lambda: decimal.Decimal("1.5"), f"is a Decimal, {JSON}"),
    "number as key": (lambda: {1: "a"}, "has a key that is an int, not a text"),
    "nothing as key": (lambda: {None: "a"}, "has a key that is a NoneType, not a text"),
    "empty key": (lambda: {"": 1}, "has a key that is empty or ends in a backslash"),
    "backslash": (lambda: {"C:\\": 1}, "has a key that is empty or ends in a backslash"),
    "signature": (lambda: {SIGNATURE_KEY: rpc._special_secret_sig, "value": 1}, "has the key that Pulumi marks"),  # noqa: SLF001
    "half a character": (lambda: "a\ud83d", "has a character that no text may have"),
    "half a character in a key": (lambda: {"\udc00": 1}, "has a key with half of a surrogate pair"),
    "unknown": (lambda: UNKNOWN_TEXT, "is the text that Pulumi takes for a value which is not known yet"),
}

PLACES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "trigger": ("triggers.model", lambda value: deploy(triggers={"model": value})),
    "in a list": ("triggers.all[1].model", lambda value: deploy(triggers={"all": [1, {"model": value}]})),
    "run parameter": ("parameters.run.rows", lambda value: deploy(parameters={"run": {"rows": value}})),
    "build parameter": (
        "parameters.build.rows[0]",
        lambda value: deploy(parameters={"build": {"rows": (value,)}}),
    ),
    "default": ("parameters.run[0].defaultValue", lambda value: publish(parameters=declare("a", value=value))),
    "option": (
        "parameters.run[0].options[0].value.x",
        lambda value: publish(parameters=declare("a", value=1, options=[{"value": {"x": value}}])),
    ),
    "output": ("triggers.model", lambda value: deploy(triggers={"model": KNOWN(0).apply(lambda _: value)})),
    "whole argument": (
        "parameters.run.o.deep",
        lambda value: deploy(parameters=KNOWN(0).apply(lambda _: {"run": {"o": {"deep": value}}})),
    ),
    "secret": ("parameters.run.key", lambda value: deploy(parameters={"run": {"key": hide(value)}})),
}


def hide(value: Any) -> pulumi.Output[Any]:
    """Make a value secret, whatever it is."""
    return pulumi.Output.secret(0).apply(lambda _: value)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", VALUES)
def test_value_that_would_not_arrive_is_refused_by_its_path(run_under: Runner, value: str, place: str) -> None:
    """Wherever a program may write any value, one that JSON or the engine cannot carry is a mistake with its path."""
    make, reason = VALUES[value]
    at, put = PLACES[place]

    with pytest.raises(MistakesError) as caught:
        run_under(PressMocks(), lambda: put(make()).id)

    assert f"  {at}: {reason}" in str(caught.value)


@pytest.mark.parametrize(
    "make", [circle, lambda: tower(150), lambda: {"a": tower(99)}], ids=["circle", "lists", "object"]
)
@pytest.mark.parametrize("wrap", [lambda value: value, hide], ids=["plain", "secret"])
def test_value_without_end_is_refused(run_under: Runner, make: Callable[[], Any], wrap: Callable[[Any], Any]) -> None:
    """A list that holds itself ends no program; what no person writes is refused as a whole."""
    with pytest.raises(
        MistakesError, match=r"  triggers: contains itself, or more than 100 levels of lists and objects"
    ):
        run_under(PressMocks(), lambda: deploy(triggers=wrap({"a": make()})).id)


@pytest.mark.parametrize(
    ("at", "put"),
    [
        ("triggers.a", lambda: deploy(triggers={"a": None})),
        ("triggers.a[0].b", lambda: deploy(triggers={"a": [{"b": None}]})),
        ("parameters.run.shops.a", lambda: deploy(parameters={"run": {"shops": {"a": None}}})),
        ("parameters.run.o.a.b", lambda: deploy(parameters={"run": {"o": {"a": {"b": None}}}})),
        ("parameters.build.o.a", lambda: deploy(parameters={"build": {"o": {"a": KNOWN(None)}}})),
        ("parameters.run.o.a", lambda: deploy(parameters=KNOWN({"run": {"o": {"a": None}}}))),
        ("parameters.run[0].defaultValue", lambda: publish(parameters=declare("o", value=None))),
        ("parameters.run[0].defaultValue.a", lambda: publish(parameters=declare("o", value={"a": None}))),
        (
            "parameters.run[0].properties[0].defaultValue.a",
            lambda: publish(
                parameters=declare("o", value={}, properties=declare("p", value={"a": None})["run"]),
            ),
        ),
        (
            "parameters.run[0].options[0].value.a",
            lambda: publish(parameters=declare("o", value={}, options=[{"value": {"a": None}}])),
        ),
        ("config.steps.load.parameters.env.A", lambda: publish(step={"parameters": {"env": {"A": None}}})),
        ("config.steps.load.outputParameters.A", lambda: publish(step={"outputParameters": {"A": None}})),
        ("config.steps.load", lambda: publish(config={"steps": {"load": None}})),
        ("config.steps.env.parameters.env.A", lambda: publish(config={"steps": {"env": {
            "imageDetails": {"id": 1}, "command": "x", "parameters": {"env": {"A": None}}}}})),
    ],
)  # fmt: skip
def test_null_that_would_vanish_is_refused(run_under: Runner, at: str, put: Callable[[], Any]) -> None:
    """The engine takes nulls out of objects, so one that means something is a mistake."""
    with pytest.raises(MistakesError) as caught:
        run_under(PressMocks(), lambda: put().id)

    assert f"  {at}: is null, which Pulumi removes from objects; leave the key out" in str(caught.value)


@pytest.mark.parametrize("wrap", [lambda value: value, KNOWN, hide], ids=["plain", "output", "secret"])
@pytest.mark.parametrize("group", ["run", "build"])
def test_null_for_a_parameter_means_that_it_is_left_out(
    run_under: Runner, wrap: Callable[[Any], Any], group: str
) -> None:
    """A setting that is not there yet, such as `config.get_secret("key")`, gives no value."""
    made = run_under(PressMocks(), lambda: deploy(parameters={group: {"key": wrap(None), "rows": 1}}).parameters)

    assert made == {group: {"rows": 1}}


def test_null_for_an_argument_means_that_it_is_left_out(run_under: Runner) -> None:
    """A program may give None wherever it may give nothing, also in a step that is named like a map of values."""
    step: Any = {
        "imageDetails": {"id": 1, "versionId": None},
        "command": "x",
        "image": None,
        "parameters": {"env": None},
    }

    def program() -> Any:
        spec = publish(
            metadata={"name": "etl", "summary": "Loads.", "title": None, "tags": None},
            config={"steps": {"env": step}, "triggers": None},
            parameters={"run": [{"name": "a", "type": "string", "required": False, "title": None, "options": None}]},
            release=None,
        )
        empty: dict[str, Any] = {"metadata": {"name": "etl", "title": None}, "parameters": {"run": None}}
        run = press.BlockDeployment("etl", **empty, spec={"id": spec.id}, wait=False)
        return pulumi.Output.all(spec.kind, run.metadata)

    assert run_under(PressMocks(), program) == ["workflow", {"name": "etl"}]


GOOD = {
    "counts": [0, -1, LARGEST, -LARGEST, True],
    "shares": [0.5, 1e300, -2.5e-300, 1e22, float(2**60)],
    "texts": ["", "a\u202fb", "\u0000", "\u2028", "😀", "__x"],
    "nulls": [None, [None]],
    "keys": {" ": 1, "a.b[0]": 2, 'q"uote': 3, "__private": 4, "*": 5, "[]": 6, "a\\b": 7, "ключ": 8},
    "empty": [{}, []],
}


@pytest.mark.parametrize(
    "give",
    [
        lambda: GOOD,
        lambda: {key: KNOWN(value) for key, value in GOOD.items()},
        lambda: KNOWN(GOOD),
        lambda: {key: asyncio.sleep(0, value) for key, value in GOOD.items()},
    ],
    ids=["plain", "outputs", "one output", "awaitables"],
)
def test_all_other_values_arrive_as_they_are_written(run_under: Runner, give: Callable[[], Any]) -> None:
    """Numbers to the last digit, any text, nulls in lists, and keys that look odd; outputs once they are known."""
    made = run_under(PressMocks(), lambda: deploy(triggers=give()).triggers)

    assert json.dumps(from_engine(made), sort_keys=True) == json.dumps(GOOD, sort_keys=True)


def test_every_mistake_is_reported_at_once_with_those_of_the_shape(run_under: Runner) -> None:
    """A value that cannot be carried hides no other mistake, and is itself told once."""
    with pytest.raises(MistakesError) as caught:
        run_under(
            PressMocks(),
            lambda: (
                publish(
                    metadata={"name": Path("etl")},
                    featured="yes",
                    parameters=declare("a", value=math.nan),
                    config={"steps": {"load": {"imageDetails": {"id": 2**60}, "command": b"x"}}},
                ).id
            ),
        )

    first, second, *rest = str(caught.value).splitlines()[1:]
    assert [first, second, *sorted(rest)] == [
        "  metadata.summary: is required",
        "  featured: must be true or false, not a text",
        *sorted(
            (
                f"  metadata.name: is a PosixPath, {JSON}",
                f"  config.steps.load.imageDetails.id: {LARGE}",
                f"  config.steps.load.command: is a bytes, {JSON}",
                "  parameters.run[0].defaultValue: must be a finite number",
            )
        ),
    ]


@pytest.mark.parametrize("artifact", ["orders", Path("orders"), b"orders", ["orders"], 7, True])
@pytest.mark.parametrize("wrap", [lambda value: value, KNOWN, hide], ids=["plain", "output", "secret"])
def test_artifact_of_another_type_is_refused(run_under: Runner, artifact: Any, wrap: Callable[[Any], Any]) -> None:
    """A text or path in the place of an artifact is a mistake as any other, and ends."""
    with pytest.raises(MistakesError, match=r"\n  artifact: (must be an object, not |is a )"):
        run_under(PressMocks(), lambda: publish(artifact=wrap(artifact)).id)


@pytest.mark.parametrize(
    ("line", "overrides", "failure"),
    [
        ("", {"artifact": "orders"}, "artifact: must be an object, not a text"),
        ("artifact: orders", {}, "artifact: must be an object, not a text"),
        ("artifact: [orders]", {}, "artifact: must be an object, not a list"),
        ("artifact: {path: 7}", {}, "artifact.path: must be a text, not a whole number"),
    ],
)
def test_artifact_of_another_type_in_a_block_file_is_refused(
    run_under: Runner, tmp_path: Path, line: str, overrides: dict[str, Any], failure: str
) -> None:
    """What a file says, and what overrides it, are arguments as any other."""
    (tmp_path / "block.yaml").write_text(
        "body:\n  version: 1\n  kind: workflow\n  metadata: {name: etl, summary: Loads.}\n"
        "  release: {version: 1.0.0}\n"
        f"  config: {{steps: {{load: {{imageDetails: {{id: 1}}, command: x}}}}}}\n{line}\n"
    )

    with pytest.raises(MistakesError, match=failure):
        run_under(PressMocks(), lambda: press.BlockSpec.from_yaml("etl", tmp_path / "block.yaml", **overrides).id)


SHAPES: tuple[Any, ...] = (schema.BlockSpecArgs, schema.BlockSpecReleaseArgs, schema.BlockDeploymentArgs)


def free_values(kind: Any, at: tuple[str, ...], seen: frozenset[Any] = frozenset()) -> Iterator[tuple[str, ...]]:
    """Give the paths in a shape where a null is a value: `*` is any name, `[]` an item of a list."""
    if kind is Any:
        yield at
    elif is_typeddict(kind):
        if kind in seen:
            return
        for name, inner in get_type_hints(kind, include_extras=True).items():
            yield from free_values(inner, (*at, name), seen | {kind})
    elif get_origin(kind) is dict:
        yield (*at, "*")
        yield from free_values(get_args(kind)[1], (*at, "*"), seen)
    else:
        items = ("[]",) if get_origin(kind) is list else ()
        for inner in get_args(kind):
            if not isinstance(inner, str):
                yield from free_values(inner, (*at, *items), seen)


def lead(path: tuple[str, ...]) -> tuple[carried.Part, bool]:
    """Follow a path through the parts; say what stands there, and whether a null counts."""
    part, counts = carried.PARTS, False
    for name in path:
        if name == "[]":
            part = part.get("[]", part)
            continue
        inner = part.get("*", carried.PLAIN) if name == "*" else part.get(name, carried.PLAIN)
        part, counts = inner, "?" in part or carried.counts_null(part, inner)
    return part, counts


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_nulls_count_wherever_a_shape_takes_any_value_or_any_name(shape: Any) -> None:
    """The parts of the arguments are those of the shapes."""
    paths = set(free_values(shape, ()))

    assert any(path[0] == "parameters" for path in paths)
    assert [path for path in paths if not lead(path)[1]] == []
