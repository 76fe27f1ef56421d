"""An officer writes a note about a lead: kept in its timeline, told of in its thread, read by who may see the borrower."""

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.leads.press import Press
from bot.leads.working import NotWorked, OthersLead, allowed_or_asked
from bot.services import Services
from bot.store.events import Fact, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.leads import borrower_of
from bot.store.postings import post_update
from bot.store.seen import once


@dataclass(frozen=True, slots=True)
class Noted:
    lead: int
    seq: int
    kind: Literal["noted"] = "noted"


NoteOutcome = Noted | OthersLead | NotWorked
_answers: TypeAdapter[NoteOutcome] = TypeAdapter(NoteOutcome)


async def keep_note(services: Services, pressed: Press, note: str, *, knows_owner: int | None = None) -> NoteOutcome:
    """Keep a note about a lead, of its owner or of who leads the team and knows whose it is."""
    outcome = await services.store.transact(note_lead, pressed, note, knows_owner)
    services.owe(())
    return outcome


def note_lead(session: Session, by: Press, note: str, knows_owner: int | None = None) -> NoteOutcome:
    """The transaction of a note."""
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, note, knows_owner))


def _decide(session: Session, by: Press, note: str, knows_owner: int | None) -> NoteOutcome:
    refused, row, person = allowed_or_asked(session, by, knows_owner)
    if refused is not None:
        return refused
    fact = Fact(
        "noted", f"officer:{person.key}", by.at, {"officer": person.name},
        officer_id=by.officer_id, subject_id=borrower_of(session, by.lead), body={"note": note},
    )  # fmt: skip
    seq = append_event(session, by.lead, fact, by.salt)
    post_update(session, by.lead, "noted", seq, row.score)
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    return Noted(by.lead, seq)
