"""What upkeep needs as a store grows."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each feature adds its own function here until this version is released."""
    _pings()


def _pings() -> None:
    """Pings of which nothing came are found by their time, among those that were bought and stay."""
    nothing = sa.text("lead_id IS NULL")
    op.create_index("ix_ping_nothing_came", "ping", ["at"], postgresql_where=nothing, sqlite_where=nothing)
