"""What borrowers texted while nobody could hear them is read back from the phone network: at the start, and ever again."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain

import structlog
from sqlmodel import Session

from bot.conversation.relay import Sms, sms_received
from bot.services import Services
from bot.store.installation import began_at, note_texts_read, texts_read_until
from bot.store.messages import kept_ids
from bot.store.numbers import numbers_used

log = structlog.get_logger()

OVERLAP = timedelta(hours=1)
"""How far before the last time we look: what was texted then may have reached the phone network's list a little later."""
AGAIN_AFTER = 600.0
ASK_AGAIN_AFTER = 30.0


async def catch_up_and_wait(services: Services) -> None:
    """One step: read back what is missing, then wait until a text is refused or ten minutes are over."""
    services.missed.clear()
    wait = AGAIN_AFTER if await catch_up(services) else ASK_AGAIN_AFTER
    with suppress(TimeoutError):
        async with asyncio.timeout(wait):
            await services.missed.wait()


async def catch_up(services: Services) -> bool:
    """Take in, in their order, the texts that the network has and we have not; False where it could not be asked."""
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
    for text in missing:
        sms = Sms(network.name, text.provider_id, text.sender, text.words, text.pictures, text.our_number, written_at=text.at)
        await sms_received(services, sms)
    await services.store.transact(note_texts_read, asked_at)
    if missing:
        log.info("texts were read back", texts=len(missing))
    return True


def missing_since(session: Session) -> datetime:
    """From when on a text may be missing, however many came since. What was texted before Leadbell began is none of ours."""
    began, until = began_at(session), texts_read_until(session)
    return began if until is None else max(began, until - OVERLAP)
