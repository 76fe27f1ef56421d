"""GET /p/{token}: a picture of one clear pixel, the same for every token: nobody learns from it which emails there are."""

import base64

import structlog
from starlette.requests import Request
from starlette.responses import Response

from bot.conversation import mail_opens
from bot.errors import StoreUnavailable
from bot.handlers.web.answers import FOR_ONE_READER
from bot.services import Services

log = structlog.get_logger()

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""GIF89a, one by one, transparent."""


class MailOpens:
    """The door behind the picture in emails."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def show(self, request: Request) -> Response:
        """The picture, also where it could not be noted. Who asks for the head alone loads none."""
        if request.method == "GET":
            try:
                await mail_opens.note(self._services, request.path_params["token"])
            except StoreUnavailable:
                log.error("an open was not noted: the store is away")
        return Response(PIXEL, headers=FOR_ONE_READER, media_type="image/gif")
