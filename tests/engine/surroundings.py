"""The environment of the real engine in tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["surround"]

FOREIGN = ("PULUMI_", "PRESS_", "PEAK_", "API_KEY", "STAGE")
"""Nothing of the user's own may decide a test."""

PYTHON = Path(__file__).with_name("bin")
"""The folder of the `python3` that the engine finds."""


def surround(engine: str, folder: Path, endpoint: str, token: str) -> dict[str, str]:
    """Give the environment of a command of `pulumi`.

    Args:
        engine: the engine's folder.
        folder: the project's; it holds the backend too.
        endpoint: address of the service.
        token: a token that it knows.
    """
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)},
        "PATH": os.pathsep.join([str(PYTHON), str(Path(sys.executable).parent), engine, os.environ["PATH"]]),
        "TEST_PYTHON": sys.executable,
        # Beside each file the backend would write one with its attributes, not atomically: an engine that is killed at
        # that moment leaves a state that cannot be read.
        "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        # Where the engine keeps plugins, and the native one puts itself.
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # Where a provider notes what it is about to make.
        "XDG_CACHE_HOME": str(folder / "cache"),
        "PRESS_ENDPOINT": endpoint,
        "PEAK_AUTH_TOKEN": token,
    }
