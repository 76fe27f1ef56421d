"""What an officer wrote left, and did not arrive after all: it was no try, and whoever waits for one waits on."""

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select
from sqlmodel import Session

from bot.speed_to_lead.speed import forget_attempt
from bot.store.clocks import UNANSWERED, UNCONTACTED, clocks_of, resume_clock
from bot.store.columns import table_of
from bot.store.events import events_since, taken_back
from bot.store.messages import TextRow
from bot.store.outbound import ContactAttempt
from bot.store.reminders import take_back_reminders

SETTLES = frozenset({
    "claimed", "given_back", "lapsed", "neglected", "owner_away", "left", "parted", "assigned", "asked_again",
    "same_request", "logged", "staged", "booked", "called", "called_us", "call_over", "wrote",
})  # fmt: skip
"""What decides by itself who waits for whom: a clock that came back after one of these would ring for a wait that is over."""

_attempt = table_of(ContactAttempt)
_this = and_(
    _attempt.c.lead_id == bindparam("of_lead"),
    _attempt.c.event_seq == bindparam("of_seq"),
    _attempt.c.channel == bindparam("on_channel"),
)
_drop = delete(_attempt).where(_this).returning(_attempt.c.at)
_another = select(_attempt.c.id).where(_attempt.c.lead_id == bindparam("of_lead"), _attempt.c.at >= bindparam("since")).limit(1)


def take_back_try(session: Session, text: TextRow, now: datetime) -> list[str] | None:
    """This text or email, locked with its lead, is no try any more: the kinds of the clocks that go on where it stopped them, as though no
    time had passed; None where it never counted as one."""
    assert text.lead_id is not None, "somebody wrote about a lead"
    connection = session.connection()
    of_this = {"of_lead": text.lead_id, "of_seq": text.event_seq, "on_channel": text.channel}
    at = connection.execute(_drop, of_this).scalar_one_or_none()
    if at is None:
        return None
    forget_attempt(session, text.lead_id, at)
    take_back_reminders(session, text.lead_id, text.event_seq)
    since = events_since(session, text.lead_id, text.event_seq)
    gone = taken_back(since)
    if any(each.kind in SETTLES and each.at >= at and each.seq not in gone for each in since[1:]):
        return []
    return go_on_waiting(session, text.lead_id, at, now)


def go_on_waiting(session: Session, lead_id: int, at: datetime, now: datetime) -> list[str]:
    """No try of this moment counts any more: the kinds of the clocks that go on where it stopped them, unless something else did."""
    clocks = clocks_of(session, lead_id)
    back = [kind for kind in (UNCONTACTED, UNANSWERED) if kind in clocks and not clocks[kind].runs and clocks[kind].started_at <= at]
    back = [kind for kind in back if not _tried_since(session, lead_id, clocks[kind].started_at)]
    if UNCONTACTED in back and _stopped_by_a_stage(session, lead_id, clocks[UNCONTACTED].started_at, at):
        back.remove(UNCONTACTED)
    for kind in back:
        resume_clock(session, lead_id, kind, at, now)
    return back


def came_back_since(session: Session, lead_id: int, seq: int) -> bool:
    """Whether something that counted as a try turned out to be none after this event of the lead's."""
    return any(each.kind == "text_status" and "clocks" in each.meta for each in events_since(session, lead_id, seq))


def _stopped_by_a_stage(session: Session, lead_id: int, since: datetime, until: datetime) -> bool:
    """Whether the lead came to a stage in between in which nobody waits for a first try: then it was not the try that stopped the clock."""
    events = events_since(session, lead_id, 1)
    gone = taken_back(events)
    staged = (each for each in events if each.kind == "staged" and since <= each.at <= until and each.seq not in gone)
    return any(UNCONTACTED in each.meta["clocks"] and each.meta["stage"] != "new" for each in staged)


def _tried_since(session: Session, lead_id: int, at: datetime) -> bool:
    """Whether another try stops a clock that began then."""
    return session.connection().execute(_another, {"of_lead": lead_id, "since": at}).first() is not None
