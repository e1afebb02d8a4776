"""`docs/lifecycle.md`, written from the tables that the code itself reads.

Renew it with `python -m tools.docs.changes docs/lifecycle.md`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.plugin.tokens import KINDS, load_resource
from pulumi_press.provider.fields import Effect

if TYPE_CHECKING:
    from pulumi_press.provider.fields import Field

__all__ = ["render"]

MEANINGS = {
    Effect.REPLACE: "a new object replaces the old one",
    Effect.PATCH: "one PATCH changes the object in place",
    Effect.RELEASE: "a new release is published; the spec keeps its id",
    Effect.REVISION: "a new revision is deployed; the deployment keeps its id (a rollout: it waits again)",
    Effect.PARAMETERS: (
        "one PATCH changes the run parameters; a new revision carries them instead if there is one anyway, "
        "or if a parameter without a default is removed"
    ),
    Effect.NONE: "nothing is sent; only the state changes",
}


def render() -> str:
    """Write the page."""
    lines = [
        "# What a change does",
        "",
        "This page is written from the tables that the provider itself reads (`pulumi_press/provider/`).",
        "A change of anything inside a field is a change of the field. Values are compared by what they mean: the",
        "order of keys, and 1 or 1.0, are no difference; the last column says what else is none.",
        "",
        *[f"- **{name_effect(effect)}**: {meaning}." for effect, meaning in MEANINGS.items()],
    ]
    for name in KINDS:
        lines += ["", f"## {name}", "", *_table(load_resource(name).fields)]
    return "\n".join([*lines, ""])


def name_effect(effect: Effect) -> str:
    """Return what the pages call an effect."""
    return "state only" if effect is Effect.NONE else effect.value


def _table(fields: tuple[Field, ...]) -> list[str]:
    rows = ["| input | effect | on the service | not a change |", "|---|---|---|---|"]
    for field in fields:
        name = f"`{field.path}`" + (" (computed)" if field.computed else "")
        where = f"`{field.api}`" if field.api and "(" not in field.api else field.api or "not returned"
        rows.append(f"| {name} | {name_effect(field.effect)} | {where} | {field.tolerance} |")
    return rows


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), encoding="utf-8")
