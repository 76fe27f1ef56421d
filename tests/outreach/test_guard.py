"""No request of ours reaches what is only for our own network or our own machine, however it is led there."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from bot.outreach.guard import LiesInside, may_go, session_to
from tests.doubles.ports import free_port

OUTSIDE = ("54.244.51.2", "2600:1f14::1", "::ffff:54.244.51.2", "64:ff9b::36f4:3302")
INSIDE = ("127.0.0.1", "10.0.0.5", "172.16.9.1", "192.168.1.1", "100.64.0.1", "::1", "fd12::1", "::ffff:10.0.0.5")
FOR_THE_MACHINE_ALONE = (
    "169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254", "fd00:ec2::254", "100.100.100.200",
    "0.0.0.0", "::", "224.0.0.1",
)  # fmt: skip


@pytest.mark.fault(73)
@pytest.mark.parametrize("address", OUTSIDE)
def test_the_world_outside_is_open(address: str) -> None:
    assert may_go(address, outside_only=True) and may_go(address, outside_only=False)


@pytest.mark.fault(73)
@pytest.mark.parametrize("address", INSIDE)
def test_our_network_is_open_to_the_operators_word_alone(address: str) -> None:
    assert not may_go(address, outside_only=True) and may_go(address, outside_only=False)


@pytest.mark.fault(73)
@pytest.mark.parametrize("address", FOR_THE_MACHINE_ALONE)
def test_what_is_for_the_machine_alone_is_open_to_nobody(address: str) -> None:
    assert not may_go(address, outside_only=True) and not may_go(address, outside_only=False)


@dataclass
class Server:
    """Sends whoever comes to `/on` there, and counts who came to `/`."""

    url: str
    on: str = ""
    came: int = 0
    runner: web.AppRunner = field(init=False)

    async def go_on(self, _: web.Request) -> web.Response:
        raise web.HTTPFound(self.on)

    async def welcome(self, _: web.Request) -> web.Response:
        self.came += 1
        return web.Response(text="here")


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    port = free_port()
    found = Server(f"http://127.0.0.1:{port}")
    app = web.Application()
    app.add_routes([web.get("/", found.welcome), web.get("/on", found.go_on)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield found
    await runner.cleanup()


async def answer(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url, timeout=aiohttp.ClientTimeout(total=5)) as found:
        return await found.text()


@pytest.mark.fault(73)
async def test_where_the_operators_word_is_an_address_inside_we_go_there(server: Server) -> None:
    async with session_to(server.url) as session:
        assert await answer(session, server.url) == "here"


@pytest.mark.fault(73)
async def test_a_platforms_name_that_means_an_address_inside_is_refused_before_anything_is_said(server: Server) -> None:
    async with session_to("https://api.twilio.com") as session:
        with pytest.raises(aiohttp.ClientConnectorError) as refused:
            await answer(session, server.url)

    assert isinstance(refused.value.os_error, LiesInside)
    assert server.came == 0


@pytest.mark.fault(73)
async def test_an_answer_that_sends_us_on_to_the_clouds_own_address_is_not_followed(server: Server) -> None:
    server.on = "http://169.254.169.254/latest/meta-data/"
    async with session_to(server.url) as session:
        with pytest.raises(aiohttp.ClientConnectorError) as refused:
            await answer(session, f"{server.url}/on")

    assert isinstance(refused.value.os_error, LiesInside)


@pytest.mark.fault(73)
async def test_a_name_that_only_looks_like_a_platforms_is_the_operators_word(server: Server) -> None:
    async with session_to("https://nottwilio.com") as session:
        assert await answer(session, server.url) == "here"
