"""Mask secrets in what the engine wrote, before anything else reads it.

The engine masks secrets as `[secret]` or in an envelope without the value. This module does not rely on it: it masks
every envelope whatever it contains, the inputs that are always secret, and every other occurrence of their text.
"""

from __future__ import annotations

import json
import math
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from pulumi_press.provider.secrets import SHORTEST, find_secrets
from pulumi_press.report.model import SECRET
from pulumi_press.schema.plain import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.provider.values import SecretPath

__all__ = ["mask_secrets"]

_TOO_DEEP: Final = "[too deep]"
_DEEPEST: Final = 60
_INTERNAL: Final = ("__provider", "__place")  # Internal keys of this package and the SDK.

# Signatures of the engine, from pulumi/sdk: resource/properties.go and resource/plugin/rpc.go.
_ENVELOPE: Final = "4dabf18193072939515e22adb298388d"
_ASSETS: Final = {"c44067f5952c0a294b673a41bacd8c17": "asset", "0def7320c3a5731c473e5ecbe6d01bc7": "archive"}
_ENVELOPE_KEYS: Final = ("plaintext", "ciphertext")
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
        document: parsed JSON.
    """
    shallow = _limit(document, 0)
    masked = _mask(shallow)
    texts = {text for text in _find_secret_texts(shallow) if len(text) >= SHORTEST and text != SECRET}
    if not texts:
        return _mark_unknown(masked, lambda text: text)
    pattern = re.compile("|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True)))
    return _mark_unknown(masked, lambda text: pattern.sub(SECRET, text))


def _limit(value: Any, depth: int) -> Any:
    """Copy with nesting limited, so that recursion is safe, and with NaN and infinity as text."""
    if depth > _DEEPEST and isinstance(value, (dict, list)):
        return _TOO_DEEP
    if isinstance(value, dict):
        return {str(key): _limit(item, depth + 1) for key, item in value.items() if key not in _INTERNAL}
    if isinstance(value, list):
        return [_limit(item, depth + 1) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _is_envelope(value: dict[str, Any]) -> bool:
    """Return whether a dict is a secret of the engine; unknown signatures count as secrets."""
    if _ENVELOPE in value:
        mark = value[_ENVELOPE]
        return not (isinstance(mark, str) and mark in _ASSETS)
    return any(key in value for key in _ENVELOPE_KEYS)


def _mask(value: Any) -> Any:
    """Copy with every secret of the engine masked."""
    if isinstance(value, list):
        return [_mask(item) for item in value]
    if not isinstance(value, dict):
        return value
    if _is_envelope(value):
        return SECRET
    if _ENVELOPE in value:
        return f"[{_ASSETS[value[_ENVELOPE]]} {str(value.get('hash', ''))[:12]}]"
    masked = {key: _mask(item) for key, item in value.items()}
    return {key: _mask_own(item) if key in ("inputs", "outputs") else item for key, item in masked.items()}


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


def _find_secret_texts(value: Any) -> Iterator[str]:
    """Yield the text of every secret."""
    if isinstance(value, list):
        for item in value:
            yield from _find_secret_texts(item)
    elif isinstance(value, dict):
        if _is_envelope(value):
            yield from _texts(value)
            return
        for key, item in value.items():
            if key in ("inputs", "outputs"):
                for path in _own_secrets(item):
                    yield from _texts_at(item, path)
            yield from _find_secret_texts(item)


def _texts_at(value: Any, path: SecretPath) -> Iterator[str]:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    # A list of declarations is masked as a whole, but its names and titles are not secret.
    if not isinstance(value, list):
        yield from _texts(value)


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


def _mark_unknown(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {redact(key): _mark_unknown(item, redact) for key, item in value.items()}
    if isinstance(value, list):
        return [_mark_unknown(item, redact) for item in value]
    if isinstance(value, str):
        return UNKNOWN if value in _UNKNOWNS else redact(value)
    return value
