"""What borrowers texted while nobody could hear them is read back from the phone network: at the start, and ever again."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

import structlog
from sqlmodel import Session

from bot.conversation.relay import Sms, sms_received
from bot.errors import StoreUnavailable
from bot.outreach.network import Heard
from bot.runner import do_or_report, places
from bot.services import Services
from bot.store.installation import began_at, note_texts_read, texts_read_until
from bot.store.messages import kept_ids
from bot.store.numbers import numbers_used

log = structlog.get_logger()

OVERLAP = timedelta(hours=1)
"""How far before the last time we look: what was texted then may have reached the phone network's list a little later."""
AGAIN_AFTER = 600.0
ASK_AGAIN_AFTER = 30.0
MOST_TRIES = 3
"""A text that breaks us so often is left where it is: what was texted since waits for nothing."""


async def catch_up_and_wait(services: Services) -> None:
    """One step: read back what is missing, then wait until a text is refused or ten minutes are over; for less where something is left."""
    services.missed.clear()
    wait = ASK_AGAIN_AFTER

    async def look() -> None:
        nonlocal wait
        wait = AGAIN_AFTER if await catch_up(services) else ASK_AGAIN_AFTER

    async def report(trouble: Exception) -> None:
        log.error("what borrowers texted could not be read back", error=type(trouble).__name__, where=places(trouble))

    await do_or_report(look, report)
    with suppress(TimeoutError):
        async with asyncio.timeout(wait):
            await services.missed.wait()


async def catch_up(services: Services) -> bool:
    """Take in, in their order, the texts that the network has and we have not; False where it could not be asked, or one is to be tried
    again."""
    network = services.network
    if network is None:
        return True
    asked_at = services.clock.now()
    numbers = {*await services.store.read(numbers_used), *chain.from_iterable(services.in_force.numbers.values())}
    heard = await network.received_since(await services.store.read(missing_since), sorted(numbers))
    if heard is None:
        log.warning("the phone network does not tell what borrowers texted; asked again soon")
        return False
    kept = await services.store.read(kept_ids, network.name, [text.provider_id for text in heard])
    missing = [text for text in heard if text.provider_id not in kept]
    left = [text for text in missing if not await _kept(services, network.name, text)]
    if len(missing) > len(left):
        log.info("texts were read back", texts=len(missing) - len(left))
    if any(services.unkept[text.provider_id] < MOST_TRIES for text in left):
        return False
    await services.store.transact(note_texts_read, asked_at)
    return True


async def _kept(services: Services, provider: str, text: Heard) -> bool:
    """Take in one text; False where that broke, which is counted."""
    if services.unkept[text.provider_id] >= MOST_TRIES:
        return False
    sms = Sms(provider, text.provider_id, text.sender, text.words, text.pictures, text.our_number, written_at=text.at)

    async def report(trouble: Exception) -> None:
        if isinstance(trouble, StoreUnavailable):
            raise trouble
        services.unkept[text.provider_id] += 1
        log.error("a text could not be taken in", provider_id=text.provider_id, error=type(trouble).__name__, where=places(trouble))

    tries = services.unkept[text.provider_id]
    await do_or_report(partial(sms_received, services, sms), report)
    return services.unkept[text.provider_id] == tries


def missing_since(session: Session) -> datetime:
    """From when on a text may be missing, however many came since. What was texted before Leadbell began is none of ours."""
    began, until = began_at(session), texts_read_until(session)
    return began if until is None else max(began, until - OVERLAP)
