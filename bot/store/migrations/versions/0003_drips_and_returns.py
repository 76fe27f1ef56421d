"""What drips, returns and pictures need."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each feature adds its own function here until this version is released."""
