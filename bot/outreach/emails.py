"""An email to a borrower: whether it may leave now. The one place of the gate in the way of every email."""

from datetime import datetime

from sqlmodel import Session

from bot.outreach.reach import Reach
from bot.rules.compliance import Kind
from bot.rules.emailing import Email, Footer, MayLeave, MayNotLeave, judge_email
from bot.store.messages import newest_from_borrower
from bot.store.suppressions import closed_channels, closed_since
from bot.store.views import LeadView

UNSUBSCRIBED = "unsubscribed"
"""Why an address is closed to marketing whose reader said so at the end of an email."""
LOAN_UNDER_WAY = frozenset({"application", "processing", "underwriting", "clear_to_close"})


def judge(session: Session, lead: LeadView, reach: Reach, kind: Kind, footer: Footer, now: datetime) -> MayLeave | MayNotLeave:
    """What the rules say of this email at this moment. Under the lock of the address's key it holds until the commit."""
    closed, wrote = closed_channels(session, reach.key), newest_from_borrower(session, lead.number)
    return judge_email(
        Email(
            kind=kind,
            address=reach.address,
            footer=footer,
            closed="email" in closed,
            marketing_closed=not closed.keys().isdisjoint({"marketing", "automation"}),
            unsubscribed_at=closed_since(session, reach.key, UNSUBSCRIBED),
            wrote_at=wrote.created_at if wrote else None,
            applies=lead.stage in LOAN_UNDER_WAY,
        ),
        now,
    )
