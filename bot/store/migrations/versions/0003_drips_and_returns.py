"""What drips, returns and pictures need."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each feature adds its own function here until this version is released."""
    _holds()
    _texts_read_back()


def _holds() -> None:
    """An owner who is calling holds a clock once."""
    op.add_column("clock", sa.Column("holds", sa.Integer(), nullable=False, server_default="0"))


def _texts_read_back() -> None:
    """Until when borrowers' texts were read back from the phone network."""
    op.add_column("installation", sa.Column("texts_read_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
