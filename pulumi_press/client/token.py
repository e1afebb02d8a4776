"""The token, which no message may show."""

from __future__ import annotations

import re
from json import dumps
from typing import TYPE_CHECKING
from urllib.parse import quote

from pulumi_press.client.errors import InvalidArgument

if TYPE_CHECKING:
    import requests

__all__ = ["Token"]

_SHORT = 8  # A token shorter than this is hidden only where it stands alone: it may be an ordinary word.


class Token:
    """The token, which shows itself to the service only.

    Given to requests as the session's `auth`, it also keeps netrc entries from replacing it.

    Raises:
        InvalidArgument: The token is empty, or cannot stand in a header.
    """

    def __init__(self, token: str) -> None:
        if not isinstance(token, str) or not token:
            raise InvalidArgument("the token is empty")
        if not (token.isascii() and token.isprintable() and token == token.strip()):
            raise InvalidArgument("the token holds a line break, an outer blank or another character that no token has")
        self._token = token
        bare = token.partition(" ")[2] or token  # "Bearer abc" must not show as "abc" either.
        forms = {form for text in (token, bare) for form in (text, quote(text, safe=""), dumps(text)[1:-1])}
        edge = {form: r"\b" if len(form) < _SHORT and form.isalnum() else "" for form in forms}
        longest_first = sorted(forms, key=len, reverse=True)
        self._forms = re.compile("|".join(edge[form] + re.escape(form) + edge[form] for form in longest_first))

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the token into a request, exactly as it was given."""
        request.headers["Authorization"] = self._token
        return request

    def __repr__(self) -> str:
        """Show that there is a token, and not which."""
        return "Token(***)"

    def hide(self, text: str) -> str:
        """Return the text without the token, should it hold it."""
        return self._forms.sub("***", text)
