"""The token, which no message shows."""

from __future__ import annotations

import re
from json import dumps
from typing import TYPE_CHECKING
from urllib.parse import quote

from pulumi_press.client.errors import InvalidArgument

if TYPE_CHECKING:
    import requests

__all__ = ["Token"]

_SHORT = 8  # A shorter token is hidden only where it stands alone: it may be an ordinary word.


class Token:
    """A token. Its `repr` and `str` do not show it; `reveal` does.

    As the session's `auth` it also keeps requests from using a netrc entry instead.

    Raises:
        InvalidArgument: The token is empty, or cannot stand in a header.
    """

    __slots__ = ("_forms", "_token")

    def __init__(self, token: str) -> None:
        if not isinstance(token, str) or not token:
            raise InvalidArgument("the token is empty")
        if not (token.isascii() and token.isprintable() and token == token.strip()):
            raise InvalidArgument(
                "the token holds a line break, white space around it, or another character that a header must not hold"
            )
        self._token = token
        bare = token.partition(" ")[2] or token  # "Bearer abc" must not show as "abc" either.
        forms = {form for text in (token, bare) for form in (text, quote(text, safe=""), dumps(text)[1:-1])}
        edge = {form: r"\b" if len(form) < _SHORT and form.isalnum() else "" for form in forms}
        longest_first = sorted(forms, key=len, reverse=True)
        self._forms = re.compile("|".join(edge[form] + re.escape(form) + edge[form] for form in longest_first))

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Set the request's `Authorization` header to the token, exactly as given."""
        request.headers["Authorization"] = self._token
        return request

    def __eq__(self, other: object) -> bool:
        """Compare with another token."""
        return isinstance(other, Token) and self._token == other._token

    def __hash__(self) -> int:
        """Return the same for equal tokens."""
        return hash(self._token)

    def __repr__(self) -> str:
        """Return a constant text."""
        return "Token(***)"

    def reveal(self) -> str:
        """Return the token's text, to be hashed or sent and never shown."""
        return self._token

    def hide(self, text: str) -> str:
        """Return the text with every occurrence of the token replaced by `***`."""
        return self._forms.sub("***", text)
