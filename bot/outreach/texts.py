"""A text to a borrower: whether it may leave now. The one place of the gate in the way of every text."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.outreach.calls import whereabouts_of
from bot.outreach.reach import Reach
from bot.rules.compliance import Consent, Judgement, Kind, Refused, Sms, judge_sms
from bot.store.messages import consents_of, last_written, touches_since
from bot.store.suppressions import closed_channels
from bot.store.views import LeadView

TOUCHES_COUNT_FOR = timedelta(days=7)
CLOSED_TO_MACHINES = frozenset({"sms", "marketing", "automation"})
"""Unclear words of the borrower hold what leaves by itself, too."""


def judge(session: Session, lead: LeadView, reach: Reach, kind: Kind, now: datetime) -> Judgement:
    """What the compliance rules say of this text at this moment. Under the lock of the number's key it holds until the commit."""
    consents = tuple(
        Consent(row.given, row.text, row.given_at, reach.address, row.names_us is not False)
        for row in consents_of(session, reach.contact_point_id)
    )
    return judge_sms(
        Sms(
            kind=kind,
            number=reach.address,
            whereabouts=whereabouts_of(lead),
            consents=consents,
            suppressed="sms" in closed_channels(session, reach.key),
            touches=tuple(touches_since(session, reach.contact_point_id, now - TOUCHES_COUNT_FOR)),
            borrower_wrote_at=last_written(session, reach.contact_point_id),
        ),
        now,
    )


def judge_automatic(session: Session, lead: LeadView, reach: Reach, now: datetime) -> Judgement:
    """The same for what leaves by itself."""
    if CLOSED_TO_MACHINES & closed_channels(session, reach.key).keys():
        return Refused("sms_suppressed")
    return judge(session, lead, reach, "marketing", now)
