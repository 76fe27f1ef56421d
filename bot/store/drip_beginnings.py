"""Which leads are to be looked at for what begins by itself, the days that sequences go by, and when a borrower was heard of."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.drips import Version, enrollment
from bot.store.installation import Installation
from bot.store.leads import LeadDate, lead
from bot.store.messages import message
from bot.store.outbound import ContactAttempt
from bot.store.owed import DueBy
from bot.store.prepared import Prepared

LOOKED_OVER_AT_ONCE = 1000
"""How many leads one transaction goes through: meanwhile SQLite lets nobody else write."""
HELD_OUT = "held_out"
"""Why a way ended before its first step: the lead is one of those that are left out, to be compared with."""

_date, _attempt, _installation = table_of(LeadDate), table_of(ContactAttempt), table_of(Installation)
_next_look = Prepared(select(func.min(lead.c.drip_look_at).label("at")).where(lead.c.drip_look_at.is_not(None)))
_due = Prepared(
    select(lead.c.id)
    .where(lead.c.drip_look_at.is_not(None), lead.c.drip_look_at <= bindparam("now"))
    .order_by(lead.c.drip_look_at, lead.c.id)
    .limit(bindparam("most"))
)
_stands = Prepared(
    select(lead.c.drip_look_at, lead.c.drip_looked_seq, lead.c.head_seq, lead.c.practice).where(lead.c.id == bindparam("of_lead"))
)
_looked = Prepared(
    update(lead).where(lead.c.id == bindparam("of_lead")).values(drip_look_at=bindparam("again_at"), drip_looked_seq=bindparam("seq"))
)
_dates = Prepared(select(_date.c.kind, _date.c.day).where(_date.c.lead_id == bindparam("of_lead")))
_new_date = upsert(_date)
_keep_date = _new_date.on_conflict_do_update(index_elements=[_date.c.lead_id, _date.c.kind], set_={"day": _new_date.excluded.day})
_drop_date = delete(_date).where(_date.c.lead_id == bindparam("of_lead"), _date.c.kind == bindparam("of_kind"))
_wrote = Prepared(
    select(func.max(message.c.created_at).label("at")).where(message.c.lead_id == bindparam("of_lead"), message.c.direction == "in")
)
_spoke = Prepared(
    select(func.max(_attempt.c.at).label("at")).where(
        _attempt.c.lead_id == bindparam("of_lead"), or_(_attempt.c.disposition == "connected", _attempt.c.disposition == "call_back")
    )
)
_begun = select(enrollment.c.id).where(enrollment.c.lead_id == bindparam("of_lead"), enrollment.c.sequence_key == bindparam("of_key"))
_begun_ever = Prepared(_begun.limit(1))
_begun_for = Prepared(_begun.where(enrollment.c.anchor == bindparam("day")).limit(1))
_begun_since = Prepared(_begun.where(enrollment.c.started_at >= bindparam("since")).limit(1))
_held_out = Prepared(
    select(enrollment.c.id)
    .where(
        enrollment.c.lead_id == bindparam("of_lead"), enrollment.c.sequence_id == bindparam("of_version"),
        enrollment.c.ended_because == HELD_OUT, enrollment.c.anchor.is_not_distinct_from(bindparam("day")),
    )
    .limit(1)
)  # fmt: skip
_hold_out = insert(enrollment)
_known_begin = select(_installation.c.drips_begin)
_set_begin = update(_installation).values(drips_begin=bindparam("names"))
_following = select(lead.c.id).where(lead.c.id > bindparam("after")).order_by(lead.c.id).limit(LOOKED_OVER_AT_ONCE)
_to_look_at = (
    select(lead.c.id)
    .where(
        lead.c.id > bindparam("after"),
        lead.c.id <= bindparam("up_to"),
        lead.c.drip_look_at.is_(None),
        or_(lead.c.stage.in_(bindparam("silent_in", expanding=True)), exists().where(_date.c.lead_id == lead.c.id)),
    )
    .order_by(lead.c.id)
    .with_for_update(key_share=True, of=lead)
)
_look_over = update(lead).where(lead.c.id.in_(_to_look_at)).values(drip_look_at=bindparam("now"))


LOOKS = DueBy(lead.c.drip_look_at)


def next_look(session: Session) -> datetime | None:
    """When the next lead is looked at."""
    at: datetime | None = _next_look.run(session, {})[0].at
    return at


def leads_to_look_at(session: Session, now: datetime, most: int) -> list[int]:
    """The leads that are due the longest to be looked at."""
    return [row.id for row in _due.run(session, {"now": now, "most": most})]


def still_due(session: Session, lead_id: int, now: datetime) -> tuple[int, int] | None:
    """Up to which event a lead, which is locked, was looked at, and its newest; None where it is not due any more, or a practice lead."""
    [row] = _stands.run(session, {"of_lead": lead_id})
    if row.drip_look_at is None or row.drip_look_at > now:
        return None
    return (row.head_seq if row.practice else row.drip_looked_seq or 0), row.head_seq


def looked_at(session: Session, lead_id: int, seq: int, again_at: datetime | None) -> None:
    """The lead was looked at, up to this event of its; it is again at that time, or when something happens."""
    _looked.run(session, {"of_lead": lead_id, "seq": seq, "again_at": again_at})


def look_over(session: Session, silent_in: Collection[str], now: datetime, after: int) -> int | None:
    """Have those of the leads that follow this one looked at that days or silence may begin something for, some at once; the last one that
    was gone through, None once none is left."""
    connection = session.connection()
    following = list(connection.execute(_following, {"after": after}).scalars())
    if following:
        row = {"now": now, "silent_in": sorted(silent_in) or [""], "after": after, "up_to": following[-1]}
        connection.execute(_look_over, row)
    return following[-1] if len(following) == LOOKED_OVER_AT_ONCE else None


def is_looked_over(session: Session, begins: Iterable[str]) -> bool:
    """Whether it was for these sequences that leads were looked over last: the installation remembers."""
    return bool(session.connection().execute(_known_begin).scalar_one() == ",".join(sorted(begins)))


def set_looked_over(session: Session, begins: Iterable[str]) -> None:
    session.connection().execute(_set_begin, {"names": ",".join(sorted(begins))})


def dates_of(session: Session, lead_id: int) -> dict[str, date]:
    """The days that sequences go by for this lead, by kind."""
    return {row.kind: row.day for row in _dates.run(session, {"of_lead": lead_id})}


def keep_date(session: Session, lead_id: int, kind: str, day: date) -> None:
    """Keep a day of a lead's borrower, which is locked, in place of what was known."""
    session.connection().execute(_keep_date, {"lead_id": lead_id, "kind": kind, "day": day})


