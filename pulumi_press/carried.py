"""Which values reach the service unchanged: those that JSON has and the engine does not alter.

A program checks its values by these rules, since the engine changes some before a provider sees them. A provider
checks them again, and writes what it reads on the service by them.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "ARCHIVE",
    "ARGUMENT",
    "ASSET",
    "DEEPEST",
    "LARGEST",
    "NULL",
    "PARTS",
    "PLAIN",
    "REFUSED",
    "SECRET",
    "SIGNATURE_KEY",
    "TOLD",
    "TOO_DEEP",
    "UNKNOWN_TEXT",
    "UNKNOWN_TEXTS",
    "VALUE",
    "Part",
    "carry",
    "counts_null",
    "find_lost",
    "is_plain_text",
    "is_shown",
    "name_type",
    "why_not_carried",
    "why_not_json",
    "why_not_key",
]

REFUSED = "pulumi-press-refused-9c9f2f2e-6d1b-4b0e-8a34-3f0f1d0b7a55: "
"""What a text begins with that stands for a value which the program refuses; the rest says why."""

TOLD = "__told"
"""The input in which a program tells the provider what no argument says. The engine shows no name that begins so."""

LARGEST = 2**53
"""The engine counts with floats: beyond it one whole number becomes another."""

DEEPEST = 100
"""Levels of lists and objects in a value; one that holds itself has more."""

UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The text that stands for a value which is not known yet, in all of the engine's calls."""

UNKNOWN_TEXTS = frozenset(
    {
        UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # A bool.
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # A number.
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # A list.
        "030794c1-ac77-496b-92df-f27374a8bd58",  # An asset.
        "e48ece36-62e2-4504-bad9-02848725956a",  # An archive.
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # An object.
    }
)
"""Those that some languages send where they know the type."""

SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
"""The key that marks secrets, assets and outputs, in all of the engine's calls."""

SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  # No secret: it marks one.
ASSET = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
"""What stands at that key."""

NULL = "is null, which Pulumi removes from objects; leave the key out"
TOO_DEEP = f"contains itself, or more than {DEEPEST} levels of lists and objects"

TEXT_CHARACTER = "has a character that no text may have (half of a surrogate pair)"

SHOWN = "(Pulumi cannot hold this value) "
"""What a text begins with that stands for a live value which the engine would change; its JSON follows."""

LOST = "is a value that Pulumi cannot hold: a whole number beyond 2**53, a null in an object, or an odd key"

Part = dict[str, Any]
"""Where in an argument a null counts: what each key of an object is, by the key.

`*` stands for every key, with `?` beside it where a null stands for a key that is left out; `[]` for an item of a list.
Elsewhere a null stands for an argument that is left out.
"""

PLAIN: Part = {}
"""A text or number; an output of one is left to the provider's check, which costs the program nothing."""
ARGUMENT: Part = {"": PLAIN}
"""An argument in which no null counts."""
DATA: Part = {}
DATA["*"] = DATA
VALUE: Part = {"*": DATA}
"""A value that may not be null itself."""

_PARAMETER: Part = {"defaultValue": VALUE, "options": {"value": VALUE}}
_PARAMETER["properties"] = _PARAMETER
_GROUP: Part = {"*": DATA, "?": PLAIN, "[]": _PARAMETER}
"""Values by name, of which a null is none, as of a setting that is not there yet; or declarations in a list."""
_IMAGE: Part = {"buildArguments": DATA}
_VALUES: Part = {"env": DATA, "inherit": DATA}
_STEP: Part = {
    "image": _IMAGE,
    "parameters": _VALUES,
    "outputParameters": DATA,
    "headers": {"absolute": DATA, "secrets": DATA},
}
PARTS: Part = {
    "config": {"images": {"*": _IMAGE}, "steps": {"*": _STEP}, "image": _IMAGE, "parameters": _VALUES},
    "parameters": {"build": _GROUP, "run": _GROUP},
    "triggers": DATA,
    # What other resources give to most deployments, releases and rollouts.
    **dict.fromkeys(("spec", "spec_id", "deployment_id", "revision"), PLAIN),
}
"""Where in the arguments of all resources a null counts."""


def is_plain_text(value: object) -> bool:
    """Return true for most texts that the engine does not change; quick, so a false proves nothing."""
    return type(value) is str and value.isascii() and len(value) != len(UNKNOWN_TEXT)


def name_type(value: object) -> str:
    """Return the name of a value's type with its article, never the value."""
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def why_not_json(value: object) -> str:
    """Return why JSON has no such value, for one that is neither a list nor an object; empty if it has."""
    if value is None or isinstance(value, (str, int)):
        return ""
    if isinstance(value, float):
        return "" if math.isfinite(value) else "must be a finite number"
    return f"is {name_type(value)}, which JSON does not have; give a text, a number, true, false, a list or an object"


def why_not_carried(value: object) -> str:
    """Return why the engine would change a value that is neither a list nor an object; empty if it would not."""
    if isinstance(value, str):
        return _why_not_text(value)
    if isinstance(value, int) and abs(value) > LARGEST:
        return "is a whole number beyond 2**53, which Pulumi would change; give it as a text"
    if isinstance(value, float) and value == 0 and math.copysign(1, value) < 0:
        return "is a negative zero, which Pulumi would change; write 0"
    return why_not_json(value)


def why_not_key(key: object) -> str:
    """Return why an object must not have such a key, as a message about the object; empty if it may."""
    if not isinstance(key, str):
        return f"has a key that is {name_type(key)}, not a text; write it as a text"
    if not key or key.endswith("\\"):
        return "has a key that is empty or ends in a backslash, which Pulumi cannot compare; choose another name"
    if key == SIGNATURE_KEY:
        return "has the key that Pulumi marks its own values with; choose another name"
    return "has a key with half of a surrogate pair in it; choose another name" if _is_broken(key) else ""


def counts_null(part: Part, inner: Part) -> bool:
    """Return whether a null in `part` is a value where `inner` is, and not an absent one."""
    return ("*" in part and "?" not in part) or inner is VALUE


def carry(value: Any) -> Any:
    """Return a live value, or a text that shows it if the engine would change the value."""
    return value if next(find_lost(value, VALUE), None) is None else SHOWN + json.dumps(value)


def is_shown(value: object) -> bool:
    """Return whether a value is a text that shows a live value."""
    return isinstance(value, str) and value.startswith(SHOWN)


def find_lost(
    value: Any, part: Part, at: tuple[str | int, ...] = (), *, counts: bool = False
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the path of each part of a live value that the engine would change, and why.

    Args:
        value: the value, as its JSON has it.
        part: what it is.
        at: its own path.
        counts: whether a null is a value there, and not one that is left out.
    """
    if isinstance(value, (dict, list)) and len(at) > DEEPEST:
        yield at, TOO_DEEP
    elif isinstance(value, dict):
        every = part.get("*")
        for key, item in value.items():
            if why := why_not_key(key):
                yield at, why
                continue
            inner = part.get(key, PLAIN) if every is None else every
            yield from find_lost(item, inner, (*at, key), counts=counts_null(part, inner))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from find_lost(item, part.get("[]", part), (*at, index))
    elif value is None:
        if counts:
            yield at, NULL
    elif why := LOST if is_shown(value) else why_not_carried(value):
        yield at, why


def _why_not_text(value: str) -> str:
    if value == UNKNOWN_TEXT:
        return "is the text that Pulumi takes for a value which is not known yet; write another one"
    return TEXT_CHARACTER if _is_broken(value) else ""


def _is_broken(text: str) -> bool:
    """Return whether a text holds half of a surrogate pair, which no encoding can express."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
