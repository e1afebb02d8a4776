"""Print the versions that are installed, each for the Python versions that it supports: `make lock`."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distributions
from typing import Any

OURS = "pulumi-press"
OLDEST = (3, 10)
TOOLS = {"pip", "setuptools", "wheel"}


def describe(distribution: Distribution) -> str:
    """Write `name==version`, with a marker where our oldest Python is too old for it."""
    line = f"{distribution.metadata['Name']}=={distribution.version}"
    told: Any = distribution.metadata  # It is a message with more than its type says.
    found = re.search(r">=\s*3\.(\d+)", told.get("Requires-Python", ""))
    if found and (3, int(found[1])) > OLDEST:
        return f'{line}; python_version >= "3.{found[1]}"'
    return line


print("# The versions that the project itself is developed with; users get the bounds in pyproject.toml.")
names = {item.metadata["Name"].lower().replace("_", "-"): item for item in distributions()}
for name in sorted(names):
    if name != OURS and name not in TOOLS:
        print(describe(names[name]))
