"""Told to stop, Leadbell is gone within seconds, whoever holds on to it."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.sockets import Sockets
from tests.doubles.office import KEY, Office
from tests.doubles.waiting import stopwatch

AT_MOST = 6.0


async def test_a_sender_who_never_finishes_does_not_keep_us_from_closing(office: Office) -> None:
    host, port = office.url.removeprefix("http://").split(":")
    _, sending = await asyncio.open_connection(host, int(port))
    begun = f"POST /leads/website HTTP/1.1\r\nHost: leads\r\nAuthorization: Bearer {KEY}\r\nContent-Length: 100\r\n\r\n"
    sending.write(begun.encode() + b"{")
    await sending.drain()
    await office.lead_arrives()  # what was begun before it is being read by now

    async with stopwatch() as watch:
        await office.closes()
    assert watch.seconds < AT_MOST

    sending.close()


async def test_a_slack_that_hangs_does_not_keep_us_from_closing() -> None:
    over = asyncio.Event()

    async def hangs(request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse(autoclose=False)
        await line.prepare(request)
        await over.wait()
        return line

    async def where(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "url": f"ws://{request.host}/line"})

    slack = web.Application()
    slack.add_routes([web.get("/line", hangs), web.post("/api/apps.connections.open", where)])
    async with TestServer(slack) as server:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=str(server.make_url("/api/")))
        sockets = Sockets(AsyncApp(client=client, request_verification_enabled=False), "xapp-sandbox")
        await sockets.open()

        async with stopwatch() as watch:
            await sockets.close()
        assert watch.seconds < AT_MOST

        over.set()
