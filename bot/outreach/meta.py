"""Meta's Graph API: one lead by its number, and the numbers of the leads that a form had since some moment."""

from datetime import datetime
from typing import Any

import aiohttp
import orjson

from bot.outreach.answers import TooLong, read_at_most
from bot.outreach.guard import session_to
from bot.sources.meta import GRAPH_FIELDS, is_number

ANSWERED_WITHIN = aiohttp.ClientTimeout(total=10)
MOST_BYTES = 1024 * 1024
MOST_PAGES = 100
LEADS_A_PAGE = 100


class GraphSilent(Exception):
    """There was no answer, or none that helps: `because` is Meta's own number for it, or what kind of failure it was."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


class Graph:
    """The Graph API at this address, its version included. To be built inside a running event loop."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._http = session_to(self._url, timeout=ANSWERED_WITHIN)

    async def lead(self, number: str, access_token: str) -> bytes:
        """A lead as JSON. Raises GraphSilent, also for an answer about something else."""
        body = await self._get(number, {"fields": GRAPH_FIELDS, "access_token": access_token})
        if str(_json(body).get("id")) != number:
            raise GraphSilent("no lead")
        return body

    async def leads_since(self, form: str, since: datetime, access_token: str) -> list[str]:
        """The numbers of the leads of a form that were made after this moment. Raises GraphSilent."""
        made_after = [{"field": "time_created", "operator": "GREATER_THAN", "value": int(since.timestamp())}]
        asked = {"fields": "id", "limit": str(LEADS_A_PAGE), "filtering": orjson.dumps(made_after).decode(), "access_token": access_token}
        found: list[str] = []
        for _ in range(MOST_PAGES):
            page = _json(await self._get(f"{form}/leads", asked))
            listed = page.get("data")
            if not isinstance(listed, list):
                raise GraphSilent("no list")
            found += [str(each["id"]) for each in listed if isinstance(each, dict) and is_number(each.get("id"))]
            paging = page.get("paging")
            if not isinstance(paging, dict) or "next" not in paging:
                return found
            cursors = paging.get("cursors")
            if not isinstance(cursors, dict) or not isinstance(cursors.get("after"), str):
                raise GraphSilent("no cursor")
            asked["after"] = cursors["after"]  # its whole address holds the token, and might lead elsewhere
        raise GraphSilent("too many pages")

    async def _get(self, path: str, asked: dict[str, str]) -> bytes:
        try:
            async with self._http.get(f"{self._url}/{path}", params=asked, allow_redirects=False) as answer:
                body = await read_at_most(answer, MOST_BYTES)
        except TooLong:
            raise GraphSilent("too long") from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:  # whose text may hold the token
            raise GraphSilent(type(error).__name__) from None
        refused = _error_of(body)  # some come with 200
        if refused is not None or answer.status != 200:
            raise GraphSilent(refused or f"status {answer.status}")
        return body

    async def close(self) -> None:
        await self._http.close()


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise GraphSilent("no JSON") from None
    if not isinstance(told, dict):
        raise GraphSilent("no object")
    return told


def _error_of(body: bytes) -> str | None:
    """Meta's number of an error, such as 190 for a token that is over; its words may name somebody."""
    try:
        error = _json(body).get("error")
    except GraphSilent:
        return None
    code = error.get("code") if isinstance(error, dict) else None
    return f"error {code}" if is_number(code) else None
