"""Other processes on the same database: one that sends, and one whose officers hand leads around."""

from datetime import datetime

from bot.conversation.sending import begin_sendings
from bot.distribution.assigning import assign_lead
from bot.rules.numbers import OurNumbers
from bot.store.database import Store
from tests.doubles.branch import Branch

NO_NUMBERS = OurNumbers({}, frozenset())
"""No team has a number of its own."""


def sends_all(url: str, now: datetime, text_ids: list[int]) -> list[int]:
    """Try to mark each of these texts as being sent; those that could be."""
    store = Store(url)
    marked = [text_id for text_id in text_ids if store.transact_now(begin_sendings, [text_id], NO_NUMBERS, now, "salt")[0]]
    store.close()
    return marked


def hands_around(url: str, now: datetime, leads: list[int]) -> None:
    """Maya gives each lead back, Luis claims it, and Tess gives it to Maya again."""
    store = Store(url)
    branch = Branch(store, now)
    for lead in leads:
        branch.give_back("maya", lead, f"back {lead}")
        branch.claim("luis", lead, f"claim {lead}")
        store.transact_now(assign_lead, branch.press("tess", lead, f"assign {lead}"), "maya")
    store.close()
