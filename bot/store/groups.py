"""Groups: a sequence that somebody begins for many leads at once, a few leads at a time, and may take back as a whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, null, or_, select, update
from sqlmodel import Field, Session, SQLModel

from bot.rules.finding import Sought
from bot.store.columns import RowId, json_value, reference, row_id, table_of
from bot.store.drips import Version, enrollment
from bot.store.leads import lead
from bot.store.owed import DueBy, due_index
from bot.store.people import Sequence as SequenceRow
from bot.store.people import Team, TeamOfficer
from bot.store.prepared import Prepared
from bot.store.search import conditions_for

ASKED, RUNS, DONE, GOES_BACK, TAKEN_BACK = "asked", "runs", "done", "goes_back", "taken_back"
MOST = 2000
"""How many leads one group holds."""


class Group(SQLModel, table=True):
    """One version of a sequence for the leads that it may begin for. `due_at` is set while leads are left to begin, or to take back."""

    __tablename__ = "drip_group"
    __table_args__ = (due_index("drip_group"),)

    id: int | None = row_id()
    officer_id: int = reference("officer.id", index=True)  # who asked, and is told at the end
    sequence_id: int = reference("sequence.id")
    state: str = ASKED
    many: int = 0  # the leads that it may begin for: what has to be typed
    asked_at: datetime
    reached: int = 0  # the lead that was looked at last: they are taken in the order of their numbers
    tally: dict[str, Any] = json_value()  # how many began, and how many did not by why
    by_id: int = Field(sa_type=RowId, foreign_key="officer.id")  # in whose name they begin, or are taken back
    due_at: datetime | None = None


class GroupLead(SQLModel, table=True):
    """A lead of a group, and its way through the sequence once that began."""

    __tablename__ = "drip_group_lead"

    group_id: int = reference("drip_group.id", primary_key=True)
    lead_id: int = reference("lead.id", primary_key=True)
    enrollment_id: int | None = Field(default=None, sa_type=RowId)


@dataclass(frozen=True, slots=True)
class GroupView:
    id: int
    officer_id: int
    state: str
    many: int
    asked_at: datetime
    reached: int
    tally: Mapping[str, int]
    by_id: int
    due_at: datetime | None
    version: Version


group, _group_lead = table_of(Group), table_of(GroupLead)
_sequence, _team, _member = table_of(SequenceRow), table_of(Team), table_of(TeamOfficer)
_view = select(
    group.c.id, group.c.officer_id, group.c.state, group.c.many, group.c.asked_at, group.c.reached, group.c.tally, group.c.by_id,
    group.c.due_at, _sequence.c.id.label("version_id"), _sequence.c.version, _sequence.c.content, _sequence.c.origin,
).join_from(group, _sequence)  # fmt: skip
_one = _view.where(group.c.id == bindparam("of_group"))
_newest_of = _view.where(group.c.officer_id == bindparam("by")).order_by(group.c.id.desc()).limit(1)
_lock = select(group.c.id).where(group.c.id == bindparam("of_group")).with_for_update(key_share=True)
_asked_by = select(group.c.id).where(group.c.officer_id == bindparam("by"), group.c.state == ASKED)
_next_due = Prepared(select(func.min(group.c.due_at).label("at")).where(group.c.due_at.is_not(None)))
_due = Prepared(
    select(group.c.id).where(group.c.due_at.is_not(None), group.c.due_at <= bindparam("now")).order_by(group.c.due_at, group.c.id).limit(1)
)
_following = Prepared(
    select(_group_lead.c.lead_id, _group_lead.c.enrollment_id)
    .where(_group_lead.c.group_id == bindparam("of_group"), _group_lead.c.lead_id > bindparam("after"))
    .order_by(_group_lead.c.lead_id)
    .limit(bindparam("most"))
)
_began = (
    update(_group_lead)
    .where(_group_lead.c.group_id == bindparam("of_group"), _group_lead.c.lead_id == bindparam("of_lead"))
    .values(enrollment_id=bindparam("drip_id"))
)
_led = or_(
    exists().where(_member.c.officer_id == bindparam("by"), _member.c.team_id == lead.c.team_id, _member.c.leads_team),
    _team.c.manager_id == bindparam("by"),
)
_running = (
    select(enrollment.c.lead_id)
    .where(enrollment.c.sequence_key == bindparam("of_key"), enrollment.c.ended_because.is_(None))
    .where(enrollment.c.lead_id.in_(bindparam("among", expanding=True)))
)


def leads_to_ask(session: Session, officer_id: int, sought: Iterable[Sought], key: str, at: datetime) -> tuple[int, list[int]]:
    """How many leads of the teams that this officer leads fit what is looked for; and the numbers of those that one group holds: first
    those for which this sequence does not run yet, the newest first."""
    wanted = [_led, ~lead.c.practice, *conditions_for(sought, at)]
    runs = exists().where(enrollment.c.lead_id == lead.c.id, enrollment.c.sequence_key == key, enrollment.c.ended_because.is_(None))
    found = select(lead.c.id).join_from(lead, _team, _team.c.id == lead.c.team_id).where(*wanted)
    connection, row = session.connection(), {"by": officer_id}
    many = connection.execute(select(func.count()).select_from(found.subquery()), row).scalar_one()
    return many, list(connection.execute(found.order_by(runs, lead.c.id.desc()).limit(MOST), row).scalars())


def runs_among(session: Session, key: str, lead_ids: Sequence[int]) -> set[int]:
    """For which of these leads the sequence runs."""
    return set(session.connection().execute(_running, {"of_key": key, "among": list(lead_ids)}).scalars())


def ask_for_group(session: Session, officer_id: int, sequence_id: int, lead_ids: Iterable[int], many: int, at: datetime) -> int:
    """Keep what somebody may now begin, in the place of what they asked for before and did not begin. For `many` of these leads it may
    begin; the others are held out."""
    connection = session.connection()
    before = list(connection.execute(_asked_by, {"by": officer_id}).scalars())
    connection.execute(delete(_group_lead).where(_group_lead.c.group_id.in_(before)))
    connection.execute(delete(group).where(group.c.id.in_(before)))
    numbers = sorted(set(lead_ids))
    row = {
        "officer_id": officer_id, "by_id": officer_id, "sequence_id": sequence_id, "state": ASKED, "many": many, "asked_at": at,
        "reached": 0, "tally": {},
    }  # fmt: skip
    group_id: int = connection.execute(insert(group).values(row).returning(group.c.id)).scalar_one()
    if numbers:
        connection.execute(insert(_group_lead), [{"group_id": group_id, "lead_id": number} for number in numbers])
    return group_id


def newest_group_of(session: Session, officer_id: int) -> GroupView | None:
    """What this officer asked for last."""
    return _viewed(session.connection().execute(_newest_of, {"by": officer_id}).one_or_none())


def group_view(session: Session, group_id: int) -> GroupView | None:
    return _viewed(session.connection().execute(_one, {"of_group": group_id}).one_or_none())


def lock_group(session: Session, group_id: int) -> GroupView | None:
    """The same with its row locked; leads come before."""
    session.connection().execute(_lock, {"of_group": group_id}).all()
    return group_view(session, group_id)


def change_group(session: Session, group_id: int, **values: Any) -> None:
    session.connection().execute(update(group).where(group.c.id == group_id).values(**values))


GROUPS = DueBy(group.c.due_at)


def next_group_due(session: Session) -> datetime | None:
    """When leads of a group are left to begin or to take back."""
    at: datetime | None = _next_due.run(session, {})[0].at
    return at


def due_group(session: Session, now: datetime) -> GroupView | None:
    """The group that waits the longest."""
    found = _due.run(session, {"now": now})
    return group_view(session, found[0].id) if found else None


def leads_following(session: Session, group_id: int, after: int, most: int) -> dict[int, int | None]:
    """The next leads of a group in the order of their numbers, each with its way through the sequence, where that began."""
    found = _following.run(session, {"of_group": group_id, "after": after, "most": most})
    return {row.lead_id: row.enrollment_id for row in found}


def keep_beginning(session: Session, group_id: int, lead_id: int, drip_id: int) -> None:
    session.connection().execute(_began, {"of_group": group_id, "of_lead": lead_id, "drip_id": drip_id})


def rest(session: Session, group_id: int, state: str) -> None:
    """Nothing of it is left to do."""
    change_group(session, group_id, state=state, due_at=null())


def _viewed(row: Any) -> GroupView | None:
    if row is None:
        return None
    version = Version(row.version_id, row.version, row.content, row.origin)
    return GroupView(
        row.id, row.officer_id, row.state, row.many, row.asked_at, row.reached, row.tally or {}, row.by_id, row.due_at, version
    )