def drop_date(session: Session, lead_id: int, kind: str) -> None:
    """Forget a day of a lead's borrower, which is locked."""
    session.connection().execute(_drop_date, {"of_lead": lead_id, "of_kind": kind})


def heard_at(session: Session, lead_id: int) -> datetime | None:
    """When the borrower last wrote, or was spoken with."""
    found = [question.run(session, {"of_lead": lead_id})[0].at for question in (_wrote, _spoke)]
    return max((at for at in found if at is not None), default=None)


def began_before(session: Session, lead_id: int, key: str, *, day: date | None = None, since: datetime | None = None) -> bool:
    """Whether this sequence ever began for the lead: at all, for this day, or since then."""
    of_both = {"of_lead": lead_id, "of_key": key}
    if day is not None:
        return bool(_begun_for.run(session, {**of_both, "day": day}))
    return bool(_begun_since.run(session, {**of_both, "since": since}) if since else _begun_ever.run(session, of_both))


def hold_out(session: Session, lead_id: int, version: Version, now: datetime, anchor: date | None) -> None:
    """Remember that this sequence would have begun for the lead, which is locked, and did not: once, however often it would have."""
    if _held_out.run(session, {"of_lead": lead_id, "of_version": version.id, "day": anchor}):
        return
    row: Mapping[str, object] = {
        "lead_id": lead_id, "sequence_id": version.id, "sequence_key": version.plan.key, "step": 0, "touches": 0, "state": {},
        "started_at": now, "anchor": anchor, "set_seq": 0, "attempts": 0, "fence": 0, "ended_because": HELD_OUT, "ended_at": now,
    }  # fmt: skip
    session.connection().execute(_hold_out, row)
