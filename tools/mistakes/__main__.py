"""Renew `docs/mistakes.md`: what the engine prints, of all mistakes or of those named, and what pyright says."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.support.checkers import check_with_pyright
from tools.mistakes.cases import MISTAKES
from tools.mistakes.page import read_printed, render, write_page
from tools.mistakes.previews import preview_all

wanted = set(sys.argv[1:])
if unknown := wanted - {mistake.name for mistake in MISTAKES}:
    sys.exit(f"no such mistake: {', '.join(sorted(unknown))}")
with tempfile.TemporaryDirectory() as folder:
    complaints = check_with_pyright(sorted({mistake.file for mistake in MISTAKES}), Path(folder))
printed = preview_all([mistake for mistake in MISTAKES if not wanted or mistake.name in wanted])
write_page(render({**read_printed(), **printed} if wanted else printed, complaints))
