"""The table of ignore rules says what the real client does."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import yaml

TABLE = Path(__file__).parents[1] / "unit" / "artifact" / "ignore_rules.yaml"


def expect(tree: list[str], case: dict[str, Any]) -> list[str] | None:
    """Return what the table says that the client packs, None if it refuses to."""
    if "refused" in case:
        return None
    everything = {*tree, *case.get("files", {})}
    files = set(case["packed"]) if "packed" in case else everything - set(case["left_out"])
    return sorted(files | {f"{folder}/" for path in files for folder in PurePosixPath(path).parents if folder.name})


def test_the_table_is_right(client: Any) -> None:
    """The real client packs what each row says. The project's own packing is tested against the same rows."""
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    expected = {case["why"]: expect(table["tree"], case) for case in table["cases"]}

    packed = client.run("ignore_rules", table)

    assert expected == dict(zip((case["why"] for case in table["cases"]), packed, strict=True))
