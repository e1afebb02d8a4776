"""List the methods of the service's own client."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from peak.press import blocks  # type: ignore[import-not-found]  # It runs elsewhere.

methods = [name for name in vars(blocks.Block) if callable(getattr(blocks.Block, name)) and not name.startswith("_")]
Path(sys.argv[2]).write_text(json.dumps(methods), encoding="utf-8")
