"""What drips, returns and pictures need."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each feature adds its own function here until this version is released."""
    _holds()


def _holds() -> None:
    """An owner who is calling holds a clock once."""
    op.add_column("clock", sa.Column("holds", sa.Integer(), nullable=False, server_default="0"))
