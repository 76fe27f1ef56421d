"""A text to a borrower: to which number, and whether it may leave now. The one place of the gate in the way of every text."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.outreach.calls import whereabouts_of
from bot.rules.compliance import Consent, Judgement, Kind, Refused, Sms, judge_sms
from bot.store.contacts import lock_keys
from bot.store.messages import consents_of, last_written, reach_of, touches_since
from bot.store.suppressions import closed_channels
from bot.store.views import LeadView

TOUCHES_COUNT_FOR = timedelta(days=7)
CLOSED_TO_MACHINES = frozenset({"sms", "marketing", "automation"})
"""Unclear words of the borrower hold what leaves by itself, too."""


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


def judge_automatic(session: Session, lead: LeadView, reach: Reach, now: datetime) -> Judgement:
    """The same for what leaves by itself."""
    if CLOSED_TO_MACHINES & closed_channels(session, reach.key).keys():
        return Refused("sms_suppressed")
    return judge(session, lead, reach, "marketing", now)


def number_of(session: Session, lead_id: int) -> Reach | None:
    """The number that would be texted about a lead."""
    found = reach_of(session, lead_id)
    return Reach(*found) if found else None


def lock_number(session: Session, lead_id: int) -> Reach | None:
    """The same with its key locked; which one it is, is asked again under the lock."""
    while True:
        reach = number_of(session, lead_id)
        if reach is None:
            return None
        lock_keys(session, [reach.key])
        if number_of(session, lead_id) == reach:
            return reach
