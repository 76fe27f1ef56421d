"""At the start of their working day officers read which of their leads want something, and what sequences wrote for them since the last."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.leads.mine import SECTIONS, Section, placed_leads
from bot.rules.callable_time import Calendar, is_open
from bot.rules.roles import may
from bot.rules.shifts import last_beginning, next_beginning
from bot.store.events import COMPANY, Fact, append_event
from bot.store.morning import OfficerMorning, due_mornings, open_returns_of, sent_by_sequences, set_next_morning_list
from bot.store.postings import Lease, post_notice
from bot.store.seen import once
from bot.store.views import MOST_LISTED

WANTS: tuple[Section, ...] = tuple(section for section in SECTIONS if section != "asleep")
"""The sections of an officer's leads that want something today."""
_LOOK_AGAIN = timedelta(days=1)
"""Somebody who never works, or serves in no team, is looked at again then."""
_told: TypeAdapter[int] = TypeAdapter(int)


def tell_mornings(session: Session, now: datetime, salt: str, chosen: Sequence[int] | None = None) -> tuple[int, list[Lease]]:
    """Tell the officers whose working day began what it holds; return how many were looked at, and the leases of what is told. Who is off,
    or has nothing to do, hears nothing; nor does anybody on a holiday, or once the day is over. Safe to repeat."""
    due, leases = due_mornings(session, now, chosen), list[Lease]()
    for officer in due:
        hours = officer.hours
        following = None if hours is None else next_beginning(hours, now)
        set_next_morning_list(session, officer.id, following or now + _LOOK_AGAIN)
        if hours is not None and officer.due_at is not None and is_open(now, (hours,)) and _works_today(officer, now):
            today = now.astimezone(ZoneInfo(hours.zone)).date()
            once(session, f"morning:{officer.id}:{today}", now, _told, partial(_tell, session, officer.id, hours, now, salt, leases))
    return len(due), leases


def _works_today(officer: OfficerMorning, now: datetime) -> bool:
    return may(officer.role, "work") and (officer.off_until is None or officer.off_until <= now)


def _tell(session: Session, officer_id: int, hours: Calendar, now: datetime, salt: str, leases: list[Lease]) -> int:
    """The event's seq; 0 where there is nothing to tell."""
    placed, _ = placed_leads(session, officer_id, now)
    wanted = [(section, own.number) for section, own in placed if section in WANTS]
    returns = open_returns_of(session, officer_id, now.astimezone(ZoneInfo(hours.zone)).date())
    sent = sent_by_sequences(session, officer_id, last_beginning(hours, now), now)
    if not wanted and not returns and not sum(sent):
        return 0
    counts = {each: sum(section == each for section, _ in wanted) for each in WANTS}
    meta = {"counts": counts, "rows": wanted[:MOST_LISTED], "returns": returns, "sent": sent}
    seq = append_event(session, COMPANY, Fact("morning", "leadbell", now, meta, officer_id=officer_id), salt)
    leases += post_notice(session, None, officer_id, "morning", seq, 0, at_once=True)
    return seq
