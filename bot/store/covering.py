"""Who stands in for officers who are away: whom they named, for as long as that one is here and in the lead's team."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, update
from sqlmodel import Session

from bot.rules.roles import may
from bot.rules.stages import PARTNER
from bot.store.columns import table_of
from bot.store.leads import LeadOfContact, lead, not_ended
from bot.store.messages import message
from bot.store.outbound import ContactAttempt
from bot.store.people import TeamOfficer, officer
from bot.store.prepared import Prepared

_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Appointed:
    """Whom an officer named to cover for them, since when they are away, and the company's event that says so."""

    cover_id: int
    since: datetime
    seq: int

    def stored(self) -> dict[str, Any]:
        """What `appointed_from` reads."""
        return {"cover_id": self.cover_id, "since": self.since.isoformat(), "seq": self.seq}


def appointed_from(stored: Mapping[str, Any] | None) -> Appointed | None:
    return None if stored is None else Appointed(stored["cover_id"], datetime.fromisoformat(stored["since"]), stored["seq"])


@dataclass(frozen=True, slots=True)
class Absence:
    """An officer's absence as their cover reads of it. It is `over` once they are back or named somebody else."""

    owner: str
    until: datetime | None
    over: bool
    numbers: tuple[int, ...]
    """The open leads that the cover works meanwhile, what falls due first ahead."""


@dataclass(frozen=True, slots=True)
class Return:
    """Somebody is back who had a cover; their row is locked."""

    officer_id: int
    key: str
    name: str
    cover: str
    appointed: Appointed


_cover, _member, _attempt = officer.alias("cover"), table_of(TeamOfficer), table_of(ContactAttempt)
_is_away = and_(officer.c.active, officer.c.off_until > bindparam("now"))
_is_here = and_(_cover.c.active, or_(_cover.c.off_until.is_(None), _cover.c.off_until <= bindparam("now")))
_in_its_team = exists().where(_member.c.team_id == lead.c.team_id, _member.c.officer_id == _cover.c.id)
_of_lead = Prepared(
    select(_cover.c.id, _cover.c.key, _cover.c.role)
    .join_from(lead, officer, lead.c.owner_id == officer.c.id)
    .join(_cover, officer.c.cover_id == _cover.c.id)
    .where(lead.c.id == bindparam("of_lead"), ~lead.c.practice, _is_away, _is_here, _in_its_team)
)
_covered = Prepared(
    select(lead.c.id, officer.c.id.label("owner_id"), officer.c.name.label("owner"))
    .join_from(officer, lead, lead.c.owner_id == officer.c.id)
    .join(_cover, officer.c.cover_id == _cover.c.id)
    .where(_cover.c.id == bindparam("by"), not_ended, ~lead.c.practice, _is_away, _is_here, _in_its_team)
)
_set = update(officer).where(officer.c.id == bindparam("of_officer")).values(
    cover_id=bindparam("by"), cover_since=bindparam("since"), cover_seq=bindparam("seq")
)  # fmt: skip
_appointed = select(officer.c.cover_id, officer.c.cover_since, officer.c.cover_seq).where(officer.c.id == bindparam("of_officer"))
_mine = select(_member.c.team_id).where(_member.c.officer_id == bindparam("of_officer"))
_share_a_team = select(_member.c.officer_id).where(_member.c.team_id.in_(_mine))
_colleagues = (
    select(officer.c.id, officer.c.key, officer.c.name, officer.c.role, officer.c.off_until)
    .where(officer.c.active, officer.c.id != bindparam("of_officer"), officer.c.id.in_(_share_a_team))
    .order_by(officer.c.id)
)
_absence = select(officer.c.name, officer.c.off_until, officer.c.cover_seq).where(officer.c.id == bindparam("of_officer"))
_its_leads = (
    select(lead.c.id)
    .join_from(lead, _cover, _cover.c.id == bindparam("by"))
    .where(lead.c.owner_id == bindparam("of_officer"), not_ended, ~lead.c.practice, _in_its_team)
    .order_by(lead.c.score.desc(), lead.c.id)
)
_has_cover = officer.c.cover_id.is_not(None)
_next_return = Prepared(select(func.min(func.coalesce(officer.c.off_until, _EVER)).label("at")).where(_has_cover))
_back = (
    select(officer.c.id, officer.c.key, officer.c.name, _cover.c.name.label("cover"),
           officer.c.cover_id, officer.c.cover_since, officer.c.cover_seq)
    .join_from(officer, _cover, officer.c.cover_id == _cover.c.id)
    .where(or_(officer.c.off_until.is_(None), officer.c.off_until <= bindparam("now")))
    .order_by(officer.c.id)
    .with_for_update(skip_locked=True, key_share=True, of=officer)
)  # fmt: skip
_attempts_by_others = (
    select(_attempt.c.lead_id, officer.c.name, _attempt.c.channel, func.count().label("times"))
    .join_from(_attempt, lead, _attempt.c.lead_id == lead.c.id)
    .join(officer, _attempt.c.officer_id == officer.c.id)
    .where(lead.c.owner_id == bindparam("of_officer"), officer.c.id != bindparam("of_officer"), _attempt.c.at >= bindparam("since"))
    .group_by(_attempt.c.lead_id, officer.c.name, _attempt.c.channel)
    .order_by(_attempt.c.lead_id, func.min(_attempt.c.at))
)
_written = (
    select(message.c.lead_id, func.count().label("times"))
    .join_from(message, lead, message.c.lead_id == lead.c.id)
    .where(lead.c.owner_id == bindparam("of_officer"), message.c.direction == "in", message.c.created_at >= bindparam("since"))
    .group_by(message.c.lead_id)
    .order_by(message.c.lead_id)
)


