"""Another process that looks for due steps in the same database."""

from datetime import datetime

from bot.escalation import escalate
from bot.store.database import Store


def looks(url: str, now: datetime, times: int) -> int:
    """Look so often at this moment of the business clock; how many clocks were decided."""
    store = Store(url)
    decided = sum(store.transact_now(escalate, now, "salt")[0] for _ in range(times))
    store.close()
    return decided
