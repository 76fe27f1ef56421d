"""GET /l/{token}: leads on to where a link in an email of ours led. It goes nowhere else, whoever asks."""

from urllib.parse import urlsplit

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from bot.conversation import clicking
from bot.errors import StoreUnavailable
from bot.handlers.web.answers import FOR_ONE_READER
from bot.rendering import PLAIN, Words
from bot.rules.clicking import is_a_persons
from bot.rules.visiting import landing
from bot.services import Services

log = structlog.get_logger()

page = Words("email", PLAIN)


class Clicking:
    """The door behind links that are counted."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def follow(self, request: Request) -> Response:
        """A redirect. That it could not be counted keeps nobody from where they want to go."""
        try:
            link = await clicking.find(self._services, request.path_params["token"])
        except StoreUnavailable:
            log.error("a link could not be followed: the store is away")
            return PlainTextResponse(page.say("link_page", "en", away=True), 503, FOR_ONE_READER)
        if link is None:
            return PlainTextResponse(page.say("link_page", "en", away=False), 404, FOR_ONE_READER)
        purpose = request.headers.get("sec-purpose", "") + request.headers.get("purpose", "") + request.headers.get("x-purpose", "")
        if is_a_persons(request.method, request.headers.get("user-agent", ""), purpose):
            try:
                await clicking.count(self._services, link)
            except StoreUnavailable:
                log.error("a click was not counted: the store is away")
        sites = self._services.in_force.config.forms.sites + tuple(filter(None, [_origin(self._services.public_url)]))
        return RedirectResponse(landing(link.target, request.path_params["token"], sites), 302, FOR_ONE_READER)


def _origin(url: str) -> str:
    """The site of an address of ours; nothing where there is none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if url else ""
