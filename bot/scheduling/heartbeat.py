"""A sign of life to an address outside, each minute, for as long as nothing is wrong: who watches there hears of our silence."""

import aiohttp
import structlog

from bot.outreach.guard import session_to
from bot.oversight.auditor import Auditor, health_of
from bot.services import Services

log = structlog.get_logger()

ANSWERED_WITHIN = aiohttp.ClientTimeout(total=10)


class Heartbeat:
    """To be built inside a running event loop. `url` is the operator's own word; where it sends us on, we do not go."""

    def __init__(self, services: Services, auditor: Auditor, url: str) -> None:
        self._services = services
        self._auditor = auditor
        self._url = url

    async def beat(self) -> None:
        """Give one sign of life, unless something is wrong."""
        health = await health_of(self._services, self._auditor)
        if health.reasons:
            log.error("no heartbeat: something is wrong", reasons=health.reasons)
            return
        try:
            async with (
                session_to(self._url, timeout=ANSWERED_WITHIN) as session,
                session.get(self._url, allow_redirects=False) as answer,
            ):
                if not 200 <= answer.status < 300:
                    log.error("the heartbeat was not taken: check LEADBELL_HEARTBEAT_URL", status=answer.status)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:  # the address may hold a secret
            log.error("the heartbeat did not arrive", error=type(error).__name__)
