"""The way to Leadbell's own door for leads, so that the page can fill in a form as a borrower would on a website."""

from typing import Any

import aiohttp
import orjson

from bot.sandbox.errors import ControlError
from bot.sandbox.store import Store

JSON = dict[str, Any]
MOST_BORROWERS = 60
TIMEOUT = aiohttp.ClientTimeout(total=10)


class Door:
    """Where it is, is unknown until somebody says so. Who came through it is remembered, newest first, also over a restart."""

    def __init__(self, store: Store) -> None:
        self.url = ""
        self._key = ""
        self._store = store
        self.borrowers: list[JSON] = orjson.loads(store.setting("borrowers", "[]"))
        self._http = aiohttp.ClientSession(timeout=TIMEOUT)

    async def close(self) -> None:
        await self._http.close()

    def is_at(self, url: str, key: str) -> None:
        self.url, self._key = url, key

    def reset(self) -> None:
        self._remember([])

    async def send(self, source: str, lead: JSON) -> JSON:
        """What the door answered, with its status. Raises ControlError when nobody opens."""
        if not self.url:
            raise ControlError("nobody has said where Leadbell takes leads", status=409)
        try:
            async with self._http.post(f"{self.url}/{source}", json=lead, headers={"Authorization": f"Bearer {self._key}"}) as response:
                met = {"answered": response.status, "answer": await response.json(content_type=None)}
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise ControlError("Leadbell does not answer at its door for leads", status=502) from None
        name = " ".join(str(lead[part]) for part in ("first_name", "last_name") if lead.get(part))
        who = {"name": name, "phone": str(lead.get("phone", ""))}
        if who["phone"] and met["answered"] < 300:
            self._remember([who, *(one for one in self.borrowers if one["phone"] != who["phone"])])
        return met

    def _remember(self, borrowers: list[JSON]) -> None:
        self.borrowers = borrowers[:MOST_BORROWERS]
        self._store.set_setting("borrowers", orjson.dumps(self.borrowers).decode())
