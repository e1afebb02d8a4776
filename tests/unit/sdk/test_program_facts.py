"""What a program tells the provider beside the inputs, and what the provider makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest

import pulumi_press as press
from pulumi_press.carried import TOLD
from pulumi_press.testing import MistakesError, PressMocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.sdk.conftest import Keeper

    Run = Callable[[Callable[[], Any]], Any]
    Runner = Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]

CONFIG: Any = {"serviceType": "api", "imageDetails": {"id": 1}}
PARAMETERS: Any = {"run": [{"name": "rows", "type": "number", "required": True}]}


def declare_spec() -> press.BlockSpec:
    """Declare a spec."""
    metadata: Any = {"name": "api", "summary": "An API"}
    return press.BlockSpec("api", kind="service", metadata=metadata, config=CONFIG, parameters=PARAMETERS)


def declare_release(spec: press.BlockSpec) -> press.BlockSpecRelease:
    """Declare a further release."""
    return press.BlockSpecRelease(
        "api-2", spec_id=spec.id, release={"version": "2.0.0"}, config=CONFIG, parameters=PARAMETERS
    )


def deploy(spec: Any, **more: Any) -> pulumi.Output[str]:
    """Deploy a spec."""
    given = {"parameters": {"run": {"rows": 3}}, "wait": False, **more}
    return press.BlockDeployment("run", metadata={"name": "run"}, spec=spec, **given).id


def block_spec() -> press.BlockSpec:
    """Declare a spec inside a block."""
    metadata: Any = {"name": "api", "summary": "An API"}
    return press.Block("api", spec={"kind": "service", "metadata": metadata, "config": CONFIG}).spec


def told(keeper: Keeper, name: str) -> dict[str, Any]:
    """Give what the program told of a resource."""
    (inputs,) = [item.inputs for item in keeper.declared if item.name == name]
    found: dict[str, Any] = inputs.get(TOLD, {})
    return found


SPEC_URN = "pulumi-python:dynamic/press:BlockSpec::api"
RELEASE_URN = "pulumi-python:dynamic/press:BlockSpecRelease::api-2"

FORMS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "spec": (declare_spec, SPEC_URN, "1.0.0"),
    "release": (lambda: declare_release(declare_spec()), RELEASE_URN, "2.0.0"),
    "spec of a block": (block_spec, SPEC_URN, "1.0.0"),
    "spec that is read": (lambda: press.BlockSpec.get("api", "api-id"), SPEC_URN, "1.0.0"),
    "id of a spec": (lambda: {"id": declare_spec().id, "release": {"version": "1.0.0"}}, SPEC_URN, "1.0.0"),
    "id in a release": (
        lambda: {"id": declare_release(declare_spec()).spec_id, "release": {"version": "2.0.0"}},
        RELEASE_URN,
        "2.0.0",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_deployment_takes_a_spec_or_a_release_and_tells_its_source(form: str, keeper: Keeper, run: Run) -> None:
    """A spec stands for its id and its release; the provider is told which resource that is."""
    make, urn, version = FORMS[form]
    keeper.outputs["api"] = {"release": {"version": "1.0.0"}}

    run(lambda: deploy(make()))

    (inputs,) = [item.inputs for item in keeper.declared if item.name == "run"]
    assert inputs["spec"] == {"id": "api-id", "release": {"version": version}}
    assert inputs[TOLD]["spec"]["source"].endswith(urn)
    assert inputs[TOLD]["spec"]["certain"] is True


COMPUTED: dict[str, Callable[[press.BlockSpec], Any]] = {
    "applied": lambda spec: {"id": spec.id.apply(str)},
    "all of it": lambda spec: pulumi.Output.from_input({"id": spec.id}),
    "looked up": lambda spec: {"id": spec.metadata.apply(lambda metadata: f"id of {metadata['name']}")},
}


@pytest.mark.parametrize("form", COMPUTED)
def test_id_that_is_computed_is_told_as_such(form: str, keeper: Keeper, run: Run) -> None:
    """What the program makes of a spec's outputs may be the id of another."""
    run(lambda: deploy(COMPUTED[form](declare_spec())))

    assert told(keeper, "run")["spec"]["source"].endswith(SPEC_URN)
    assert told(keeper, "run")["spec"]["certain"] is False


def test_id_of_several_specs_has_no_source(keeper: Keeper, run: Run) -> None:
    """An id that may come from either of two resources is not checked against one of them."""

    def program() -> pulumi.Output[str]:
        spec = declare_spec()
        either = pulumi.Output.all(spec.id, declare_release(spec).release).apply(lambda both: both[0])
        return deploy({"id": either})

    run(program)

    assert told(keeper, "run").get("spec") is None


