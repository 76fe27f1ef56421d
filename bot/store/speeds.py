"""How quickly leads are claimed and first tried: the figures of each lead, and counts of them that are folded each minute."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Index, bindparam, func, insert, null, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.rules.callable_time import Calendar
from bot.rules.durations import step_of
from bot.rules.tallies import blocks_of, cover, packed, tally, unpacked
from bot.store.columns import maybe_reference, reference, row_id, table_of
from bot.store.folding import FOLDED_AT_ONCE, take_oldest
from bot.store.leads import lead
from bot.store.outbound import ContactAttempt
from bot.store.people import ANSWERS, Team, answers
from bot.store.prepared import Prepared

COUNTED = ("arrived", "claimed", "claimed_wall", "tried", "tried_wall", "verified")
FOLD_LOCK = 7_301_001
_FOLDED = text("folded")
_FRESH = text("NOT folded")


class Speed(SQLModel, table=True):
    """The first claim of a lead and the first try to reach its borrower: whatever happens later, these stand.

    A lead without a row is in no figure: it was imported quietly, or is for practice. All of a row belongs to the day on which the
    lead came, so a slow answer is never missing from the day it spoiled. Lengths are in minutes, callable ones and by the wall clock.
    A lead that a rule gave has an owner here without a length: that it was theirs at once says nothing of how quick anybody was.
    """

    __table_args__ = (Index("ix_speed_claimed_by", "claimed_by", "day"),)

    lead_id: int = reference("lead.id", primary_key=True)
    team_id: int = reference("team.id")
    source_id: int = reference("source.id")
    day: date  # by the team's clocks
    claimed_by: int | None = maybe_reference("officer.id")
    claimed_after: float | None = None
    claimed_after_wall: float | None = None
    tried_at: datetime | None = None
    tried_after: float | None = None
    tried_after_wall: float | None = None
    verified: bool = False


class SpeedCount(SQLModel, table=True):
    """How many more leads of a team, a source and a day were answered in one step of time, until it is folded. Releases before 2026.12 kept
    what they had folded here as well, and folded it is from there."""

    __tablename__ = "speed_count"
    __table_args__ = (
        Index(
            "uq_speed_count_folded", "team_id", "source_id", "day", "step",
            unique=True, postgresql_where=_FOLDED, sqlite_where=_FOLDED,
        ),
        Index("ix_speed_count_fresh", "id", postgresql_where=_FRESH, sqlite_where=_FRESH),
        Index("ix_speed_count_day", "team_id", "day", "source_id", "step", *COUNTED),  # all that a sum reads
    )  # fmt: skip

    id: int | None = row_id()
    team_id: int = reference("team.id")
    source_id: int = reference("source.id")
    day: date
    step: int
    arrived: int = 0
    claimed: int = 0
    claimed_wall: int = 0
    tried: int = 0
    tried_wall: int = 0
    verified: int = 0
    folded: bool = Field(default=False)


class SpeedSum(SQLModel, table=True):
    """All counts of a team and a source for the leads that came in a block of days, as `rules.tallies` packs them: for a look at any
    days, few of these hold all that was folded."""

    __tablename__ = "speed_sum"

    team_id: int = reference("team.id", primary_key=True)
    days: int = Field(primary_key=True)
    first_day: date = Field(primary_key=True)
    source_id: int = reference("source.id", primary_key=True)
    counts: bytes


_PLACE = ("team_id", "source_id", "day")
_BLOCK = ("team_id", "days", "first_day", "source_id")
_speed, _count, _sum, _team = table_of(Speed), table_of(SpeedCount), table_of(SpeedSum), table_of(Team)


@dataclass(frozen=True, slots=True)
class Measured:
    """A lead whose answer is measured, with what its callable minutes hang on."""

    hours: Calendar  # in which somebody answers the team's leads
    lead_id: int
    team_id: int
    source_id: int
    day: date
    claimed: bool
    tried_at: datetime | None
    tried_after: float  # this and the next are set once `tried_at` is
    tried_after_wall: float
    verified: bool
    arrived_at: datetime
    rang_at: datetime  # when it arrived, or was handed out in the morning
    state: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Minutes:
    """How long it took: in callable minutes, and by the wall clock."""

    callable: float
    wall: float


_begin = Prepared(insert(_speed).values(verified=False))
_add = Prepared(insert(_count).values(folded=False))
_measured = Prepared(
    select(
        _speed.c.lead_id, _speed.c.team_id, _speed.c.source_id, _speed.c.day, _speed.c.claimed_after.is_not(None).label("claimed"),
        _speed.c.tried_at, _speed.c.tried_after, _speed.c.tried_after_wall, _speed.c.verified,
        lead.c.arrived_at,
        func.coalesce(lead.c.rang_at, lead.c.arrived_at).label("rang_at"), lead.c.state, lead.c.details,
        *ANSWERS,
    )
    .join_from(_speed, lead, lead.c.id == _speed.c.lead_id)
    .join(_team, _team.c.id == lead.c.team_id)
    .where(_speed.c.lead_id == bindparam("of_lead"))
)  # fmt: skip
_of_lead = update(_speed).where(_speed.c.lead_id == bindparam("of_lead"))
_claim = Prepared(_of_lead.values(claimed_by=bindparam("by"), claimed_after=bindparam("callable"), claimed_after_wall=bindparam("wall")))
_give = Prepared(_of_lead.values(claimed_by=bindparam("by")))
_try = Prepared(
    _of_lead.values(
        tried_at=bindparam("at"), tried_after=bindparam("callable"), tried_after_wall=bindparam("wall"), verified=bindparam("proved")
    )
)
_verify = Prepared(_of_lead.values(verified=True))


_attempt = table_of(ContactAttempt)
_first_attempt = (
    select(_attempt.c.at, _attempt.c.verified)
    .where(_attempt.c.lead_id == bindparam("of_lead"))
    .order_by(_attempt.c.at, _attempt.c.id)
    .limit(1)
)


def begin(session: Session, lead_id: int, team_id: int, source_id: int, day: date) -> None:
    """A lead came whose answer is measured."""
    row = {"lead_id": lead_id, "team_id": team_id, "source_id": source_id, "day": day}
    _begin.run(session, row)
    _count_at(session, row, {0: ("arrived",)})


def measured(session: Session, lead_id: int) -> Measured | None:
    """The lead with its figures so far; None for one that is not measured. The lead must be locked."""
    found = _measured.run(session, {"of_lead": lead_id})
    if not found:
        return None
    [row] = found
    return Measured(answers(row), *row[: -len(ANSWERS)])


def set_claimed(session: Session, lead: Measured, by: int, took: Minutes) -> None:
    """The lead was claimed for the first time."""
    _claim.run(session, {"of_lead": lead.lead_id, "by": by, "callable": took.callable, "wall": took.wall})
    _count_at(session, _where(lead), _steps(claimed=took.callable, claimed_wall=took.wall))


def set_given(session: Session, lead: Measured, to: int) -> None:
    """A rule gave the lead to its first owner: it is among theirs, and nobody was quick."""
    _give.run(session, {"of_lead": lead.lead_id, "by": to})


def set_tried(session: Session, lead: Measured, at: datetime, took: Minutes, *, verified: bool) -> None:
    """Somebody tried to reach the borrower for the first time."""
    row = {"of_lead": lead.lead_id, "at": at, "callable": took.callable, "wall": took.wall, "proved": verified}
    _try.run(session, row)
    steps = {"tried": took.callable, "tried_wall": took.wall}
    _count_at(session, _where(lead), _steps(**steps, **({"verified": took.callable} if verified else {})))


def set_verified(session: Session, lead: Measured) -> None:
    """The first try is proved since."""
    _verify.run(session, {"of_lead": lead.lead_id})
    _count_at(session, _where(lead), _steps(verified=lead.tried_after))


def unset_tried(session: Session, lead: Measured) -> None:
    """The first try was taken back."""
    _try.run(session, {"of_lead": lead.lead_id, "at": None, "callable": None, "wall": None, "proved": False})
    steps = {"tried": lead.tried_after, "tried_wall": lead.tried_after_wall}
    _count_at(session, _where(lead), _steps(**steps, **({"verified": lead.tried_after} if lead.verified else {})), delta=-1)


def first_attempt(session: Session, lead_id: int) -> Any:
    """When somebody first tried to reach the borrower, and whether that is verified; None when nobody did."""
    return session.connection().execute(_first_attempt, {"of_lead": lead_id}).one_or_none()


def _where(lead: Measured) -> dict[str, Any]:
    return {"team_id": lead.team_id, "source_id": lead.source_id, "day": lead.day}


def _steps(**minutes: float) -> dict[int, tuple[str, ...]]:
    """The steps of these lengths, each with what is counted in it: mostly one, since most time is callable."""
    steps: dict[int, tuple[str, ...]] = {}
    for counted, took in minutes.items():
        steps[step_of(took)] = (*steps.get(step_of(took), ()), counted)
    return steps


def _count_at(session: Session, where: Mapping[str, Any], steps: Mapping[int, Sequence[str]], delta: int = 1) -> None:
    place = {name: where[name] for name in _PLACE}
    for step, counted in steps.items():
        _add.run(session, {**place, "step": step, **{name: delta * (name in counted) for name in COUNTED}})


_take = take_oldest(_count, *_PLACE, "step", *COUNTED)
_kept = Prepared(select(_sum.c.counts).where(*(_sum.c[name] == bindparam(f"of_{name}") for name in _BLOCK)))
_new = upsert(_sum)
_keep = _new.on_conflict_do_update(index_elements=[_sum.c[name] for name in _BLOCK], set_={"counts": _new.excluded.counts})


def fold(session: Session, at_once: int = FOLDED_AT_ONCE) -> int:
    """Add so many rows of counts to the sums of the blocks that hold their days; return how many rows that were."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":  # two who fold would each add to what the other has not written yet
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": FOLD_LOCK})
    rows = connection.execute(_take, {"at_once": at_once}).all()
    more: Counter[tuple[int, int, date, int]] = Counter()
    for team_id, source_id, day, step, *counts in rows:
        counted = tally(step, counts)
        for days, first_day in blocks_of(day):
            more[team_id, days, first_day, source_id] += counted
    blocks = [dict(zip(_BLOCK, block, strict=True)) for block in more]
    kept = _kept.run_each(session, [{f"of_{name}": value for name, value in block.items()} for block in blocks])
    sums = [sum((unpacked(row.counts) for row in found), new) for found, new in zip(kept, more.values(), strict=True)]
    if blocks:
        connection.execute(_keep, [{**block, "counts": packed(total)} for block, total in zip(blocks, sums, strict=True)])
    return len(rows)


