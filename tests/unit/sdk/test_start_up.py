"""What is loaded when: a program must not pay for what it does not use."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from pulumi_press import schema

KINDS = {
    "BlockSpec": "pulumi_press.provider.spec",
    "BlockSpecRelease": "pulumi_press.provider.release",
    "BlockDeployment": "pulumi_press.provider.deployment",
    "Rollout": "pulumi_press.plugin.rollout",
}
HEAVY = (
    *("pydantic", "jinja2", "requests", "pathspec", "pulumi_press.provider", "pulumi_press.schema"),
    *KINDS.values(),
)


def loaded(statement: str) -> set[str]:
    """Give the heavy modules that a new process has loaded after a statement."""
    code = f"import json, sys\n{statement}\nprint(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_the_package_alone_does_not_load_pulumi() -> None:
    """A process that needs a part of the package, such as the local Press, starts without Pulumi."""
    code = "import pulumi_press, sys; sys.exit('pulumi' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", ["BlockSpec", "BlockSpecRelease", "BlockDeployment", "Provider", "get_spec"])
def test_declaring_loads_nothing_that_only_the_provider_needs(name: str) -> None:
    """A program that declares resources starts about as quickly as one that imports Pulumi."""
    assert loaded(f"from pulumi_press import {name}") <= loaded("import pulumi")


@pytest.mark.parametrize(
    ("called", "spared"),
    [
        ("", {"pydantic", "requests", "pathspec"}),
        ("provider.check({}, {'metadata': {'name': 'a'}})", {"requests", "pathspec"}),
        ("provider.diff('id', {}, {})", {"pydantic", "requests", "pathspec"}),
        ("runtime.connect(Settings(Token('token'), 'here', 'http://127.0.0.1:9'))", {"pydantic", "pathspec"}),
    ],
)
def test_a_provider_loads_what_a_call_needs(called: str, spared: set[str]) -> None:
    """A process that only compares, or only refreshes and deletes, loads no library that only checks need."""
    prepare = (
        "import os; os.environ['PEAK_AUTH_TOKEN'] = 'token'\n"
        "from pulumi_press._v1 import load; provider = load('BlockSpec')\n"
        "from pulumi_press.plugin import runtime; from pulumi_press.settings import Settings\n"
        "from pulumi_press.client.token import Token\n"
    )

    assert loaded(prepare + called) & spared == set()


@pytest.mark.parametrize(("name", "module"), KINDS.items())
def test_a_provider_loads_its_own_kind_only(name: str, module: str) -> None:
    """A stack of specs does not wait until what only deployments need is loaded."""
    # A rollout waits for a deployment.
    wanted = {module, KINDS["BlockDeployment"]} if name == "Rollout" else {module}

    assert loaded(f"from pulumi_press._v1 import load; load({name!r})") & set(KINDS.values()) == wanted


def test_every_public_shape_is_there() -> None:
    """Each shape that a module makes public can be had from the package, and no other name."""
    assert {"BlockSpecArgs", "WorkflowConfig", "json_schema"} <= set(dir(schema))
    assert [name for name in dir(schema) if not hasattr(schema, name)] == []
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = schema.nothing  # type: ignore[attr-defined]


def test_the_texts_are_the_fields_of_their_shape() -> None:
    """What is read of metadata without loading its shape is what the shape declares."""
    assert schema.TEXTS == tuple(schema.Texts.__annotations__)
