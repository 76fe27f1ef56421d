"""What texts and emails wait for, one after the other: to be sent, to be asked about, or to be taken for an opt-out."""

import asyncio
from collections.abc import Iterable

from bot.conversation.mailing import deliver
from bot.conversation.opting_out import answers_of, time_is_up
from bot.conversation.sending import ask, send
from bot.services import TEXTED_TOGETHER, Services
from bot.store.messages import Standing, standing_of

MARKED_TOGETHER = 10
"""How many texts one worker marks as being sent at a time, where more wait than there are workers."""
EMAILS_MARKED_TOGETHER = 16
"""The same of emails. They wait for few connections: all that are marked have to leave before their time is up."""


async def tend_next(services: Services) -> None:
    """One step of a worker: do what one of them needs, or some where many wait."""
    text_ids = [await services.texts.get()]
    while len(text_ids) < min(MARKED_TOGETHER, 1 + services.texts.qsize() // TEXTED_TOGETHER):
        text_ids.append(services.texts.get_nowait())
    emails: set[int] = set()
    try:
        emails |= await tend(services, text_ids)
    finally:
        for text_id in text_ids:
            services.texts.task_done()
            if text_id not in emails:
                services.tended.discard(text_id)


async def tend(services: Services, text_ids: list[int]) -> set[int]:
    """Send texts, ask about them, or take them for opt-outs, whichever each waits for; the emails, which wait for their own workers now."""
    texts = await services.store.read(standing_of, text_ids)
    to_send = [text.id for text in texts if text.channel != "email" and text.status in ("queued", "held")]
    emails = [text.id for text in texts if text.channel == "email" and text.status in ("queued", "held", "sending")]
    for email in emails:
        services.emails.put_nowait(email)
    others = [text for text in texts if text.id not in to_send and text.id not in emails]
    await asyncio.gather(*([send(services, to_send)] if to_send else []), _one_by_one(services, others))
    return set(emails)


async def deliver_next(services: Services) -> None:
    """One step of a worker: hand over the emails that wait, some at a time."""
    emails = [await services.emails.get()]
    while len(emails) < EMAILS_MARKED_TOGETHER and not services.emails.empty():
        emails.append(services.emails.get_nowait())
    try:
        await deliver(services, emails)
    finally:
        for email in emails:
            services.emails.task_done()
            services.tended.discard(email)


async def _one_by_one(services: Services, texts: Iterable[Standing]) -> None:
    for text in texts:
        match text.status:
            case "sending" | "uncertain":
                await ask(services, text.id)
            case "unclear":
                now = services.clock.now()
                services.owe(await services.store.transact(time_is_up, text.id, answers_of(services), now, services.salt()))
