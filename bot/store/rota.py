"""Who is on call in a team, when that changes, and what colleagues took of each other's turns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, Index, bindparam, func, insert, or_, select, text, update
from sqlmodel import Field, Session, SQLModel

from bot.rules.callable_time import Calendar
from bot.rules.rota import Rota, Stretch, Taken, on_call, only_on_call, rota_of, stretches
from bot.store.columns import maybe_reference, reference, row_id, table_of
from bot.store.owed import DueBy, among
from bot.store.people import ANSWERS, Team, TeamOfficer, officer, works
from bot.store.prepared import Prepared

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
MOST_CHANGES = 20
"""How many changes ahead somebody's time on call is followed: one who is on call alone is so for ever."""


class Swap(SQLModel, table=True):
    """An officer asked for somebody to be on call in their place. Once taken it holds, unless it was undone before it began."""

    __tablename__ = "rota_swap"
    __table_args__ = (
        Index("ix_rota_swap_taken", "team_id", "ends", postgresql_where=text("by_id IS NOT NULL"), sqlite_where=text("by_id IS NOT NULL")),
    )

    id: int | None = row_id()
    team_id: int = reference("team.id")
    from_id: int = reference("officer.id")
    begins: datetime
    ends: datetime
    asked_at: datetime
    asked_seq: int = 0  # the company's event that the messages hang on
    asked_id: int | None = maybe_reference("officer.id")  # none: the whole team was asked
    by_id: int | None = maybe_reference("officer.id")
    taken_at: datetime | None = None
    taken_seq: int = 0
    withdrawn_at: datetime | None = Field(default=None)


@dataclass(frozen=True, slots=True)
class OnRota:
    """An officer of a rota."""

    id: int
    key: str
    name: str
    active: bool
    off_until: datetime | None

    def is_here(self, at: datetime) -> bool:
        return self.active and (self.off_until is None or self.off_until <= at)


@dataclass(frozen=True, slots=True)
class TeamRota:
    """A team's rota with its people by key, and what was taken of turns that are not over, in the order in which it was."""

    team_id: int
    team: str
    language: str
    rota: Rota
    working: Calendar
    people: dict[str, OnRota]
    taken: tuple[Taken, ...]
    told_id: int | None  # whom we last told that they are on call

    def on_call(self, at: datetime) -> OnRota | None:
        key = on_call(self.rota, at, self.taken, lambda key: self.is_here(key, at))
        return None if key is None else self.people[key]

    def is_here(self, key: str, at: datetime) -> bool:
        return key in self.people and self.people[key].is_here(at)

    def stretches(self, at: datetime, many: int) -> list[Stretch]:
        """Who is on call from this moment on, so many of them; what one does in a row is one."""
        back_at = [each.off_until for each in self.people.values() if each.off_until is not None]
        found: list[Stretch] = []
        for one in islice(stretches(self.rota, at, self.taken, self.is_here, back_at), MOST_CHANGES):
            if found and (found[-1].officer, found[-1].whose) == (one.officer, one.whose):
                found[-1] = replace(found[-1], ends=one.ends)
            elif len(found) == many:
                break
            else:
                found.append(one)
        return found


@dataclass(frozen=True, slots=True)
class SwapView:
    """What was asked, and who took it."""

    id: int
    team_id: int
    team: str
    zone: str
    from_id: int
    whose: str
    begins: datetime
    ends: datetime
    asked_seq: int
    taken_seq: int
    asked_id: int | None
    by_id: int | None
    by: str | None
    withdrawn_at: datetime | None


