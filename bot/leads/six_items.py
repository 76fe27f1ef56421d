"""A lead that holds all six items of an application: its owner and compliance are told that the Loan Estimate clock may run."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, or_, select, update
from sqlmodel import Session

from bot.rules.six_items import estimate_due, has_six_items
from bot.store.columns import table_of
from bot.store.events import Event, Fact, append_event
from bot.store.leads import Borrower, LeadBorrower, lead
from bot.store.people import Team, compliance_officers
from bot.store.postings import Lease, post_notice

_team, _event = table_of(Team), table_of(Event)
_borrower, _lead_borrower = table_of(Borrower), table_of(LeadBorrower)
_named = (
    select(func.count())
    .select_from(_lead_borrower.join(_borrower))
    .where(_lead_borrower.c.lead_id == lead.c.id, or_(_borrower.c.first_name.is_not(None), _borrower.c.last_name.is_not(None)))
    .scalar_subquery()
)
_lead_row = (
    select(lead.c.details, lead.c.owner_id, lead.c.score, _named.label("named"), _team.c.time_zone, _team.c.working_hours)
    .join_from(lead, _team, lead.c.team_id == _team.c.id)
    .where(lead.c.id == bindparam("of_lead"), lead.c.six_piece_at.is_(None))
)
_keep = update(lead).where(lead.c.id == bindparam("of_lead")).values(six_piece_at=bindparam("received_at"))
_told_in = select(_event.c.seq).where(_event.c.stream == bindparam("of_lead"), _event.c.kind == "six_items")


def note_six_items(session: Session, lead_id: int, at: datetime, salt: str, *, at_once: bool, quiet: bool = False) -> list[Lease]:
    """Keep when the last of the six items came, once, and tell who must know; of a `quiet` lead its claimer alone, later.

    The lead is locked by the caller.
    """
    connection = session.connection()
    row = connection.execute(_lead_row, {"of_lead": lead_id}).one_or_none()
    if row is None or not has_six_items(row.details or {}, named=bool(row.named)):
        return []
    connection.execute(_keep, {"of_lead": lead_id, "received_at": at})
    received_on = at.astimezone(ZoneInfo(row.time_zone)).date()
    due_on = estimate_due(received_on, [int(day) for day, spans in row.working_hours.items() if spans])
    meta = {"received_on": received_on.isoformat(), "due_on": due_on.isoformat()}
    seq = append_event(session, lead_id, Fact("six_items", "leadbell", at, meta), salt)
    if quiet:
        return []
    to_tell = [*compliance_officers(session), *([] if row.owner_id is None else [row.owner_id])]
    return [
        lease
        for officer_id in dict.fromkeys(to_tell)
        for lease in post_notice(session, lead_id, officer_id, "six_items", seq, row.score, at_once=at_once)
    ]


def tell_new_owner(session: Session, lead_id: int, owner_id: int, score: int) -> list[Lease]:
    """Whoever comes to own such a lead is told too, once."""
    seq = session.connection().execute(_told_in, {"of_lead": lead_id}).scalar_one()
    return post_notice(session, lead_id, owner_id, "six_items", seq, score, at_once=True)
