"""The HTTP doors on one port."""

from fastapi import FastAPI

from bot.handlers.slack.app import Slack
from bot.handlers.web.health import Readyz, healthz
from bot.handlers.web.leads import Leads
from bot.handlers.web.slack import SlackEvents
from bot.handlers.web.twilio import Twilio
from bot.services import Services
from bot.settings import TwilioAccount


def web_app(services: Services, slack: Slack | None, account: TwilioAccount | None) -> FastAPI:
    """Every door that is open with these services."""
    app = FastAPI(title="Leadbell", docs_url=None, redoc_url=None, openapi_url=None)
    # Plain routes: the lead's way in skips argument parsing that it does not need.
    app.add_route("/leads/{source}", Leads(services).receive, methods=["POST"])
    app.add_route("/healthz", healthz, methods=["GET"])
    app.add_route("/readyz", Readyz(services, slack).answer, methods=["GET"])
    if slack is not None and slack.signing_secret is not None:  # with sockets nothing may come in here: nobody would have signed it
        app.add_route("/slack/events", SlackEvents(slack, slack.signing_secret).answer, methods=["POST"])
    if account is not None:
        twilio = Twilio(services, account)
        app.add_route("/twilio/messages", twilio.messages, methods=["POST"])
        app.add_route("/twilio/status", twilio.status, methods=["POST"])
    return app
