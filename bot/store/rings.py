"""Who was rung for what, and how the officers of a team stand before a lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Boolean,
    Index,
    Integer,
    UniqueConstraint,
    bindparam,
    column,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    table,
    text,
    update,
)
from sqlmodel import Field, Session, SQLModel

from bot.rules.eligibility import OfficerFacts
from bot.rules.ringing import RINGS_AN_HOUR
from bot.store.columns import reference, row_id, table_of
from bot.store.events import COMPANY, Event
from bot.store.leads import LET_GO, LeadPass, lead, not_ended
from bot.store.people import OWN, Team, TeamOfficer, at_home, home, officer, own_time
from bot.store.prepared import Prepared
from bot.store.standing import dates, held_without_attempt, open_cap, taken_since


class Ring(SQLModel, table=True):
    """An officer was rung for a lead, once a round."""

    __table_args__ = (
        UniqueConstraint("lead_id", "officer_id", "round", name="uq_ring_round"),
        Index("ix_ring_rung", "officer_id", "at", postgresql_where=text("digest_seq IS NULL"), sqlite_where=text("digest_seq IS NULL")),
        Index(
            "ix_ring_listed", "officer_id", "digest_seq",
            postgresql_where=text("digest_seq IS NOT NULL"), sqlite_where=text("digest_seq IS NOT NULL"),
        ),
    )  # fmt: skip

    id: int | None = row_id()  # grows with each ring: who was rung longest ago is rung first
    lead_id: int = reference("lead.id")
    officer_id: int = reference("officer.id")
    round: int = 1
    at: datetime
    handed_out: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # it had waited while the team slept
    digest_seq: int | None = None  # not rung, for this hour was full: listed in the digest of this event


@dataclass(frozen=True, slots=True)
class Pass:
    """An officer let a lead go by until then, or for good; or owned it, and lost it."""

    officer_id: int
    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class TeamMember:
    """An officer of the lead's team with what matters for ringing."""

    id: int
    key: str
    name: str
    leads_team: bool
    facts: OfficerFacts
    languages: tuple[str, ...]
    load: int  # open leads that they have not tried to reach yet
    last_ring: int  # grows with each ring of anybody; 0 for never
    rings_last_hour: int  # `RINGS_AN_HOUR` at most
    reachable: bool  # on a chat platform; false once a message found nobody there
    passed: bool = False
    let_go: bool = False  # they owned it, and gave it back or did not call in time


