"""A store in which every table has rows: what a day's work leaves, and an invented row where it leaves none."""

import re
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, Float, Integer, LargeBinary, Table, func, insert, select
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.store.database import Store
from bot.store.sealing import SealedBytes, SealedJson
from bot.store.seals import seal_next
from bot.store.tables import METADATA
from tests.conftest import NOON
from tests.doubles.branch import BEST, Branch

HARD_TO_CARRY = 'ñ 漢字 😀 "quoted", tab\there, back\\slash, \\N, line\nbreak'
ONE_OF = re.compile(r"(\w+) IN \('(\w+)'")
"""How a table says which words a column takes."""


def fill(store: Store) -> Branch:
    """A branch whose store has every kind of row, with everything in its words that is hard to copy."""
    branch = Branch(store, NOON)
    first = branch.new_lead(**BEST)
    branch.claim("maya", first)
    branch.logs("maya", first, "connected", HARD_TO_CARRY)
    for number in range(11, 40):
        branch.new_lead(phone=f"(512) 555-01{number}", first_name=HARD_TO_CARRY)
    branch.passes(minutes=5)
    for table in METADATA.sorted_tables:
        store.transact_now(_invent, table)
    store.transact_now(seal_next, NOON)
    return branch


def counts(store: Store) -> dict[str, int]:
    """How many rows each table has."""

    def count(session: Session) -> dict[str, int]:
        tables = METADATA.tables.values()
        return {table.name: session.connection().execute(select(func.count()).select_from(table)).scalar_one() for table in tables}

    return store.transact_now(count)


def _invent(session: Session, table: Table) -> None:
    connection = session.connection()
    if connection.execute(select(func.count()).select_from(table)).scalar_one() == 0 and table.name not in ("seal", "sealing"):
        connection.execute(insert(table).values({column.name: _value(session, table, column) for column in table.columns}))


def _allowed(table: Table) -> dict[str, str]:
    checks = [each for each in table.constraints if isinstance(each, CheckConstraint)]
    return {found[1]: found[2] for each in checks if (found := ONE_OF.search(str(each.sqltext)))}


def _value(session: Session, table: Table, column: Any) -> Any:
    if column.name in (allowed := _allowed(table)):
        return allowed[column.name]
    for key in column.foreign_keys:
        return session.connection().execute(select(func.max(key.column))).scalar_one()
    match column.type:
        case UTCDateTime():
            return datetime(2026, 11, 24, 18, 0, 0, 123456, tzinfo=UTC)
        case Date():
            return date(2026, 11, 24)
        case Boolean():
            return True
        case Float():
            return 0.1
        case Integer():
            return 7
        case LargeBinary() | SealedBytes():
            return bytes(range(256))
        case JSON() | SealedJson():
            return {"words": HARD_TO_CARRY, "number": 0.1, "none": None}
    return HARD_TO_CARRY
