"""What the engine, the program and the provider say beside the steps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi_press.report.steps import Telling, Urn, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["read_policy", "read_telling", "settle"]

KEPT = ("error", "warning")
DROPPED = ("debug", "info", "info#err")
NO_WORDS = "the engine tells of an error, and not which"
# Colours: the engine's own marks, and those of terminals.
_COLOURS = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*[A-Za-z]")
_SUMMARIES = ("preview failed", "update failed")
_FAILED_PREVIEW = "Preview failed: "
# How the engine begins what `check` refused; the resource is named beside the text anyway.
_REFUSED = re.compile(r"^\S+ resource '[^\n]*?' has a problem: ")


def read_telling(value: dict[str, Any]) -> Telling:
    """Read a diagnostic, of a preview in JSON or of an event."""
    severity = as_text(value.get("severity"), "a diagnostic's severity")
    text = _COLOURS.sub("", as_text(value.get("message"), "a diagnostic's message")).strip()
    # The one format has the prefix in the message, the other has it apart.
    text = text.removeprefix(f"{severity}: ").removeprefix(_FAILED_PREVIEW)
    urn = as_text(value.get("urn"), "a diagnostic's urn")
    text = _REFUSED.sub("", text) if urn else text
    if severity not in (*KEPT, *DROPPED):
        # What is not known may be an error: a gate must not pass it.
        severity, text = "error", f"a diagnostic is of a severity that is not known, {severity!r}: {text}"
    if severity == "error" and not text:
        text = NO_WORDS
    return Telling(severity, text, Urn.parse(urn) if urn else None)


def read_policy(value: dict[str, Any]) -> Telling:
    """Read a violation of a policy."""
    name = "/".join(as_text(value.get(key), "a policy's name") for key in ("policyPackName", "policyName"))
    text = _COLOURS.sub("", as_text(value.get("message"), "a policy's message")).strip()
    severity = "error" if value.get("enforcementLevel") == "mandatory" else "warning"
    urn = as_text(value.get("resourceUrn"), "a policy's resourceUrn")
    return Telling(severity, f"policy {name}: {text}", Urn.parse(urn) if urn else None)


def settle(tellings: Iterable[Telling]) -> list[Telling]:
    """Keep errors and warnings, each once, without the line that only says that there was one."""
    kept = list(dict.fromkeys(telling for telling in tellings if telling.severity in KEPT and telling.text))
    real = [telling for telling in kept if telling.text not in _SUMMARIES]
    return real if any(telling.severity == "error" for telling in real) else kept
