"""What texts and emails wait for, one after the other: to be sent, to be asked about, or to be taken for an opt-out."""

from bot.mailing import deliver
from bot.opting_out import answers_of, time_is_up
from bot.sending import ask, send
from bot.services import Services
from bot.store.messages import text_row


async def tend_next(services: Services) -> None:
    """One step of a worker: do what one of them needs."""
    text_id = await services.texts.get()
    try:
        await tend(services, text_id)
    finally:
        services.texts.task_done()
        services.tended.discard(text_id)


async def tend(services: Services, text_id: int) -> None:
    """Send it, ask about it, or take it for an opt-out, whichever it waits for."""
    text = await services.store.read(text_row, text_id)
    match (text.channel, text.status) if text else (None, None):
        case "email", "queued" | "held" | "sending":
            await deliver(services, text_id)
        case _, "queued" | "held":
            await send(services, text_id)
        case _, "sending" | "uncertain":
            await ask(services, text_id)
        case _, "unclear":
            now = services.clock.now()
            services.owe(await services.store.transact(time_is_up, text_id, answers_of(services), now, services.salt()))
