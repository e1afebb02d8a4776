"""Recordings without what differs from one run to the next: ids, times, ports, folders and stack traces."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pulumi.runtime.rpc import UNKNOWN

from tools.record_previews.order import rank, rank_said, sort_events, sort_steps, step_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
ADDRESS = re.compile(r"127\.0\.0\.1:\d+")

DROPPED = frozenset({"stackTrace", "sourcePosition", "created", "modified"})
SETS = frozenset({"dependencies", "replaceReasons", "diffReasons", "keys", "diffs"})
"""Lists that the engine writes in any order."""

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
        digest["steps"] = sort_steps(digest.get("steps", []))
        digest.get("diagnostics", []).sort(key=rank_said)
        self._number((step, step.get("oldState"), step.get("newState")) for step in digest["steps"])
        return json.dumps(self._clean(digest), indent=1, ensure_ascii=False) + "\n"

    def log(self, text: str) -> str:
        """Normalize an event log: one event a line, of the debugging ones only the first."""
        events = [json.loads(line) for line in text.splitlines()]
        debugging = [event for event in events if event.get("diagnosticEvent", {}).get("severity") == "debug"]
        kept = sort_events([event for event in events if event not in debugging[1:]])
        steps = [step for step in map(step_of, kept) if step]
        self._number((step, step.get("old"), step.get("new")) for step in steps)
        lines = [
            json.dumps(self._clean({**event, "sequence": number}), separators=(",", ":"), ensure_ascii=False)
            for number, event in enumerate(kept)
        ]
        return "\n".join(lines) + "\n"

    def _number(self, steps: Iterable[tuple[dict[str, Any], dict[str, Any] | None, dict[str, Any] | None]]) -> None:
        """Number the ids in the order of the resources; the engine creates those in any order."""
        for _, old, new in sorted(steps, key=lambda item: rank(item[0]["urn"])):
            for state in (old, new):
                self._text((state or {}).get("id", ""))

    def _clean(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._text(key): self._member(key, member) for key, member in value.items() if key not in DROPPED}
        if isinstance(value, list):
            return [self._clean(member) for member in value]
        return self._text(value) if isinstance(value, str) else value

    def _member(self, key: str, value: Any) -> Any:
        if key == "__provider" and isinstance(value, str) and len(value) > PICKLE:
            return "pickle"
        if key in SETS and isinstance(value, list):
            return sorted(self._clean(value))
        if key == "propertyDependencies":
            return {name: sorted(self._clean(urns)) for name, urns in sorted(value.items())}
        return FIXED[key] if key in FIXED and isinstance(value, (int, float)) else self._clean(value)

    def _text(self, text: str) -> str:
        for folder, name in self._folders.items():
            text = text.replace(folder, name)
        return UUID.sub(self._id, ADDRESS.sub("127.0.0.1:8600", text))

    def _id(self, found: re.Match[str]) -> str:
        if found[0] == UNKNOWN:
            return UNKNOWN
        return self._ids.setdefault(found[0], f"00000000-0000-4000-8000-{len(self._ids) + 1:012}")
