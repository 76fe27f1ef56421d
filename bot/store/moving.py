"""Leads on their way through an older version of a sequence: how many there are, and on to the live one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session

from bot.store.drips import enrollment
from bot.store.prepared import Prepared

_behind = (
    enrollment.c.sequence_key == bindparam("of_key"),
    enrollment.c.ended_because.is_(None),
    enrollment.c.sequence_id != bindparam("live_id"),
)
_many = select(func.count()).select_from(enrollment).where(*_behind)
_following = Prepared(
    select(enrollment.c.id, enrollment.c.lead_id).where(*_behind).order_by(enrollment.c.lead_id, enrollment.c.id).limit(bindparam("most"))
)
_on = Prepared(
    update(enrollment)
    .where(enrollment.c.id == bindparam("drip_id"))
    .values(
        sequence_id=bindparam("live_id"), step=bindparam("to_step"), touches=bindparam("to_touches"), at=bindparam("to_at"),
        due_at=bindparam("due"), state=bindparam("to_state"),
    )
)  # fmt: skip


def many_behind(session: Session, key: str, live_id: int) -> int:
    """For how many leads another version of the sequence runs than the one with this id."""
    return int(session.connection().execute(_many, {"of_key": key, "live_id": live_id}).scalar_one())


def behind(session: Session, key: str, live_id: int, most: int) -> dict[int, int]:
    """The first of these ways, each with its lead."""
    return {row.id: row.lead_id for row in _following.run(session, {"of_key": key, "live_id": live_id, "most": most})}


def move_to_version(
    session: Session, drip_id: int, version_id: int, step: int, touches: int, at: datetime | None, state: Mapping[str, Any]
) -> None:
    """Have a way go on in this version, with this step of it."""
    row = {
        "drip_id": drip_id, "live_id": version_id, "to_step": step, "to_touches": touches, "to_at": at, "due": at, "to_state": dict(state),
    }  # fmt: skip
    _on.run(session, row)
