"""Whether chat works: signs of life of each channel and platform, since when one gives none, and who was texted about which lead."""

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Float, Index, Integer, and_, bindparam, exists, func, insert, literal, null, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.store.calls import call
from bot.store.clocks import NOT_BEGUN, UNCLAIMED, clock
from bot.store.columns import database_time, maybe_reference, reference, row_id, table_of
from bot.store.leads import lead, not_ended
from bot.store.people import Team, officer
from bot.store.postings import Place, Posting
from bot.store.prepared import Prepared

DOWN_AFTER = 60.0
"""Seconds without a sign of life after which chat is down."""
SIGN_EVERY = 10.0
"""Seconds after which a sign of life is written down again."""
WAITS_FOR_ITS_CARD = 10.0
"""Seconds that a lead which comes while chat is down waits for its card all the same."""
AT_ONCE = 20
"""How many leads one look texts about."""
HEARD = 0
"""In the place of a channel's id: what people press on the platform reaches us."""
CAME = -1
"""In the same place: something came from the platform, which gives it to one of our processes alone."""
Why = Literal["down", "closed", "deaf"]
"""The platform shows nothing; this channel is closed to us; what people press does not reach us."""
_CHANNEL_ITSELF = ("is_archived", "channel_not_found", "not_in_channel")
_OPEN = text("ended_at IS NULL")


class LifeSign(SQLModel, table=True):
    """When a channel last showed something that we posted, or, with no channel, when a platform last reached us, as far as anybody can
    tell, and when something last came from it. Database time."""

    __tablename__ = "life_sign"
    platform: str = Field(primary_key=True)
    place_id: int = Field(primary_key=True)
    at: datetime


