"""The whole body of a request, as long as it is not too long and comes soon enough."""

import asyncio

from starlette.requests import Request

from bot.sources.reading import MOST_BYTES, Fields, read_body
from bot.sources.unreadable import unreadable

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

COMES_WITHIN = 20.0
"""Seconds for a whole body: who sends it byte by byte must not hold a door open for ever."""


async def whole_body(request: Request, most: int = MOST_BYTES) -> bytes:
    """
    At most 1 MiB, or `most` bytes. Raises Unreadable(413) for more, before the rest is read, Unreadable(408) when it takes too long, and
    ClientDisconnect when it ends early.
    """
    try:
        async with asyncio.timeout(COMES_WITHIN):
            return await _read(request, most)
    except TimeoutError:
        raise unreadable(408, "too_slow", "body", f"The request did not end within {COMES_WITHIN:g} seconds. Send it again.") from None


async def sent_form(request: Request, most: int) -> Fields:
    """What a browser sent from a page of ours. Raises what `whole_body` and `read_body` do, and Unreadable(415) for all that is no form."""
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() not in _FORMS:
        raise unreadable(415, "content_type", "body", "Send a form.")
    return read_body(kind, await whole_body(request, most))


async def _read(request: Request, most: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise unreadable(413, "too_large", "body", f"The request is larger than {most >> 20} MiB. Send less at a time, without files.")
        parts.append(part)
    return b"".join(parts)
