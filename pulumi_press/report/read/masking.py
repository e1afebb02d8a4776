"""Mask secrets in what the engine wrote, before anything else reads it.

The engine masks secrets as `[secret]` or in an envelope without the value. This module does not rely on it: it masks
every envelope whatever it contains, the inputs that are always secret, and every other occurrence of their text.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import suppress
from sys import intern
from typing import TYPE_CHECKING, Any, Final

from pulumi_press.provider.secrets import SHORTEST, find_secrets
from pulumi_press.report.model import SECRET
from pulumi_press.schema.plain import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection

    from pulumi_press.provider.values import SecretPath

__all__ = ["mask_secrets"]

_TOO_DEEP: Final = "[too deep]"
_DEEPEST: Final = 60
_INTERNAL: Final = ("__provider", "__place")  # Internal keys of this package and the SDK.

# Signatures of the engine, from pulumi/sdk: resource/properties.go and resource/plugin/rpc.go.
_ENVELOPE: Final = "4dabf18193072939515e22adb298388d"
_ASSETS: Final = {"c44067f5952c0a294b673a41bacd8c17": "asset", "0def7320c3a5731c473e5ecbe6d01bc7": "archive"}
_ENVELOPE_KEYS: Final = ("plaintext", "ciphertext")
_MARKS: Final = frozenset({_ENVELOPE, *_ENVELOPE_KEYS})
_SIDES: Final = ("inputs", "outputs")
_UNKNOWNS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


def mask_secrets(document: Any) -> Any:
    """Return a copy with secrets masked, unknown values as `UNKNOWN`, and without serialized providers.

    Args:
        document: parsed JSON, or an iterator over the items of a list, each of which is read only once.
    """
    mask = _Mask()
    if not isinstance(document, Iterator):
        masked = mask.copy(document, 0)
        return Redactor(mask.texts).copy(masked) if mask.texts else masked
    items = [mask.copy(item, 1) for item in document]
    if mask.texts:
        redactor = Redactor(mask.texts)
        for index, item in enumerate(items):  # In place, so that few of them are held twice.
            items[index] = redactor.copy(item)
    return items


def _is_envelope(value: dict[str, Any]) -> bool:
    """Return whether a dict is a secret of the engine; unknown signatures count as secrets."""
    if _ENVELOPE in value:
        mark = value[_ENVELOPE]
        return not (isinstance(mark, str) and mark in _ASSETS)
    return any(key in value for key in _ENVELOPE_KEYS)


class _Mask:
    """Copies values with every secret of the engine masked, and collects the texts of these secrets."""

    def __init__(self) -> None:
        self.texts: set[str] = set()
        self._known: dict[str, Any] = dict.fromkeys(_UNKNOWNS, UNKNOWN)
        """What to write for a text. The engine repeats most texts, and each is kept once."""

    def copy(self, value: Any, depth: int) -> Any:
        """Copy with nesting limited, so that recursion is safe, and with NaN and infinity as text."""
        if isinstance(value, str):
            return self._known.setdefault(value, value)
        if isinstance(value, dict):
            return self._copy_dict(value, depth + 1) if depth <= _DEEPEST else _TOO_DEEP
        if isinstance(value, list):
            return [self.copy(item, depth + 1) for item in value] if depth <= _DEEPEST else _TOO_DEEP
        return str(value) if isinstance(value, float) and not math.isfinite(value) else value

    def _copy_dict(self, value: dict[Any, Any], depth: int) -> Any:
        is_marked = not _MARKS.isdisjoint(value)
        if is_marked and _is_envelope(value):
            self._note(value)
            return SECRET
        known = self._known
        masked = {
            # Most values are texts: those are not worth a call.
            intern(str(key)): known.setdefault(item, item) if isinstance(item, str) else self.copy(item, depth)
            for key, item in value.items()
            if key not in _INTERNAL
        }
        if is_marked:
            return f"[{_ASSETS[value[_ENVELOPE]]} {str(value.get('hash', ''))[:12]}]"
        for side in _SIDES:
            if side in masked:
                for path in _own_secrets(value.get(side)):
                    self._note_at(value.get(side), path)
                masked[side] = _mask_own(masked[side])
        return masked

    def _note_at(self, value: Any, path: SecretPath) -> None:
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        # A list of declarations is masked as a whole, but its names and titles are not secret.
        if not isinstance(value, list):
            self._note(value)

    def _note(self, secret: Any) -> None:
        found = _texts(_limit(secret, 0))
        self.texts.update(text for text in found if len(text) >= SHORTEST and text != SECRET)


def _mask_own(values: Any) -> Any:
    """Mask the inputs or outputs of a resource that are always secret."""
    for path in _own_secrets(values):
        values = _replace(values, path)
    return values


def _own_secrets(values: Any) -> list[SecretPath]:
    if not isinstance(values, dict):
        return []
    hidden = values.get("hidden")
    names = [name for name in hidden if isinstance(name, str)] if isinstance(hidden, list) else []
    return list(find_secrets({**values, "hidden": names}))


def _replace(value: Any, path: SecretPath) -> Any:
    """Mask the value at a path, or its nearest parent that is not a dict."""
    if not path:
        return SECRET
    key, *rest = path
    if not isinstance(value, dict):
        return value if value is None else SECRET
    return {**value, key: _replace(value[key], tuple(rest))} if key in value else value


def _limit(value: Any, depth: int) -> Any:
    """Copy a secret with nesting limited, so that recursion is safe."""
    if depth > _DEEPEST and isinstance(value, (dict, list)):
        return _TOO_DEEP
    if isinstance(value, dict):
        return {key: _limit(item, depth + 1) for key, item in value.items() if key not in _INTERNAL}
    return [_limit(item, depth + 1) for item in value] if isinstance(value, list) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key != _ENVELOPE:
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value
        # The value in an envelope is a JSON string.
        with suppress(ValueError, RecursionError):
            inner = json.loads(value)
            if inner != value and isinstance(inner, (str, list, dict)):
                yield from _texts(_limit(inner, 0))


class Redactor:
    """Copies values with every occurrence of some texts masked; of several that begin at one place, the longest.

    A pattern of all texts would take a time that grows with their number, for each character.

    Args:
        texts: the texts, each of at least `SHORTEST` characters.
    """

    def __init__(self, texts: Collection[str]) -> None:
        self._texts = texts
        self._lengths: dict[str, list[int]] = {}
        """Lengths of the texts that begin with these characters, the longest first."""
        lengths: dict[str, set[int]] = {}
        for text in texts:
            lengths.setdefault(text[:SHORTEST], set()).add(len(text))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}
        self._known: dict[str, str] = {}

    def copy(self, value: Any) -> Any:
        """Copy a value."""
        if isinstance(value, str):
            return self._redact(value)
        if isinstance(value, dict):
            return {self._redact(key): self.copy(item) for key, item in value.items()}
        return [self.copy(item) for item in value] if isinstance(value, list) else value

    def _redact(self, text: str) -> str:
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._write(text)
        return known

    def _write(self, text: str) -> str:
        parts: list[str] = []
        copied = at = 0
        while at <= len(text) - SHORTEST:
            length = self._find(text, at)
            if length:
                parts += [text[copied:at], SECRET]
                copied = at + length
            at += length or 1
        return "".join([*parts, text[copied:]]) if parts else text

    def _find(self, text: str, at: int) -> int:
        """Return the length of the text to mask that begins at a place; 0 if there is none."""
        lengths = self._lengths.get(text[at : at + SHORTEST], ())
        return next((length for length in lengths if text[at : at + length] in self._texts), 0)
