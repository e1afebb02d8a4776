"""Paths that the server answers."""

from __future__ import annotations

import re
from typing import Any

from starlette.routing import Route

__all__ = ["Path"]


class Path(Route):
    """A route of Starlette's that ends where its path ends: Starlette's own lets a line break follow."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.path_regex = re.compile(self.path_regex.pattern.removesuffix("$") + r"\Z")