swap = table_of(Swap)
_team, _member = table_of(Team), table_of(TeamOfficer)
TURNS = DueBy(_team.c.hand_over_at)
_next_due = Prepared(select(func.min(_team.c.hand_over_at).label("at")).where(_team.c.active, _team.c.hand_over_at.is_not(None)))
_row = select(
    _team.c.id, _team.c.name, _team.c.language, *ANSWERS, _team.c.on_call_id
)  # fmt: skip
_due = (
    _row.where(_team.c.active, _team.c.hand_over_at <= bindparam("now"))
    .order_by(_team.c.id)
    .with_for_update(skip_locked=True, key_share=True)
)
_of_team = _row.where(_team.c.id == bindparam("of_team"))
_serves = select(_member.c.team_id).where(_member.c.officer_id == bindparam("of_officer"))
_of_officer = _row.where(
    _team.c.active, or_(_team.c.manager_id == bindparam("of_officer"), _team.c.id.in_(_serves))
).order_by(_team.c.id)  # fmt: skip
_all = _row.where(_team.c.active).order_by(_team.c.id)
_keys: BindParameter[str] = bindparam("keys", expanding=True)
_people = select(officer.c.id, officer.c.key, officer.c.name, officer.c.active, officer.c.off_until).where(officer.c.key.in_(_keys))
_whose, _by = officer.alias("whose"), officer.alias("by")
_taken = (
    select(_whose.c.key.label("whose"), _by.c.key.label("by"), swap.c.begins, swap.c.ends)
    .join_from(swap, _whose, swap.c.from_id == _whose.c.id)
    .join(_by, swap.c.by_id == _by.c.id)
    .where(swap.c.team_id == bindparam("of_team"), swap.c.ends > bindparam("now"))
    .order_by(swap.c.taken_at, swap.c.id)
)
_set_told = update(_team).where(_team.c.id == bindparam("of_team")).values(hand_over_at=bindparam("next_at"), on_call_id=bindparam("told"))
_look_at_team = update(_team).where(_team.c.id == bindparam("of_team")).values(hand_over_at=_EVER)
_look_at_teams_of = update(_team).where(_team.c.id.in_(_serves), _team.c.hand_over_at.is_not(None)).values(hand_over_at=_EVER)
_look_at_all = update(_team).values(hand_over_at=_EVER)


_ask = insert(swap).returning(swap.c.id)
_set_asked = update(swap).where(swap.c.id == bindparam("of_swap")).values(asked_seq=bindparam("seq"))
_lock_swap = select(swap.c.id).where(swap.c.id == bindparam("of_swap")).with_for_update(key_share=True)
_take = (
    update(swap)
    .where(swap.c.id == bindparam("of_swap"))
    .values(by_id=bindparam("by"), taken_at=bindparam("at"), taken_seq=bindparam("seq"))
)
_passed_on = select(swap.c.id).where(
    swap.c.team_id == bindparam("of_team"),
    swap.c.from_id == bindparam("of_officer"),
    swap.c.by_id.is_not(None),
    swap.c.begins < bindparam("ended"),
    swap.c.ends > bindparam("begun"),
)
_withdraw = update(swap).where(swap.c.id == bindparam("of_swap")).values(by_id=None, withdrawn_at=bindparam("at"))
_swap_view = Prepared(
    select(
        swap.c.id, swap.c.team_id, _team.c.name, _team.c.time_zone, swap.c.from_id, _whose.c.name, swap.c.begins, swap.c.ends,
        swap.c.asked_seq, swap.c.taken_seq, swap.c.asked_id, swap.c.by_id, _by.c.name, swap.c.withdrawn_at,
    )
    .join_from(swap, _team, _team.c.id == swap.c.team_id)
    .join(_whose, _whose.c.id == swap.c.from_id)
    .outerjoin(_by, _by.c.id == swap.c.by_id)
    .where(swap.c.id == bindparam("of_swap"))
)  # fmt: skip
_colleagues = (
    select(officer.c.id, officer.c.key, officer.c.name, officer.c.role)
    .join_from(_member, officer, _member.c.officer_id == officer.c.id)
    .where(_member.c.team_id == bindparam("of_team"), officer.c.active)
    .order_by(officer.c.id)
)


def ask_for_swap(session: Session, row: dict[str, Any]) -> int:
    """Keep that an officer asked; its id."""
    return int(session.connection().execute(_ask, row).scalar_one())


def set_swap_asked(session: Session, swap_id: int, seq: int) -> None:
    session.connection().execute(_set_asked, {"of_swap": swap_id, "seq": seq})


def lock_swap(session: Session, swap_id: int) -> SwapView | None:
    """The swap, locked; None when there is none."""
    found = session.connection().execute(_lock_swap, {"of_swap": swap_id}).first()
    return None if found is None else swap_view(session, swap_id)


