"""Puts the sandbox together and opens its doors on loopback."""

import asyncio
import functools
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.sandbox import control, control_looks, control_world, imap, mailbox, response_urls, web_api
from bot.sandbox.delivery import Delivery
from bot.sandbox.door import Door
from bot.sandbox.faults import Faults
from bot.sandbox.guard import guard
from bot.sandbox.journal import Journal
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.methods import files
from bot.sandbox.offset_clock import OffsetClock
from bot.sandbox.phone import control as phone
from bot.sandbox.phone import rest
from bot.sandbox.phone.network import Network
from bot.sandbox.slack import Slack
from bot.sandbox.socket_mode import Sockets
from bot.sandbox.store import Store
from bot.sandbox.tickets import Tickets
from bot.sandbox.version import Version
from bot.sandbox.views import Views

HOST = "127.0.0.1"
PAGE = Path(__file__).parent / "page"
LARGEST_BODY = files.LARGEST_FILE + 1024 * 1024
CLOSE_SECONDS = 0.2
KEEP_ALIVE_S = 15.0
PORT_BUSY = 2
"""What the process ends with when its port is taken."""
Handler = Callable[[Slack, web.Request], Awaitable[web.StreamResponse]]


class PortBusy(Exception):
    """Something else already listens on the port."""


@dataclass(frozen=True)
class Sandbox:
    """api_url is where Slack's Web API is; url is where Twilio's API is, and the page; smtp_url is where email is taken, imap_url where the
    answers are read."""

    url: str
    api_url: str
    smtp_url: str
    imap_url: str


@asynccontextmanager
async def running_sandbox(port: int = 0, store: Path | None = None, events_url: str | None = None) -> AsyncIterator[Sandbox]:
    """
    A sandbox on 127.0.0.1 for as long as the block runs; port 0 takes a free one, store None keeps all in memory.
    Raises PortBusy.
    """
    listening = _listen(port)
    address = f"http://{HOST}:{listening.getsockname()[1]}"
    kept = Store(store)
    slack = _put_together(address, kept, events_url)
    runner = web.AppRunner(_application(slack), access_log=None, shutdown_timeout=CLOSE_SECONDS)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    try:
        async with mailbox.listening(slack.mailbox) as smtp_url, imap.listening(slack.mailbox.imap) as imap_url:
            yield Sandbox(address, f"{address}/api/", smtp_url, imap_url)
    finally:
        await slack.sockets.close()
        await runner.cleanup()
        await slack.delivery.close()
        await slack.phone.close()
        await slack.door.close()
        kept.close()


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(512)
    except OSError as error:
        listening.close()
        raise PortBusy(f"Port {port} is taken: stop what runs there, or choose another port.") from error
    return listening


def _put_together(address: str, store: Store, events_url: str | None) -> Slack:
    clock, changes, sockets = OffsetClock(store), Version(), Sockets()
    journal, faults = Journal(clock), Faults()
    return Slack(
        address=address,
        store=store,
        clock=clock,
        journal=journal,
        faults=faults,
        tickets=Tickets(clock),
        views=Views(changes),
        sockets=sockets,
        delivery=Delivery(sockets, clock, journal, events_url),
        changes=changes,
        phone=Network(address, store, clock, journal, faults, changes),
        door=Door(store),
        mailbox=Mailbox(store, clock, journal, changes),
    )


def _application(slack: Slack) -> web.Application:
    application = web.Application(middlewares=[guard], client_max_size=LARGEST_BODY)
    routes: list[tuple[str, str, Handler]] = [
        ("GET", "/api/{method}", web_api.handle),
        ("POST", "/api/{method}", web_api.handle),
        ("GET", "/link", _link),
        ("POST", "/response/{key}", response_urls.handle),
        ("POST", "/upload/v1/{file_id}", files.take_bytes),
        ("GET", "/files/{file_id}", files.send_bytes),
        ("GET", "/files-pri/{file_id}", files.send_private),
        ("GET", "/_control/state", control.show_state),
        ("GET", "/_control/messages/{channel}", control.show_messages),
        ("GET", "/_control/dms/{user}", control.show_dms),
        ("GET", "/_control/views/{user}", control.show_views),
        ("GET", "/_control/inbox/{user}", control_looks.show_inbox),
        ("GET", "/_control/app", control_looks.show_app),
        ("GET", "/_control/log", control.show_log),
        ("GET", "/_control/clock", control_world.show_clock),
        ("GET", "/_control/clock/wait", control_world.wait_for_clock),
        ("GET", "/_control/changes", _tell_changes),
        ("POST", "/_control/{act}", control.handle),
        ("GET", "/", _page),
    ]
    phone_routes = [
        *rest.ROUTES,
        ("GET", "/pictures/{sid}/{key}", rest.send_picture),
        ("GET", "/_control/texts", phone.show_texts),
        ("GET", "/_control/calls", phone.show_calls),
    ]
    application.router.add_route("GET", "/_control/emails", functools.partial(mailbox.show_emails, slack.mailbox))
    for method, path, at_phone in phone_routes:
        application.router.add_route(method, path, functools.partial(at_phone, slack.phone))
    for method, path, handler in routes:
        application.router.add_route(method, path, functools.partial(handler, slack))
    application.router.add_static("/page/", PAGE)
    return application


async def _link(slack: Slack, request: web.Request) -> web.StreamResponse:
    return await slack.sockets.handle(request)


async def _page(_slack: Slack, _request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")


async def _tell_changes(slack: Slack, request: web.Request) -> web.StreamResponse:
    """GET /_control/changes: an event stream with a line whenever something visible changed."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    try:
        while True:
            seen = slack.changes.number
            await response.write(f"data: {seen}\n\n".encode())
            await slack.changes.differs(seen, KEEP_ALIVE_S)
    except ConnectionError:
        return response


async def serve(port: int, store: Path, events_url: str | None, stop: asyncio.Event, tell: Callable[[str], None]) -> None:
    """Run until stop is set, having told where and said so on standard output. Raises PortBusy."""
    async with running_sandbox(port, store, events_url) as sandbox:
        tell(sandbox.url)
        print(f"sandbox ready {sandbox.url}", flush=True)
        await stop.wait()
