"""The pictures and papers that leave with a text of ours: the phone network fetches them from us, so they are kept until it has them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, insert, select
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import reference, table_of
from bot.store.forgetting import forget_page
from bot.store.messages import message


class MessageFile(SQLModel, table=True):
    """One of what leaves with a text, by its place from 1."""

    __tablename__ = "message_file"
    message_id: int = reference("message.id", primary_key=True)
    place: int = Field(primary_key=True)
    content: bytes


_file = table_of(MessageFile)
_keep = insert(_file)
_contents = select(_file.c.content).where(_file.c.message_id == bindparam("of_message")).order_by(_file.c.place)
_content = select(_file.c.content).where(_file.c.message_id == bindparam("of_message"), _file.c.place == bindparam("at_place"))
MOST_FILES = 10
"""In one page: each may be of some megabytes."""
_OPEN = ("kept_back", "asked", "queued", "held", "sending", "uncertain")


def keep_files(session: Session, text_id: int, contents: Sequence[bytes]) -> None:
    """Keep what leaves with a text that was just written down."""
    if contents:
        rows = [{"message_id": text_id, "place": place, "content": content} for place, content in enumerate(contents, 1)]
        session.connection().execute(_keep, rows)


def files_of(session: Session, text_id: int) -> list[bytes]:
    """All that leaves with a text, as far as it is still kept."""
    return list(session.connection().execute(_contents, {"of_message": text_id}).scalars())


def file_of(session: Session, text_id: int, place: int) -> bytes | None:
    content: bytes | None = session.connection().execute(_content, {"of_message": text_id, "at_place": place}).scalar_one_or_none()
    return content


def forget_files(session: Session, before: datetime) -> bool:
    """Let go of a page of what belongs to texts from before then that left, or will not leave any more: the phone network has its own copy.
    Whether there may be more."""
    settled = exists().where(message.c.id == _file.c.message_id, message.c.created_at < before, message.c.status.not_in(_OPEN))
    return forget_page(session, _file, settled, MOST_FILES)
