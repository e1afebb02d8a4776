"""Files that hold secrets by their name or their first lines: nobody means to publish them."""

from __future__ import annotations

import re

__all__ = ["holds_key", "is_secret_name"]

_NAME = re.compile(r"(?:.*/)?(?:\.env(?:\.(?!example$|sample$|template$|dist$)[^/]*)?|id_(?:rsa|dsa|ecdsa|ed25519))")
"""Settings of a machine, and keys under the names that SSH gives them. An example of a `.env` is none."""

_KEY = re.compile(rb"^(?:-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-)", re.MULTILINE)


def is_secret_name(path: str) -> bool:
    """Whether a file of this name usually holds secrets."""
    return _NAME.fullmatch(path) is not None


def holds_key(block: memoryview) -> bool:
    """Whether a line of a file's content begins a private key."""
    return _KEY.search(block) is not None
