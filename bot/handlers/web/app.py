"""The HTTP doors on one port."""

import re
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.handlers.slack.app import Slack
from bot.handlers.web.answers import refuse
from bot.handlers.web.calculators import Calculators
from bot.handlers.web.clicking import Clicking
from bot.handlers.web.description import described
from bot.handlers.web.forms import Forms
from bot.handlers.web.health import Readyz, healthz
from bot.handlers.web.leads import Leads
from bot.handlers.web.mail_opens import MailOpens
from bot.handlers.web.meta import Handshake
from bot.handlers.web.metrics import Metrics
from bot.handlers.web.pictures import Pictures
from bot.handlers.web.pinging import PingDoor
from bot.handlers.web.recording import Recordings
from bot.handlers.web.replying import InboundEmail
from bot.handlers.web.slack import SlackEvents
from bot.handlers.web.unsubscribing import Unsubscribing
from bot.handlers.web.visiting import Visiting, script
from bot.oversight.auditor import Auditor
from bot.services import Services
from bot.sources.unreadable import FieldError

if TYPE_CHECKING:
    from bot.handlers.web.calling import TwilioCalls
    from bot.handlers.web.twilio import Twilio  # whoever has one imported it: a tenth of a second that only texts need

_LEADS = re.compile("/leads/(?P<source>[^/]+)")


class Doors(FastAPI):
    """All doors. A lead goes straight to its own: the layers that other requests pass through cost as much as reading it."""

    def __init__(self, leads: Leads) -> None:
        super().__init__(
            title="Leadbell", docs_url=None, redoc_url=None, openapi_url=None, exception_handlers={HTTPException: _no_such_door}
        )
        self._leads = leads
        self.add_route("/leads/{source}", leads.receive, methods=["POST"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _LEADS.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if found is None:
            await super().__call__(scope, receive, send)
        else:
            response = await self._leads.receive(Request({**scope, "path_params": found.groupdict()}, receive))
            await response(scope, receive, send)


def web_app(
    services: Services,
    auditor: Auditor,
    slack: Slack | None,
    twilio: "Twilio | None",
    calls: "TwilioCalls | None" = None,
    email_key: str | None = None,
) -> Doors:
    """Every door that is open with these services."""
    app = Doors(Leads(services))
    app.add_route("/leads/{source}/ping", PingDoor(services).answer, methods=["POST"])
    app.add_route("/leads/{source}", Handshake(services).answer, methods=["GET"])
    forms = Forms(services)
    app.add_route("/forms/site.js", script, methods=["GET"])
    app.add_route("/forms/{source}", forms.show, methods=["GET"])
    app.add_route("/forms/{source}", forms.take, methods=["POST"])
    app.add_route("/forms/{source}/qr.svg", forms.picture, methods=["GET"])
    app.add_route("/forms/{source}/{calculator}", Calculators(services).show, methods=["GET"])
    app.add_route("/openapi.json", described, methods=["GET"])
    app.add_route("/healthz", healthz, methods=["GET"])
    app.add_route("/readyz", Readyz(services, auditor).answer, methods=["GET"])
    app.add_route("/metrics", Metrics(services, auditor).answer, methods=["GET"])
    if slack is not None and slack.signing_secret is not None:  # with sockets nothing may come in here: nobody would have signed it
        app.add_route("/slack/events", SlackEvents(slack, slack.signing_secret).answer, methods=["POST"])
    if twilio is not None:
        app.add_route("/twilio/messages", twilio.messages, methods=["POST"])
        app.add_route("/twilio/status", twilio.status, methods=["POST"])
        pictures = Pictures(services)
        app.add_route("/m/{token}", pictures.show, methods=["GET"])
        app.add_route("/o/{token}", pictures.hand_out, methods=["GET"])
    if email_key is not None:
        app.add_route("/email/inbound", InboundEmail(services, email_key).receive, methods=["POST"])
    if calls is not None:
        app.add_route("/twilio/calls", calls.come, methods=["POST"])
        app.add_route("/twilio/calls/{step}", calls.answer, methods=["POST"])
        recordings = Recordings(services)
        app.add_route("/r/{token}", recordings.play, methods=["GET"])
        app.add_route("/v/{token}", recordings.hand_out, methods=["GET"])
    app.add_route("/l/{token}", Clicking(services).follow, methods=["GET"])  # like the next two, where email is off too by now
    app.add_route("/l/{token}", Visiting(services).hear, methods=["POST"])
    app.add_route("/p/{token}", MailOpens(services).show, methods=["GET"])
    unsubscribing = Unsubscribing(services)  # also where email is off by now: its links stand in emails that left before
    app.add_route("/u/{token}", unsubscribing.ask, methods=["GET"])
    app.add_route("/u/{token}", unsubscribing.end, methods=["POST"])
    return app


async def _no_such_door(_request: Request, error: Exception) -> Response:
    """What is asked at no address of ours, or in a way that it does not take."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        wanted = (error.headers or {}).get("Allow", "POST")
        return refuse(405, [FieldError("method", "method", f"This address takes {wanted}.")], error.headers)
    return refuse(error.status_code, [FieldError("no_such_address", "path", "Nothing is at this address. Leads go to POST /leads/KEY.")])
