"""What is loaded when: a program must not pay for what it does not use."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("pydantic", "jinja2", "requests", "pathspec", "pulumi_press.lifecycle", "pulumi_press.schema")


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
