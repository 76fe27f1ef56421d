"""The owner comes back to a lead at a time of their choice: Later, a reminder, a call back; and what happens when that time comes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.distribution.claiming import Ended
from bot.leads.cadence import NOT_REACHED, cadence_of
from bot.leads.next_touch import ComingBack, callable_from, keep_next_touch
from bot.leads.press import Press
from bot.leads.working import NotWorked, allowed
from bot.rules.when import read_beginning, read_when
from bot.services import Services
from bot.store.cadence import tries_made
from bot.store.clocks import UNCONTACTED, clocks_of
from bot.store.columns import table_of
from bot.store.covering import cover_of
from bot.store.events import Fact, PastEvent, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.leads import ENDED_STAGES, borrower_of
from bot.store.people import Team
from bot.store.postings import Lease, post_notice, redraw
from bot.store.reminders import (
    DueReminder,
    Kind,
    ReminderView,
    due_reminders,
    end_reminder,
    mark_rung,
    move_reminder,
    reminder_view,
    reminds_already,
    take_back_reminders,
)
from bot.store.rings import team_members
from bot.store.seen import once
from bot.store.views import lead_view

CHOICES = {"hour": "in 1 hour", "evening": "this evening", "tomorrow": "tomorrow 9am"}
"""The times that take one tap, in the words that mean them."""
NO_LONGER_THEIRS = "the lead is no longer theirs"
REACHED = "the borrower was reached"


@dataclass(frozen=True, slots=True)
class FirstCallDue:
    """Nobody tried to reach the borrower yet, so the lead does not sleep."""

    lead: int
    kind: Literal["first_call_due"] = "first_call_due"


@dataclass(frozen=True, slots=True)
class NoSuchTime:
    """The words are no time that lies ahead."""

    lead: int
    kind: Literal["no_such_time"] = "no_such_time"


@dataclass(frozen=True, slots=True)
class RemindsAlready:
    """The same words are kept for the same moment, said in the team's zone."""

    lead: int
    at: datetime
    zone: str
    kind: Literal["reminds_already"] = "reminds_already"


@dataclass(frozen=True, slots=True)
class CameBack:
    """What the reminder was for is done."""

    lead: int
    kind: Literal["came_back"] = "came_back"


@dataclass(frozen=True, slots=True)
class NothingToMove:
    """It rang, or is over."""

    lead: int
    kind: Literal["nothing_to_move"] = "nothing_to_move"


ReminderOutcome = ComingBack | RemindsAlready | CameBack | NothingToMove | NotWorked | Ended | FirstCallDue | NoSuchTime
_answers: TypeAdapter[ReminderOutcome] = TypeAdapter(ReminderOutcome)


async def read_moment(services: Services, number: int, words: str) -> datetime | NoSuchTime:
    """The moment that these words mean on the clocks of the lead's team: officers have no zone of their own."""
    return read_when(words, services.clock.now(), await _zone(services, number)) or NoSuchTime(number)


async def read_moment_and_note(services: Services, number: int, words: str) -> tuple[datetime, str] | NoSuchTime:
    """The same where a note may follow: "friday 9am check docs"."""
    return read_beginning(words, services.clock.now(), await _zone(services, number)) or NoSuchTime(number)


async def _zone(services: Services, number: int) -> str:
    lead = await services.store.read(lead_view, number)
    return lead.time_zone if lead is not None else "UTC"  # that there is no such lead is said where the press is judged


async def come_back(services: Services, pressed: Press, kind: Kind, at: datetime, note: str | None = None) -> ReminderOutcome:
    """The owner promises to come back to the lead at this time."""
    outcome, leases = await services.store.transact(keep_reminder, pressed, kind, at, note)
    services.owe(leases)
    return outcome


async def wait_for_hours(services: Services, pressed: Press, reminder_id: int) -> ReminderOutcome:
    """Move it to the first minute at which the borrower may be called."""
    outcome, leases = await services.store.transact(move_to_hours, pressed, reminder_id)
    services.owe(leases)
    return outcome


async def tick_off(services: Services, pressed: Press, reminder_id: int) -> ReminderOutcome:
    """What the reminder was for is done."""
    outcome, leases = await services.store.transact(finish_reminder, pressed, reminder_id)
    services.owe(leases)
    return outcome


def keep_reminder(session: Session, by: Press, kind: Kind, at: datetime, note: str | None) -> tuple[ReminderOutcome, list[Lease]]:
    """The transaction of Later, of a reminder and of a call back.

    Later before a first try is refused: a fresh lead is rung about until somebody calls, and no button makes it sleep. A reminder or a
    call back may be set at any time, and leaves that clock as it is. No kind of them quiets a borrower who waits for an answer.
    """
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, kind, at, note, leases)), leases


def _decide(session: Session, by: Press, kind: Kind, at: datetime, note: str | None, leases: list[Lease]) -> ReminderOutcome:
    refused, row, person = allowed(session, by)
    if refused is not None:
        return refused
    if row.stage in ENDED_STAGES:
        return Ended(by.lead, row.stage)
    uncontacted = clocks_of(session, by.lead).get(UNCONTACTED)
    if kind == "later" and uncontacted is not None and uncontacted.runs:
        return FirstCallDue(by.lead)
    if kind == "remind" and reminds_already(session, by.lead, row.owner_id, at, note):
        lead = lead_view(session, by.lead)
        assert lead is not None, "its row was just locked"
        return RemindsAlready(by.lead, at, lead.time_zone)
    fact = Fact(
        "next_touch", f"officer:{person.key}", by.at, {"officer": person.name, "kind": kind, "at": at.isoformat()},
        officer_id=by.officer_id, subject_id=borrower_of(session, by.lead), body={"note": note} if note else None,
    )  # fmt: skip
    seq = append_event(session, by.lead, fact, by.salt)
    coming_back = keep_next_touch(session, replace(by, officer_id=row.owner_id), seq, kind, at, note)
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    leases += redraw(session, by.lead, at_once=True)
    return coming_back


