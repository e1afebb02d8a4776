"""Whether an object was there before this program asked for it: then it is somebody else's, however alike it is.

A note, or a POST whose answer was lost, says that an object was asked for, not that the name was free. The service
tells when an object was made, and the dates of its answers tell how far its clock is from this machine's.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from pulumi_press.provider.values import get

if TYPE_CHECKING:
    from pulumi_press.provider.context import Context
    from pulumi_press.provider.intents import Record

__all__ = ["date_record", "was_there_before"]

SLACK = 120.0
"""Seconds by which the times of an object and of an answer may disagree: clocks of one service differ too."""


def date_record(record: Record, context: Context) -> Record:
    """Add the time to what is noted of an object that is about to be asked for."""
    return {**record, "at": str(context.client.times.now())}


def was_there_before(live: Any, record: Record, context: Context) -> bool:
    """Tell whether a live object is older than the record of its being asked for; where nothing tells, it is not."""
    try:
        created = datetime.fromisoformat(str(get(live, "metadata.createdAt")).replace("Z", "+00:00"))
        asked = float(record["at"])
    except (KeyError, ValueError):
        return False
    if created.tzinfo is None:
        created = created.replace(tzinfo=timezone.utc)
    return created.timestamp() < context.client.times.at_service(asked) - SLACK
