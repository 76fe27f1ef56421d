"""POST /slack/events: Slack over HTTP, for those who cannot keep a socket open."""

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.handlers.slack.app import Slack
from bot.handlers.web.body import whole_body
from bot.sources.unreadable import Unreadable


class SlackEvents:
    """The door for what Slack signed. Anything else is refused before anybody reads it."""

    def __init__(self, slack: Slack, signing_secret: str) -> None:
        self._slack = slack
        self._verifier = SignatureVerifier(signing_secret)

    async def answer(self, request: Request) -> Response:
        if not self._slack.connected:
            return Response(status_code=503, headers={"Retry-After": "5"})
        try:
            body = await whole_body(request)
        except Unreadable as error:
            return Response(status_code=error.status)
        except ClientDisconnect:
            return Response(status_code=400)
        if not self._signed(request, body):
            return Response(status_code=401)
        response = await self._slack.app.async_dispatch(to_async_bolt_request(request, body))
        # Nobody handles it: Slack is told that it came, else it would come three times more.
        return Response(status_code=200) if response.status == 404 else to_starlette_response(response)

    def _signed(self, request: Request, body: bytes) -> bool:
        try:
            return self._verifier.is_valid_request(body, dict(request.headers))
        except (ValueError, TypeError):  # a timestamp that is no number, a body that is no UTF-8, a signature that is no ASCII
            return False