def undo_next_touch(session: Session, by: Press, event: PastEvent) -> list[Lease]:
    """Take back when the owner would come back; what it took the place of stands again."""
    take_back_reminders(session, by.lead, event.seq)
    return redraw(session, by.lead, at_once=True)


def move_to_hours(session: Session, by: Press, reminder_id: int) -> tuple[ReminderOutcome, list[Lease]]:
    """The transaction that moves a reminder to the first minute at which the borrower may be called."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide_move(session, by, reminder_id, leases)), leases


def _decide_move(session: Session, by: Press, reminder_id: int, leases: list[Lease]) -> ReminderOutcome:
    refused, found, key = _own(session, by, reminder_id)
    if refused is not None:
        return refused
    if found is None or found.rang:
        return NothingToMove(by.lead)
    lead = lead_view(session, by.lead)
    assert lead is not None, "its row was just locked"
    at, _ = callable_from(lead, found.at) or (found.at, "")
    move_reminder(session, reminder_id, at)
    _note(session, by, "next_touch_moved", key, reminder_id, leases, at=at.isoformat())
    return ComingBack(by.lead, found.set_seq, reminder_id, at, lead.time_zone)


def finish_reminder(session: Session, by: Press, reminder_id: int) -> tuple[ReminderOutcome, list[Lease]]:
    """The transaction of Done."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide_finish(session, by, reminder_id, leases)), leases


def _decide_finish(session: Session, by: Press, reminder_id: int, leases: list[Lease]) -> ReminderOutcome:
    refused, found, key = _own(session, by, reminder_id)
    if refused is not None:
        return refused
    if found is not None:
        seq = _note(session, by, "next_touch_done", key, reminder_id, leases)
        end_reminder(session, reminder_id, "answered", seq)
    return CameBack(by.lead)


def _own(session: Session, by: Press, reminder_id: int) -> tuple[NotWorked | None, ReminderView | None, str]:
    """Why this person may not touch the lead, or None; the reminder if it is the owner's and not over; the person's key."""
    refused, row, person = allowed(session, by)
    found = None if refused is not None else reminder_view(session, reminder_id)
    if found is not None and not (found.open and (found.lead_id, found.officer_id) == (by.lead, row.owner_id)):
        found = None
    return refused, found, person.key


def _note(session: Session, by: Press, what: str, key: str, reminder_id: int, leases: list[Lease], **meta: Any) -> int:
    """Write it down, and have the lead's cards and notices drawn again once this is committed."""
    fact = Fact(what, f"officer:{key}", by.at, {"reminder": reminder_id, **meta}, officer_id=by.officer_id)
    leases += redraw(session, by.lead, at_once=True)
    return append_event(session, by.lead, fact, by.salt)


def ring_reminders(session: Session, now: datetime, salt: str, chosen: Sequence[int] | None = None) -> tuple[int, list[Lease]]:
    """Ring the reminders that are due, each once; return how many, and the leases of what is to be told. Safe to repeat."""
    due = due_reminders(session, now, chosen)
    leases: list[Lease] = []
    for one in due:
        _ring(session, one, now, salt, leases)
    return len(due), leases


def _ring(session: Session, due: DueReminder, now: datetime, salt: str, leases: list[Lease]) -> None:
    over = NO_LONGER_THEIRS if due.owner_id != due.officer_id else "the lead ended" if due.stage in ENDED_STAGES else None
    if due.kind == "planned" and due.stage not in NOT_REACHED:
        over = over or REACHED
    facts: dict[str, Any] = {"reminder": due.id, "kind": due.kind}
    if over is not None:
        end_reminder(session, due.id, over)
        append_event(session, due.lead_id, Fact("next_touch_dropped", "leadbell", now, {**facts, "because": over}), salt)
        return
    mark_rung(session, due.id, now)
    if due.kind == "planned":
        facts["try"] = [tries_made(session, due.lead_id) + 1, len(cadence_of(session, due.lead_id).days)]
    topic, told = _whom(session, due, now)
    seq = append_event(session, due.lead_id, Fact(topic, "leadbell", now, {**facts, "told": [key for _, key in told]}), salt)
    for officer_id, _ in told:
        leases += post_notice(session, due.lead_id, officer_id, topic, seq, due.score, at_once=True)
    leases += redraw(session, due.lead_id, at_once=True)


_team = table_of(Team)
_manager = select(_team.c.manager_id, _team.c.time_zone).where(_team.c.id == bindparam("team_id"))


def _whom(session: Session, due: DueReminder, now: datetime) -> tuple[str, list[tuple[int, str]]]:
    """Which message goes to whom. A borrower who was promised a call does not wait until the owner is back."""
    cover = cover_of(session, due.lead_id, now)
    if cover is not None:
        return "come_back", [cover]
    owner = [(due.officer_id, due.officer_key)]
    if due.kind != "call_back" or due.officer_is_here(now):
        return "come_back", owner
    team = session.connection().execute(_manager, {"team_id": due.team_id}).one()
    members = team_members(session, due.team_id, team.time_zone, due.lead_id, now)
    here = [member for member in members if member.facts.on_duty(now)]
    leaders = [(member.id, member.key) for member in here if member.leads_team and member.id != due.officer_id]
    if leaders or team.manager_id in (None, due.officer_id):
        return ("promised_call", leaders) if leaders else ("come_back", owner)
    return "promised_call", [(team.manager_id, "manager")]
