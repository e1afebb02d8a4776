"""What an answer says: its JSON, the service's own words in it, and whether it has the documented shape."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

__all__ = [
    "Json",
    "Shape",
    "WrongShape",
    "read_json",
    "readable",
    "tells_of_an_error",
    "words_of",
]

Json = dict[str, Any]
T = TypeVar("T")
Shape = Callable[[Any], T]
"""Takes the JSON of an answer and gives what the caller gets, or raises `WrongShape`."""

_LONGEST = 500  # characters of the service's words in an error
_LONGEST_MARKUP = 16 * 1024  # characters looked at to find them in a page of HTML
_TEXT_FIELDS = ("detail", "message", "error", "title", "description", "reason")
_ERROR_FIELDS = frozenset({"detail", "error", "errors"})
_OF_AN_ERROR = _ERROR_FIELDS | {"code", "message", "path", "reason", "requestId", "status", "statusCode", "success"}
_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.DOTALL | re.IGNORECASE)
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style|head)\b.*?</\1[^>]*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


class WrongShape(ValueError):  # noqa: N818 - never leaves this client; it becomes a InvalidResponse.
    """The answer is not what the call is documented to answer; the text says in which way."""


def read_json(body: bytes) -> Any:
    """Read the body of a 2xx answer, whatever content type it claims. An empty one gives None, as `null` does.

    Half of a surrogate pair, which JSON may hold and no other program could be handed, becomes U+FFFD.

    Raises:
        WrongShape: It is not JSON, or holds a number without end.
    """
    if not body.strip():
        return None
    try:
        answer = _parse(body)
        if b"\\u" in body or b"\xed" in body:
            text = json.dumps(answer, ensure_ascii=False)
            whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            answer = answer if whole == text else _parse(whole)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError.
        reason = str(error)
    else:
        return answer
    raise WrongShape(f"not JSON ({reason})")


def _parse(text: str | bytes) -> Any:
    return json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_finite_int)


def words_of(text: str) -> tuple[str, Any]:
    """Return the service's own words, on one short line, and the JSON that they were in, if it is JSON."""
    try:
        answer = json.loads(text)
        detail = _say(answer)
    except (ValueError, RecursionError):
        answer = None
        detail = _plain(text)
    detail = readable(detail)
    return (detail if len(detail) <= _LONGEST else f"{detail[:_LONGEST]}..."), answer


def readable(text: str) -> str:
    """Return a text on one line, without what no person can read."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def tells_of_an_error(answer: Any) -> bool:
    """Say whether an answer holds nothing but what is wrong, whatever its status claims."""
    return isinstance(answer, dict) and bool(_ERROR_FIELDS & set(answer)) and set(answer) <= _OF_AN_ERROR


def _say(answer: Any) -> str:
    if isinstance(answer, str):
        return _plain(answer)
    if isinstance(answer, list):
        return "; ".join(item if isinstance(item, str) else _compact(item) for item in answer)
    if not isinstance(answer, dict):
        return _compact(answer)
    said = [answer[name] for name in _TEXT_FIELDS if answer.get(name)][:1]
    said += [answer["errors"]] if answer.get("errors") else []
    return "; ".join(item if isinstance(item, str) else _compact(item) for item in said or [answer])


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(text: str) -> str:
    if not text.lstrip().startswith("<"):
        return text
    text = text[:_LONGEST_MARKUP]
    title = "".join(_TITLE.findall(text)[:1]).strip()
    rest = _TAG.sub(" ", _HIDDEN.sub(" ", text)).strip()
    return html.unescape(rest if rest.startswith(title) else f"{title}: {rest}")


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError("a number is too large")
    return value


def _finite_int(digits: str) -> int:
    _finite(digits)
    return int(digits)
