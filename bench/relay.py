"""The floor: the least that a server can do with a lead. It validates, commits one durable row and posts; it decides nothing."""

import os
import sqlite3
from typing import Any

import aiohttp
import orjson
import uvicorn
from pydantic import BaseModel, Field

MOST_NAME = 100


class Wish(BaseModel):
    """What the floor validates of a lead."""

    lead_id: str
    first_name: str = Field(max_length=MOST_NAME)
    last_name: str = Field(max_length=MOST_NAME)
    email: str = Field(pattern=r"^\S+@\S+$")
    phone: str
    property_city: str
    property_state: str = Field(min_length=2, max_length=2)
    property_zip: str
    purchase_price: int
    credit: str
    timeline: str


class Relay:
    """A bare ASGI application."""

    def __init__(self, database: str, slack_url: str) -> None:
        self._database = sqlite3.connect(database, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("CREATE TABLE lead (id INTEGER PRIMARY KEY, external_id TEXT UNIQUE, name TEXT, record TEXT)")
        self._post_url = f"{slack_url}chat.postMessage"
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/healthz":
            return await _answer(send, {"alive": True})
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        wish = Wish.model_validate_json(body)
        row = (wish.lead_id, wish.last_name, wish.model_dump_json())
        number = self._database.execute("INSERT INTO lead (external_id, name, record) VALUES (?, ?, ?) RETURNING id", row).fetchone()[0]
        await self._ring(number, wish)
        await _answer(send, {"lead": number, "duplicate": False})

    async def _ring(self, number: int, wish: Wish) -> None:
        text = {"type": "plain_text", "text": f"{wish.first_name}, {wish.property_city}, {wish.timeline}"}
        button = {"type": "button", "action_id": "claim", "value": str(number), "text": {"type": "plain_text", "text": "Claim"}}
        blocks = [{"type": "section", "text": text}, {"type": "actions", "block_id": f"lead:{number}", "elements": [button]}]
        post = orjson.dumps({"channel": "C0LEADS", "text": text["text"], "blocks": blocks})
        self._session = self._session or aiohttp.ClientSession(headers={"Content-Type": "application/json"})
        async with self._session.post(self._post_url, data=post) as answered:
            await answered.read()


async def _answer(send: Any, content: dict[str, Any]) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": orjson.dumps(content)})


if __name__ == "__main__":
    relay = Relay(os.environ["LEADBELL_DATABASE_URL"].removeprefix("sqlite:///"), os.environ["SLACK_API_URL"])
    port = int(os.environ["LEADBELL_PORT"])
    uvicorn.run(relay, port=port, log_level="error", access_log=False, lifespan="off", loop="uvloop", http="httptools")
