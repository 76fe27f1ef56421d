"""POST /twilio/...: borrowers' texts come in, and what became of ours. Only what Twilio signed is read."""

import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlparse

import structlog
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from twilio.request_validator import RequestValidator, add_port, remove_port

from bot.conversation import relay, sending
from bot.conversation.relay import Sms
from bot.errors import StoreUnavailable
from bot.handlers.web.body import whole_body
from bot.outreach.network import Known
from bot.outreach.sms import FATES, counted
from bot.rules.text import storable
from bot.services import Services
from bot.settings import TwilioAccount
from bot.sources.unreadable import Unreadable

log = structlog.get_logger()

PROVIDER = "twilio"
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
MOST_FIELDS = 500
LONGEST_ID = 18
"""Digits of the number of a text."""


class Twilio:
    """The doors for what Twilio tells us of texts."""

    def __init__(self, services: Services, account: TwilioAccount) -> None:
        self._services = services
        self._forms = TwilioForms(account)

    async def messages(self, request: Request) -> Response:
        """A borrower's text. Whatever is to be said, we say by ourselves, so Twilio gets an empty answer."""
        fields = await self._forms.read(request)
        if isinstance(fields, Response):
            return fields
        if not fields.get("MessageSid") or not fields.get("From"):
            return Response(status_code=400)
        sms = Sms(
            provider=PROVIDER,
            provider_id=fields["MessageSid"],
            sender=fields["From"],
            words=fields.get("Body", ""),
            pictures=counted(fields.get("NumMedia")),
            our_number=fields.get("To", ""),
            answered_there=fields.get("OptOutType", ""),
        )
        try:
            await relay.sms_received(self._services, sms)
        except StoreUnavailable:
            log.error("a text was refused: the store is away", provider_id=sms.provider_id)
            self._services.missed.set()
            return Response(status_code=503)
        log.info("a text came in", provider_id=sms.provider_id)
        return Response(NOTHING_TO_SAY, media_type="text/xml")

    async def status(self, request: Request) -> Response:
        """What became of a text of ours, whose number stands in the address that we gave for it."""
        fields = await self._forms.read(request)
        if isinstance(fields, Response):
            return fields
        text_id = request.query_params.get("message", "")
        fate = FATES.get(fields.get("MessageStatus", ""))
        if text_id.isdecimal() and len(text_id) <= LONGEST_ID and fate is not None and fields.get("MessageSid"):
            known = Known(fields["MessageSid"], fate, counted(fields.get("ErrorCode")) or None, "")
            try:
                await sending.status_told(self._services, int(text_id), known, PROVIDER)
            except StoreUnavailable:
                log.error("the status of a text was refused: the store is away", text=int(text_id))
                return Response(status_code=503)
            log.info("the status of a text was told", text=int(text_id), status=fate, provider_id=known.provider_id)
        return Response(status_code=204)


class TwilioForms:
    """Forms that Twilio sent, and nobody else."""

    def __init__(self, account: TwilioAccount) -> None:
        self._public_url = account.public_url
        self._validators = [RequestValidator(token) for token in (account.auth_token, account.old_auth_token) if token]

    async def read(self, request: Request) -> Mapping[str, str] | Response:
        """The form as Twilio sent it, blank fields too, or the answer to a request that Twilio did not send.

        The signature covers the address that Twilio called, which is our public one: behind a proxy the request itself names another.
        """
        try:
            body = await whole_body(request)
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except Unreadable as error:
            return Response(status_code=error.status)
        except (ClientDisconnect, ValueError):
            return Response(status_code=400)
        query = request.scope["query_string"].decode("latin-1")
        url = self._public_url + request.scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        fields: ImmutableMultiDict[str, str] = ImmutableMultiDict(pairs)
        presented = request.headers.get("x-twilio-signature", "").encode()
        parsed = urlparse(url)
        # Twilio is not of one mind whether an address is signed with its usual port.
        addresses = (remove_port(parsed), add_port(parsed))
        signatures = [validator.compute_signature(address, fields).encode() for validator in self._validators for address in addresses]
        if not any([hmac.compare_digest(presented, signature) for signature in signatures]):  # noqa: C419 - always all, in the same time
            return Response(status_code=403)
        return {name: storable(value) for name, value in fields.items()}
