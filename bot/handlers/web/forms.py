"""GET and POST /forms/{source}: a page of ours that asks a borrower what we need to call them, works without scripts, and never says no."""

import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import segno
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.capture import forms
from bot.capture.forms import Problem, Sent, Thanked, ToMend, Visit
from bot.config.vocabulary import STATES
from bot.errors import StoreUnavailable
from bot.handlers.web.answers import refuse
from bot.handlers.web.body import sent_form
from bot.handlers.web.calculators import links
from bot.handlers.web.leads import Quota
from bot.handlers.web.pages import carried, language_of, page, words
from bot.in_force import SourceInForce
from bot.rendering import LANGUAGES
from bot.rules.forms import (
    CONSENT,
    HONEYPOT,
    LONGEST,
    TOKEN,
    FormKind,
    Turnstile,
    consent_version,
    fields_of,
    page_token,
    read_page_token,
)
from bot.rules.text import one_line
from bot.rules.when import said_in_full
from bot.services import Services
from bot.sources.unreadable import FieldError, Unreadable

log = structlog.get_logger()

MOST_BYTES = 1 << 16
LONGEST_URL = 300
LONGEST_DRAWN = 500
"""Characters of an address that is drawn as a QR code: of three times as many none can be, and long before that no phone reads it."""
MOST_SENT, WITHIN, REMEMBERED = 40, 600.0, 10_000
"""So often one address may send forms in so many seconds: an open house is one address, and a family too. So many are remembered."""


class Forms:
    """The doors of our own forms."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._turnstile = Turnstile(MOST_SENT, WITHIN, REMEMBERED)
        self._quota = Quota()

    async def show(self, request: Request) -> Response:
        """The empty form."""
        source = self._services.in_force.sources.get(request.path_params["source"])
        kind = source.form if source else None
        if source is None or kind is None:
            return page("gone", language_of(request), self._services.in_force.config, status=404, switches={})
        return self._page(request, source, kind, {}, {}, None)

    async def picture(self, request: Request) -> Response:
        """The page's address as a QR code for a flyer, with the partner and the campaign that this address names."""
        key = request.path_params["source"]
        source = self._services.in_force.sources.get(key)
        if source is None or source.form is None:
            return page("gone", language_of(request), self._services.in_force.config, status=404, switches={})
        named = {name: text for name, text in carried(request).items() if name in request.query_params}  # not who leads to the picture
        address = f"{self._services.public_url or str(request.base_url).rstrip('/')}/forms/{key}{'?' if named else ''}{urlencode(named)}"
        if len(address) > LONGEST_DRAWN:
            message = f"The address is longer than {LONGEST_DRAWN} characters: no phone would read its picture. Shorten what it carries."
            return refuse(414, [FieldError("too_long", "query", message)])
        return Response(segno.make(address, error="m", micro=False).svg_inline(scale=8, border=4), media_type="image/svg+xml")

    async def take(self, request: Request) -> Response:
        """A form that was sent: thanks once it is durable, else the same page with what was typed and what to do."""
        source = self._services.in_force.sources.get(request.path_params["source"])
        kind = source.form if source else None
        if source is None or kind is None:
            return page("gone", language_of(request), self._services.in_force.config, status=404, switches={})
        try:
            fields = await sent_form(request, MOST_BYTES)
        except Unreadable as error:
            return self._page(request, source, kind, {}, {}, "unreadable", status=error.status)
        except ClientDisconnect:
            return Response(status_code=400)
        language, typed = language_of(request), forms.typed_in(kind, fields)
        consent_text = self._consent_text(language)
        version, token = consent_version(language, consent_text), str(fields.get(TOKEN))
        nonce = read_page_token(self._services.hash_key, token, source.key, version)
        if self._turnstile.wait(_address(request), time.monotonic()) or self._quota.wait(source):
            return self._page(request, source, kind, typed, {}, "too_often", status=429)
        if fields.get(HONEYPOT):
            log.info("a form was filled in by a program, and not kept", source=source.key)
            return self._thanked(request, source, kind, Thanked("", False, False, None, source.team.hours.zone))
        if nonce is None:
            return self._page(request, source, kind, typed, {}, "page_is_old", status=409)
        sent = Sent(nonce, language, typed, fields.get(CONSENT) == "yes", consent_text, version)
        try:
            outcome = await forms.send(self._services, source, kind, sent, self._visit(request))
        except StoreUnavailable:
            log.error("a form was refused: the store is away", source=source.key)
            return self._page(request, source, kind, typed, {}, "store_away", status=503, token=token, agrees=sent.agrees)
        match outcome:
            case ToMend(problems):
                return self._page(request, source, kind, typed, problems, "to_mend", status=422, token=token, agrees=sent.agrees)
            case Thanked():
                return self._thanked(request, source, kind, outcome)

    def _consent_text(self, language: str) -> str:
        return words.say("form_consent", language, company=self._services.in_force.company_name)

    def _visit(self, request: Request) -> Visit:
        url = f"{self._services.public_url or str(request.base_url).rstrip('/')}{request.url.path}"
        return Visit(one_line(url, LONGEST_URL), _address(request), request.headers.get("user-agent", ""), carried(request))

    def _page(
        self,
        request: Request,
        source: SourceInForce,
        kind: FormKind,
        typed: Mapping[str, str],
        problems: Mapping[str, Problem],
        trouble: str | None,
        *,
        status: int = 200,
        token: str | None = None,
        agrees: bool = False,
    ) -> Response:
        """The form with what was typed. A box that says yes to calls and texts is ticked only where this page's own words were."""
        language = language_of(request)
        consent_text = self._consent_text(language)
        version = consent_version(language, consent_text)
        token = token or page_token(self._services.hash_key, secrets.token_hex(16), source.key, version)
        return self._drawn(
            "form",
            request,
            source,
            kind,
            status=status,
            fields=fields_of(kind),
            typed=typed,
            problems=problems,
            trouble=trouble,
            token=token,
            agrees=agrees,
            consent_text=consent_text,
            calculators={each: f"{source.key}/{address}" for each, address in links(request, language).items()},
            action=_with_language(request, language),
            switches={other: _with_language(request, other) for other in LANGUAGES if other != language},
        )

    def _thanked(self, request: Request, source: SourceInForce, kind: FormKind, thanked: Thanked) -> Response:
        language = language_of(request)
        at = thanked.calls_at and said_in_full(thanked.calls_at, thanked.zone, self._services.clock.now(), language)
        return self._drawn(
            "form_thanks", request, source, kind, thanked=thanked, first_name=one_line(thanked.first_name, 40), calls_at=at, switches={}
        )

    def _drawn(self, name: str, request: Request, source: SourceInForce, kind: FormKind, *, status: int = 200, **facts: Any) -> Response:
        config, language = self._services.in_force.config, language_of(request)
        return page(
            name,
            language,
            config,
            status=status,
            framed_by=config.forms.sites,
            kind=kind,
            title=source.form_title,
            states=STATES,
            longest=LONGEST,
            names={"token": TOKEN, "consent": CONSENT, "honeypot": HONEYPOT},
            **facts,
        )


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _with_language(request: Request, language: str) -> str:
    """The same page in this language, with what its address carries."""
    return f"?{urlencode({'lang': language, **carried(request)})}"
