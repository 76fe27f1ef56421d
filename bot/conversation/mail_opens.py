"""A mail program loads the picture in an email of ours: noted once, as a hint. No event, score, clock or sequence hears of it."""

from bot.rules.mail_opens import read_open_token
from bot.services import Services
from bot.store.mail_opens import is_first_open, note_open


async def note(services: Services, token: str) -> None:
    """Nothing is noted of a token that is none of ours, nor where nobody counts any more."""
    email_id = read_open_token(services.hash_key, token)
    email = services.in_force.config.email
    if email_id is None or email is None or not email.track_links:
        return
    now = services.clock.now()
    if await services.store.read(is_first_open, email_id, now):
        await services.store.transact(note_open, email_id, now)
