"""What an answer says: its JSON, the service's own words in it, and whether it has the documented shape."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

__all__ = [
    "Json",
    "Shape",
    "WrongShape",
    "an_object",
    "an_object_or_nothing",
    "blocks_of",
    "object_with",
    "page_of",
    "parent_of",
    "read_json",
    "words_of",
]

Json = dict[str, Any]
T = TypeVar("T")
Shape = Callable[[Any], T]
"""Takes the JSON of an answer and gives what the caller gets, or raises `WrongShape`."""

_LONGEST = 500  # characters of the service's words in an error
_LONGEST_MARKUP = 16 * 1024  # characters looked at to find them in a page of HTML
_TEXT_FIELDS = ("detail", "message", "error", "title", "description", "reason")
_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.DOTALL | re.IGNORECASE)
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style|head)\b.*?</\1[^>]*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


class WrongShape(ValueError):  # noqa: N818 - never leaves this client; it becomes a MalformedAnswer.
    """The answer is not what the call is documented to answer; the text says in which way."""


def read_json(body: bytes) -> Any:
    """Read the body of a 2xx answer, whatever content type it claims. An empty one gives None, as `null` does.

    Raises:
        WrongShape: It is not JSON.
    """
    if not body.strip():
        return None
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError.
        reason = str(error)
    raise WrongShape(f"not JSON ({reason})")


def words_of(text: str) -> tuple[str, Any]:
    """Return the service's own words, on one short line, and the JSON that they were in, if it is JSON."""
    try:
        answer = json.loads(text)
        words = _say(answer)
    except (ValueError, RecursionError):
        answer = None
        words = _plain(text)
    words = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    return (words if len(words) <= _LONGEST else f"{words[:_LONGEST]}..."), answer


def an_object(answer: Any) -> Json:
    """Shape: a JSON object."""
    if not isinstance(answer, dict):
        raise WrongShape(f"a JSON object was expected, not {_kind(answer)}")
    return answer


def an_object_or_nothing(answer: Any) -> Json:
    """Shape: a JSON object, or no body at all, which gives `{}`."""
    return {} if answer is None else an_object(answer)


def object_with(key: str, kind: type) -> Shape[Json]:
    """Shape: a JSON object with this key, since the caller could not go on without it."""

    def shape(answer: Any) -> Json:
        _field(an_object(answer), key, kind)
        return an_object(answer)

    return shape


def page_of(key: str) -> Shape[Json]:
    """Shape: one page of a listing, with a list of objects under `key` and the number of pages under `pageCount`."""

    def shape(answer: Any) -> Json:
        page = an_object(answer)
        if not all(isinstance(item, dict) for item in _field(page, key, list)):
            raise WrongShape(f"{key} holds something that is not an object")
        if _field(page, "pageCount", int) < 0:
            raise WrongShape("pageCount is below 0")
        return page

    return shape


def parent_of(answer: Any) -> str | None:
    """Shape: the id of the app that a deployment belongs to, or None."""
    parent = an_object(answer).get("parent")
    if parent is None:
        return None
    if not isinstance(parent, dict):
        raise WrongShape(f"parent should be an object, not {_kind(parent)}")
    return _field(parent, "id", str)


def blocks_of(answer: Any) -> list[Json]:
    """Shape: the blocks of an app's latest revision, in the SDK's own words."""
    blocks = _field(_field(an_object(answer), "latestRevision", dict), "blocks", list)
    return [{ours: _present(an_object(block), theirs) for ours, theirs in _BLOCK.items()} for block in blocks]


_BLOCK = {"id": "deploymentId", "resource_id": "platformId", "kind": "kind", "name": "name", "status": "status"}


def _present(answer: Json, key: str) -> Any:
    if key not in answer:
        raise WrongShape(f"{key} is missing")
    return answer[key]


def _field(answer: Json, key: str, kind: type[T]) -> T:
    value = _present(answer, key)
    if not isinstance(value, kind) or isinstance(value, bool) or value == "":
        raise WrongShape(f"{key} should be {_NAMES[kind]}, not {_kind(value)}")
    return value


_NAMES: dict[type, str] = {str: "text", int: "a whole number", list: "a list", dict: "an object"}


def _kind(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    return _NAMES.get(type(value), type(value).__name__)


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
