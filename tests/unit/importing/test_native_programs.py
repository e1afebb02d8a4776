"""Programs of the native plugin: `import` leaves them to Pulumi, and `convert` writes them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.importing.conftest import Desk

PROJECT = "name: shop\nruntime: python\n"
SPEC = """\
body:
  kind: service
  metadata: {name: web, summary: Shows it}
  release: {version: 1.0.0}
  config: {imageDetails: {id: 1}}
"""


@pytest.mark.parametrize(
    "program",
    [
        "from pulumi_press import native as press\n",
        "import pulumi_press.native as press\n",
        "from pulumi_press.native import BlockSpec\n",
        "import pulumi\nfrom pulumi_press import (\n    native as press,\n)\n",
    ],
)
def test_native_program_is_left_to_the_engine(desk: Desk, program: str) -> None:
    """One line names the command that imports the block, and nothing is written or asked."""
    desk.write("Pulumi.yaml", PROJECT)
    main = desk.write("__main__.py", program)

    ran = desk.run("import", "deployment", "web-prod", "an-id")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        f"pulumi-press import: {main} declares resources of the native plugin, which Pulumi imports itself, with their "
        "declarations: `pulumi import press:index:BlockDeployment web-prod an-id`\n"
    )
    assert not (desk.folder / "import.json").exists()


def test_module_of_a_native_program_counts(desk: Desk) -> None:
    """The main program may leave the declarations to a module, of a package too."""
    desk.write("Pulumi.yaml", PROJECT)
    desk.write("__main__.py", "import blocks.orders\n")
    desk.write("blocks/__init__.py", "")
    desk.write("blocks/orders.py", "import __main__\nfrom pulumi_press import native\n")

    ran = desk.run("import", "--all", "--program", "more.py")

    assert (ran.code, "`pulumi import press:index:BlockSpec NAME ID`" in ran.err) == (1, True)


def test_program_in_another_language_is_native(desk: Desk) -> None:
    """A project in YAML has no other resources than native ones."""
    file = desk.write("Pulumi.yaml", "name: shop\nruntime: yaml\n")

    ran = desk.run("import", "release", "web-2", "an-id/2.0.0")

    assert (ran.code, str(file) in ran.err) == (1, True)
    assert "`pulumi import press:index:BlockSpecRelease web-2 an-id/2.0.0`" in ran.err


@pytest.mark.parametrize("program", ["import pulumi_press as press\n", "def broken(:\n", "native = 'pulumi_press'\n"])
def test_other_programs_are_not_native(desk: Desk, program: str) -> None:
    """What does not import the native classes, or cannot be read, is imported into as before."""
    desk.write("Pulumi.yaml", PROJECT)
    desk.write("__main__.py", program)

    assert "native plugin" not in desk.run("import", "spec", "web", "an-id", "--program", "more.py").err


def test_convert_writes_a_native_program(desk: Desk) -> None:
    """Only the import differs."""
    desk.write("spec.yaml", SPEC)

    dynamic, native = desk.run("convert", "spec.yaml"), desk.run("convert", "spec.yaml", "--native")

    assert (native.code, native.err) == (0, "")
    assert "import pulumi_press as press\n" in dynamic.out
    assert native.out == dynamic.out.replace(
        "import pulumi_press as press\n", "from pulumi_press import native as press\n"
    )
    ast.parse(native.out)
