"""Renew the pages in `docs/` that are written from the code; with `--check`, only tell which are stale."""

from __future__ import annotations

import argparse
import sys

from tools.docs.pages import DOCS, find_stale

parser = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__)
parser.add_argument("--check", action="store_true", help="change nothing; fail if a page is stale")
check = parser.parse_args().check
stale = find_stale()
for name, text in stale.items():
    if not check:
        (DOCS / name).write_text(text, encoding="utf-8")
    print(f"docs/{name} {'is stale: run `make docs`' if check else 'renewed'}")
sys.exit(1 if check and stale else 0)