# Both in one statement, and so of one instant: what is folded meanwhile is neither missing nor there twice.
_in_block = (_count.c.team_id == bindparam("of_team"), _count.c.day >= bindparam("since"), _count.c.day < bindparam("until"))
_counts_of_block = Prepared(
    select(_sum.c.source_id, _sum.c.counts, null().label("step"), *(null().label(name) for name in COUNTED))
    .where(_sum.c.team_id == bindparam("of_team"), _sum.c.first_day == bindparam("since"), _sum.c.days == bindparam("of_days"))
    .union_all(
        select(_count.c.source_id, null(), _count.c.step, *(func.sum(_count.c[name]) for name in COUNTED))
        .where(*_in_block)
        .group_by(_count.c.source_id, _count.c.step)
    )
)
_mine = select(_speed).where(_speed.c.claimed_by == bindparam("by"), _speed.c.day >= bindparam("since"))


def speeds_of_teams(session: Session, teams: Mapping[int, date], days: int) -> dict[int, int]:
    """What `steps_of` reads, by source: the counts of the leads that came to each of these teams on its day or since, in so many days."""
    blocks = [
        {"of_team": team_id, "of_days": length, "since": first, "until": first + timedelta(days=length)}
        for team_id, since in teams.items()
        for length, first in cover(since, since + timedelta(days=days - 1))
    ]
    found: Counter[int] = Counter()
    for rows in _counts_of_block.run_each(session, blocks):
        for source_id, folded, step, *fresh in rows:
            found[source_id] += unpacked(folded) if step is None else tally(step, [int(counted) for counted in fresh])
    return found


def speeds_of_claims(session: Session, officer_id: int, since: date) -> list[Any]:
    """The leads that this officer was the first to claim or was given by a rule, and that came on that day or later, one by one."""
    return list(session.connection().execute(_mine, {"by": officer_id, "since": since}))
