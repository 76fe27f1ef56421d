"""GET /r/{token}: a recorded call, for who was given the link. It comes from the phone network as it is heard, and is kept nowhere."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot import recording
from bot.errors import StoreUnavailable
from bot.handlers.web.pictures import HEADERS
from bot.outreach.network import NoRecording
from bot.recording import LinkOver, MayNotHear, NotRecorded
from bot.services import Services
from bot.wording.plain import plain

STATUS = {"over": 410, "not_yours": 403, "gone": 404, "unreachable": 502, "store_away": 503}


class Recordings:
    """The door for recorded calls."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def play(self, request: Request) -> Response:
        """The recording, or in words why not. Who only asks whether there is one, as programs that preview links do, hears none."""
        if request.method == "HEAD":
            return Response(status_code=405, headers={**HEADERS, "Allow": "GET"})
        try:
            outcome = await recording.open_link(self._services, request.path_params["token"])
        except StoreUnavailable:
            return _sorry("store_away", "en")
        match outcome:
            case LinkOver():
                return _sorry("over", "en")
            case MayNotHear(language):
                return _sorry("not_yours", language)
            case NotRecorded():
                return _sorry("gone", "en")
        if self._services.voice is None:
            return _sorry("unreachable", outcome.language)
        stack = AsyncExitStack()
        try:
            parts = await stack.enter_async_context(self._services.voice.recording(outcome.recording_id))
        except NoRecording as none:
            return _sorry("gone" if none.gone else "unreachable", outcome.language)
        place = f'inline; filename="{outcome.lead}.mp3"'
        headers = {**HEADERS, "Content-Disposition": place}
        return StreamingResponse(_closing(stack, parts), headers=headers, media_type="audio/mpeg")


async def _closing(stack: AsyncExitStack, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async with stack:
        async for part in parts:
            yield part


def _sorry(because: str, language: str) -> Response:
    return Response(plain.say("no_recording", language, because=because), STATUS[because], HEADERS, "text/plain")
