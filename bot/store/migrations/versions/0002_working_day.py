"""What a working day in chat needs."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        "last_opened",
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"]),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"]),
        sa.PrimaryKeyConstraint("officer_id"),
    )
    cards = sa.text("kind = 'card'")
    op.create_index("ix_posting_card", "posting", ["message_id"], unique=False, postgresql_where=cards, sqlite_where=cards)
    # Never by batch_alter_table: on SQLite it makes the table anew, and so loses triggers and where numbers begin.
    op.add_column("lead", sa.Column("practice", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("lead", sa.Column("link_answer", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    _leavers()
    _rings_and_clocks()
    _pipeline()
    _reminders()
    _texts()
    op.create_table(
        "gateway",
        sa.Column("platform", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("holder", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("held_until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("platform"),
    )


def _texts() -> None:
    op.add_column("message", sa.Column("purpose", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="words"))
    op.add_column("message", sa.Column("pictures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("message", sa.Column("error_code", sa.Integer(), nullable=True))
    op.add_column("message", sa.Column("event_seq", sa.Integer(), nullable=False, server_default="0"))


def _rings_and_clocks() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.add_column("clock", sa.Column("nobody_told", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("lead", sa.Column("rang_at", moment, nullable=True))
    _index("ix_lead_rang", "lead", ["team_id", "rang_at"], "rang_at IS NOT NULL")
    op.add_column("ring", sa.Column("handed_out", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("ring", sa.Column("digest_seq", sa.Integer(), nullable=True))
    op.add_column("posting", sa.Column("stale_at", moment, nullable=True))
    op.add_column("posting", sa.Column("shown_closing", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    _index("ix_posting_digest", "posting", ["event_seq"], "topic = 'digest'")
    _index("ix_posting_stale", "posting", ["stale_at"], "stale_at IS NOT NULL")
    op.add_column("team", sa.Column("shift_due_at", moment, nullable=True))
    op.add_column("source", sa.Column("policy_key", sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def _leavers() -> None:
    op.add_column("officer", sa.Column("left_because", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("officer", sa.Column("asks_at", TIME, nullable=True))
    op.add_column("officer", sa.Column("asked_seq", sa.Integer(), nullable=True))
    op.add_column("officer", sa.Column("welcomed_at", TIME, nullable=True))
    op.add_column("officer", sa.Column("practice_number", sa.Integer(), nullable=True))
    op.add_column("officer", sa.Column("practice_ends_at", TIME, nullable=True))


def _pipeline() -> None:
    """Since when a lead is in its stage, and how quickly it was answered."""
    op.add_column("lead", sa.Column("staged_at", TIME, nullable=True))
    op.execute("UPDATE lead SET staged_at = arrived_at")
    op.create_index("ix_lead_stage", "lead", ["team_id", "stage", "staged_at"])
    op.create_table(
        "speed",
        sa.Column("lead_id", ROW_ID, sa.ForeignKey("lead.id"), nullable=False),
        sa.Column("team_id", ROW_ID, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("source_id", ROW_ID, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claimed_by", ROW_ID, sa.ForeignKey("officer.id"), nullable=True),
        sa.Column("claimed_after", sa.Float(), nullable=True),
        sa.Column("claimed_after_wall", sa.Float(), nullable=True),
        sa.Column("tried_at", TIME, nullable=True),
        sa.Column("tried_after", sa.Float(), nullable=True),
        sa.Column("tried_after_wall", sa.Float(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("lead_id"),
    )
    op.create_index("ix_speed_claimed_by", "speed", ["claimed_by", "day"])
    op.create_table(
        "speed_count",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("team_id", ROW_ID, sa.ForeignKey("team.id"), nullable=False),
        sa.Column("source_id", ROW_ID, sa.ForeignKey("source.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("step", "arrived", "claimed", "claimed_wall", "tried", "tried_wall", "verified")
        ),
        sa.Column("folded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "uq_speed_count_folded", "speed_count", ["team_id", "source_id", "day", "step"],
        unique=True, postgresql_where=sa.text("folded"), sqlite_where=sa.text("folded"),
    )  # fmt: skip
    _index("ix_speed_count_fresh", "speed_count", ["id"], "NOT folded")
    counted = ["arrived", "claimed", "claimed_wall", "tried", "tried_wall", "verified"]
    op.create_index("ix_speed_count_day", "speed_count", ["team_id", "day", "source_id", "step", *counted])


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=False, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def _reminders() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    op.add_column("reminder", sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="remind"))
    op.add_column("reminder", sa.Column("set_seq", sa.Integer(), nullable=True))
    op.add_column("reminder", sa.Column("at", moment, nullable=True))
    op.add_column("reminder", sa.Column("rang_at", moment, nullable=True))
    op.add_column("reminder", sa.Column("ended_seq", sa.Integer(), nullable=True))
