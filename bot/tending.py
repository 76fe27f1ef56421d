"""What texts and emails wait for, one after the other: to be sent, to be asked about, or to be taken for an opt-out."""

import asyncio
from collections.abc import Iterable

from bot.mailing import deliver
from bot.opting_out import answers_of, time_is_up
from bot.sending import ask, send
from bot.services import TEXTED_TOGETHER, Services
from bot.store.messages import TextRow, text_rows

MARKED_TOGETHER = 10
"""How many texts one worker marks as being sent at a time, where more wait than there are workers."""
EMAILS_TOGETHER = 4
"""The same of emails, which wait for few connections: all that are marked have to leave before their time is up."""


async def tend_next(services: Services) -> None:
    """One step of a worker: do what one of them needs, or some where many wait."""
    text_ids = [await services.texts.get()]
    while len(text_ids) < min(MARKED_TOGETHER, 1 + services.texts.qsize() // TEXTED_TOGETHER):
        text_ids.append(services.texts.get_nowait())
    try:
        await tend(services, text_ids)
    finally:
        for text_id in text_ids:
            services.texts.task_done()
            services.tended.discard(text_id)


async def tend(services: Services, text_ids: list[int]) -> None:
    """Send texts and emails, ask about texts, or take them for opt-outs, whichever each waits for."""
    texts = await services.store.read(text_rows, text_ids)
    to_send = [text for text in texts if text.channel != "email" and text.status in ("queued", "held")]
    emails = [text for text in texts if text.channel == "email" and text.status in ("queued", "held", "sending")]
    others = [text for text in texts if text not in to_send and text not in emails]
    sending = [send(services, [text.id for text in to_send])] if to_send else []
    await asyncio.gather(*sending, _deliver(services, emails), _one_by_one(services, others))


async def _deliver(services: Services, emails: list[TextRow]) -> None:
    for first in range(0, len(emails), EMAILS_TOGETHER):
        await deliver(services, [email.id for email in emails[first : first + EMAILS_TOGETHER]])


async def _one_by_one(services: Services, texts: Iterable[TextRow]) -> None:
    for text in texts:
        match text.status:
            case "sending" | "uncertain":
                await ask(services, text.id)
            case "unclear":
                now = services.clock.now()
                services.owe(await services.store.transact(time_is_up, text.id, answers_of(services), now, services.salt()))
