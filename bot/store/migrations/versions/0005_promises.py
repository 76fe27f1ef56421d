"""What the promises need."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each feature adds its own function here until this version is released."""
    _clicks()
    _costs()
    _erased_recordings()
    _held()
    _mail_opens()
    _names()
    _sales_calls()
    _sums_of_speeds()
    _work()


def _clicks() -> None:
    """What borrowers clicked is found among all that happened."""
    clicked = sa.text("kind = 'clicked'")
    op.create_index("ix_event_clicked", "event", ["stream", "seq"], postgresql_where=clicked, sqlite_where=clicked)


def _costs() -> None:
    """What the requests of each day cost, counted. The next fold sums it up by blocks of days."""
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("arrival", sa.Column("day", sa.Date(), nullable=True))
    op.create_table(
        "cost_count",
        sa.Column("id", row_id, nullable=False),
        sa.Column("team_id", row_id, nullable=False),
        sa.Column("source_id", row_id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_cost_figures(),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_cost_count_day", "cost_count", ["day"])
    op.create_table(
        "cost_sum",
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("team_id", row_id, nullable=False),
        sa.Column("source_id", row_id, nullable=False),
        *_cost_figures(),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"]),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"]),
        sa.PrimaryKeyConstraint("days", "first_day", "team_id", "source_id"),
    )
    _days_of_requests()
    op.drop_index("ix_arrival_cost", "arrival")
    op.execute(sa.text(_REQUESTS_SO_FAR))
    op.execute(sa.text(_FUNDED_SO_FAR))


def _cost_figures() -> list[sa.Column[int]]:
    kinds = {
        "requests": sa.Integer(),
        "dollars": sa.BigInteger(),
        "assumed": sa.Integer(),
        "asked_back": sa.BigInteger(),
        "funded": sa.Integer(),
    }
    return [sa.Column(name, kind, nullable=False) for name, kind in kinds.items()]


def _days_of_requests() -> None:
    """The day of each request by the clocks of its lead's team, which SQLite does not know: day after day, from the index of the times."""
    connection = op.get_bind()
    times = sa.table("arrival", sa.column("received_at", sqlmodel.sql.sqltypes.UTCDateTime()))
    first, last = connection.execute(sa.select(sa.func.min(times.c.received_at), sa.func.max(times.c.received_at))).one()
    if first is None:
        return
    change = sa.text(_DAY_OF_REQUESTS).bindparams(
        sa.bindparam("day", type_=sa.Date()),
        sa.bindparam("since", type_=sqlmodel.sql.sqltypes.UTCDateTime()),
        sa.bindparam("until", type_=sqlmodel.sql.sqltypes.UTCDateTime()),
    )
    for zone in connection.execute(sa.text("SELECT DISTINCT time_zone FROM team")).scalars().all():
        day = first.astimezone(ZoneInfo(zone)).date()
        while day <= last.astimezone(ZoneInfo(zone)).date():
            following = day + timedelta(days=1)
            row = {"zone": zone, "day": day, "since": _midnight(day, zone), "until": _midnight(following, zone)}
            connection.execute(change, row)
            day = following


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


# What was imported or is for practice has no speed, and cost nothing.
_DAY_OF_REQUESTS = """
UPDATE arrival SET day = :day WHERE received_at >= :since AND received_at < :until AND EXISTS (
    SELECT 1 FROM lead JOIN team ON team.id = lead.team_id JOIN speed ON speed.lead_id = lead.id
    WHERE lead.id = arrival.lead_id AND team.time_zone = :zone)
"""
_REQUESTS_SO_FAR = """
INSERT INTO cost_count (team_id, source_id, day, requests, dollars, assumed, asked_back, funded)
SELECT lead.team_id, arrival.source_id, arrival.day, count(*), coalesce(sum(arrival.price), 0),
    sum(CASE WHEN arrival.price_assumed AND arrival.price > 0 THEN 1 ELSE 0 END), coalesce(sum(lead_return.price), 0), 0
FROM arrival JOIN lead ON lead.id = arrival.lead_id
    LEFT JOIN lead_return ON lead_return.arrival_id = arrival.id AND lead_return.status = 'sent'
WHERE arrival.day IS NOT NULL GROUP BY lead.team_id, arrival.source_id, arrival.day ORDER BY arrival.day
"""
_FUNDED_SO_FAR = """
INSERT INTO cost_count (team_id, source_id, day, requests, dollars, assumed, asked_back, funded)
SELECT team_id, source_id, day, 0, 0, 0, 0, count(*) FROM (
    SELECT lead.team_id, lead.source_id, max(arrival.day) AS day
    FROM lead JOIN arrival ON arrival.lead_id = lead.id AND arrival.source_id = lead.source_id
    WHERE lead.stage = 'funded' AND arrival.day IS NOT NULL GROUP BY lead.id, lead.team_id, lead.source_id) AS funded
GROUP BY team_id, source_id, day ORDER BY day
"""


def _erased_recordings() -> None:
    """The calls whose recordings are to be deleted are found without reading all calls."""
    erased = sa.text("recording = 'erased'")
    op.create_index("ix_call_erased", "call", ["recording", "id"], postgresql_where=erased, sqlite_where=erased)


def _held() -> None:
    """How many leads somebody holds is counted off an index alone."""
    op.drop_index("ix_lead_owner", "lead")
    op.create_index("ix_lead_owner", "lead", ["owner_id", "stage", "practice"])


def _mail_opens() -> None:
    """When the picture in an email was first loaded."""
    op.add_column("message", sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def _names() -> None:
    """Who is called so is found without looking at everybody."""
    for name in ("first_name", "last_name"):
        collated = ' COLLATE "C"' if op.get_bind().dialect.name == "postgresql" else ""
        op.create_index(f"ix_borrower_{name}", "borrower", [sa.text(f"(lower({name}){collated})")])


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
