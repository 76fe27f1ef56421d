"""GET /m/{token}: a picture of a text, for who was given the link. GET /o/{token}: what leaves with one, for the phone network."""

import asyncio

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bot.calls import handing_out
from bot.conversation import pictures
from bot.conversation.pictures import LinkOver, MayNotView
from bot.errors import StoreUnavailable
from bot.handlers.web.answers import FOR_ONE_READER
from bot.outreach.network import Picture
from bot.rules.pictures import kind_of
from bot.services import Services
from bot.wording.plain import plain

log = structlog.get_logger()

AT_ONCE = 4
"""How many pictures one process has in memory at a time."""
HEADERS = {**FOR_ONE_READER, "Content-Security-Policy": "default-src 'none'; sandbox"}
STATUS = {"over": 410, "not_yours": 403, "gone": 404, "too_large": 413, "no_picture": 415, "unreachable": 502, "store_away": 503}


class Pictures:
    """The door for pictures."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def show(self, request: Request) -> Response:
        """The picture, or in words why not. Who only asks whether there is one, as programs that preview links do, looks at none."""
        if request.method == "HEAD":
            return Response(status_code=405, headers={**HEADERS, "Allow": "GET"})
        async with self._turns:
            try:
                outcome = await pictures.view(self._services, request.path_params["token"])
            except StoreUnavailable:
                return _sorry("store_away", "en")
        match outcome:
            case LinkOver():
                return _sorry("over", "en")
            case MayNotView(language):
                return _sorry("not_yours", language)
        if not isinstance(outcome.found, Picture):
            log.warning("a picture could not be shown", because=outcome.found)
            return _sorry(outcome.found, outcome.language)
        kind = kind_of(outcome.found.content)
        if kind is None:
            return _sorry("no_picture", outcome.language)
        name = f"{outcome.lead or 'picture'}.{kind.ending}"
        place = f'{"inline" if kind.shown else "attachment"}; filename="{name}"'
        return Response(outcome.found.content, headers={**HEADERS, "Content-Type": kind.type, "Content-Disposition": place})

    async def hand_out(self, request: Request) -> Response:
        """What leaves with a text. The network asks twice, and first for the head alone."""
        async with self._turns:
            try:
                content = await handing_out.fetched(self._services, request.path_params["token"])
            except StoreUnavailable:
                return Response(status_code=503, headers=HEADERS)
        kind = kind_of(content) if content else None
        if content is None or kind is None:
            return Response(status_code=404, headers=HEADERS)
        named = f'inline; filename="file.{kind.ending}"'
        return Response(content, headers={**HEADERS, "Content-Type": kind.type, "Content-Disposition": named})


def _sorry(because: str, language: str) -> Response:
    words = plain.say("no_picture", language, because=because)
    return Response(words, STATUS[because], HEADERS, "text/plain")
