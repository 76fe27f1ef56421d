"""Something is wrong between a source and us: who runs Leadbell hears of it once a day."""

from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.in_force import SourceInForce
from bot.store.events import COMPANY, Fact, append_event
from bot.store.people import operators
from bot.store.postings import Lease, post_notice
from bot.store.seen import once

Trouble = Literal["not_fetched", "given_up", "test_lead", "form_unread"]
"""Each has a label."""
WORTH = 90
_told: TypeAdapter[bool] = TypeAdapter(bool)


def tell_trouble(session: Session, source: SourceInForce, trouble: Trouble, now: datetime, salt: str) -> list[Lease]:
    """Tell this trouble of a source, a label, unless somebody did so today."""
    leases: list[Lease] = []

    def tell() -> bool:
        seq = append_event(session, COMPANY, Fact("source_trouble", "leadbell", now, {"source": source.label, "trouble": trouble}), salt)
        for officer_id in operators(session):
            leases.extend(post_notice(session, None, officer_id, "source_trouble", seq, WORTH, at_once=True))
        return True

    once(session, f"source_trouble:{now:%Y-%m-%d}:{source.key}:{trouble}", now, _told, tell)
    return leases
