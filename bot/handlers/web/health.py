"""GET /healthz says that the process lives, GET /readyz whether it can do its work and if not, why."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from bot.errors import StoreUnavailable
from bot.handlers.slack.app import Slack
from bot.handlers.web.answers import answer
from bot.services import Services
from bot.store.places import broken_places

ANSWER_WITHIN = 3.0


async def healthz(_: Request) -> Response:
    return answer(200, {"alive": True})


class Readyz:
    def __init__(self, services: Services, slack: Slack | None) -> None:
        self._services = services
        self._slack = slack

    async def answer(self, _: Request) -> Response:
        reasons = ["slack is not connected yet"] if self._slack is not None and not self._slack.connected else []
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                broken = await self._services.store.read(broken_places)
            reasons += [f"{named} cannot be reached: {because}" for named, because in broken]
        except (StoreUnavailable, TimeoutError):
            reasons.append("the store is away")
        for name, platform in self._services.platforms.items():
            if not await platform.listening():
                reasons.append(f"{name} does not reach us")
        return answer(503 if reasons else 200, {"ready": not reasons, "reasons": reasons})
