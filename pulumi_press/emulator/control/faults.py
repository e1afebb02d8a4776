"""Faults: rules that make calls of the API fail on purpose."""

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

NO_CONTENT = 204
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
    """What goes wrong; at least one of these."""

    delay: Annotated[float, Field(ge=0)]
    """Seconds before anything happens."""
    when: Literal["before", "after"]
    """Whether `status` and `drop` apply before the call is handled, which it then is not (default), or after."""
    status: Annotated[int, Field(ge=200, le=599)]
    """Status of the response."""
    detail: str
    """`detail` of the response with that status."""
    headers: dict[str, str]
    """Further headers, such as `Retry-After`."""
    body: Literal["garbage", "truncated", "empty"]
    """What the response has for a body: text that is not JSON, half of it before the connection closes, or nothing."""
    drop: Literal[True]
    """The connection is closed without a response."""


@shape
class FaultRule(TypedDict, total=False):
    """Which calls go wrong, and how."""

    match: FaultMatch
    """Which calls. Default: all of the API."""
    skip: Annotated[int, Field(ge=0)]
    """Number of matching calls that pass first. Default 0."""
    probability: Annotated[float, Field(gt=0, le=1)]
    """Probability that each of the others goes wrong. Default 1."""
    seed: int
    """Seed of the random numbers: with the same seed the same calls go wrong. Default 0."""
    times: Annotated[int, Field(ge=1)]
    """Number of calls that go wrong. Default: all."""
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

    def applies(self, method: str, path: str, tenant: str | None) -> bool:
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
    """The rules, in order: the first that matches, is past `skip` and passes `probability` applies."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._count = 0

    def check(self, rules: Sequence[object]) -> list[CheckFailure]:
        """Return what is wrong with rules that were sent."""
        failures: list[CheckFailure] = []
        for index, rule in enumerate(rules):
            wrong = validate(FaultRule, rule, at=join("", index))
            if not wrong and isinstance(rule, dict):
                wrong = _check_effect(rule["then"], join("", index, "then"))
            failures += wrong
        return failures

    def add(self, rules: Sequence[FaultRule]) -> None:
        """Add rules after the present ones."""
        for rule in rules:
            self._count += 1
            chance = random.Random(rule.get("seed", 0))  # noqa: S311  (no secret depends on it)
            self._rules.append(_Rule(self._count, rule, rule.get("skip", 0), rule.get("times"), chance))

    def take(self, method: str, path: str, tenant: str | None) -> tuple[int, FaultEffect] | None:
        """Return the number and the effect of the rule that applies to a call; None: no rule does."""
        for rule in self._rules:
            if rule.applies(method, path, tenant):
                return rule.number, rule.written["then"]
        return None

    def describe(self) -> list[dict[str, Any]]:
        """Return the rules as they were sent, each with its number, how often it applied and still will."""
        return [{"number": rule.number, **rule.written, "used": rule.used, "left": rule.left} for rule in self._rules]

    def clear(self) -> None:
        """Remove all rules."""
        self._rules.clear()
        self._count = 0


class FaultMiddleware:
    """ASGI middleware that applies the fault rules to calls of the API.

    Args:
        app: the next application.
        faults: the rules.
        drop: drops the connection of a call.
    """

    def __init__(self, app: ASGIApp, faults: Faults, drop: Drop) -> None:
        self._app = app
        self._faults = faults
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward a request, or apply the rule that matches it."""
        entry = entry_of(scope)
        fault = self._faults.take(scope["method"], scope["path"], entry.tenant) if entry else None
        if entry is None or fault is None:
            await self._app(scope, receive, send)
            return
        entry.fault, effect = fault
        await asyncio.sleep(effect.get("delay", 0))
        replaced = bool({"status", "drop"} & effect.keys())
        response = _error_response(effect)
        if not replaced or effect.get("when") == "after":
            done = await self._call(scope, receive)
            response = response if replaced else done
        if "drop" in effect:
            await self._drop(scope, receive, flush=False)
            return
        await self._send(response, effect, scope, receive, send)

    async def _call(self, scope: Scope, receive: Receive) -> _Response:
        """Return the response of the next application, without sending it."""
        response = _Response(200, [], b"")

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                response.status, response.headers = message["status"], list(message["headers"])
            elif message["type"] == "http.response.body":
                response.body += message.get("body", b"")

        await self._app(scope, receive, keep)
        return response

    async def _send(self, response: _Response, effect: FaultEffect, scope: Scope, receive: Receive, send: Send) -> None:
        spoiled = effect.get("body")
        body = {"garbage": GARBAGE, "empty": b""}.get(spoiled or "", response.body)
        headers = [item for item in response.headers if item[0].lower() != b"content-length"]
        for name, value in effect.get("headers", {}).items():
            headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))
        headers.append((b"content-length", str(len(body)).encode()))
        # 204 has no body by definition, so a body is sent with another success.
        status = 200 if body and response.status == NO_CONTENT else response.status
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if spoiled == "truncated":
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            await self._drop(scope, receive, flush=True)
            return
        await send({"type": "http.response.body", "body": body})


@dataclass
class _Response:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def _error_response(effect: FaultEffect) -> _Response:
    status = effect.get("status", 200)
    detail = effect.get("detail", f"The local Press was told to answer {status}.")
    return _Response(status, [(b"content-type", b"application/json")], json.dumps({"detail": detail}).encode())


def _check_effect(effect: Mapping[str, Any], at: str) -> list[CheckFailure]:
    if not {"delay", "status", "headers", "body", "drop"} & effect.keys():
        return [CheckFailure(at, "must have at least one of delay, status, headers, body and drop")]
    if "drop" in effect and {"status", "headers", "body", "detail"} & effect.keys():
        return [CheckFailure(at, "has drop, which leaves no response; remove status, headers, body and detail")]
    if "detail" in effect and "status" not in effect:
        return [CheckFailure(join(at, "detail"), "needs a status")]
    for name, value in effect.get("headers", {}).items():
        if not (name.isascii() and name.replace("-", "").isalnum() and value.isascii() and value.isprintable()):
            return [CheckFailure(join(at, "headers", name), "cannot be sent as a header")]
    return []
