"""How far each officer of a team is where leads are given out in turn."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, SQLModel

from bot.rules.turns import Taken, after_decision, after_turn
from bot.store.columns import reference, table_of
from bot.store.people import officer


class Turn(SQLModel, table=True):
    """What `rules.turns` counts by."""

    team_id: int = reference("team.id", primary_key=True)
    officer_id: int = reference("officer.id", primary_key=True)
    at: float
    before: float
    level: float


_turn = table_of(Turn)
# Not waited for: a claim locks its officer first and then the lead, which the due loop holds already.
_lock_officer = select(officer.c.id).where(officer.c.id == bindparam("officer_id")).with_for_update(skip_locked=True, key_share=True)
_of_team = select(_turn.c.officer_id, _turn.c.at, _turn.c.before, _turn.c.level).where(_turn.c.team_id == bindparam("of_team"))
_take_back = (
    update(_turn).where(_turn.c.team_id == bindparam("of_team"), _turn.c.officer_id == bindparam("of_officer")).values(at=_turn.c.before)
)
_new = upsert(_turn)
_keep = _new.on_conflict_do_update(
    index_elements=[_turn.c.team_id, _turn.c.officer_id],
    set_={"at": _new.excluded.at, "before": _new.excluded.before, "level": _new.excluded.level},
)


def turns_of(session: Session, team_id: int) -> dict[int, Taken]:
    return {row.officer_id: Taken(row.at, row.before, row.level) for row in session.connection().execute(_of_team, {"of_team": team_id})}


def is_locked_at_once(session: Session, officer_id: int) -> bool:
    """Lock the officer's row if nobody else has it, and return whether it is ours now."""
    return session.connection().execute(_lock_officer, {"officer_id": officer_id}).first() is not None


def note_turn(session: Session, team_id: int, officer_id: int, weights: Mapping[int, int] | None = None) -> None:
    """The officer, whose row is locked, was given a lead: in turn among those of `weights`, or by somebody's decision."""
    taken = turns_of(session, team_id)
    now = after_turn(taken, officer_id, weights) if weights else after_decision(taken, officer_id)
    session.connection().execute(
        _keep, {"team_id": team_id, "officer_id": officer_id, "at": now.at, "before": now.before, "level": now.level}
    )


def take_turn_back(session: Session, team_id: int, officer_id: int) -> None:
    """Somebody's decision was taken back: it was no turn of the officer's."""
    session.connection().execute(_take_back, {"of_team": team_id, "of_officer": officer_id})
