"""Validation from many threads, as an engine does it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from concurrent.futures import ThreadPoolExecutor
from pulumi_press import schema

shapes = [getattr(schema, name) for name in dir(schema) if name.endswith(("Args", "Body", "Patch"))]
with ThreadPoolExecutor(32) as pool:
    found = list(pool.map(lambda shape: bool(schema.validate(shape, 7)), shapes * 4))
assert all(found)
"""


def test_first_validations_may_come_all_at_once() -> None:
    """A fresh process whose threads all validate for the first time finds what it should."""
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)
