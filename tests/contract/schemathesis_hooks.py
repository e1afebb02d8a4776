"""What schemathesis cannot read from the OpenAPI document: which ids there are, and rules that no schema can say."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import schemathesis
from hypothesis import strategies as st

VERSION = "1.0.0"  # Of a release that every spec has which is there at the beginning.
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MISTAKES = (400, 422)
RULES = (
    # References within a body.
    r"names no image: .*",
    r"names no step: .*",
    r"names the step itself",
    r"form a circle: .*",
    r"is declared twice: .*",
    # What is stored already, and what a release declares.
    r"(metadata\.)?name: there is a block .* already",
    r"release\.version: .* is not greater than .*",
    r"The block spec has \d+ deployments; delete them first\.",
    r"is not that of a .*, the kind of the spec",
    r"is not declared by the release .*",
    r"is required by the release",
    # What hangs on another part of the form, and a file that is a file to a schema.
    r"is to be built, which needs an artifact",
    r"is not a zip that can be read: .*",
)
"""Refusals of what fits the document; each is a rule that JSON Schema has no words for."""

KNOWN: dict[str, list[str]] = json.loads(os.environ["KNOWN_IDS"])
"""Ids of what is there at the beginning, by the name that paths have for them."""

VERSION_PATTERN = os.environ["VERSION_PATTERN"]

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=5)
schemathesis.openapi.format("json-texts", st.lists(texts, max_size=3).map(json.dumps))


@schemathesis.check
def is_refused_by_a_rule_only(ctx: Any, response: Any, case: Any) -> None:  # noqa: ARG001  (it is called with three)
    """What fits the document is refused only by a rule that no document can say."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in MISTAKES:
        return
    told = json.loads(response.content)
    messages = [error["message"] for error in told.get("errors", [])] or [told["detail"]]
    strange = [message for message in messages if not any(re.fullmatch(rule, message, re.DOTALL) for rule in RULES)]
    if strange:
        raise AssertionError(f"What fits the document is refused: {strange}")


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:  # noqa: ARG001  (it is called with both)
    """Ask for what is there: ids of nothing are not worth much trying."""
    for name in KNOWN.keys() & (path_parameters or {}).keys():
        if re.fullmatch(UUID, str(path_parameters[name])):
            path_parameters[name] = choose(name, path_parameters[name])
    return path_parameters


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """Refer to what is there: to specs and releases, and within a config to images and steps."""
    call = context.operation.definition.raw.get("operationId")
    if call == "create_deployment" and is_text(dig(body, "spec", "id")):
        body["spec"]["id"] = choose("spec_id", body["spec"]["id"])
    if call == "create_deployment_revision" and fits(dig(body, "release", "version")):
        # A release that is not there is 404, and schemathesis would take that for a deployment that is not.
        body["release"]["version"] = VERSION
    steps = dig(body, "spec", "config", "steps")
    for step in steps.values() if isinstance(steps, dict) else ():
        if is_text(dig(step, "imageRef")):
            body["spec"]["config"].setdefault("images", {step["imageRef"]: {}})
        if isinstance(dig(step, "parents"), list) and all(map(is_text, step["parents"])):
            step["parents"] = []
    return body


def choose(name: str, drawn: str) -> str:
    """Give an id that is known in place of most that were drawn."""
    place = sum(drawn.encode())
    return KNOWN[name][place % len(KNOWN[name])] if place % 4 else drawn


def dig(value: Any, *keys: str) -> Any:
    """Give what lies in an object behind these keys, or None."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def fits(value: Any) -> bool:
    """Whether it is a version: what is none stays, so that it is seen to be refused."""
    return isinstance(value, str) and re.fullmatch(VERSION_PATTERN, value) is not None


def is_text(value: Any) -> bool:
    """Whether it is a text that is not empty."""
    return isinstance(value, str) and value != ""
