"""GET /healthz says that the process lives, GET /readyz whether it can do its work and, to who asks from inside, if not, why."""

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.web.answers import answer, is_from_outside
from bot.oversight.auditor import Auditor, why_not_ready
from bot.services import Services


async def healthz(_: Request) -> Response:
    return answer(200, {"alive": True})


class Readyz:
    def __init__(self, services: Services, auditor: Auditor) -> None:
        self._services = services
        self._auditor = auditor

    async def answer(self, request: Request) -> Response:
        reasons = await why_not_ready(self._services, self._auditor)
        told = {} if is_from_outside(request) else {"reasons": reasons}
        return answer(503 if reasons else 200, {"ready": not reasons, **told})
