"""A text to a borrower: to which number, and whether it may leave now. The one place of the gate in the way of every text."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.outreach.calls import whereabouts_of
from bot.rules.compliance import Consent, Judgement, Kind, Sms, judge_sms
from bot.store.messages import consents_of, last_written, touches_since
from bot.store.suppressions import closed_channels
from bot.store.views import LeadView

TOUCHES_COUNT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reach:
    """A number of a borrower's with its look-up key."""

    contact_point_id: int
    number: str
    key: str


def judge(session: Session, lead: LeadView, reach: Reach, kind: Kind, now: datetime) -> Judgement:
    """What the compliance rules say of this text at this moment. Under the lock of the number's key it holds until the commit."""
    consents = tuple(Consent(row.given, row.text, row.given_at, reach.number) for row in consents_of(session, reach.contact_point_id))
    return judge_sms(
        Sms(
            kind=kind,
            number=reach.number,
            whereabouts=whereabouts_of(lead),
            consents=consents,
            suppressed="sms" in closed_channels(session, reach.key),
            touches=tuple(touches_since(session, reach.contact_point_id, now - TOUCHES_COUNT_FOR)),
            borrower_wrote_at=last_written(session, reach.contact_point_id),
        ),
        now,
    )