def cover_of(session: Session, lead_id: int, now: datetime) -> tuple[int, str] | None:
    """Who stands in for the lead's owner at this moment, with their key; None while the owner is here, or nobody can."""
    for row in _of_lead.run(session, {"of_lead": lead_id, "now": now}):
        if may(row.role, "work"):
            return row.id, row.key
    return None


def stands_in(session: Session, lead_id: int, officer_id: int, now: datetime) -> bool:
    """Whether this officer covers for the lead's owner, who is away."""
    found = cover_of(session, lead_id, now)
    return found is not None and found[0] == officer_id


def who_answers(session: Session, known: LeadOfContact, now: datetime) -> int | None:
    """The owner of the lead where they are here, else who covers for them; None where nobody does. A partner is answered by whoever knows
    them, however late."""
    if known.owner_id is None or known.stage == PARTNER or known.owner_is_here(now):
        return known.owner_id
    found = cover_of(session, known.lead_id, now)
    return None if found is None else found[0]


def covered_leads(session: Session, officer_id: int, now: datetime) -> dict[int, dict[int, str]]:
    """The open leads that this officer works for colleagues who are away: by owner, each with the owner's name."""
    found: dict[int, dict[int, str]] = {}
    for row in _covered.run(session, {"by": officer_id, "now": now}):
        found.setdefault(row.owner_id, {})[row.id] = row.owner
    return found


def appoint(session: Session, officer_id: int, appointed: Appointed | None) -> None:
    """Keep who covers for an officer, or that nobody does. The caller holds the officer's row."""
    row: dict[str, Any] = {"of_officer": officer_id, "by": None, "since": None, "seq": None}
    if appointed is not None:
        row |= {"by": appointed.cover_id, "since": appointed.since, "seq": appointed.seq}
    session.connection().execute(_set, row)


def appointed_by(session: Session, officer_id: int) -> Appointed | None:
    row = session.connection().execute(_appointed, {"of_officer": officer_id}).one()
    return None if row.cover_id is None else Appointed(row.cover_id, row.cover_since, row.cover_seq)


def possible_covers(session: Session, officer_id: int) -> list[Any]:
    """The active colleagues of an officer's teams: id, key, name, role and until when they are off."""
    return list(session.connection().execute(_colleagues, {"of_officer": officer_id}))


def absence_of(session: Session, officer_id: int, cover_id: int, seq: int) -> Absence:
    """The absence that this event of the company's began, as this cover reads of it."""
    row = session.connection().execute(_absence, {"of_officer": officer_id}).one()
    numbers = session.connection().execute(_its_leads, {"of_officer": officer_id, "by": cover_id}).scalars()
    return Absence(row.name, row.off_until, row.cover_seq != seq, tuple(numbers))


def next_return(session: Session) -> datetime | None:
    """When the next officer who has a cover is back, in business time; long ago where somebody came back by hand."""
    [row] = _next_return.run(session, {})
    at: datetime | None = row.at
    return at


def returns(session: Session, now: datetime) -> list[Return]:
    """The officers who are back and were not told yet what happened meanwhile, locked."""
    return [
        Return(row.id, row.key, row.name, row.cover, Appointed(row.cover_id, row.cover_since, row.cover_seq))
        for row in session.connection().execute(_back, {"now": now}).all()
    ]


def happened_since(session: Session, owner_id: int, since: datetime) -> dict[int, dict[str, Any]]:
    """What others did for an officer's leads since then, and how often the borrowers wrote: by lead, without anybody's words."""
    found: dict[int, dict[str, Any]] = {}
    row = {"of_officer": owner_id, "since": since}
    for number, name, channel, times in session.connection().execute(_attempts_by_others, row):
        found.setdefault(number, {"tries": [], "wrote": 0})["tries"].append([name, channel, times])
    for number, times in session.connection().execute(_written, row):
        found.setdefault(number, {"tries": [], "wrote": 0})["wrote"] = times
    return found
