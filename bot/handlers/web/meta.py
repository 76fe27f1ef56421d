"""GET /leads/{source}: the handshake by which Meta makes sure that this address is ours."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.capture.meta import is_our_token
from bot.handlers.web.answers import refuse
from bot.services import Services
from bot.sources.unreadable import FieldError


class Handshake:
    """Other sources have none: they are told how a lead is sent."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def answer(self, request: Request) -> Response:
        source = self._services.in_force.sources.get(request.path_params["source"])
        if source is None or source.meta is None:
            return refuse(405, [FieldError("method", "method", "This address takes POST.")], {"Allow": "POST"})
        asked = request.query_params
        if asked.get("hub.mode") != "subscribe" or not is_our_token(source, asked.get("hub.verify_token", "")):
            return refuse(403, [FieldError("unauthorized", "hub.verify_token", "This is not the word that was agreed on.")])
        return PlainTextResponse(asked.get("hub.challenge", ""), headers={"X-Content-Type-Options": "nosniff"})
