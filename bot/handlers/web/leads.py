"""POST /leads/{source}: a lead comes in. 2xx only once it is durable."""

import math
import time
from collections import defaultdict
from dataclasses import replace

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.capture import intake
from bot.capture.intake import Conflict
from bot.capture.meta import take_event
from bot.capture.pinging import take_post
from bot.capture.source_requests import CONFLICT, as_it_came, keep_unread
from bot.capture.source_tests import show_test
from bot.errors import StoreUnavailable
from bot.handlers.web.answers import answer, refuse
from bot.handlers.web.body import whole_body
from bot.in_force import SourceInForce
from bot.services import Services
from bot.sources.naming import recipients_in
from bot.sources.request import Kept, LeadRequest, Reply
from bot.sources.unreadable import FieldError, Unreadable
from bot.sources.vendors_test import VendorsTest

log = structlog.get_logger()

RETRY_AFTER = "5"
TOLD_AGAIN_AFTER = 60.0


class Leads:
    """The door for leads of every source."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._quota = Quota()

    async def receive(self, request: Request) -> Response:
        source = self._services.in_force.sources.get(request.path_params["source"])
        if source is None:
            return refuse(
                404,
                [FieldError("unknown_source", "source", "No source of this name. Its key in leadbell.yaml is the end of this address.")],
            )
        asked, proof = LeadRequest(request.headers, request.query_params), source.format.proof
        try:
            if proof.in_body:
                asked = replace(asked, body=await whole_body(request))
            if not source.accepts(asked):
                return refuse_key(self._services, source)
            wait = self._quota.wait(source)
            if wait:
                message = f"More than {source.max_per_minute} requests in a minute. Send the rest again later."
                return refuse(429, [FieldError("too_many_requests", "source", message)], {"Retry-After": str(wait)})
            if not proof.in_body:
                asked = replace(asked, body=await whole_body(request))
            return await self._take(source, asked)
        except Unreadable as error:
            return refuse(error.status, error.errors)
        except ClientDisconnect:
            return refuse(400, [FieldError("incomplete", "body", "The request ended early. Send it again.")])
        except StoreUnavailable:
            log.error("lead refused: the store is away", source=source.key)
            message = "We cannot store leads at this moment. Nothing was kept; send it again."
            return refuse(503, [FieldError("unavailable", "body", message)], {"Retry-After": RETRY_AFTER})

    async def _take(self, source: SourceInForce, asked: LeadRequest) -> Response:
        if source.meta is not None:
            await take_event(self._services, source, asked.body)
            return answer(200, {})
        try:
            leads = source.format.read(asked, source.map)
        except VendorsTest as test:
            await show_test(self._services, source, test)
            return _said(source.format.reply(()))
        except Unreadable as error:
            await keep_unread(self._services, source, asked, error.errors)
            if source.format.not_understood is None:
                raise
            return _said(source.format.not_understood)
        if source.ping is not None and leads:
            return _said(await take_post(self._services, source, asked, leads[0]))
        kept: list[Kept] = []
        for lead in leads:
            raw = None if kept else as_it_came(self._services, source, asked, lead)
            outcome = await intake.receive(self._services, source, lead, raw)
            if isinstance(outcome, Conflict):
                message = "This id was sent before with other content. The first one stands; send a change under a new id."
                errors = [FieldError(CONFLICT, "external_id", message)]
                await keep_unread(self._services, source, asked, errors)  # a form that gives each borrower one id must lose nobody
                return refuse(409, errors, lead=outcome.lead)
            begins_at = self._services.in_force.application_of(recipients_in(lead.extra))
            kept.append(Kept(outcome.lead, outcome.duplicate, begins_at))
        return _said(source.format.reply(kept))


def refuse_key(services: Services, source: SourceInForce) -> Response:
    """What is sent with a wrong key or none; told once a minute for each source, for whoever knocks so may do it all day."""
    now = time.monotonic()
    if now - services.keys_refused.get(source.id, -math.inf) >= TOLD_AGAIN_AFTER:
        services.keys_refused[source.id] = now
        log.warning("what came to a source was refused: its key is missing or wrong", source=source.key)
    message = f"The key is missing or wrong. {source.format.proof.how}"
    return refuse(401, [FieldError("unauthorized", "authorization", message)], {"WWW-Authenticate": "Bearer"})


def _said(reply: Reply) -> Response:
    return Response(reply.body, reply.status, media_type=reply.content_type)


class Quota:
    """How often each source may ask in a minute of this process. Real time: it protects the machine."""

    def __init__(self) -> None:
        self._minute = 0
        self._asked: defaultdict[int, int] = defaultdict(int)

    def wait(self, source: SourceInForce) -> int:
        """Count one request; the seconds to wait when it is one too many, else 0."""
        now = time.monotonic()
        if int(now // 60) != self._minute:
            self._minute = int(now // 60)
            self._asked.clear()
        self._asked[source.id] += 1
        return 0 if self._asked[source.id] <= source.max_per_minute else 60 - int(now % 60)
