"""What drips, returns, pictures and routing need."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _returns()
    _bookings()
    _holds()
    _rota()
    _covering()
    _texts_read_back()
    _outages()
    _lateness()
    _drips()
    _rings()
    _texts_left()
    _neglect()
    _emails()
    _scoring()
    _eligibility()
    _escalation_rules()
    _routing()


def _returns() -> None:
    """Bad leads that a vendor is asked to take back."""
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment, words = sqlmodel.sql.sqltypes.UTCDateTime(), sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        "lead_return",
        sa.Column("id", row_id, nullable=False),
        sa.Column("lead_id", row_id, sa.ForeignKey("lead.id"), nullable=False),
        sa.Column("source_id", row_id, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("arrival_id", row_id, sa.ForeignKey("arrival.id"), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("reason", words, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", words, nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("opened_by", row_id, sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("opened_seq", sa.Integer(), nullable=False),
        sa.Column("log_seq", sa.Integer(), nullable=True),
        sa.Column("settled_at", moment, nullable=True),
        sa.Column("settled_by", row_id, sa.ForeignKey("officer.id"), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_lead_return_lead_id", "lead_return", ["lead_id"])
    op.create_index("ix_lead_return_opened", "lead_return", ["opened_at"])
    asked = sa.text("status <> 'dropped'")
    op.create_index("uq_lead_return_asked", "lead_return", ["arrival_id"], unique=True, postgresql_where=asked, sqlite_where=asked)


def _bookings() -> None:
    """A free lead's borrower was promised a call."""
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("lead", sa.Column("booked_for", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("lead", sa.Column("booked_by", row_id, nullable=True))


def _holds() -> None:
    """An owner who is calling holds a clock once."""
    op.add_column("clock", sa.Column("holds", sa.Integer(), nullable=False, server_default="0"))


def _rota() -> None:
    """Officers take turns at being on call, and take over from each other."""
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.add_column("team", sa.Column("rota", sa.JSON(), nullable=True))
    op.add_column("team", sa.Column("hand_over_at", moment, nullable=True))
    op.add_column("team", sa.Column("on_call_id", row_id, nullable=True))
    op.create_table(
        "rota_swap",
        sa.Column("id", row_id, nullable=False),
        sa.Column("team_id", row_id, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("from_id", row_id, sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("begins", moment, nullable=False),
        sa.Column("ends", moment, nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("asked_id", row_id, sa.ForeignKey("officer.id"), nullable=True),
        sa.Column("by_id", row_id, sa.ForeignKey("officer.id"), nullable=True),
        sa.Column("taken_at", moment, nullable=True),
        sa.Column("taken_seq", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    taken = sa.text("by_id IS NOT NULL")
    op.create_index("ix_rota_swap_taken", "rota_swap", ["team_id", "ends"], postgresql_where=taken, sqlite_where=taken)


def _covering() -> None:
    """Who works the leads of an officer who is away."""
    op.add_column("officer", sa.Column("cover_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    op.add_column("officer", sa.Column("cover_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("officer", sa.Column("cover_seq", sa.Integer(), nullable=True))


def _texts_read_back() -> None:
    """Until when borrowers' texts were read back from the phone network."""
    op.add_column("installation", sa.Column("texts_read_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def _outages() -> None:
    """Since when chat gives no sign of life, and who was texted about which lead."""
    row_id, moment = sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sqlmodel.sql.sqltypes.UTCDateTime()
    word = sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        "life_sign",
        sa.Column("platform", word, nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("platform", "place_id"),
    )
    op.create_table(
        "outage",
        sa.Column("id", row_id, nullable=False),
        sa.Column("place_id", row_id, sa.ForeignKey("place.id"), nullable=False),
        sa.Column("because", word, nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    free = sa.text("owner_id IS NULL")
    op.create_index("ix_lead_free", "lead", ["id"], postgresql_where=free, sqlite_where=free)
    lasts = sa.text("ended_at IS NULL")
    op.create_index("uq_outage_open", "outage", ["place_id"], unique=True, postgresql_where=lasts, sqlite_where=lasts)
    op.create_table(
        "alarm",
        sa.Column("lead_id", row_id, sa.ForeignKey("lead.id"), nullable=False),
        sa.Column("officer_id", row_id, sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("outage_id", row_id, sa.ForeignKey("outage.id"), nullable=False),
        sa.Column("text_id", row_id, sa.ForeignKey("message.id"), nullable=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id", "officer_id"),
    )
    op.create_index("ix_alarm_officer_id", "alarm", ["officer_id"])
    op.create_index("ix_alarm_outage_id", "alarm", ["outage_id"])


def _lateness() -> None:
    """How late escalation steps are decided."""
    op.create_table(
        "lateness",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("worst", sa.Float(), nullable=False),
        sa.Column("folded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    folded, fresh = sa.text("folded"), sa.text("NOT folded")
    columns = ["day", "kind", "length"]
    op.create_index("uq_lateness_folded", "lateness", columns, unique=True, postgresql_where=folded, sqlite_where=folded)
    op.create_index("ix_lateness_fresh", "lateness", ["id"], postgresql_where=fresh, sqlite_where=fresh)
    op.create_index("ix_lateness_day", "lateness", ["day"])


def _drips() -> None:
    """A sequence's version is stored once, and runs once at a time for a lead."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    word = sqlmodel.sql.sqltypes.AutoString()
    op.add_column("sequence", sa.Column("names", sa.JSON(), nullable=True))
    op.add_column("sequence", sa.Column("stages", sa.JSON(), nullable=True))
    op.create_index("uq_sequence_key_version", "sequence", ["key", "version"], unique=True)
    op.add_column("enrollment", sa.Column("sequence_key", word, nullable=False, server_default=""))
    op.add_column("enrollment", sa.Column("at", moment, nullable=True))
    op.add_column("enrollment", sa.Column("set_seq", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("enrollment", sa.Column("ended_at", moment, nullable=True))
    runs = sa.text("ended_because IS NULL")
    columns = ["lead_id", "sequence_key"]
    op.create_index("uq_enrollment_running", "enrollment", columns, unique=True, postgresql_where=runs, sqlite_where=runs)


def _rings() -> None:
    """Who was rung, and what is listed in a digest, is found without reading past the other."""
    op.drop_index("ix_ring_officer", "ring")
    for name, column, where in (("ix_ring_rung", "at", "digest_seq IS NULL"), ("ix_ring_listed", "digest_seq", "digest_seq IS NOT NULL")):
        op.create_index(name, "ring", ["officer_id", column], postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def _texts_left() -> None:
    """When a text left, which may be a night after it was written."""
    op.add_column("message", sa.Column("left_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def _neglect() -> None:
    """After how many days a team takes a lead back that is left alone, and which ones their owner was warned of."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.add_column("team", sa.Column("days_without_attempt", sa.Integer(), nullable=True))
    op.add_column("team", sa.Column("days_without_reply", sa.Integer(), nullable=True))
    op.add_column("team", sa.Column("morning_due_at", moment, nullable=True))
    op.add_column("lead", sa.Column("goes_back_at", moment, nullable=True))
    goes_back = sa.text("goes_back_at IS NOT NULL")
    op.create_index("ix_lead_goes_back", "lead", ["team_id", "goes_back_at"], postgresql_where=goes_back, sqlite_where=goes_back)


def _emails() -> None:
    """An email has a subject."""
    op.add_column("message", sa.Column("subject", sa.Text(), nullable=True))


def _scoring() -> None:
    """By what a score was made, when it is made anew, and to which segments a lead belongs."""
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.add_column("lead", sa.Column("score_inputs", sa.JSON(), nullable=True))
    op.add_column("lead", sa.Column("score_version", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("lead", sa.Column("score_due_at", moment, nullable=True))
    op.add_column("lead", sa.Column("segments", sa.JSON(), nullable=True))
    due = sa.text("score_due_at IS NOT NULL")
    op.create_index("ix_lead_score_due", "lead", ["score_due_at"], postgresql_where=due, sqlite_where=due)


def _eligibility() -> None:
    """How many leads somebody may hold without a try, and that nobody may take a lead at any hour."""
    for table in ("team", "officer"):
        op.add_column(table, sa.Column("open_without_attempt_cap", sa.Integer(), nullable=True))
    op.add_column("clock", sa.Column("nobody_may", sa.Boolean(), nullable=False, server_default=sa.false()))


def _escalation_rules() -> None:
    """Which policy a clock follows, as the config in force says."""
    op.add_column("installation", sa.Column("escalation_rules", sa.Text(), nullable=False, server_default=""))


def _routing() -> None:
    """By which rule a lead is given out, and how far each officer is where leads are given in turn."""
    op.add_column("lead", sa.Column("route", sa.JSON(), nullable=True))
    op.create_table(
        "turn",
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("before", sa.Float(), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"]),
        sa.PrimaryKeyConstraint("team_id", "officer_id"),
    )
    given = sa.text("kind = 'assigned'")
    op.create_index("ix_event_given", "event", ["officer_id", "at"], postgresql_where=given, sqlite_where=given)
