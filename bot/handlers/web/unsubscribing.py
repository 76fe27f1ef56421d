"""GET /u/{token} asks, POST /u/{token} ends our emails at once: a person's press, or one of their mail program, which brings no cookie."""

import html

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.conversation import unsubscribing
from bot.conversation.unsubscribing import Subscription
from bot.errors import StoreUnavailable
from bot.handlers.web.answers import FOR_ONE_READER
from bot.rendering import LANGUAGES, PLAIN, Words, labels
from bot.services import Services

log = structlog.get_logger()

page = Words("email", PLAIN)
HEADERS = {
    **FOR_ONE_READER,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
}
STYLE = (
    "body{margin:3em auto;max-width:32em;padding:0 1em;font:18px/1.5 Helvetica,Arial,sans-serif;color:#1a1a1a}"
    "button{font:inherit;padding:.5em 1em}"
)


class Unsubscribing:
    """The door behind the link that stands below every email."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def ask(self, request: Request) -> Response:
        """The page with the button. It changes nothing: programs that look at links in emails come here too."""
        return await self._answer(unsubscribing.look, request)

    async def end(self, request: Request) -> Response:
        """Done, whatever the body says, and never a redirect: RFC 8058."""
        return await self._answer(unsubscribing.unsubscribe, request)

    async def _answer(self, does: unsubscribing.Does, request: Request) -> Response:
        try:
            stands = await does(self._services, request.path_params["token"])
        except StoreUnavailable:
            log.error("an unsubscribing was refused: the store is away")
            return HTMLResponse(self._not_yet(), 503, HEADERS)
        return HTMLResponse(self._page(stands), 200 if stands else 404, HEADERS)

    def _not_yet(self) -> str:
        """Which language they read stands in the store, so in each."""
        company = self._services.in_force.company_name
        said = [html.escape(page.say("unsubscribe_not_yet", language, company=company)) for language in LANGUAGES]
        return _whole("en", company, "".join(f"<p>{each}</p>" for each in said))

    def _page(self, stands: Subscription | None) -> str:
        language, ended = (stands.language, stands.ended) if stands else ("en", False)
        company = self._services.in_force.company_name
        said = html.escape(page.say("unsubscribe_page", language, company=company, known=stands is not None, ended=ended))
        pressable = html.escape(labels(language)("button", "unsubscribe"))
        form = (
            f'<form method="post"><button name="List-Unsubscribe" value="One-Click">{pressable}</button></form>'
            if stands and not ended
            else ""
        )
        return _whole(language, company, f"<p>{said}</p>{form}")


def _whole(language: str, company: str, main: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(company)}</title><style>{STYLE}</style></head><body><main>{main}</main></body></html>"
    )
