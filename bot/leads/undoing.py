"""For ten minutes what an officer did can be taken back, unless something newer stands on it. The timeline keeps both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.capture.returns import undo_opening, undo_settling
from bot.conversation.asked_to_stop import said_since, undo_note
from bot.conversation.relay import moved_since, undo_placing
from bot.distribution.assigning import undo_assignment
from bot.distribution.booking import undo_booking
from bot.leads.press import Press
from bot.leads.reminders import undo_next_touch
from bot.leads.staging import undo_stage
from bot.leads.working import undo_call
from bot.nurture.drips import undo_beginning, undo_stop
from bot.officers.duty import undo_duty
from bot.services import Services
from bot.store.events import COMPANY, UNDONE, Fact, PastEvent, append_event, events_since, taken_back
from bot.store.leads import lead
from bot.store.people import officer
from bot.store.postings import Lease, redraw_line
from bot.store.seen import once
from bot.store.suppressions import lock_contacts

UNDO_FOR = timedelta(minutes=10)


def _nothing_else(_session: Session, _by: Press, _event: PastEvent) -> list[Lease]:
    """A note changed nothing but what is shown of it."""
    return []


Undo = Callable[[Session, Press, PastEvent], list[Lease]]
UNDO: dict[str, Undo] = {
    "logged": undo_call, "staged": undo_stage, "noted": _nothing_else, "off": undo_duty, "on": undo_duty, "next_touch": undo_next_touch,
    "assigned": undo_assignment, "drip_begun": undo_beginning, "drip_ended": undo_stop,
    "return_opened": undo_opening, "return_sent": undo_settling, "return_dropped": undo_settling,
    "booked": undo_booking, "asked_to_stop": undo_note, "text_placed": undo_placing,
}  # fmt: skip
SAID_SINCE: dict[str, Callable[[Session, Press, PastEvent], str | None]] = {"asked_to_stop": said_since, "text_placed": moved_since}
"""What stands against it that is no event of this lead's timeline."""
_MOVES = frozenset({
    "claimed", "given_back", "lapsed", "neglected", "owner_away", "left", "parted", "assigned", "asked_again",
    "same_request", "untold", "logged", "staged", "booked", "called",
})  # fmt: skip
"""What moves a lead on: from then on an earlier step can no longer be taken back."""
BLOCKED_BY: dict[str, frozenset[str]] = {
    "logged": _MOVES | {"next_touch", "texted", "emailed", "return_sent"}, "next_touch": _MOVES | {"next_touch"},
    "staged": _MOVES | {"return_sent"},
    "noted": frozenset(),
    "assigned": _MOVES | {"texted", "emailed"}, "off": frozenset({"off", "on"}), "on": frozenset({"off", "on"}),
    "drip_begun": frozenset({"drip_touched", "drip_ended"}), "drip_ended": _MOVES | {"wrote", "drip_begun"},
    "return_opened": frozenset({"return_sent", "return_dropped"}), "return_sent": frozenset(),
    "return_dropped": frozenset({"return_opened"}), "booked": _MOVES,
    "text_placed": frozenset(), "asked_to_stop": frozenset({"wrote", "called_us", "unsubscribed", "opt_out_decided", "asked_to_stop"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Undone:
    """What was done is as though it never was. The lead is COMPANY where it was about none."""

    lead: int
    what: str
    kind: Literal["undone"] = "undone"


@dataclass(frozen=True, slots=True)
class NotUndone:
    """Nothing was changed. `since` is what happened meanwhile, where that is the reason."""

    lead: int
    because: Literal["late", "newer", "already", "not_yours"]
    since: str | None = None
    kind: Literal["not_undone"] = "not_undone"


UndoOutcome = Undone | NotUndone
_answers: TypeAdapter[UndoOutcome] = TypeAdapter(UndoOutcome)
_lock = select(lead.c.id).where(lead.c.id == bindparam("lead_id")).with_for_update(key_share=True)
_person = select(officer.c.key, officer.c.name, officer.c.active).where(officer.c.id == bindparam("by"))


async def undo(services: Services, pressed: Press, seq: int) -> UndoOutcome:
    """Take back what the officer did, the event with this seq of the lead's timeline, or of the company's."""
    outcome, leases = await services.store.transact(undo_event, pressed, seq)
    services.owe(leases)
    return outcome


def undo_event(session: Session, by: Press, seq: int) -> tuple[UndoOutcome, list[Lease]]:
    """The transaction of Undo."""
    leases: list[Lease] = []
    lock_contacts(session, by.lead)
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, seq, leases)), leases


def _decide(session: Session, by: Press, seq: int, leases: list[Lease]) -> UndoOutcome:
    connection = session.connection()
    connection.execute(_lock, {"lead_id": by.lead})
    person = connection.execute(_person, {"by": by.officer_id}).one()
    found = events_since(session, by.lead, seq)
    actor = f"officer:{person.key}"
    if not found or found[0].kind not in UNDO or found[0].actor != actor or not person.active:
        return NotUndone(by.lead, "not_yours")
    event, *since = found
    gone = taken_back(since)
    if seq in gone:
        return NotUndone(by.lead, "already")
    if by.at - event.at > UNDO_FOR:
        return NotUndone(by.lead, "late")
    newer = [each for each in since if each.kind in BLOCKED_BY[event.kind] and each.seq not in gone and _touches(event, each)]
    if newer:
        return NotUndone(by.lead, "newer", newer[0].kind)
    said = SAID_SINCE[event.kind](session, by, event) if event.kind in SAID_SINCE else None
    if said is not None:
        return NotUndone(by.lead, "newer", said)
    leases += UNDO[event.kind](session, by, event)
    append_event(session, by.lead, Fact(UNDONE, actor, by.at, {"officer": person.name, "seq": seq, "what": event.kind}), by.salt)
    redraw_line(session, by.lead, seq)
    return Undone(by.lead, event.kind)


def _touches(event: PastEvent, later: PastEvent) -> bool:
    """Whether both are about the same: the company's timeline holds everybody's duty, and a lead may have several returns."""
    if event.stream == COMPANY:
        return event.officer_id == later.officer_id
    return "arrival" not in event.meta or event.meta["arrival"] == later.meta.get("arrival")
