"""What cannot be reported on."""

from __future__ import annotations

__all__ = ["PreviewError"]


class PreviewError(Exception):
    """An input is no preview, or not a whole one; the message says so in one line and repeats none of its values."""
