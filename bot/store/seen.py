"""Deliveries that were answered: a click, command or webhook that comes twice gets its first answer again."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import long_text, table_of
from bot.store.forgetting import forget_page
from bot.store.prepared import Prepared

T = TypeVar("T")


class Seen(SQLModel, table=True):
    """The answer given to one delivery. No borrower's data."""

    key: str = Field(primary_key=True)
    outcome: str = long_text("")
    at: datetime = Field(index=True)


_seen = table_of(Seen)
_come_first = Prepared(insert(_seen).on_conflict_do_nothing().returning(_seen.c.key))
_answered = Prepared(select(_seen.c.outcome).where(_seen.c.key == bindparam("of_key")))
_set_answer = Prepared(update(_seen).where(_seen.c.key == bindparam("of_key")).values(outcome=bindparam("answer")))


def once(session: Session, key: str, at: datetime, answers: TypeAdapter[T], decide: Callable[[], T]) -> T:
    """Decide, and remember the answer in the same transaction; or give the answer that this delivery got before.

    The same delivery in parallel waits on the key until the first one is through.
    """
    if not _come_first.run(session, {"key": key, "outcome": "", "at": at}):
        [row] = _answered.run(session, {"of_key": key})
        return answers.validate_json(row.outcome)
    answer = decide()
    _set_answer.run(session, {"of_key": key, "answer": answers.dump_json(answer).decode()})
    return answer


def is_answered(session: Session, key: str) -> bool:
    """Whether this delivery got its answer already: for what takes long to find out, and is decided `once` all the same."""
    return bool(_answered.run(session, {"of_key": key}))


def forget_before(session: Session, before: datetime) -> bool:
    """Drop a page of answers too old to be asked for again; whether there may be more."""
    return forget_page(session, _seen, _seen.c.at < before)
