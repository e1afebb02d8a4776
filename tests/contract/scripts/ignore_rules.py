"""Ask the service's own client what it leaves out of a folder, for a table of ignore files."""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path
from typing import Any

from peak import compression  # type: ignore[import-not-found]  # It runs elsewhere.


def list_packed(tree: list[str], case: dict[str, Any]) -> list[str] | None:
    """Return what the client packs, None if it refuses to."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "etl"
        for path, content in {**dict.fromkeys(tree, "content"), **case.get("files", {})}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content.encode())
        try:
            with compression.compress(str(root), case.get("ignore_files")) as packed:
                return sorted(zipfile.ZipFile(packed).namelist())
        except Exception:  # noqa: BLE001 - its kinds of refusal have nothing in common.
            return None


warnings.simplefilter("ignore", DeprecationWarning)  # Of the client's own use of pathspec.
table = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
Path(sys.argv[2]).write_text(
    json.dumps([list_packed(table["tree"], case) for case in table["cases"]]), encoding="utf-8"
)
