"""GET /healthz says that the process lives, GET /readyz whether leads may be sent to it and, to who asks from inside, all that is wrong."""

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.web.answers import answer, is_from_outside
from bot.oversight.auditor import Auditor, health_of
from bot.services import Services


async def healthz(_: Request) -> Response:
    return answer(200, {"alive": True})


class Readyz:
    def __init__(self, services: Services, auditor: Auditor) -> None:
        self._services = services
        self._auditor = auditor

    async def answer(self, request: Request) -> Response:
        """Ready as long as nothing is wrong with this process itself: what is wrong for all of them would leave a balancer with none."""
        health = await health_of(self._services, self._auditor)
        told = {} if is_from_outside(request) else {"reasons": health.reasons}
        return answer(503 if health.here else 200, {"ready": not health.here, **told})
