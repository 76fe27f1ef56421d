"""What outreach within the law needs."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each feature adds its own function here until this version is released."""
    _shares()
    _do_not_call()


def _shares() -> None:
    """Teams share what a routing rule takes."""
    op.create_table(
        "share",
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("percents", sa.JSON(), nullable=False),
        sa.Column("had", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("rule"),
    )


def _do_not_call() -> None:
    """The do-not-call registries, a bit for each number."""
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment, word = sqlmodel.sql.sqltypes.UTCDateTime(), sqlmodel.sql.sqltypes.AutoString()
    op.create_table(
        "do_not_call_import",
        sa.Column("id", row_id, nullable=False),
        sa.Column("kept_by", word, nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("salt", word, nullable=False),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("blocks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "do_not_call_area",
        sa.Column("area_code", word, nullable=False),
        sa.Column("kept_by", word, nullable=False),
        sa.Column("import_id", row_id, sa.ForeignKey("do_not_call_import.id"), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("area_code", "kept_by"),
    )
    op.create_index("ix_do_not_call_area_import_id", "do_not_call_area", ["import_id"])
    op.create_table(
        "do_not_call_block",
        sa.Column("id", row_id, nullable=False, autoincrement=False),
        sa.Column("import_id", row_id, nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("source", sa.Column("bought", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_do_not_call_block_import_id", "do_not_call_block", ["import_id"])