class Outage(SQLModel, table=True):
    """A team's channel does not show leads, or nobody is heard there. Database time, so that a clock that is set shortens nothing."""

    __table_args__ = (Index("uq_outage_open", "place_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),)

    id: int | None = row_id()
    place_id: int = reference("place.id")
    because: str
    began_at: datetime
    ended_at: datetime | None = Field(default=None)


class Alarm(SQLModel, table=True):
    """An officer was texted about a lead, once whatever happens. `text_id` is that message. After `called_at` no call about it is owed."""

    lead_id: int = reference("lead.id", primary_key=True)
    officer_id: int = reference("officer.id", primary_key=True, index=True)
    outage_id: int = reference("outage.id", index=True)
    text_id: int | None = maybe_reference("message.id")
    at: datetime
    claimed: bool = Field(default=False)
    called_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A channel that gives no sign of life since then."""

    place_id: int
    platform: str
    named: str
    team_id: int
    because: Why
    since: datetime


@dataclass(frozen=True, slots=True)
class OpenOutage:
    id: int
    place_id: int
    because: str


@dataclass(frozen=True, slots=True)
class Ended:
    """An outage that is over: for how long it lasted, and what became of its leads."""

    place_id: int
    platform: str
    channel: str
    because: str
    language: str
    minutes: int
    texted: int
    called: int
    claimed: int


_sign, _outage, _alarm = table_of(LifeSign), table_of(Outage), table_of(Alarm)
_place, _posting, _team = table_of(Place), table_of(Posting), table_of(Team)
_now = database_time()
_long_ago = database_time(literal(-DOWN_AFTER, Float))

_new_sign = upsert(_sign).values(platform=bindparam("on"), place_id=bindparam("of_place"), at=_now)
_keep_sign = _new_sign.on_conflict_do_update(index_elements=[_sign.c.platform, _sign.c.place_id], set_={"at": _now})
_came_ago = upsert(_sign).values(platform=bindparam("on"), place_id=CAME, at=database_time(bindparam("seconds", type_=Float)))
_keep_came = _came_ago.on_conflict_do_update(
    index_elements=[_sign.c.platform, _sign.c.place_id],
    set_={"at": _came_ago.excluded.at},
    where=or_(_sign.c.at < _came_ago.excluded.at, _sign.c.at > _now),  # the clock of another database server may be behind
)
_came = Prepared(
    select(_sign.c.at, _now.label("now")).where(
        _sign.c.platform == bindparam("on"), _sign.c.place_id == literal(CAME, Integer), _sign.c.at <= _now
    )
)
_fresh = Prepared(select(_sign.c.platform, _sign.c.place_id).where(_sign.c.at > database_time(literal(-SIGN_EVERY, Float))))


def stale_signs(session: Session, seen: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Those of the signs of life, as (platform, channel or HEARD), that are not on record since a moment ago."""
    fresh = {(row.platform, row.place_id) for row in _fresh.run(session, {})}
    return sorted(set(seen) - fresh)


def keep_signs(session: Session, seen: Sequence[tuple[str, int]]) -> None:
    """Write down these signs of life, in one order so that two processes never wait for each other crosswise."""
    for platform, place_id in sorted(seen):
        session.connection().execute(_keep_sign, {"on": platform, "of_place": place_id})


def keep_came(session: Session, platform: str, at: float) -> None:
    """Write down that something came from the platform to us, at that monotonic time, unless something came to others since."""
    session.connection().execute(_keep_came, {"on": platform, "seconds": round(at - time.monotonic(), 3)})


def last_came(session: Session, platform: str) -> tuple[datetime, float] | None:
    """When something last came from the platform to any of our processes, and how many seconds ago that was; None where nothing did."""
    found = _came.run(session, {"on": platform})
    return (found[0].at, (found[0].now - found[0].at).total_seconds()) if found else None


_shown_at = _sign.alias("shown_at")
_unshown = Prepared(
    select(
        _place.c.id, _place.c.platform, _place.c.named, _place.c.team_id, _place.c.broken_because,
        func.min(_posting.c.created_at).label("since"), func.max(_shown_at.c.at).label("sign"),
    )
    .join_from(_posting, _place, _place.c.id == _posting.c.place_id)
    .outerjoin(_shown_at, and_(_shown_at.c.platform == _place.c.platform, _shown_at.c.place_id == _place.c.id))
    .where(
        _posting.c.due_at.is_not(None),
        _posting.c.kind == "card",
        _posting.c.message_id.is_(None),
        _posting.c.created_at <= _long_ago,
        _place.c.kind == "channel",
        _place.c.active,
        or_(_shown_at.c.at.is_(None), _shown_at.c.at <= _long_ago),  # one that shows card after card is busy, not down
    )
    .group_by(_place.c.id, _place.c.platform, _place.c.named, _place.c.team_id, _place.c.broken_because)
)  # fmt: skip
_deaf = Prepared(
    select(_place.c.id, _place.c.platform, _place.c.named, _place.c.team_id, _sign.c.at.label("since"))
    .join_from(_sign, _place, _place.c.platform == _sign.c.platform)
    .where(_sign.c.place_id == literal(HEARD, Integer), _sign.c.at <= _long_ago, _place.c.kind == "channel", _place.c.active)
)


def troubles(session: Session) -> dict[int, Trouble]:
    """The teams' channels where leads go unseen or unheard, by their ids."""
    found = {row.id: Trouble(row.id, row.platform, row.named, row.team_id, "deaf", row.since) for row in _deaf.run(session, {})}
    for row in _unshown.run(session, {}):
        said = row.broken_because or ""
        closed = said in _CHANNEL_ITSELF or said.startswith(("status", "no channel"))
        since = row.since if row.sign is None else max(row.since, row.sign)
        found[row.id] = Trouble(row.id, row.platform, row.named, row.team_id, "closed" if closed else "down", since)
    return found


_open = Prepared(select(_outage.c.id, _outage.c.place_id, _outage.c.because).where(_outage.c.ended_at.is_(None)))
_begin = upsert(_outage).on_conflict_do_nothing().returning(_outage.c.id)
_end = (
    update(_outage)
    .where(_outage.c.id == bindparam("of_outage"), _outage.c.ended_at.is_(None))
    .values(ended_at=_now)
    .returning(_outage.c.place_id, _outage.c.because, _outage.c.began_at, _outage.c.ended_at)
)
_of_outage = _alarm.c.outage_id == bindparam("of_outage")
_texted = select(func.count(_alarm.c.lead_id.distinct())).where(_of_outage)
_called = select(func.count(call.c.lead_id.distinct())).where(
    call.c.kind == "alarm", call.c.lead_id.in_(select(_alarm.c.lead_id).where(_of_outage))
)
_claimed = select(func.count(_alarm.c.lead_id.distinct())).where(_of_outage, _alarm.c.claimed)
_whose = (
    select(_place.c.platform, _place.c.named, _team.c.language)
    .join_from(_place, _team, _team.c.id == _place.c.team_id)
    .where(_place.c.id == bindparam("of_place"))
)  # fmt: skip


def open_outages(session: Session) -> list[OpenOutage]:
    return [OpenOutage(*row) for row in _open.run(session, {})]


def begin_outage(session: Session, trouble: Trouble) -> bool:
    """Write down that the channel is in trouble; False where another process was quicker."""
    row = {"place_id": trouble.place_id, "because": trouble.because, "began_at": trouble.since}
    return session.connection().execute(_begin, row).first() is not None


def end_outage(session: Session, outage_id: int) -> Ended | None:
    """Write down that it is over; None where another process was quicker."""
    connection = session.connection()
    ended = connection.execute(_end, {"of_outage": outage_id}).one_or_none()
    if ended is None:
        return None
    where = connection.execute(_whose, {"of_place": ended.place_id}).one()
    return Ended(
        place_id=ended.place_id,
        platform=where.platform,
        channel=where.named,
        because=ended.because,
        language=where.language,
        minutes=max(1, round((ended.ended_at - ended.began_at).total_seconds() / 60)),
        texted=connection.execute(_texted, {"of_outage": outage_id}).scalar_one(),
        called=connection.execute(_called, {"of_outage": outage_id}).scalar_one(),
        claimed=connection.execute(_claimed, {"of_outage": outage_id}).scalar_one(),
    )


_card, _other, _there = _posting.alias("card"), _posting.alias("other"), _place.alias("there")
_also_out = _outage.alias("also_out")
_shown_elsewhere = exists().where(
    _other.c.lead_id == lead.c.id,
    _other.c.kind == "card",
    _other.c.message_id.is_not(None),
    _other.c.place_id == _there.c.id,
    _there.c.kind == "channel",
    _there.c.active,
    ~exists().where(_also_out.c.place_id == _there.c.id, _also_out.c.ended_at.is_(None)).correlate(_there),
)
_unseen = Prepared(
    select(lead.c.id.label("lead_id"), func.min(_outage.c.id).label("outage_id"), lead.c.score)
    .join_from(clock, lead, lead.c.id == clock.c.lead_id)
    .join(_card, and_(_card.c.lead_id == lead.c.id, _card.c.kind == "card"))
    .join(_outage, and_(_outage.c.place_id == _card.c.place_id, _outage.c.ended_at.is_(None)))
    .where(
        clock.c.due_at.is_not(None),
        clock.c.kind == UNCLAIMED,
        clock.c.step > literal(NOT_BEGUN, Integer),
        lead.c.owner_id.is_(None),
        not_ended,
        ~lead.c.practice,
        _card.c.created_at <= database_time(literal(-WAITS_FOR_ITS_CARD, Float)),
        ~exists().where(_alarm.c.lead_id == lead.c.id),
        ~_shown_elsewhere,
    )
    .group_by(lead.c.id, lead.c.score)
    .order_by(lead.c.score.desc(), lead.c.id)
    .limit(bindparam("many", type_=Integer))
)
_is_alarmed = Prepared(select(_alarm.c.officer_id).where(_alarm.c.lead_id == bindparam("of_lead")).limit(1))
_is_open = Prepared(
    select(_place.c.platform, _place.c.named, _outage.c.because)
    .join_from(_outage, _place, _place.c.id == _outage.c.place_id)
    .where(_outage.c.id == bindparam("of_outage"), _outage.c.ended_at.is_(None))
)
_keep_alarm = Prepared(insert(_alarm))


def unseen_leads(session: Session, without: Collection[int] = ()) -> list[tuple[int, int]]:
    """The free leads that ring now where chat is down, the best first, whom nobody was texted about; each with its outage."""
    found = [(row.lead_id, row.outage_id) for row in _unseen.run(session, {"many": AT_ONCE + len(without)})]
    return [each for each in found if each[0] not in without][:AT_ONCE]


def is_alarmed(session: Session, lead_id: int) -> bool:
    """Whether anybody was texted about this lead, which is locked."""
    return bool(_is_alarmed.run(session, {"of_lead": lead_id}))


def outage_still_open(session: Session, outage_id: int) -> tuple[str, str, str] | None:
    """The platform, the channel and what is wrong there; None once it is over."""
    found = _is_open.run(session, {"of_outage": outage_id})
    return tuple(found[0]) if found else None


def note_alarm(session: Session, lead_id: int, officer_id: int, outage_id: int, text_id: int, at: datetime) -> None:
    row = {
        "lead_id": lead_id, "officer_id": officer_id, "outage_id": outage_id, "text_id": text_id, "at": at, "claimed": False,
        "called_at": None,
    }  # fmt: skip
    _keep_alarm.run(session, row)


_unanswered = Prepared(
    select(_alarm.c.lead_id, _alarm.c.outage_id)
    .join_from(_alarm, _outage, and_(_outage.c.id == _alarm.c.outage_id, _outage.c.ended_at.is_(None)))
    .join(lead, lead.c.id == _alarm.c.lead_id)
    .where(_alarm.c.called_at.is_(None), _alarm.c.at <= bindparam("until"), lead.c.owner_id.is_(None), not_ended)
    .distinct()
    .order_by(_alarm.c.lead_id)
    .limit(AT_ONCE)
)
_mark_called = (
    update(_alarm)
    .where(_alarm.c.lead_id == bindparam("of_lead"), _alarm.c.called_at.is_(None))
    .values(called_at=bindparam("now"))
    .returning(_alarm.c.officer_id)
)


def unanswered_alarms(session: Session, until: datetime) -> list[tuple[int, int]]:
    """The free leads of outages that last, about which officers were texted until then and nobody was called; each with its outage."""
    return [(row.lead_id, row.outage_id) for row in _unanswered.run(session, {"until": until})]


def note_called(session: Session, lead_id: int, now: datetime) -> list[int]:
    """From now on nobody is called about this lead, which is locked, any more; whom this call was due to."""
    return sorted(session.connection().execute(_mark_called, {"of_lead": lead_id, "now": now}).scalars())


@dataclass(frozen=True, slots=True)
class Alarmed:
    """An officer whose phone this is and who was texted lately, and the leads that they were texted about."""

    officer_id: int
    language: str
    leads: frozenset[int]


_alarmed = (
    select(officer.c.id, officer.c.language, _alarm.c.lead_id)
    .join_from(officer, _alarm, _alarm.c.officer_id == officer.c.id)
    .where(officer.c.phone == bindparam("number"), officer.c.active, _alarm.c.at > bindparam("since"))
    .order_by(officer.c.id)
)
_mark_claimed = update(_alarm).where(_alarm.c.lead_id == bindparam("of_lead"), _alarm.c.officer_id == bindparam("by")).values(claimed=True)


def alarmed_at(session: Session, number: str, since: datetime) -> list[Alarmed]:
    """Whom we texted at this number since then. Mostly one; two who share a phone were texted about different leads."""
    by_officer: dict[tuple[int, str], set[int]] = {}
    for row in session.connection().execute(_alarmed, {"number": number, "since": since}):
        by_officer.setdefault((row.id, row.language), set()).add(row.lead_id)
    return [Alarmed(*who, frozenset(leads)) for who, leads in by_officer.items()]


def note_claimed_from_alarm(session: Session, lead_id: int, officer_id: int) -> None:
    session.connection().execute(_mark_claimed, {"of_lead": lead_id, "by": officer_id})


_newest_card = (
    select(_posting.c.id)
    .join_from(_posting, _place, _place.c.id == _posting.c.place_id)
    .where(_posting.c.kind == "card", _posting.c.message_id.is_not(None), _place.c.platform == bindparam("on"), _place.c.kind == "channel")
    .order_by(_posting.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_draw_newest = (
    update(_posting)
    .where(_posting.c.id == _newest_card)
    .values(wanted_version=_posting.c.wanted_version + 1, due_at=_now, gave_up_because=null())
)


def draw_newest_card_again(session: Session, platform: str) -> None:
    """Owe the newest card there once more: the platform tells us of the change, if anything of it reaches us."""
    session.connection().execute(_draw_newest, {"on": platform})
