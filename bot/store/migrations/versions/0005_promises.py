"""What the promises need."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each feature adds its own function here until this version is released."""
    _mail_opens()
    _sales_calls()
    _sums_of_speeds()
    _work()


def _mail_opens() -> None:
    """When the picture in an email was first loaded."""
    op.add_column("message", sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def _sums_of_speeds() -> None:
    """How quickly leads were answered, summed up by blocks of days. The next fold fills it from the counts that are there."""
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "speed_sum",
        sa.Column("team_id", row_id, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("source_id", row_id, nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("team_id", "days", "first_day", "source_id"),
    )


def _sales_calls() -> None:
    """Who opted out by text before is sold nothing by phone either."""
    op.execute(
        sa.text(
            "INSERT INTO suppression (contact_key, channel, reason, at, lifted_at)"
            " SELECT contact_key, 'sales_calls', reason, at, lifted_at FROM suppression WHERE channel = 'sms' AND reason = 'opted_out'"
        )
    )


def _work() -> None:
    """What a later version does otherwise, so that this one leaves it alone."""
    op.create_table(
        "work_version",
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind"),
    )
