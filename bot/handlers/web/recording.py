"""GET /r/{token}: a recorded call, for who was given the link. GET /v/{token}: an officer's own message, for the phone network to play."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.calls import handing_out, recording
from bot.calls.recording import LinkOver, MayNotHear, NotRecorded
from bot.errors import StoreUnavailable
from bot.handlers.web.pictures import HEADERS
from bot.outreach.network import NoRecording
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
        try:
            return await self._streamed(outcome.recording_id, f"{outcome.lead}.mp3")
        except NoRecording as none:
            return _sorry("gone" if none.gone else "unreachable", outcome.language)

    async def hand_out(self, request: Request) -> Response:
        """An officer's own message."""
        recording_id = handing_out.played(self._services, request.path_params["token"])
        if recording_id is None:
            return Response(status_code=404, headers=HEADERS)
        try:
            return await self._streamed(recording_id, "voicemail.mp3")
        except NoRecording as none:
            return Response(status_code=404 if none.gone else 502, headers=HEADERS)

    async def _streamed(self, recording_id: str, name: str) -> Response:
        if self._services.voice is None:
            raise NoRecording(gone=False)
        stack = AsyncExitStack()
        parts = await stack.enter_async_context(self._services.voice.recording(recording_id))
        headers = {**HEADERS, "Content-Disposition": f'inline; filename="{name}"'}
        return StreamingResponse(_closing(stack, parts), headers=headers, media_type="audio/mpeg")


async def _closing(stack: AsyncExitStack, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async with stack:
        async for part in parts:
            yield part


def _sorry(because: str, language: str) -> Response:
    return Response(plain.say("no_recording", language, because=because), STATUS[because], HEADERS, "text/plain")
