"""Listings: one page, or every item of all pages, asked for as they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.api.answers import Json, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.api.calls import Call
    from pulumi_press.api.transport import Transport

__all__ = ["listing"]

_MOST_PAGES = 10_000
_MOST_EMPTY_PAGES = 100


def listing(
    transport: Transport, call: Call, key: str, *, page_number: int | None, return_iterator: bool
) -> Iterator[Json] | Json:
    """Return an iterator over all items under `key`, or the whole object of one page.

    The iterator asks for page 1, 2, ... and ends with the latest `pageCount`; `page_number` is for the one page only.

    Raises:
        MalformedAnswer: A page has no list under `key` or no usable `pageCount`, or there is no end of pages.
    """
    if return_iterator:
        return _items(transport, call, key)
    return transport.send(call.asking(pageNumber=page_number), page_of(key))


def _items(transport: Transport, call: Call, key: str) -> Iterator[Json]:
    empty = 0
    for number in range(1, _MOST_PAGES + 1):
        page = transport.send(call.asking(pageNumber=number), page_of(key))
        yield from page[key]
        empty = 0 if page[key] else empty + 1
        if number >= page["pageCount"]:
            return
        if empty == _MOST_EMPTY_PAGES:
            raise transport.malformed(call, f"{empty} empty pages in a row, of {page['pageCount']} that are announced")
    raise transport.malformed(call, f"more than {_MOST_PAGES} pages")
