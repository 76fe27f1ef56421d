"""The do-not-call registries as they were imported: for each exchange of a list, ten thousand bits, one for each number of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, LargeBinary, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.rules.do_not_call import LINES, NATIONAL, Listed, block_id, exchange_of
from bot.store.columns import RowId, reference, row_id, table_of
from bot.store.prepared import Prepared

BYTES = LINES // 8
ASKED_TOGETHER = 500
"""Blocks in one transaction: less than a megabyte, so that a claim beside it waits for milliseconds."""


class DoNotCallImport(SQLModel, table=True):
    """A file that is being imported, or stands behind an area code. The salt keys the hashes of its exchanges."""

    __tablename__ = "do_not_call_import"
    __table_args__ = {"sqlite_autoincrement": True}  # blocks outlive a broken import's row, and must not pass for the next one's
    id: int | None = row_id()
    kept_by: str  # national, or a state's two letters
    dated: date
    salt: str
    begun_at: datetime
    finished_at: datetime | None = None
    blocks: int = 0


class DoNotCallArea(SQLModel, table=True):
    """Which import speaks for an area code in a registry, and of which day it is. What has no row here was never imported."""

    __tablename__ = "do_not_call_area"
    area_code: str = Field(primary_key=True)
    kept_by: str = Field(primary_key=True)
    import_id: int = reference("do_not_call_import.id", index=True)
    dated: date


class DoNotCallBlock(SQLModel, table=True):
    """The listed numbers of one exchange in one import, a bit for each. The id is a keyed hash: the row does not tell which exchange."""

    __tablename__ = "do_not_call_block"
    id: int = Field(primary_key=True, sa_type=RowId, sa_column_kwargs={"autoincrement": False})
    import_id: int = Field(sa_type=RowId, index=True)  # no reference: what is left of a broken import goes later than its row
    lines: bytes


@dataclass(frozen=True, slots=True)
class Speaker:
    """The import that speaks for an area code."""

    import_id: int
    salt: str
    dated: date


@dataclass(slots=True)
class Marks:
    """What a file says of one exchange: the numbers that it lists or adds, and those that it removes."""

    added: bytearray
    removed: bytearray | None = None


_import, _area, _block = table_of(DoNotCallImport), table_of(DoNotCallArea), table_of(DoNotCallBlock)
_speakers = select(_area.c.area_code, _import.c.id, _import.c.salt, _area.c.dated).join_from(_area, _import).where(
    _area.c.kept_by == bindparam("of_registry")
)  # fmt: skip
_forget_unfinished = delete(_import).where(_import.c.kept_by == bindparam("of_registry"), _import.c.finished_at.is_(None))
_speaks = exists().where(_area.c.import_id == _import.c.id)
_forget_replaced = delete(_import).where(_import.c.kept_by == bindparam("of_registry"), _import.c.finished_at.is_not(None), ~_speaks)
_begin = insert(_import).returning(_import.c.id)
_count = update(_import).where(_import.c.id == bindparam("of_import"), _import.c.finished_at.is_(None)).values(
    blocks=_import.c.blocks + bindparam("more")
)  # fmt: skip
_finish = update(_import).where(_import.c.id == bindparam("of_import"), _import.c.finished_at.is_(None)).values(finished_at=bindparam("at"))
_known = select(_block.c.id, _block.c.lines).where(_block.c.id.in_(bindparam("ids", expanding=True)))
_new_block = upsert(_block)
_keep = _new_block.on_conflict_do_update(index_elements=[_block.c.id], set_={"lines": _new_block.excluded.lines})
_new_area = upsert(_area)
_speak_for = _new_area.on_conflict_do_update(
    index_elements=[_area.c.area_code, _area.c.kept_by],
    set_={"import_id": _new_area.excluded.import_id, "dated": _new_area.excluded.dated},
)
_grow_older = (
    update(_area).where(_area.c.kept_by == bindparam("of_registry"), _area.c.area_code == bindparam("of_area"))
    .values(dated=bindparam("to_day"))
)  # fmt: skip
_silence_others = delete(_area).where(_area.c.kept_by == bindparam("of_registry"), _area.c.import_id != bindparam("of_import"))
_left = select(_block.c.import_id).where(_block.c.import_id.not_in(select(_import.c.id))).order_by(_block.c.import_id).limit(1)
_sweep = delete(_block).where(
    _block.c.id.in_(select(_block.c.id).where(_block.c.import_id == bindparam("of_import")).limit(ASKED_TOGETHER))
)
_eight = func.substr(_block.c.lines, bindparam("place", type_=Integer), 1, type_=LargeBinary).label("eight")
_asked = Prepared(
    select(_area.c.kept_by, _area.c.dated, _import.c.salt, _eight)
    .join_from(_area, _import)
    .outerjoin(_block, _block.c.id == bindparam("of_block"))
    .where(_area.c.area_code == bindparam("of_area"))
)
_in_block = Prepared(select(_eight).where(_block.c.id == bindparam("of_block")))
_salts: dict[str, str] = {}
"""By area code, the salt of the import that was found to speak for it last: while it still does, a number is looked up by one question."""
_days = (
    select(_area.c.kept_by, func.min(_area.c.dated), func.max(_area.c.dated), func.count()).group_by(_area.c.kept_by)
    .order_by(or_(_area.c.kept_by != NATIONAL), _area.c.kept_by)
)  # fmt: skip


def listed(session: Session, numbers: Sequence[str]) -> list[list[Listed]]:
    """Of each of these numbers (E.164), what each registry says that was imported for its area code; nothing where none was."""
    places = [exchange_of(number) for number in numbers]
    guesses = [place and _salts.get(place[0][:3].decode()) for place in places]
    rows = [_row(*place, guessed) for place, guessed in zip(places, guesses, strict=True) if place is not None]
    found = iter(_asked.run_each(session, rows))
    return [
        [] if place is None else [_said(session, *place, guessed, *each) for each in next(found)]
        for place, guessed in zip(places, guesses, strict=True)
    ]


def _row(exchange: bytes, last: int, salt: str | None) -> dict[str, Any]:
    return {"of_area": exchange[:3].decode(), "of_block": block_id(salt, exchange) if salt else 0, "place": (last >> 3) + 1}


def _said(
    session: Session, exchange: bytes, last: int, guessed: str | None, registry: str, dated: date, salt: str, eight: bytes | None
) -> Listed:
    """What one of them says. Where it speaks by another salt than the guessed one, it is asked once more."""
    if salt != guessed:
        block = _in_block.run(session, {"of_block": block_id(salt, exchange), "place": (last >> 3) + 1})
        eight = block[0].eight if block else None
        _salts[exchange[:3].decode()] = salt
    return Listed(registry, dated, bool(eight and eight[0] & (1 << (last & 7))))


def speakers(session: Session, registry: str) -> dict[str, Speaker]:
    """What speaks for each area code of a registry now."""
    rows = session.connection().execute(_speakers, {"of_registry": registry})
    return {row.area_code: Speaker(row.id, row.salt, row.dated) for row in rows}


def begin_import(session: Session, registry: str, dated: date, salt: str, at: datetime) -> int:
    """Begin an import; whatever else was being imported into this registry never counts. Its id."""
    session.connection().execute(_forget_unfinished, {"of_registry": registry})
    row = {"kept_by": registry, "dated": dated, "salt": salt, "begun_at": at, "blocks": 0}
    return int(session.connection().execute(_begin, row).scalar_one())


def keep_marks(session: Session, import_id: int, marks: Mapping[bytes, tuple[Speaker, Marks]]) -> bool:
    """Add what a file says of these exchanges to the import that speaks for each; False where another import began meanwhile."""
    connection = session.connection()
    if connection.execute(_count, {"of_import": import_id, "more": len(marks)}).rowcount == 0:
        return False
    blocks = {block_id(speaker.salt, exchange): (speaker.import_id, each) for exchange, (speaker, each) in marks.items()}
    known = {row.id: row.lines for row in connection.execute(_known, {"ids": list(blocks)})}
    rows = [
        {"id": key, "import_id": of, "lines": _merged(known.get(key), each)} for key, (of, each) in blocks.items()
    ]  # fmt: skip
    connection.execute(_keep, rows)
    return True


def _merged(known: bytes | None, marks: Marks) -> bytes:
    if known is None:
        return bytes(marks.added)
    bits = int.from_bytes(known, "big") | int.from_bytes(marks.added, "big")
    if marks.removed is not None:
        bits &= ~int.from_bytes(marks.removed, "big")
    return bits.to_bytes(BYTES, "big")


def finish_import(session: Session, import_id: int, registry: str, dated: date, area_codes: Iterable[str], at: datetime) -> bool:
    """From now on this import speaks for these area codes; of a state, for all that there are. False where another import began."""
    connection = session.connection()
    if connection.execute(_finish, {"of_import": import_id, "at": at}).rowcount == 0:
        return False
    rows = [{"area_code": code, "kept_by": registry, "import_id": import_id, "dated": dated} for code in sorted(area_codes)]
    connection.execute(_speak_for, rows)
    if registry != NATIONAL:
        connection.execute(_silence_others, {"of_registry": registry, "of_import": import_id})
    connection.execute(_forget_replaced, {"of_registry": registry})
    return True


def finish_changes(session: Session, import_id: int, registry: str, dated: date, area_codes: Iterable[str], at: datetime) -> bool:
    """The changes of these area codes are in: what speaks for them is of that day. False where another import began."""
    connection = session.connection()
    if connection.execute(_finish, {"of_import": import_id, "at": at}).rowcount == 0:
        return False
    for code in sorted(area_codes):
        connection.execute(_grow_older, {"of_registry": registry, "of_area": code, "to_day": dated})
    connection.execute(_forget_replaced, {"of_registry": registry})
    return True


def sweep(session: Session) -> int:
    """Delete some of what no import speaks from any more; how much that was."""
    left = session.connection().execute(_left).scalar_one_or_none()
    return 0 if left is None else session.connection().execute(_sweep, {"of_import": left}).rowcount


@dataclass(frozen=True, slots=True)
class Held:
    """A registry as it was imported: the days of its oldest and its newest area code, and how many area codes it has."""

    registry: str
    oldest: date
    newest: date
    area_codes: int


def held_registries(session: Session) -> list[Held]:
    """What was imported, the national registry first."""
    return [Held(*row) for row in session.connection().execute(_days)]
