"""Recordings without what differs from one run to the next: ids, times, ports, folders and stack traces."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
ADDRESS = re.compile(r"127\.0\.0\.1:\d+")

DROPPED = frozenset({"stackTrace", "sourcePosition", "created", "modified"})
FIXED = {"timestamp": 0, "duration": 1_000_000_000, "durationSeconds": 1}

PICKLE = 100
"""Characters of `__provider` past which it is a program's own provider, pickled with the paths of its files."""


class Normalizer:
    """Puts the same in the place of what differs, across the files of one scenario.

    Args:
        folders: what is written for each folder, longest paths first.
    """

    def __init__(self, folders: Mapping[str, str]) -> None:
        self._folders = folders
        self._ids: dict[str, str] = {}

    def digest(self, text: str) -> str:
        """Normalize what `preview --json` printed."""
        digest = json.loads(text)
        digest["steps"] = sort_refreshes(digest.get("steps", []), lambda step: step)
        return json.dumps(self._clean(digest), indent=1, ensure_ascii=False) + "\n"

    def log(self, text: str) -> str:
        """Normalize an event log: one event a line, of the debugging ones only the first."""
        events = [json.loads(line) for line in text.splitlines()]
        debugging = [event for event in events if event.get("diagnosticEvent", {}).get("severity") == "debug"]
        kept = sort_refreshes([event for event in events if event not in debugging[1:]], metadata)
        lines = [
            json.dumps(self._clean({**event, "sequence": number}), separators=(",", ":"), ensure_ascii=False)
            for number, event in enumerate(kept)
        ]
        return "\n".join(lines) + "\n"

    def _clean(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._text(key): self._member(key, member) for key, member in value.items() if key not in DROPPED}
        if isinstance(value, list):
            return [self._clean(member) for member in value]
        return self._text(value) if isinstance(value, str) else value

    def _member(self, key: str, value: Any) -> Any:
        if key == "__provider" and isinstance(value, str) and len(value) > PICKLE:
            return "pickle"
        return FIXED[key] if key in FIXED and isinstance(value, (int, float)) else self._clean(value)

    def _text(self, text: str) -> str:
        for folder, name in self._folders.items():
            text = text.replace(folder, name)
        return UUID.sub(self._id, ADDRESS.sub("127.0.0.1:8600", text))

    def _id(self, found: re.Match[str]) -> str:
        return self._ids.setdefault(found[0], f"00000000-0000-4000-8000-{len(self._ids) + 1:012}")


def metadata(event: dict[str, Any]) -> dict[str, Any]:
    """Give the step that an event is about, if it is about one."""
    for kind in ("resourcePreEvent", "resOutputsEvent"):
        if kind in event:
            step: dict[str, Any] = event[kind]["metadata"]
            return step
    return {}


def sort_refreshes(
    items: list[dict[str, Any]], step: Callable[[dict[str, Any]], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Sort what is refreshed by URN, first what begins, for the engine takes it in any order; the rest stays."""
    places = [place for place, item in enumerate(items) if step(item).get("op") == "refresh"]
    refreshes = sorted(
        (items[place] for place in places), key=lambda item: ("resOutputsEvent" in item, step(item)["urn"])
    )
    ordered = list(items)
    for place, item in zip(places, refreshes, strict=True):
        ordered[place] = item
    return ordered
