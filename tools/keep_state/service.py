"""What a service was told, kept to be told to another one: so that a state finds its objects there.

Only calls of the API are kept, and none of the service's own storage. Another service gives other ids; the kept state
is then read with those.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from tests.reliability.servers.script import Exchange, Recorder
from tests.reliability.servers.wire import Asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pulumi_press.emulator import LocalPress

__all__ = ["ADDRESS", "TOKENS", "VARIABLES", "keep_calls", "rename", "tell_again", "without_traces"]

TOKENS = {"token-of-acme": "acme", "token-of-north": "north"}
"""Tenants of the service, by token."""
VARIABLES = {"NORTH_TOKEN": "token-of-north"}
"""What the program reads from the environment."""

ADDRESS = "http://press.invalid"
"""Stands for the address of the service in what is kept."""

UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OK = range(200, 300)


def keep_calls(exchanges: Iterable[Exchange]) -> list[dict[str, Any]]:
    """Write down the calls that changed something."""
    return [
        {
            "method": exchange.asked.method,
            "path": exchange.asked.target,
            "type": exchange.asked.headers["content-type"],
            "token": exchange.asked.headers["authorization"],
            "body": base64.b64encode(exchange.asked.body).decode("ascii"),
            "answer": exchange.answer.json,
        }
        for exchange in exchanges
        if exchange.asked.method != "GET" and exchange.answer.status in OK
    ]


def tell_again(calls: Iterable[dict[str, Any]], press: LocalPress) -> dict[str, str]:
    """Make the kept calls once more; give what stands in the kept state -> what must stand in its place.

    Raises:
        ValueError: the service refuses a call.
    """
    service, names = Recorder(press.url), {ADDRESS: press.url}
    for call in calls:
        body = base64.b64decode(call["body"])
        path = rename(call["path"], names)
        headers = {"authorization": call["token"], "content-type": call["type"]}
        # Text is safe to rename; a form with files holds no id.
        sent = rename(body.decode(), names).encode() if call["type"] == "application/json" else body
        answer = service.ask(Asked(call["method"], path, {**headers, "content-length": str(len(sent))}, sent))
        if answer.status not in OK:
            raise ValueError(f"{call['method']} {path}: {answer.status}: {answer.body.decode(errors='replace')}")
        names |= dict(_compare(call["answer"], answer.json))
    return names


def rename(text: str, names: dict[str, str]) -> str:
    """Put the names of one service in place of those of another."""
    for old, new in names.items():
        text = text.replace(old, new)
    return text


def _compare(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    """Give each id in an old answer with the one that stands in its place in a new one."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() & new.keys():
            yield from _compare(old[key], new[key])
    elif isinstance(old, list) and isinstance(new, list):
        for before, after in zip(old, new, strict=False):
            yield from _compare(before, after)
    elif isinstance(old, str) and isinstance(new, str) and UUID.fullmatch(old):
        yield old, new


def without_traces(state: dict[str, Any]) -> dict[str, Any]:
    """Give a state without what tells of the machine that it was made on."""
    text = json.dumps(state)
    kept: dict[str, Any] = json.loads(text)
    for resource in kept["deployment"]["resources"]:
        for key in ("stackTrace", "sourcePosition"):
            resource.pop(key, None)
    return kept
