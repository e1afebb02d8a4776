"""Values of parameters: what was given, what defaults add, and how both are shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.masking import mask_declaration, mask_values
from pulumi_press.schema.parameter_values import check_values

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.schema.failures import CheckFailure

__all__ = ["Declared", "carry"]


class Declared:
    """The parameters that a release declares.

    Args:
        release: a row of `releases`.
    """

    def __init__(self, release: sqlite3.Row) -> None:
        declared = json.loads(release["parameters"])
        self.build: list[dict[str, Any]] = declared.get("build", [])
        self.run: list[dict[str, Any]] = declared.get("run", [])

    @property
    def hidden(self) -> set[str]:
        """Names of the run parameters whose value is not to be shown."""
        return {item["name"] for item in self.run if item.get("hideValue") is True}

    def check(self, build: Mapping[str, Any], run: Mapping[str, Any]) -> list[CheckFailure]:
        """Find the values that the declaration does not allow, and those that are missing."""
        mistakes = check_values(self.build, build, at="parameters.build")
        return mistakes + check_values(self.run, run, at="parameters.run")

    def effective(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Give the run parameters as the block reads them: the given ones, else their defaults."""
        defaults = {item["name"]: item["defaultValue"] for item in self.run if "defaultValue" in item}
        return {**defaults, **given}

    def describe(self, given: Mapping[str, Any], assumptions: Assumptions) -> list[dict[str, Any]]:
        """Give `parameters.run` of a description, hidden values masked."""
        values = mask_values(self.effective(given), self.hidden, assumptions.masked_value)
        shown = []
        for item in self.run:
            value = {"value": values[item["name"]]} if item["name"] in values else {}
            if assumptions.described_parameters == "pair":
                shown.append({"name": item["name"], **value})
            else:
                shown.append({**mask_declaration(item, assumptions.masked_value), **value})
        return shown


def carry(
    old: Mapping[str, Any], new: Mapping[str, Any] | None, declarations: list[dict[str, Any]], policy: str
) -> dict[str, Any]:
    """Give the values of a new revision.

    Args:
        old: values of the revision before.
        new: values that the body gives, or None when it is silent.
        declarations: what the new revision's release declares; of the old values only these are carried on.
        policy: `keep`, `merge` or `defaults`, as the assumption `revision_parameters` has it.
    """
    declared = {item["name"] for item in declarations}
    kept = {name: value for name, value in old.items() if name in declared}
    if policy == "merge":
        return {**kept, **(new or {})}
    if policy == "keep" and new is None:
        return kept
    return dict(new or {})
