"""Another process that looks for due steps in the same database."""

from datetime import datetime

from bot.speed_to_lead.escalation import escalate
from bot.store.clocks import AT_ONCE, clocks_in_order
from bot.store.database import Store


def looks(url: str, now: datetime, times: int) -> int:
    """Look so often at this moment of the business clock; how many clocks were decided."""
    store = Store(url)
    decided = 0
    for _ in range(times):
        clocks = store.transact_now(clocks_in_order, now)
        decided += sum(
            store.transact_now(escalate, now, "salt", clocks[first : first + AT_ONCE])[0] for first in range(0, len(clocks), AT_ONCE)
        )
    store.close()
    return decided
