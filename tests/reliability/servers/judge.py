"""Whether an operation before a bad server ended as it must: soon, clearly, and with nothing wrong in the state."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pulumi_press.plugin.codec import split
from pulumi_press.plugin.tokens import load_resource
from pulumi_press.provider.adoption import CLAIM
from pulumi_press.provider.values import normalize
from pulumi_press.schema.arguments import BlockDeploymentArgs, BlockSpecArgs, BlockSpecReleaseArgs
from pulumi_press.schema.validation import validate
from tests.reliability.oracle import find_unclear
from tests.reliability.servers.runner import TOKEN, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reliability.servers.stage import Outcome, Rehearsed

__all__ = ["find_shown", "find_wrong_message", "find_wrong_result", "find_wrong_size"]

MOST_REQUESTS = 450
"""Of an operation that waits for half an hour, looking every ten seconds, with every second look lost."""
MOST_SECONDS = 3 * 3600.0
LONGEST_MESSAGE = 3_000

SHAPES: dict[str, Any] = {
    "BlockSpec": BlockSpecArgs,
    "BlockSpecRelease": BlockSpecReleaseArgs,
    "BlockDeployment": BlockDeploymentArgs,
}
MISTAKE = re.compile("was refused: (400|413|422)|the service says: |; raise ")
MASKS = (TOKEN, quote(TOKEN, safe=""), json.dumps(TOKEN)[1:-1])


def find_wrong_message(rehearsed: Rehearsed, outcome: Outcome) -> Iterator[str]:
    """Say what is wrong with the failure that a person sees."""
    if outcome.error is None:
        return
    text = outcome.text
    if not outcome.is_ours:
        yield f"it is a {type(outcome.error).__name__}: {text[:200]}"
        return
    found = find_unclear(text, "", rehearsed.operation.subject)
    # A mistake in what was sent says by itself what to do, as far as anybody knows.
    is_failure = MISTAKE.search(text) or isinstance(outcome.error, Failure)
    yield from (missing for missing in found if not (is_failure and "what to do" in missing))
    if any(mask in text for mask in MASKS):
        yield f"the token is in it: {text}"
    if len(text) > LONGEST_MESSAGE:
        yield f"it has {len(text)} characters"
    if any(not (char.isprintable() or char == "\n") for char in text):
        yield f"it holds characters that no person can read: {text!r}"


def find_wrong_result(rehearsed: Rehearsed, outcome: Outcome, *, alike: bool) -> Iterator[str]:
    """Say what is wrong with what would stand in the state.

    Args:
        rehearsed: the operation.
        outcome: how it ended.
        alike: whether it must be the same as before a good server; else, only of the right kind.
    """
    if outcome.error is not None:
        return
    right, found = _without_claims(rehearsed.result), _without_claims(outcome.result)
    if found == right:
        return
    if alike:
        yield f"the result is {json.dumps(found)[:600]}, not {json.dumps(right)[:600]}"
        return
    if isinstance(right, dict) and "id" in right:
        identity = (found or {}).get("id")
        # A read passes an answer on; where that tells no id, none is claimed.
        if identity != right["id"] and (rehearsed.operation.kind or identity is not None):
            yield f"the id is {identity!r}, not {right['id']!r}"
            return
    if rehearsed.operation.kind and isinstance(right, dict):
        for values in (found.get("outputs", found), found.get("inputs", found)):
            yield from _find_failures(rehearsed.operation.kind, normalize(values))


def find_shown(rehearsed: Rehearsed, outcome: Outcome) -> Iterator[str]:
    """Say which values would stand in the state in plain text that are hidden before a good server."""
    if outcome.error is None and rehearsed.operation.kind == "BlockDeployment":
        hidden, right = (set(_outputs(result).get("hidden", ())) for result in (outcome.result, rehearsed.result))
        yield from (f"{name} is not hidden" for name in sorted(right - hidden))


def find_wrong_size(outcome: Outcome, most: int = MOST_REQUESTS) -> Iterator[str]:
    """Say whether it took too many requests, or too long."""
    if len(outcome.asked) > most:
        yield f"{len(outcome.asked)} requests were sent"
    if outcome.seconds > MOST_SECONDS:
        yield f"it took {outcome.seconds:.0f} s"


def _find_failures(kind: str, values: dict[str, Any]) -> Iterator[str]:
    """Say what in the inputs or outputs of a resource is of no right kind. What is left out was not told."""
    if "None" in _texts(values):
        yield f"None became a text: {values}"
    if kind == "Rollout":
        number = values.get("revision")
        if not isinstance(number, int) or isinstance(number, bool) or not isinstance(values.get("status"), str):
            yield f"the rollout is of {number!r}, and is {values.get('status')!r}"
        return
    number = values.get("revision_number", 1)
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        yield f"revision_number is {number!r}"
    shape = SHAPES[kind]
    inputs = split(load_resource(kind).fields, values).inputs
    given = {key: value for key, value in inputs.items() if key in shape.__annotations__}
    yield from (str(failure) for failure in validate(shape, given) if "is required" not in str(failure))


def _without_claims(value: Any) -> Any:
    """Copy a result without what tells one takeover from another."""
    if isinstance(value, dict):
        return {key: _without_claims(item) for key, item in value.items() if key != CLAIM}
    return [_without_claims(item) for item in value] if isinstance(value, list) else value


def _outputs(result: Any) -> dict[str, Any]:
    values: dict[str, Any] = result.get("outputs", result) if isinstance(result, dict) else {}
    return values


def _texts(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {text for item in value.values() for text in _texts(item)}
    if isinstance(value, list):
        return {text for item in value for text in _texts(item)}
    return {value} if isinstance(value, str) else set()
