"""A vendor's test is no lead: who runs Leadbell is shown what was understood of it."""

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.in_force import SourceInForce
from bot.services import Services
from bot.sources.record import names_in
from bot.sources.vendors_test import VendorsTest
from bot.store.events import COMPANY, Fact, append_event
from bot.store.people import operators
from bot.store.postings import Lease, post_notice
from bot.store.seen import once

WORTH = 90
MOST_NAMES = 30
_shown: TypeAdapter[bool] = TypeAdapter(bool)


async def show_test(services: Services, source: SourceInForce, test: VendorsTest) -> None:
    """Tell which of our fields were understood, and which names of theirs nobody knew; nothing of what stood in them is kept."""
    lead = test.lead
    meta = {
        "source": source.label,
        "understood": [] if lead is None else names_in(lead)[:MOST_NAMES],
        "unknown": [] if lead is None else list(lead.extra)[:MOST_NAMES],
        "problems": sorted({error.type for error in test.problems}),
    }
    fact = Fact("source_test", "leadbell", services.clock.now(), meta)
    services.owe(await services.store.transact(tell_of_test, source.key, fact, services.salt()))


def tell_of_test(session: Session, source_key: str, fact: Fact, salt: str) -> list[Lease]:
    """The transaction of telling: once in a minute, however many come."""
    leases: list[Lease] = []

    def tell() -> bool:
        seq = append_event(session, COMPANY, fact, salt)
        for officer_id in operators(session):
            leases.extend(post_notice(session, None, officer_id, "source_test", seq, WORTH, at_once=True))
        return True

    once(session, f"source_test:{source_key}:{fact.at:%Y-%m-%dT%H:%M}", fact.at, _shown, tell)
    return leases
