"""Play a script with the service's own client, in that client's environment.

    python play.py SCRIPT GIVEN.json RECORDED.json

A script is a module with `play(record)`; it knows no client but `record.client`, so that any other can play it too.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from peak import Session  # type: ignore[import-not-found]  # It runs elsewhere.
from peak.press import blocks, deployments  # type: ignore[import-not-found]  # It runs elsewhere.
from recorder import Recorder  # type: ignore[import-not-found]  # It runs elsewhere.


class Client:
    """The client of blocks, with the one call that another client has."""

    def __init__(self, token: str | None) -> None:
        session = None
        if token is not None:
            session = Session()
            session.auth_token = token
        self._blocks, self._deployments = blocks.get_client(session), deployments.get_client(session)

    def __getattr__(self, name: str) -> Any:
        """Give the client's own method."""
        return getattr(self._deployments if name == "execute_resources" else self._blocks, name)


if __name__ == "__main__":
    script, given, recorded = sys.argv[1:]
    record = Recorder(json.loads(Path(given).read_text(encoding="utf-8")), Client)
    import_module(script).play(record)
    Path(recorded).write_text(json.dumps(record.calls), encoding="utf-8")
