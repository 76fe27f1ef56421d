"""The whole body of a request, as long as it is not too long."""

from starlette.requests import Request

from bot.sources.reading import MOST_BYTES
from bot.sources.unreadable import unreadable


async def whole_body(request: Request) -> bytes:
    """At most 1 MiB. Raises Unreadable(413) for more, before the rest is read, and ClientDisconnect when it ends early."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise unreadable(413, "too_large", "body", "The request is larger than 1 MiB. Send one lead per request, without files.")
        parts.append(part)
    return b"".join(parts)
