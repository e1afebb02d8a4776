"""The page on stacks: two stacks of one program live on one tenant, and a third deploys what the first exports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Stack

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "stacks.md").read_text(encoding="utf-8")


def read_program(kind: str) -> str:
    """Give the page's program of one kind."""
    (program,) = re.findall(rf"^<!-- {kind} -->\n```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return str(program)


def test_stacks_live_on_one_tenant(tmp_path: Path, build_stack: Callable[..., Stack]) -> None:
    """`dev` and `prod` have a spec and a deployment each; `prod` deploys to the shops of its configuration."""
    with start(tokens={"token": "acme"}) as press:
        stack = build_stack(tmp_path, press)
        (tmp_path / "__main__.py").write_text(read_program("program"))
        for name in ("dev", "prod"):
            stack.succeed("stack", "init", name)
            if name == "prod":
                stack.succeed("config", "set", "--path", "shops[0]", "north")
                stack.succeed("config", "set", "--path", "shops[1]", "south")
            stack.up()
        state = press.state()

    names = {"daily-orders", "daily-orders-dev"}
    assert {spec["metadata"]["name"] for spec in state["specs"]} == names
    assert {deployment["metadata"]["name"] for deployment in state["deployments"]} == names


def test_stack_deploys_what_another_exports(tmp_path: Path, build_stack: Callable[..., Stack]) -> None:
    """The reference gives the id and the version; a new release of the one becomes a new revision of the other."""
    with start(tokens={"token": "acme"}) as press:
        stack = build_stack(tmp_path, press)
        (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        publish, consume = read_program("program"), read_program("consumer")
        stack.succeed("stack", "init", "dev")
        (tmp_path / "__main__.py").write_text(publish)
        stack.up()
        stack.succeed("stack", "init", "north")
        (tmp_path / "__main__.py").write_text(consume)
        stack.up()
        stack.succeed("stack", "select", "dev")
        (tmp_path / "__main__.py").write_text(publish.replace("python sum.py", "python sum.py --all"))
        stack.up()
        stack.succeed("stack", "select", "north")
        (tmp_path / "__main__.py").write_text(consume)
        changed = stack.preview()
        stack.up()
        deployments = {item["metadata"]["name"]: item for item in press.state()["deployments"]}

    assert "BlockDeployment:orders-north" in changed
    assert [revision["revision"] for revision in deployments["daily-orders-north"]["revisions"]] == [1, 2]
