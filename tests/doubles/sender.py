"""Another process that sends from the same database."""

from datetime import datetime

from bot.sending import begin_sending
from bot.store.database import Store


def sends_all(url: str, now: datetime, text_ids: list[int]) -> list[int]:
    """Try to mark each of these texts as being sent; those that could be."""
    store = Store(url)
    marked = [text_id for text_id in text_ids if store.transact_now(begin_sending, text_id, now, "salt")[0] is not None]
    store.close()
    return marked
