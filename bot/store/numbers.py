"""By which of our numbers a borrower knows us, and all those at which anybody ever did."""

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session

from bot.store.calls import call
from bot.store.messages import message
from bot.store.prepared import Prepared

_texted = Prepared(
    select(message.c.our_number, func.min(message.c.created_at).label("at"))
    .where(
        message.c.lead_id == bindparam("of_lead"),
        message.c.contact_point_id == bindparam("with_contact"),
        message.c.channel == "sms",
        or_(message.c.direction == "in", message.c.left_at.is_not(None)),
    )
    .group_by(message.c.our_number)
)
_called = Prepared(
    select(call.c.our_number, func.min(call.c.created_at).label("at"))
    .where(call.c.lead_id == bindparam("of_lead"), call.c.contact_point_id == bindparam("with_contact"))
    .group_by(call.c.our_number)
)
_next_used = select(func.min(message.c.our_number)).where(message.c.our_number > bindparam("after"))


def numbers_between(session: Session, lead_id: int, contact_point_id: int) -> list[str | None]:
    """Our numbers by which somebody texted or talked with us about a lead, the first first; None for the one that all teams share."""
    row = {"of_lead": lead_id, "with_contact": contact_point_id}
    found = [*_texted.run(session, row), *_called.run(session, row)]
    return [each.our_number for each in sorted(found, key=lambda each: each.at)]


def numbers_used(session: Session) -> list[str]:
    """Every number of ours that ever texted, or was texted; each costs one look at an index."""
    used: list[str] = []
    while (number := session.connection().execute(_next_used, {"after": used[-1] if used else ""}).scalar_one()) is not None:
        used.append(number)
    return used