def swap_view(session: Session, swap_id: int) -> SwapView:
    [row] = _swap_view.run(session, {"of_swap": swap_id})
    return SwapView(*row)


def is_passed_on(session: Session, asked: SwapView) -> bool:
    """Whether who took it has let somebody else have it, or a part of it."""
    row = {"of_team": asked.team_id, "of_officer": asked.by_id, "begun": asked.begins, "ended": asked.ends}
    return asked.by_id is not None and session.connection().execute(_passed_on, row).first() is not None


def take_swap(session: Session, swap_id: int, by_id: int, at: datetime, seq: int) -> None:
    session.connection().execute(_take, {"of_swap": swap_id, "by": by_id, "at": at, "seq": seq})


def withdraw_swap(session: Session, swap_id: int, at: datetime) -> None:
    session.connection().execute(_withdraw, {"of_swap": swap_id, "at": at})


def colleagues(session: Session, team_id: int) -> list[Any]:
    """The active officers of a team: id, key, name and role."""
    return list(session.connection().execute(_colleagues, {"of_team": team_id}))


def next_hand_over(session: Session) -> datetime | None:
    """When it may next be another one's turn, in business time; long ago where a rota or its people changed."""
    [row] = _next_due.run(session, {})
    at: datetime | None = row.at
    return at


def due_rotas(session: Session, now: datetime, chosen: Sequence[int] | None = None) -> list[tuple[int, TeamRota | None]]:
    """The teams that are due, locked; with None the rota of one that has none."""
    return [(row.id, _rota(session, row, now)) for row in session.connection().execute(among(_due, _team.c.id, chosen), {"now": now}).all()]


def team_rota(session: Session, team_id: int, now: datetime) -> TeamRota | None:
    return _rota(session, session.connection().execute(_of_team, {"of_team": team_id}).one(), now)


def rotas_for(session: Session, officer_id: int, now: datetime, *, every: bool) -> list[TeamRota]:
    """The rotas of the teams that an officer serves in or manages, or of every team."""
    rows = session.connection().execute(_all if every else _of_officer, {} if every else {"of_officer": officer_id}).all()
    return [rota for row in rows if (rota := _rota(session, row, now)) is not None]


def on_call_now(session: Session, team_id: int, now: datetime) -> int:
    """The officer who is on call in a team with a rota; 0 where all of it are away."""
    rota = team_rota(session, team_id, now)
    found = rota.on_call(now) if rota is not None else None
    return 0 if found is None else found.id


def alone_at_work(session: Session, team_id: int, now: datetime) -> int | None:
    """The officer who alone works in a team now, being on call; 0 where all of its rota are away, None where all work."""
    rota = team_rota(session, team_id, now)
    if rota is None or not only_on_call(rota.rota, rota.working, now):
        return None
    found = rota.on_call(now)
    return 0 if found is None else found.id


def set_told(session: Session, team_id: int, told_id: int | None, next_at: datetime | None) -> None:
    session.connection().execute(_set_told, {"of_team": team_id, "told": told_id, "next_at": next_at})


def look_at_rota_of_team(session: Session, team_id: int) -> None:
    """Who is on call in this team may be somebody else now."""
    session.connection().execute(_look_at_team, {"of_team": team_id})


def look_at_rotas_of(session: Session, officer_id: int) -> None:
    """Who is on call in this officer's teams may be somebody else now."""
    session.connection().execute(_look_at_teams_of, {"of_officer": officer_id})


def look_at_all_rotas(session: Session) -> None:
    session.connection().execute(_look_at_all)


def _rota(session: Session, row: Any, now: datetime) -> TeamRota | None:
    rota = rota_of(row.time_zone, row.rota)
    if rota is None:
        return None
    connection = session.connection()
    taken = tuple(Taken(*each) for each in connection.execute(_taken, {"of_team": row.id, "now": now}))
    keys = [*rota.officers, *(each.by for each in taken)]
    people = {each.key: OnRota(*each) for each in connection.execute(_people, {"keys": keys})}
    return TeamRota(row.id, row.name, row.language, rota, works(row), people, taken, row.on_call_id)
