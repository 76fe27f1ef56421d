"""A stand-in for TrustedForm's Certificate API that knows some certificates and whom they are about."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

JSON = dict[str, Any]
KEPT_UNTIL = "2045-04-17T12:03:52.000Z"


@dataclass
class TrustedFormServer:
    """Made by `running_trusted_form`. `about` has the emails and phones of each certificate, by id."""

    key: str
    url: str = ""
    about: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: list[tuple[str, JSON]] = field(default_factory=list)
    """Each certificate that was asked for, with what was sent."""
    status: int | None = None
    """What every question gets."""
    kept_until: str = KEPT_UNTIL

    async def answer(self, request: web.Request) -> web.Response:
        certificate, wish = request.match_info["certificate"], await request.json()
        self.asked.append((certificate, wish))
        if request.headers["Authorization"] != f"Basic {b64encode(f'API:{self.key}'.encode()).decode()}":
            return web.json_response({"outcome": "error", "reason": "unauthorized"}, status=401)
        if self.status is not None:
            return web.json_response({"outcome": "error", "reason": "dana.rowe@example.com"}, status=self.status)
        assert (request.headers["api-version"], request.headers["Accept"]) == ("4.0", "application/json")
        if certificate not in self.about:
            return web.json_response({"outcome": "error", "reason": "not found"}, status=404)
        lead = wish["match_lead"]
        matches = any(value in self.about[certificate] for value in lead.values())
        result = {"email_match": lead.get("email") in self.about[certificate], "success": matches}
        told: JSON = {"outcome": "success" if matches else "failure", "reason": None, "match_lead": {**lead, "result": result}}
        if matches:
            told["retain"] = {**wish["retain"], "results": {"expires_at": self.kept_until, "previously_retained": False}}
        return web.json_response(told)


@asynccontextmanager
async def running_trusted_form(key: str) -> AsyncIterator[TrustedFormServer]:
    server = TrustedFormServer(key)
    app = web.Application()
    app.router.add_post("/{certificate}", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
