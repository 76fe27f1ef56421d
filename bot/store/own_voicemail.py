"""The voicemail messages that officers recorded themselves, one for each language; the network keeps what they said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import reference, table_of


class OwnVoicemail(SQLModel, table=True):
    """What an officer recorded in one language."""

    __tablename__ = "own_voicemail"
    officer_id: int = reference("officer.id", primary_key=True)
    language: str = Field(primary_key=True)
    recording_id: str  # the network's
    seconds: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    language: str
    recording_id: str
    seconds: int
    recorded_at: datetime


_own = table_of(OwnVoicemail)
_of_officer = (
    select(_own.c.language, _own.c.recording_id, _own.c.seconds, _own.c.recorded_at)
    .where(_own.c.officer_id == bindparam("of_officer"))
    .order_by(_own.c.language)
)
_with_id = select(_own.c.officer_id).where(_own.c.recording_id == bindparam("which"))
_new = insert(_own)
_keep = _new.on_conflict_do_update(
    index_elements=["officer_id", "language"],
    set_={name: _new.excluded[name] for name in ("recording_id", "seconds", "recorded_at")},
)
_forget = delete(_own).where(_own.c.officer_id == bindparam("of_officer"))


def own_voicemails(session: Session, officer_id: int) -> list[Recorded]:
    """What an officer recorded themselves."""
    return [Recorded(*tuple(row)) for row in session.connection().execute(_of_officer, {"of_officer": officer_id})]


def own_voicemail(session: Session, officer_id: int, language: str) -> Recorded | None:
    return next((each for each in own_voicemails(session, officer_id) if each.language == language), None)


def is_heard(session: Session, recording_id: str) -> bool:
    """Whether it is in force for anybody."""
    return session.connection().execute(_with_id, {"which": recording_id}).first() is not None


def keep_own_voicemail(session: Session, officer_id: int, recorded: Recorded) -> None:
    """From now on this is heard in its language, instead of what was before."""
    row = {"language": recorded.language, "recording_id": recorded.recording_id, "seconds": recorded.seconds}
    session.connection().execute(_keep, {"officer_id": officer_id, **row, "recorded_at": recorded.recorded_at})


def forget_own_voicemails(session: Session, officer_id: int) -> None:
    """The spoken words are heard again, in every language."""
    session.connection().execute(_forget, {"of_officer": officer_id})
