"""Ids of new objects: random, or the same ones each time for who asks for that."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_press.emulator.store import Store

__all__ = ["Identities"]

KEY = "ids"


class Identities:
    """Makes ids.

    The count of the ids given so far is stored with the objects: a call that is refused, or that only rehearses, uses
    none up, and a restart goes on where it was.

    Args:
        store: what keeps the count.
        number: the ids follow from it; None makes them random.
    """

    def __init__(self, store: Store, number: int | None) -> None:
        self._store = store
        self._number = number

    def new(self) -> str:
        """Give an id that no object has, within a transaction."""
        if self._number is None:
            return str(uuid.uuid4())
        count = int(self._store.recall(KEY) or 0) + 1
        self._store.remember(KEY, str(count))
        digest = hashlib.sha256(f"{self._number}/{count}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=4))