def test_plain_id_is_told_nothing_of(keeper: Keeper, run: Run) -> None:
    """A program that says nothing more than its inputs sends nothing more."""
    run(lambda: deploy({"id": "an-id"}))

    assert TOLD not in keeper.declared[0].inputs


MISSPELT: Any = {"knd": "service", "metadata": {"name": "api"}, "config": CONFIG}

WRONG: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "misspelt argument": (
        lambda: press.BlockSpec("api", **MISSPELT),
        ["knd: is not a known argument; did you mean `kind`?", "kind: is required", "metadata.summary: is required"],
    ),
    "argument of another language": (
        lambda: deploy({"id": "an-id"}, onFailure="keep", autoRun=True),
        [
            "onFailure: is not a known argument; did you mean `on_failure`?",
            (
                "autoRun: is not a known argument (known: metadata, parameters, revision, triggers, timeouts, adopt, "
                "spec, wait, on_failure, opts)"
            ),
        ],
    ),
    "argument named as what is computed": (
        lambda: deploy({"id": "an-id"}, drift="x", hidden=[]),
        ["drift: is not a known argument", "hidden: is not a known argument"],
    ),
    "all missing": (
        lambda: press.BlockSpecRelease("api"),  # type: ignore[call-arg]
        ["spec_id: is required", "release: is required", "config: is required"],
    ),
    "wait as text": (
        lambda: deploy({"id": "an-id"}, wait="false", on_failure="rolback", timeouts={"create": 20}),
        [
            "wait: must be True or False, known in the program, not a str",
            "on_failure: must be 'keep' or 'rollback'; did you mean `rollback`?",
            "timeouts.create: must be a text, not a whole number",
        ],
    ),
    "wait as number": (
        lambda: deploy({"id": "an-id"}, wait=0, parameters=3),
        ["wait: must be True or False, known in the program, not an int", "parameters: must be an object"],
    ),
    "wait as output": (
        lambda: deploy({"id": "an-id"}, wait=pulumi.Output.from_input(True)),  # noqa: FBT003  # A value.
        ["wait: must be True or False, known in the program, not an Output"],
    ),
    "wait as nothing": (
        lambda: deploy({"id": "an-id"}, wait=None),
        ["wait: must be True or False, known in the program, not a NoneType"],
    ),
    "on_failure as flag": (
        lambda: deploy({"id": "an-id"}, on_failure=True),
        ["on_failure: must be 'keep' or 'rollback'"],
    ),
    "another resource as spec": (
        lambda: deploy(press.BlockDeployment("other", metadata={"name": "o"}, spec={"id": "an-id"}), adopt="x"),
        ["spec: must be a BlockSpec or a BlockSpecRelease, not a BlockDeployment", "adopt: must be "],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_declaration_is_told_with_all_other_mistakes(name: str, run_under: Runner) -> None:
    """What Python would refuse at once, or what no input says, is told by path with the rest."""
    program, expected = WRONG[name]

    with pytest.raises(MistakesError) as raised:
        run_under(PressMocks(), lambda: getattr(made := program(), "id", made))

    assert [line for line in expected if f"  {line}" not in str(raised.value)] == []
    if "spec" in expected[0]:
        assert str(raised.value).count("  spec") == 1


def test_what_is_told_is_no_output(keeper: Keeper, run: Run) -> None:
    """A program does not see what was told."""
    names: set[str] = set()
    keeper.outputs["api"] = {"release": {"version": "1.0.0"}}

    def program() -> pulumi.Output[str]:
        made = press.BlockDeployment("run", metadata={"name": "run"}, spec=declare_spec(), wait=False)
        names.update(vars(made))
        return made.id

    run(program)

    assert told(keeper, "run")
    assert TOLD not in names


def release(name: str, version: str, spec: press.BlockSpec, *after: pulumi.Resource) -> press.BlockSpecRelease:
    """Declare a release that waits for others."""
    return press.BlockSpecRelease(
        name,
        spec_id=spec.id,
        release={"version": version},
        config=CONFIG,
        opts=pulumi.ResourceOptions(depends_on=list(after)),
    )


def publish(*versions: str, ordered: bool = False) -> pulumi.Output[Any]:
    """Declare releases of one spec, each after the one before where they are ordered."""
    spec = declare_spec()
    made: list[press.BlockSpecRelease] = []
    for number, version in enumerate(versions):
        made.append(release(f"r{number}", version, spec, *(made[-1:] if ordered else ())))
    return pulumi.Output.all(*(item.id for item in made))


CLASHES: dict[str, tuple[Callable[[], Any], str]] = {
    "no order": (lambda: publish("2.0.0", "3.0.0"), "versions only go up; let "),
    "no order among three": (lambda: publish("2.0.0", "2.1.0", "3.0.0"), "depends_on=[...]"),
    "wrong order": (lambda: publish("3.0.0", "2.0.0", ordered=True), "is lower than 3.0.0 of r0, which is published"),
    "equal": (lambda: publish("2.0.0", "2.0.0", ordered=True), "is that of r0 too, and a spec has each version once"),
    "equal but for the build": (lambda: publish("2.0.0", "2.0.0+b", ordered=True), "is that of r0 too"),
    "the spec's own": (lambda: publish("1.0.0"), "is that of api too, and a spec has each version once"),
    "below the spec's own": (lambda: publish("0.9.0"), "is lower than 1.0.0 of api, which is published before it"),
}


@pytest.mark.parametrize("name", CLASHES)
def test_releases_that_cannot_be_beside_each_other_are_told(name: str, run_under: Runner) -> None:
    """Releases of one spec have different versions, which go up in an order that the program gives."""
    program, expected = CLASHES[name]

    with pytest.raises(MistakesError) as raised:
        run_under(PressMocks(), program)

    assert "release.version: " in str(raised.value)
    assert expected in str(raised.value)


def chain_by_value() -> pulumi.Output[Any]:
    """Order two releases by what one takes of the other."""
    spec = declare_spec()
    first = release("first", "2.0.0", spec)
    notes = first.version.apply(lambda version: f"After {version}")
    second = press.BlockSpecRelease(
        "second", spec_id=spec.id, release={"version": "3.0.0", "notes": notes}, config=CONFIG
    )
    return pulumi.Output.all(first.id, second.id)


def order_by_another() -> pulumi.Output[Any]:
    """Order two releases by a deployment between them."""
    spec = declare_spec()
    first = release("first", "2.0.0", spec)
    between = press.BlockDeployment("run", metadata={"name": "run"}, spec=first, wait=False)
    return pulumi.Output.all(first.id, release("second", "3.0.0", spec, between).id)


def two_specs() -> pulumi.Output[Any]:
    """Declare releases with the same version of two specs."""
    metadata: Any = {"name": "web", "summary": "Another"}
    other = press.BlockSpec("web", kind="service", metadata=metadata, config=CONFIG)
    return pulumi.Output.all(release("a", "2.0.0", declare_spec()).id, release("b", "2.0.0", other).id)


ORDERED: dict[str, Callable[[], Any]] = {
    "ordered": lambda: publish("2.0.0", "2.1.0", "3.0.0", ordered=True),
    "ordered by a value": chain_by_value,
    "ordered by another resource": order_by_another,
    "of two specs": two_specs,
    "one alone": lambda: publish("2.0.0"),
}


@pytest.mark.parametrize("name", ORDERED)
def test_releases_in_an_order_are_right(name: str, run_under: Runner) -> None:
    """An order may come of `depends_on`, of a value, or of another resource between."""
    assert run_under(PressMocks(), ORDERED[name]) is not None


OUTPUT_TEXTS: dict[str, tuple[Callable[[pulumi.Output[str]], Any], str]] = {
    "text": (lambda output: {"name": f"run-{output}"}, "metadata.name: holds the text that Python writes for an"),
    "item of a list": (lambda output: {"name": "run", "tags": [{"name": f"{output}"}]}, "metadata.tags[0].name: holds"),
    "repr": (lambda output: {"name": "run", "title": f"{[output]}"}, "metadata.title: holds the text that Python"),
    "key": (lambda output: {"name": "run", f"{output}": "x"}, "metadata: has a key that holds the text"),
}


@pytest.mark.parametrize("name", OUTPUT_TEXTS)
def test_text_of_an_output_is_told(name: str, run_under: Runner) -> None:
    """An f-string of an output holds a text of Python's; the message says what to write."""
    metadata, expected = OUTPUT_TEXTS[name]

    def program() -> pulumi.Output[str]:
        made: Any = metadata(pulumi.Output.from_input("value"))
        return press.BlockDeployment("run", metadata=made, spec={"id": "an-id"}, wait=False).id

    with pytest.raises(MistakesError) as raised:
        run_under(PressMocks(), program)

    assert expected in str(raised.value)
    assert "pulumi.Output.concat or pulumi.Output.format" in str(raised.value)
