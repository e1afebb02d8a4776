"""Whole programs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_press.codegen.literals import Expression
from pulumi_press.codegen.program import Declaration, write_program
from pulumi_press.schema.arguments import BlockDeploymentArgs, BlockSpecArgs

BODIES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "contract" / "bodies.yaml").read_text(encoding="utf-8")
)
RUFF = Path(sys.executable).with_name("ruff")


def declare(**changes: Any) -> Declaration:
    """Declare a small spec."""
    arguments = {"config": {"imageDetails": {"id": 1}}, "kind": "service", "metadata": {"summary": "s", "name": "web"}}
    given: dict[str, Any] = {
        "variable": "web",
        "kind": "BlockSpec",
        "resource_name": "web",
        "arguments": arguments,
        "shape": BlockSpecArgs,
    }
    return Declaration(**{**given, **changes})


def test_a_program_imports_what_it_needs() -> None:
    """A plain program imports only the package; keys are in the order of their shapes."""
    assert write_program([declare(comments=["Mind this."])], intro="Blocks.") == (
        '"""Blocks."""\n'
        "\n"
        "import pulumi_press as press\n"
        "\n"
        "# Mind this.\n"
        "web = press.BlockSpec(\n"
        '    "web",\n'
        '    kind="service",\n'
        '    metadata={"name": "web", "summary": "s"},\n'
        '    config={"imageDetails": {"id": 1}},\n'
        ")\n"
    )


def test_expressions_bring_their_imports() -> None:
    """The project's configuration, modules and Pulumi are imported if an expression uses them."""
    arguments = {
        "metadata": {"name": Expression('os.environ["NAME"]', imports=frozenset({"os"}))},
        "spec": {"id": Expression("web.id")},
        "parameters": {"run": {"key": Expression('config.get_secret("key")', needs_config=True)}},
        "opts": Expression("pulumi.ResourceOptions(depends_on=[web])", imports=frozenset({"pulumi"})),
    }
    deployment = declare(variable="run", kind="BlockDeployment", arguments=arguments, shape=BlockDeploymentArgs)

    text = write_program([declare(), deployment], intro="Blocks.")

    assert text.startswith(
        '"""Blocks."""\n\nimport os\n\nimport pulumi\nimport pulumi_press as press\n\n'
        "config = pulumi.Config()\n\nweb = press.BlockSpec(\n"
    )
    assert text.endswith("    opts=pulumi.ResourceOptions(depends_on=[web]),\n)\n")


def test_the_order_is_that_of_the_shapes_at_every_depth() -> None:
    """Keys of steps are in the order of their type, names keep their order, and unknown keys come last."""
    config = {
        "steps": {
            "b": {"url": "x", "method": "get", "type": "http"},
            "a": {"odd": 1, "command": "run", "image": {"context": ".", "version": "1.0.0"}},
        },
        "images": {},
    }
    text = write_program([declare(arguments={"config": config})], intro="Blocks.")

    assert '"images": {},' in text
    assert text.index('"images"') < text.index('"steps"') < text.index('"b"') < text.index('"a"')
    assert '"b": {"type": "http", "method": "get", "url": "x"},' in text
    assert '"a": {"image": {"version": "1.0.0", "context": "."}, "command": "run", "odd": 1},' in text


@pytest.mark.skipif(not RUFF.exists(), reason="no formatter is installed beside this Python")
def test_a_formatter_finds_nothing_to_do(tmp_path: Path) -> None:
    """The program for every documented body is formatted as a formatter would."""
    declarations = [
        declare(arguments={**body, "parameters": BODIES["parameters"]}, comments=["word " * 60])
        for body in BODIES["specs"].values()
    ]
    secret = Expression('config.get_secret("key")', needs_config=True, comment="Masked.")
    body = {**BODIES["deployment"], "parameters": {"run": {**BODIES["run_parameters"], "key": secret}}}
    declarations.append(declare(kind="BlockDeployment", arguments=body, shape=BlockDeploymentArgs))
    text = write_program(declarations, intro="Blocks.")
    (tmp_path / "program.py").write_text(text, encoding="utf-8")

    command = [str(RUFF), "format", "--isolated", "--line-length", "100", str(tmp_path / "program.py")]
    subprocess.run(command, check=True, capture_output=True)

    assert (tmp_path / "program.py").read_text(encoding="utf-8") == text
