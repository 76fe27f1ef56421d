"""POST /slack/events: Slack over HTTP, for those who cannot keep a socket open."""

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.slack.app import Slack


class SlackEvents:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._handler = AsyncSlackRequestHandler(slack.app)

    async def answer(self, request: Request) -> Response:
        if not self._slack.connected:
            return Response(status_code=503, headers={"Retry-After": "5"})
        response = await self._handler.handle(request)
        # Nobody handles it: Slack is told that it came, else it would come three times more.
        return Response(status_code=200) if response.status_code == 404 else response
