"""Renew `docs/mistakes.md` from what the engine and pyright say now: `python -m tools.mistakes`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.support.checkers import check_with_pyright
from tools.mistakes.cases import MISTAKES
from tools.mistakes.page import render, write_page
from tools.mistakes.previews import preview_all

with tempfile.TemporaryDirectory() as folder:
    complaints = check_with_pyright(sorted({mistake.file for mistake in MISTAKES}), Path(folder))
write_page(render(preview_all(), complaints))
