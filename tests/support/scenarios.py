"""The scenarios that run through both, the dynamic provider and the native plugin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["WAY", "count_scenarios"]

WAY = "way"
"""The parameter of a test that says how its programs reach the engine, and the property of its report."""


def count_scenarios(ran: Iterable[tuple[str, Mapping[str, object], bool]]) -> str:
    """Return a line about the scenarios; empty where none ran.

    Args:
        ran: of each report the test's id, its properties, and whether it passed.
    """
    passed: dict[str, dict[str, bool]] = {}
    for id_, properties, is_passed in ran:
        if way := str(properties.get(WAY, "")):
            scenario = re.sub(rf"(?<=[\[-]){way}(?=[\]-])", "", id_)
            tests = passed.setdefault(way, {})
            tests[scenario] = tests.get(scenario, True) and is_passed
    counts = [f"{way} {sum(tests.values())} passed" for way, tests in sorted(passed.items())]
    scenarios = set().union(*passed.values()) if passed else set()
    return ", ".join([f"scenarios: {len(scenarios)}", *counts]) if passed else ""
