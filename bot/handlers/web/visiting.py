"""GET /forms/site.js is the script for the company's own site; POST /l/{token} is all that it ever asks, and only with a token of ours."""

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.conversation import clicking
from bot.errors import StoreUnavailable
from bot.handlers.web.body import sent_form
from bot.handlers.web.pages import FOLDER
from bot.rules.clicking import is_a_browser
from bot.services import Services
from bot.sources.unreadable import Unreadable

log = structlog.get_logger()

SCRIPT = (FOLDER / "site.js").read_bytes()
MOST_BYTES = 1024
HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "Content-Type": "text/javascript; charset=utf-8",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


async def script(_request: Request) -> Response:
    """The same for everybody."""
    return Response(SCRIPT, headers=HEADERS)


class Visiting:
    """The door for what the script tells."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def hear(self, request: Request) -> Response:
        """204 whatever it is: nobody learns here which tokens are ours."""
        nothing = Response(status_code=204, headers={"Cache-Control": "no-store"})
        try:
            did = (await sent_form(request, MOST_BYTES)).get("did")
        except (Unreadable, ClientDisconnect):
            return nothing
        if did not in ("visited", "calculated") or not is_a_browser(request.headers.get("user-agent", "")):
            return nothing
        try:
            link = await clicking.find(self._services, request.path_params["token"])
            if link is not None:
                await clicking.count(self._services, link, did)
        except StoreUnavailable:
            log.error("a visit was not counted: the store is away")
        return nothing
