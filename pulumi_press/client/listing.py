"""Listings: one page, or every item of all pages, requested as they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.client.responses import page_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulumi_press.client.request import Request
    from pulumi_press.client.responses import Json
    from pulumi_press.client.transport import Transport

__all__ = ["listing"]

_MOST_PAGES = 10_000
_MOST_IDLE_PAGES = 100


def listing(
    transport: Transport, request: Request, key: str, *, page_number: int | None, return_iterator: bool
) -> Iterator[Json] | Json:
    """Return an iterator over all items under `key`, or the whole object of one page.

    The iterator requests page 1, 2, ... up to the latest `pageCount`; `page_number` applies to the single page only.

    Raises:
        InvalidResponse: A page has no list under `key` or no usable `pageCount`, or the pages do not end.
    """
    if return_iterator:
        return _items(transport, request, key)
    return transport.send(request.with_query(pageNumber=page_number), page_of(key))


def _items(transport: Transport, request: Request, key: str) -> Iterator[Json]:
    seen: set[str] = set()
    idle = 0
    for number in range(1, _MOST_PAGES + 1):
        page = transport.send(request.with_query(pageNumber=number), page_of(key))
        # If the listing changes meanwhile, an item can be on two pages.
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
    """Return what identifies an item: its id, else all of its content."""
    return str(item.get("id") or sorted(item.items(), key=str))
