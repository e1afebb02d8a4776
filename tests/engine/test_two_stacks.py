"""Two stacks on one tenant: neither takes, changes or deletes what the other has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Stack

pytestmark = both_ways

PROGRAM = """
spec = press.BlockSpec(
    "api", kind="service", metadata={"name": "api", "summary": "x"}, config={"imageDetails": {"id": 1}}
)
press.BlockDeployment("api", metadata={"name": "api"}, spec=spec)
"""


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({}, "press:adopt is never"),
        ({"press:marks": "owner", "press:adopt": "identical"}, "carries the mark of the stack life/test"),
    ],
    ids=["by default", "with marks"],
)
def test_second_stack_is_refused(settings: dict[str, str], why: str, stack: Stack) -> None:
    """A stack of the same names is refused, and its destroy leaves the first one's blocks alone."""

    def configure() -> None:
        for key, value in settings.items():
            stack.succeed("config", "set", key, value)

    configure()
    stack.write(PROGRAM)
    stack.up()
    before = stack.press.state()
    stack.succeed("stack", "init", "other")
    configure()

    printed = stack.fail_up()
    stack.succeed("destroy", "--yes", "--skip-preview")

    assert why in printed
    assert stack.press.state() == before
    stack.succeed("stack", "select", "test")
    assert stack.preview() == {}


def test_stack_of_the_same_name_in_another_backend_is_refused(stack: Stack, tmp_path: Path) -> None:
    """A note about what the first one made is no reason for the second to take it, though both have one name."""
    stack.write(PROGRAM)
    stack.up()
    before = stack.press.state()
    (tmp_path / "elsewhere").mkdir()
    stack.variables["PULUMI_BACKEND_URL"] = f"file://{tmp_path / 'elsewhere'}?metadata=skip"
    stack.succeed("stack", "init", "test")

    printed = stack.fail_up()
    stack.succeed("destroy", "--yes", "--skip-preview")

    assert "press:adopt is never" in printed
    assert stack.press.state() == before


def test_functions_show_no_marks(stack: Stack) -> None:
    """What a program reads of its own marked blocks is what it declared."""
    stack.succeed("config", "set", "press:marks", "owner")
    stack.write(
        PROGRAM
        + """
found = press.get_spec_output(spec.id)
pulumi.export("tags", found.apply(lambda live: live["metadata"]["tags"]))
pulumi.export("notes", found.apply(lambda live: live["latestRelease"].get("notes", "")))
"""
    )

    stack.up()

    (live,) = stack.press.state()["specs"]
    assert [tag["name"] for tag in live["metadata"]["tags"]] == ["pulumi:life/test"]
    assert stack.outputs() == {"tags": [], "notes": ""}
    assert stack.preview() == {}
