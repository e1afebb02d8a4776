"""The texts of specs and deployments: what people read about them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator.errors import Refusal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from pulumi_press.emulator.assumptions import Assumptions

__all__ = ["keep_texts", "merge", "show_metadata", "unchanged"]

FIELDS = ("description", "descriptionContentType", "imageUrl", "summary", "title")


def keep_texts(metadata: Mapping[str, Any]) -> str:
    """Write the part of the metadata that no rule looks at, as it is stored."""
    return json.dumps({name: metadata[name] for name in (*FIELDS, "tags") if name in metadata})


def show_metadata(row: sqlite3.Row, assumptions: Assumptions) -> dict[str, Any]:
    """Give the `metadata` of an answer for a row of `specs` or `deployments`."""
    texts = json.loads(row["texts"])
    shown: dict[str, Any] = {
        "createdAt": row["created_at"],
        "createdBy": row["created_by"],
        "name": row["name"],
        "status": row["status"],
        "tags": texts.get("tags", []),
        "updatedAt": row["updated_at"],
        "updatedBy": row["updated_by"],
    }
    for name in FIELDS:
        if name in texts or assumptions.absent_values == "null":
            shown[name] = texts.get(name)
    return dict(sorted(shown.items()))


def merge(old: str, patch: Mapping[str, Any], assumptions: Assumptions) -> str:
    """Write the stored texts with a patch applied."""
    texts = json.loads(old)
    tags = patch.get("tags")
    if tags is not None and assumptions.patch_tags == "merge":
        kept = texts.get("tags", [])
        tags = kept + [tag for tag in tags if tag not in kept]
    return keep_texts({**texts, **patch, **({} if tags is None else {"tags": tags})})


def unchanged(assumptions: Assumptions) -> None:
    """Say what becomes of a patch that changes nothing.

    Raises:
        Refusal: 422, if the assumptions have it so.
    """
    if assumptions.unchanged_patch == "refuse":
        raise Refusal(422, "No changes detected")
