"""A stand-in Graph API that knows some leads and their forms, and what a Page of Meta's sends us about them."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiohttp import web

JSON = dict[str, Any]

APP_SECRET = "the-secret-of-the-app"
VERIFY_TOKEN = "a-word-agreed-on-with-meta"
ACCESS_TOKEN = "the-token-of-the-page"
FORM = "880011223344556"
SOURCE = f"""\
  - key: facebook
    label: Facebook
    secret_env: LEADBELL_KEY_FACEBOOK
    format: meta
    meta:
      verify_token_env: META_VERIFY_TOKEN
      access_token_env: META_ACCESS_TOKEN
      forms: ["{FORM}"]
    mapping:
      fields: {{how_soon: time_frame}}
      always: {{consent.text: You agree that Acme Mortgage may call and text you., consent.version: "7"}}
"""
WORDS = {"LEADBELL_KEY_FACEBOOK": APP_SECRET, "META_VERIFY_TOKEN": VERIFY_TOKEN, "META_ACCESS_TOKEN": ACCESS_TOKEN}
BEFORE = "  - key: partner\n    label: Partner agents\n"
CHANGES = {BEFORE: SOURCE + BEFORE}
"""What makes the example company one that advertises."""


class GraphServer:
    """Made by `running_graph`. A page of a list holds two leads."""

    def __init__(self) -> None:
        self.url = ""
        self.leads: dict[str, JSON] = {}
        self.asked: list[str] = []
        """The numbers of the leads that were asked for, each time."""
        self.away = False
        self.refuses: int | None = None
        """The number of the error that every question gets."""
        self.says_instead: str | None = None
        """What every question gets with status 200."""
        self.answers = asyncio.Event()
        """Cleared, questions about leads wait."""
        self.answers.set()

    def has(self, number: str, answers: Mapping[str, str], *, created: int = 0) -> None:
        """Somebody sent the form with these answers, at this second of Unix, and ticked its box."""
        self.leads[number] = {
            "id": number,
            "created": created,
            "created_time": "2040-04-17T16:58:14+0000",
            "ad_id": "22334455",
            "campaign_name": "Spring",
            "form_id": FORM,
            "is_organic": False,
            "platform": "ig",
            "field_data": [{"name": name, "values": [value]} for name, value in answers.items()],
            "custom_disclaimer_responses": [{"checkbox_key": "may_call", "is_checked": "1"}],
        }

    async def answer(self, request: web.Request) -> web.Response:
        if self.away:
            return web.Response(status=503)
        if self.says_instead is not None:
            return web.Response(text=self.says_instead, content_type="text/html")
        if self.refuses is not None or request.query["access_token"] != ACCESS_TOKEN:
            return web.json_response({"error": {"code": self.refuses or 190, "message": "Dana Rowe may not be seen"}}, status=400)
        number = request.match_info["number"]
        if request.path.endswith("/leads"):
            return self._page(number, request)
        self.asked.append(number)
        await self.answers.wait()
        if number not in self.leads:
            return web.json_response({"error": {"code": 100, "message": "There is none"}}, status=400)
        fields = request.query["fields"].split(",")
        return web.json_response({name: value for name, value in self.leads[number].items() if name in fields})

    def _page(self, form: str, request: web.Request) -> web.Response:
        [made_after] = orjson.loads(request.query["filtering"])
        assert (made_after["field"], made_after["operator"]) == ("time_created", "GREATER_THAN")
        found = [{"id": number} for number, lead in self.leads.items() if lead["form_id"] == form and lead["created"] > made_after["value"]]
        first = int(request.query.get("after", "0"))
        more = {"next": "https://graph.example/elsewhere"} if first + 2 < len(found) else {}
        return web.json_response({"data": found[first : first + 2], "paging": {"cursors": {"after": str(first + 2)}, **more}})


def event_of(numbers: Iterable[str]) -> bytes:
    """What a Page sends about leads: an entry each, and something else that changed."""
    told = [
        {"field": "leadgen", "value": {"leadgen_id": int(number), "page_id": 7, "form_id": int(FORM), "created_time": 1}}
        for number in numbers
    ]
    other = {"field": "feed", "value": {"item": "like"}}
    return orjson.dumps({"object": "page", "entry": [{"id": "7", "time": 1, "changes": [change, other]} for change in told]})


def signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    """The headers under which an event arrives."""
    return {"Content-Type": "application/json", "X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()}


@asynccontextmanager
async def running_graph() -> AsyncIterator[GraphServer]:
    """Runs until the end of the block."""
    graph = GraphServer()
    app = web.Application()
    app.router.add_get("/v25.0/{number}", graph.answer)
    app.router.add_get("/v25.0/{number}/leads", graph.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    graph.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v25.0"
    try:
        yield graph
    finally:
        await runner.cleanup()
