"""What a working day in chat needs."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


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
