"""What is owed beyond chat: messages to borrowers, escalation clocks, drip enrollments, reminders; and the attempts that were made."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.store.columns import RowId, json_value, maybe_reference, reference, row_id, sealed_text
from bot.store.owed import Owed, due_index


class Message(Owed, table=True):
    """An SMS, email or voicemail to or from a borrower. `due_at` is business time; `lease_until` (database time) is the deadline of a call
    that is being made, and when the provider is asked next about one whose answer was lost, or an email is tried again."""

    __table_args__ = (
        UniqueConstraint("provider", "provider_id", name="uq_message_provider"),
        due_index("message"),
        Index(
            "ix_message_enrollment", "enrollment_id",
            postgresql_where=text("enrollment_id IS NOT NULL"), sqlite_where=text("enrollment_id IS NOT NULL"),
        ),
        Index(
            "ix_message_our_number", "our_number",
            postgresql_where=text("our_number IS NOT NULL"), sqlite_where=text("our_number IS NOT NULL"),
        ),
    )  # fmt: skip

    id: int | None = row_id()
    lead_id: int | None = maybe_reference("lead.id", index=True)
    contact_point_id: int = reference("contact_point.id", index=True)
    channel: str  # sms, email, voicemail
    our_number: str | None = None  # at our end of a text; None where it is the one that all teams share
    direction: str  # in, out, or auto: what a borrower's mailbox answered by itself
    status: str = "queued"
    subject: str | None = sealed_text()  # of an email
    body: str = sealed_text("")
    whole: str | None = sealed_text()  # an answer by email with all that stood below it, where that was more
    files: str | None = sealed_text()  # the names of what was attached, which is not kept, a line each
    provider: str | None = None
    provider_id: str | None = None  # the provider's id; of an email its Message-ID, which is ours and there before it leaves
    created_at: datetime
    left_at: datetime | None = None  # when it was marked for its call: a text may wait a night for it
    opened_at: datetime | None = None  # of an email: when a mail program first loaded its picture, by itself perhaps
    officer_id: int | None = maybe_reference("officer.id")
    purpose: str = Field(
        default="words", sa_column_kwargs={"server_default": "words"}
    )  # words, greeting, drip, confirmation, help or paging
    pictures: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    error_code: int | None = None
    event_seq: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # the event of its lead that tells of it
    enrollment_id: int | None = Field(default=None, sa_type=RowId)  # of what a sequence wrote
    drip_step: int | None = None  # and by which of its steps


class Enrollment(Owed, table=True):
    """One lead's way through one sequence. It runs until `ended_because` says why it does no more."""

    __table_args__ = (
        due_index("enrollment"),
        Index(
            "uq_enrollment_running", "lead_id", "sequence_key",
            unique=True, postgresql_where=text("ended_because IS NULL"), sqlite_where=text("ended_because IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = row_id()
    lead_id: int = reference("lead.id", index=True)
    sequence_id: int = reference("sequence.id")
    sequence_key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    step: int = 0  # the one that is due next
    touches: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # how many texts and emails left
    state: dict[str, Any] = json_value()  # waits_for, until: what holds the next one back; owner: in whose name the last was written
    started_at: datetime
    anchor: date | None = None  # the day that it goes by, such as that of the closing
    at: datetime | None = None  # of the next step; stays, while due_at is empty once it is over
    set_seq: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # the event of its lead that began it
    ended_because: str | None = None
    ended_at: datetime | None = None


class Reminder(Owed, table=True):
    """A promise of an officer to come back to a lead at a time. It is over once `gave_up_because` says why."""

    __table_args__ = (due_index("reminder"),)

    id: int | None = row_id()
    lead_id: int = reference("lead.id", index=True)
    officer_id: int = reference("officer.id", index=True)
    kind: str = Field(default="remind", sa_column_kwargs={"server_default": "remind"})  # later, remind, call_back or planned
    note: str | None = sealed_text()
    set_seq: int | None = None  # the event that set it
    at: datetime | None = None  # stays, while due_at is empty once it rang or is over
    rang_at: datetime | None = None
    ended_seq: int | None = None  # the event that a person ended it with


class ContactAttempt(SQLModel, table=True):
    """A person's try to reach the borrower: it stops the clock."""

    __tablename__ = "contact_attempt"
    id: int | None = row_id()
    lead_id: int = reference("lead.id", index=True)
    officer_id: int = reference("officer.id", index=True)
    contact_point_id: int | None = maybe_reference("contact_point.id")
    channel: str
    disposition: str | None = None
    verified: bool = False
    at: datetime
    event_seq: int = Field(default=0)
