"""Which process hears what people press on a platform that tells every listener: a lease that moves on when its holder dies."""

from datetime import datetime

from sqlalchemy import Float, bindparam, delete, exists, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import database_time, table_of

HELD_FOR = 9.0
RENEW_EVERY = 3.0
"""Seconds. Whoever takes over does so within HELD_FOR and one look, which leaves time to connect within 15 s."""
DISCORD = "discord"


class Gateway(SQLModel, table=True):
    """One row for each platform that has a gateway."""

    platform: str = Field(primary_key=True)
    holder: str
    held_until: datetime


_gateway = table_of(Gateway)
_until = database_time(literal(HELD_FOR, Float))
_over = _gateway.c.held_until <= database_time()
_new = insert(_gateway).values(platform=DISCORD, holder=bindparam("me"), held_until=_until)
_hold = _new.on_conflict_do_update(
    index_elements=[_gateway.c.platform],
    set_={"holder": _new.excluded.holder, "held_until": _new.excluded.held_until},
    where=or_(_over, _gateway.c.holder == _new.excluded.holder),
).returning(_gateway.c.holder)
_leave = delete(_gateway).where(_gateway.c.holder == bindparam("me"))
_held = select(exists().where(_gateway.c.holder != bindparam("me"), ~_over))


def hold_gateway(session: Session, holder: str) -> bool:
    """Take Discord's gateway, or keep it; False while another holds it."""
    return session.connection().execute(_hold, {"me": holder}).first() is not None


def leave_gateway(session: Session, holder: str) -> None:
    """Leave it to whoever asks next."""
    session.connection().execute(_leave, {"me": holder})


def somebody_holds(session: Session, but: str) -> bool:
    """Whether another process hears for us."""
    return bool(session.connection().execute(_held, {"me": but}).scalar_one())


def free_gateway(session: Session) -> None:
    """Void what a former holder of the SQLite file held."""
    session.connection().execute(update(_gateway).values(held_until=database_time()))