_ring, _member, _event, _pass = table_of(Ring), table_of(TeamOfficer), table_of(Event), table_of(LeadPass)
_own_team = table_of(Team)
_place = table("place", *map(column, ("officer_id", "kind", "address", "broken_because")), column("active", Boolean))  # its file knows us
_not_missed = or_(_place.c.address.is_not(None), _place.c.broken_because.is_(None))
_in_chat = exists().where(_place.c.officer_id == officer.c.id, _place.c.kind == "person", _place.c.active, _not_missed)
_rung = _ring.c.digest_seq.is_(None)
# Looked up for each officer by an index: the cost grows with the team, not with what ever rang.
_load = select(func.count()).where(held_without_attempt(officer.c.id)).scalar_subquery()
_last_ring = (
    select(_ring.c.id)
    .where(_ring.c.officer_id == officer.c.id, _rung)
    .order_by(_ring.c.at.desc(), _ring.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_of_hour = (
    select(_ring.c.id)
    .where(_ring.c.officer_id == officer.c.id, _ring.c.at > bindparam("hour_ago"), _rung)
    .correlate(officer)
    .limit(RINGS_AN_HOUR)  # a lead of grade A rings all the same: on a day of many nobody counts them all
    .subquery()
)
_last_hour = select(func.count()).select_from(_of_hour).scalar_subquery()
_taken_today = taken_since(officer.c.id, bindparam("midnight"))
_team = Prepared(
    select(
        officer.c.id, officer.c.key, officer.c.name, officer.c.role, officer.c.active, officer.c.licenses, officer.c.purposes,
        officer.c.daily_cap, officer.c.off_until, officer.c.languages, _member.c.leads_team,
        _load.label("held"), _last_ring.label("last_ring"), _last_hour.label("last_hour"), _taken_today.label("taken"),
        open_cap(_own_team).label("open_cap"), *OWN, _in_chat.label("in_chat"),
    )
    .join_from(_member, officer, _member.c.officer_id == officer.c.id)
    .join(_own_team, _own_team.c.id == _member.c.team_id)
    .join(home, at_home)
    .where(_member.c.team_id == bindparam("of_team"), officer.c.active)
    .order_by(officer.c.id)
)  # fmt: skip


_passes_of = Prepared(select(_pass.c.officer_id, _pass.c.reason, _pass.c.until).where(_pass.c.lead_id == bindparam("of_lead")))


def team_members(session: Session, team_id: int, zone: str, lead_id: int, now: datetime) -> list[TeamMember]:
    """The active officers of a team as they stand before this lead."""
    return before_lead(team_standing(session, team_id, zone, now), passes_of(session, [lead_id])[lead_id], now)


def before_lead(members: Sequence[TeamMember], passes: Sequence[Pass], now: datetime) -> list[TeamMember]:
    """The officers as they stand before a lead, of which these are the passes."""
    by_officer = {each.officer_id: each for each in passes}
    return [_before(member, by_officer[member.id], now) if member.id in by_officer else member for member in members]


def _before(member: TeamMember, its: Pass, now: datetime) -> TeamMember:
    if its.reason in LET_GO:
        return replace(member, let_go=True)
    return replace(member, passed=its.until is None or its.until > now)


def passes_of(session: Session, lead_ids: Sequence[int]) -> dict[int, list[Pass]]:
    """Who let each of these leads go by."""
    found = _passes_of.run_each(session, [{"of_lead": each} for each in lead_ids])
    return {lead_id: [Pass(*row) for row in rows] for lead_id, rows in zip(lead_ids, found, strict=True)}


def team_standing(session: Session, team_id: int, zone: str, now: datetime) -> list[TeamMember]:
    """The active officers of a team, whichever lead comes."""
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    row = {"of_team": team_id, "hour_ago": now - timedelta(hours=1), "midnight": midnight}
    return [
        TeamMember(
            id=found.id,
            key=found.key,
            name=found.name,
            leads_team=found.leads_team,
            facts=OfficerFacts(
                role=found.role,
                active=found.active,
                licenses=dates(found.licenses),
                purposes=frozenset(found.purposes),
                daily_cap=found.daily_cap,
                claimed_today=found.taken,
                open_without_attempt_cap=found.open_cap,
                without_attempt=found.held,
                off_until=found.off_until,
                own_hours=own_time(found),
            ),
            languages=tuple(found.languages),
            load=found.held,
            last_ring=found.last_ring or 0,
            rings_last_hour=found.last_hour,
            reachable=found.in_chat,
        )
        for found in _team.run(session, row)
    ]


def as_rung(members: Sequence[TeamMember], rings: Mapping[int, int]) -> list[TeamMember]:
    """The officers once some of them, by their ids, were rung: these are the rings."""
    return [_rung_once_more(member, rings[member.id]) if member.id in rings else member for member in members]


def _rung_once_more(member: TeamMember, ring_id: int) -> TeamMember:
    return replace(member, last_ring=ring_id, rings_last_hour=min(RINGS_AN_HOUR, member.rings_last_hour + 1))


_insert_ring = Prepared(insert(_ring).returning(_ring.c.id))
_rung_in_round = Prepared(select(_ring.c.officer_id).where(_ring.c.lead_id == bindparam("of_lead"), _ring.c.round == bindparam("of_round")))


@dataclass(frozen=True, slots=True)
class PastRing:
    """An officer heard of the lead then: by a ring, or in a list of several leads."""

    officer_id: int
    name: str
    round: int
    at: datetime
    listed: bool


_rings_of = (
    select(_ring.c.officer_id, officer.c.name, _ring.c.round, _ring.c.at, _ring.c.digest_seq.is_not(None).label("listed"))
    .join_from(_ring, officer, _ring.c.officer_id == officer.c.id)
    .where(_ring.c.lead_id == bindparam("of_lead"))
    .order_by(_ring.c.id)
)


def rings_of(session: Session, lead_id: int) -> list[PastRing]:
    """Who heard of the lead, in order."""
    return [PastRing(*row) for row in session.connection().execute(_rings_of, {"of_lead": lead_id})]


def note_rings(
    session: Session,
    lead_id: int,
    round_number: int,
    at: datetime,
    rung: Sequence[int],
    *,
    listed: Mapping[int, int] | None = None,
    handed_out: bool = False,
) -> dict[int, int]:
    """Write down which officers are rung now, the best first, and who finds the lead in which digest instead; the rings by officer."""
    of_lead = {"lead_id": lead_id, "round": round_number, "at": at}
    rows = [{**of_lead, "officer_id": each, "handed_out": False, "digest_seq": seq} for each, seq in (listed or {}).items()]
    rows += [{**of_lead, "officer_id": each, "handed_out": handed_out, "digest_seq": None} for each in rung]
    ids = [row.id for [row] in _insert_ring.run_each(session, rows)]
    return dict(zip(rung, ids[len(ids) - len(rung) :], strict=True))


def rung_in_rounds(session: Session, rounds: Sequence[tuple[int, int]]) -> dict[tuple[int, int], set[int]]:
    """Who heard of each lead in its round, by lead and round."""
    found = _rung_in_round.run_each(session, [{"of_lead": lead_id, "of_round": number} for lead_id, number in rounds])
    return {each: {row.officer_id for row in rows} for each, rows in zip(rounds, found, strict=True)}


_hand_outs = (
    select(_ring.c.officer_id, func.max(_ring.c.at))
    .join_from(_member, _ring, _ring.c.officer_id == _member.c.officer_id)
    .where(_member.c.team_id == bindparam("of_team"), _ring.c.at > bindparam("since"), _ring.c.handed_out, _rung)
    .group_by(_ring.c.officer_id)
)
_last_of_team = select(func.max(lead.c.rang_at)).where(lead.c.team_id == bindparam("of_team"), lead.c.rang_at.is_not(None))
_set_rang = update(lead).where(lead.c.id == bindparam("of_lead")).values(rang_at=bindparam("rang"))


def hand_outs_since(session: Session, team_id: int, since: datetime) -> dict[int, datetime]:
    """When each officer of the team was last handed a lead that had waited while the team slept, if it was after that moment."""
    return {row[0]: row[1] for row in session.connection().execute(_hand_outs, {"of_team": team_id, "since": since})}


def last_hand_out(session: Session, team_id: int) -> datetime | None:
    """When the team's last such lead began to ring."""
    at: datetime | None = session.connection().execute(_last_of_team, {"of_team": team_id}).scalar_one()
    return at


def note_hand_out(session: Session, lead_id: int, at: datetime) -> None:
    """A lead that had waited while the team slept rings from now on."""
    session.connection().execute(_set_rang, {"of_lead": lead_id, "rang": at})


_newest_digest = (
    select(func.max(_ring.c.digest_seq))
    .where(_ring.c.officer_id == bindparam("of_officer"), _ring.c.digest_seq.is_not(None))  # by its index: the cost is that of one row
    .scalar_subquery()
)
_open_digest = Prepared(
    select(_event.c.seq).where(_event.c.stream == COMPANY, _event.c.seq == _newest_digest, _event.c.at > bindparam("since"))
)
_free_in_digest = Prepared(
    select(_ring.c.lead_id, func.count().over().label("many"))
    .join_from(_ring, lead, _ring.c.lead_id == lead.c.id)
    .where(
        _ring.c.officer_id == bindparam("of_officer"), _ring.c.digest_seq == bindparam("digest_seq"), _ring.c.at >= bindparam("since"),
        lead.c.owner_id.is_(None), not_ended,
    )
    .order_by(lead.c.score.desc(), _ring.c.lead_id)
    .limit(bindparam("at_most", type_=Integer))
)  # fmt: skip


def open_digest(session: Session, officer_id: int, since: datetime) -> int | None:
    """The officer's digest that was begun after that moment: the event it belongs to, or None."""
    found = _open_digest.run(session, {"of_officer": officer_id, "since": since})
    return int(found[0].seq) if found else None


def free_in_digest(session: Session, officer_id: int, digest_seq: int, since: datetime, at_most: int) -> tuple[int, list[int]]:
    """How many leads of a digest that was begun then are free, and the best of them, the best first."""
    row = {"of_officer": officer_id, "digest_seq": digest_seq, "since": since, "at_most": at_most}
    found = _free_in_digest.run(session, row)
    return found[0].many if found else 0, [each.lead_id for each in found]
