"""POST /slack/events: Slack over HTTP, for those who cannot keep a socket open."""

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.requests import Request
from starlette.responses import Response


class SlackEvents:
    def __init__(self, app: AsyncApp) -> None:
        self._handler = AsyncSlackRequestHandler(app)

    async def __call__(self, request: Request) -> Response:
        response = await self._handler.handle(request)
        # Nobody handles it: Slack is told that it came, else it would come three times more.
        return Response(status_code=200) if response.status_code == 404 else response
