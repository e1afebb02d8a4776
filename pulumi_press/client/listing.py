"""Listings: one page, or every item of all pages, asked for as they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.client.responses import page_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.client.request import Request
    from pulumi_press.client.responses import Json
    from pulumi_press.client.transport import Transport

__all__ = [
    "listing",
]

_MOST_PAGES = 10_000
_MOST_IDLE_PAGES = 100


def listing(
    transport: Transport, request: Request, key: str, *, page_number: int | None, return_iterator: bool
) -> Iterator[Json] | Json:
    """Return an iterator over all items under `key`, or the whole object of one page.

    The iterator asks for page 1, 2, ... and ends with the latest `pageCount`; `page_number` is for the one page only.

    Raises:
        InvalidResponse: A page has no list under `key` or no usable `pageCount`, or there is no end of pages.
    """
    if return_iterator:
        return _items(transport, request, key)
    return transport.send(request.with_query(pageNumber=page_number), page_of(key))


def _items(transport: Transport, request: Request, key: str) -> Iterator[Json]:
    seen: set[str] = set()
    idle = 0
    for number in range(1, _MOST_PAGES + 1):
        page = transport.send(request.with_query(pageNumber=number), page_of(key))
        # A listing that changes while it is walked may tell of an item twice.
        fresh = [item for item in page[key] if _identity(item) not in seen]
        seen.update(map(_identity, fresh))
        yield from fresh
        idle = 0 if fresh else idle + 1
        if number >= page["pageCount"]:
            return
        if idle == _MOST_IDLE_PAGES:
            raise transport.invalid_response(
                request, f"{idle} pages in a row with nothing new, of {page['pageCount']} that are announced"
            )
    raise transport.invalid_response(request, f"more than {_MOST_PAGES} pages")


def _identity(item: Json) -> str:
    """Tell items apart: by id, else by all that they hold."""
    return str(item.get("id") or sorted(item.items(), key=str))
