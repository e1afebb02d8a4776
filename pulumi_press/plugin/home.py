"""Where the engine keeps what is its own: plugins, and where the user is logged in."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["find_home"]


def find_home() -> Path:
    """Return the engine's own folder.

    Without PULUMI_HOME it is in the user's home folder as the system knows it, whatever HOME says: the two differ in a
    container job of GitHub Actions, for example.

    Raises:
        RuntimeError: there is no home folder.
    """
    home = os.environ.get("PULUMI_HOME")
    return Path(home) if home else _find_user_home() / ".pulumi"


def _find_user_home() -> Path:
    try:
        import pwd
    except ImportError:
        # Windows.
        return Path.home()
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        # A user without an entry, as in a container: then the engine takes HOME, too.
        return Path.home()
