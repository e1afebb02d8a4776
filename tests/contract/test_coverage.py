"""What the contract covers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
DOCUMENTED = yaml.safe_load((HERE / "documented.yaml").read_text(encoding="utf-8"))
OF_ANOTHER_CLIENT = {"execute_resources"}


def test_every_method_of_the_real_client_is_documented_here(client: Any) -> None:
    """The tables have each of its methods, with its answer and its errors."""
    methods = set(client.run("methods", {}))

    assert methods | OF_ANOTHER_CLIENT == set(DOCUMENTED["answers"])
    assert methods | OF_ANOTHER_CLIENT == set(DOCUMENTED["errors"])


def test_every_method_of_the_real_client_is_called(client: Any) -> None:
    """No method is left out of the scripts."""
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in (HERE / "scripts").glob("*.py"))

    assert set(client.run("methods", {})) - set(re.findall(r"\bclient\.(\w+)", scripts)) == set()
