"""POST /leads/{source}/ping: a seller asks what a lead is worth to us before it says whose it is. Answered from memory."""

from dataclasses import replace

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.capture import pinging
from bot.handlers.web.answers import refuse
from bot.handlers.web.body import whole_body
from bot.handlers.web.leads import Quota, refuse_key
from bot.services import Services
from bot.sources.request import LeadRequest
from bot.sources.unreadable import FieldError, Unreadable


class PingDoor:
    """Its requests are counted by themselves: many pings leave room for the leads that come of them."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._quota = Quota()

    async def answer(self, request: Request) -> Response:
        source = self._services.in_force.sources.get(request.path_params["source"])
        if source is None or source.ping is None:
            return refuse(
                404, [FieldError("unknown_source", "source", "No source of this name takes pings. They need ping in leadbell.yaml.")]
            )
        asked = LeadRequest(request.headers, request.query_params)
        try:
            if source.format.proof.in_body:
                asked = replace(asked, body=await whole_body(request))
            if not source.accepts(asked):
                return refuse_key(self._services, source)
            if not source.format.proof.in_body:
                asked = replace(asked, body=await whole_body(request))
        except Unreadable as error:
            return refuse(error.status, error.errors)
        except ClientDisconnect:
            return refuse(400, [FieldError("incomplete", "body", "The request ended early. Send it again.")])
        reply = pinging.answer(self._services, source, asked, over_quota=self._quota.wait(source) > 0)
        return Response(reply.body, reply.status, media_type=reply.content_type)
