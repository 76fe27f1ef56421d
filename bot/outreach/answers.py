"""What others answer is read up to a length: nobody who answers us fills our memory."""

import aiohttp

PART = 2**16


class TooLong(Exception):
    """There is more of it than we read."""


async def read_at_most(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """The whole answer, of at most so many bytes. Raises TooLong before the rest is read."""
    content = bytearray()
    async for part in answer.content.iter_chunked(PART):
        content += part
        if len(content) > most:
            raise TooLong
    return bytes(content)
