"""What outreach within the law needs."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each feature adds its own function here until this version is released."""
