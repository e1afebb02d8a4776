"""Faults: what goes wrong on purpose."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

from pydantic import Field
from typing_extensions import Required, TypedDict

from pulumi_press.emulator.control.request_log import entry_of
from pulumi_press.schema.failures import CheckFailure, join
from pulumi_press.schema.shapes import shape
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    class Drop(Protocol):
        """Drops the connection of a call, as `Connections.drop` does."""

        async def __call__(self, scope: Scope, receive: Receive, *, flush: bool) -> None: ...


__all__ = ["FaultMiddleware", "FaultRule", "Faults"]

GARBAGE = b"<html><body>This is no JSON.</body></html>"


@shape
class FaultMatch(TypedDict, total=False):
    """Which calls a rule is about. What is left out matches every call."""

    method: str
    """Such as `POST`."""
    path: str
    """Decoded path; `*` and `?` stand for characters, slashes too."""
    tenant: str
    """Tenant of the token."""


@shape
class FaultEffect(TypedDict, total=False):
    """What goes wrong; at least one thing."""

    delay: Annotated[float, Field(ge=0)]
    """Seconds before anything happens."""
    when: Literal["before", "after"]
    """Whether `status` and `drop` come in place of the work (`before`, the default), or once it was done (`after`)."""
    status: Annotated[int, Field(ge=200, le=599)]
    """Status of the answer."""
    detail: str
    """Words of the answer with that status."""
    headers: dict[str, str]
    """Further headers, such as `Retry-After`."""
    body: Literal["garbage", "truncated", "empty"]
    """What becomes of the answer's body: no JSON, cut off in the middle with the connection, or nothing."""
    drop: Literal[True]
    """The connection is closed without an answer."""


@shape
class FaultRule(TypedDict, total=False):
    """Which calls go wrong, and how."""

    match: FaultMatch
    """Which calls. Default: all of the API."""
    skip: Annotated[int, Field(ge=0)]
    """So many matching calls pass first. Default 0."""
    probability: Annotated[float, Field(gt=0, le=1)]
    """How likely each of the others goes wrong. Default 1."""
    seed: int
    """What the chances follow from: the same seed, the same calls that go wrong. Default 0."""
    times: Annotated[int, Field(ge=1)]
    """So many calls go wrong. Default: all that come."""
    then: Required[FaultEffect]
    """What goes wrong."""


@dataclass
class _Rule:
    number: int
    written: FaultRule
    skip: int
    left: int | None
    chance: random.Random
    used: int = field(default=0)

    def fires(self, method: str, path: str, tenant: str | None) -> bool:
        match = self.written.get("match", {})
        fits = (
            self.left != 0
            and match.get("method", method).upper() == method
            and fnmatchcase(path, match.get("path", "*"))
            and match.get("tenant", tenant) == tenant
        )
        if not fits:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.chance.random() >= self.written.get("probability", 1):
            return False
        self.left = None if self.left is None else self.left - 1
        self.used += 1
        return True


class Faults:
    """The rules, in order: the first that matches a call, has nothing to skip, and has chance with it, fires."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._count = 0

    def check(self, rules: Sequence[object]) -> list[CheckFailure]:
        """Find what is wrong with rules that somebody sent."""
        failures: list[CheckFailure] = []
        for index, rule in enumerate(rules):
            wrong = validate(FaultRule, rule, at=join("", index))
            if not wrong and isinstance(rule, dict):
                wrong = _check_effect(rule["then"], join("", index, "then"))
            failures += wrong
        return failures

    def add(self, rules: Sequence[FaultRule]) -> None:
        """Lay down further rules, after those that are there."""
        for rule in rules:
            self._count += 1
            chance = random.Random(rule.get("seed", 0))  # noqa: S311  (it hides nothing)
            self._rules.append(_Rule(self._count, rule, rule.get("skip", 0), rule.get("times"), chance))

    def take(self, method: str, path: str, tenant: str | None) -> tuple[int, FaultEffect] | None:
        """Say which rule fires for a call, by number, and what it does; None: all goes well."""
        for rule in self._rules:
            if rule.fires(method, path, tenant):
                return rule.number, rule.written["then"]
        return None

    def describe(self) -> list[dict[str, Any]]:
        """Return the rules as they were written, with their number, and how often each fired and still will."""
        return [{"number": rule.number, **rule.written, "used": rule.used, "left": rule.left} for rule in self._rules]

    def clear(self) -> None:
        """Forget all rules."""
        self._rules.clear()
        self._count = 0


class FaultMiddleware:
    """ASGI middleware that makes calls of the API go wrong.

    Args:
        app: what answers when all goes well.
        faults: the rules.
        drop: drops the connection of a call.
    """

    def __init__(self, app: ASGIApp, faults: Faults, drop: Drop) -> None:
        self._app = app
        self._faults = faults
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or not."""
        entry = entry_of(scope)
        fault = self._faults.take(scope["method"], scope["path"], entry.tenant) if entry else None
        if entry is None or fault is None:
            await self._app(scope, receive, send)
            return
        entry.fault, effect = fault
        await asyncio.sleep(effect.get("delay", 0))
        replaced = bool({"status", "drop"} & effect.keys())
        answer = _error_response(effect)
        if not replaced or effect.get("when") == "after":
            done = await self._work(scope, receive)
            answer = answer if replaced else done
        if "drop" in effect:
            await self._drop(scope, receive, flush=False)
            return
        await self._answer(answer, effect, scope, receive, send)

    async def _work(self, scope: Scope, receive: Receive) -> _Answer:
        """Do the work, and keep its answer back."""
        answer = _Answer(200, [], b"")

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], list(message["headers"])
            elif message["type"] == "http.response.body":
                answer.body += message.get("body", b"")

        await self._app(scope, receive, keep)
        return answer

    async def _answer(self, answer: _Answer, effect: FaultEffect, scope: Scope, receive: Receive, send: Send) -> None:
        spoiled = effect.get("body")
        body = {"garbage": GARBAGE, "empty": b""}.get(spoiled or "", answer.body)
        headers = [item for item in answer.headers if item[0].lower() != b"content-length"]
        for name, value in effect.get("headers", {}).items():
            headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))
        headers.append((b"content-length", str(len(body)).encode()))
        # 204 has no body by definition, so garbage comes with another success.
        status = 200 if body and answer.status == 204 else answer.status  # No Content.  # noqa: PLR2004  # No Content.
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if spoiled == "truncated":
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            await self._drop(scope, receive, flush=True)
            return
        await send({"type": "http.response.body", "body": body})


@dataclass
class _Answer:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def _error_response(effect: FaultEffect) -> _Answer:
    status = effect.get("status", 200)
    detail = effect.get("detail", f"The local Press was told to answer {status}.")
    return _Answer(status, [(b"content-type", b"application/json")], json.dumps({"detail": detail}).encode())


def _check_effect(effect: Mapping[str, Any], at: str) -> list[CheckFailure]:
    if not {"delay", "status", "headers", "body", "drop"} & effect.keys():
        return [CheckFailure(at, "must say what goes wrong: delay, status, headers, body or drop")]
    if "drop" in effect and {"status", "headers", "body", "detail"} & effect.keys():
        return [CheckFailure(at, "has drop, which leaves no answer to have a status, headers or a body")]
    if "detail" in effect and "status" not in effect:
        return [CheckFailure(join(at, "detail"), "needs a status")]
    for name, value in effect.get("headers", {}).items():
        if not (name.isascii() and name.replace("-", "").isalnum() and value.isascii() and value.isprintable()):
            return [CheckFailure(join(at, "headers", name), "cannot be sent as a header")]
    return []
