"""The HTTP doors on one port."""

from fastapi import FastAPI

from bot.handlers.web.health import Readyz, healthz
from bot.handlers.web.leads import Leads
from bot.services import Services


def web_app(services: Services) -> FastAPI:
    """The doors that are always open; a platform that comes in over HTTP adds its own."""
    app = FastAPI(title="Leadbell", docs_url=None, redoc_url=None, openapi_url=None)
    # Plain routes: the lead's way in skips argument parsing that it does not need.
    app.add_route("/leads/{source}", Leads(services), methods=["POST"])
    app.add_route("/healthz", healthz, methods=["GET"])
    app.add_route("/readyz", Readyz(services), methods=["GET"])
    return app
