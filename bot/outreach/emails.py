"""An email to a borrower: whether it may leave now. The one place of the gate in the way of every email."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.outreach.reach import Reach
from bot.rules.compliance import Kind
from bot.rules.emailing import Email, Footer, MayLeave, MayNotLeave, judge_email
from bot.rules.stages import LOAN_UNDER_WAY
from bot.store.messages import last_answerable
from bot.store.suppressions import closures_of
from bot.store.views import LeadView

UNSUBSCRIBED = "unsubscribed"
"""Why an address is closed to marketing whose reader said so at the end of an email."""


def judge(session: Session, lead: LeadView, reach: Reach, kind: Kind, footer: Footer, now: datetime) -> MayLeave | MayNotLeave:
    """What the rules say of this email at this moment. Under the lock of the address's key it holds until the commit."""
    return judge_by_file(address_files(session, [(lead.number, reach)])[0], lead.stage, reach, kind, footer, now)


@dataclass(frozen=True, slots=True)
class AddressFile:
    """What is kept of an address, and of the lead, that an email is judged by; `wrote_at` is asked for only where somebody unsubscribed."""

    closed: Mapping[str, str]
    unsubscribed_at: datetime | None
    wrote_at: datetime | None


def address_files(session: Session, leads: Sequence[tuple[int, Reach]]) -> list[AddressFile]:
    """Of each of these leads and the address where it is reached. Under the lock of that one's key it holds until the commit."""
    files: list[AddressFile] = []
    for (lead_id, _), (closed, since) in zip(leads, closures_of(session, [reach.key for _, reach in leads]), strict=True):
        unsubscribed_at = since.get(UNSUBSCRIBED)
        files.append(AddressFile(closed, unsubscribed_at, last_answerable(session, lead_id) if unsubscribed_at else None))
    return files


def judge_by_file(file: AddressFile, stage: str, reach: Reach, kind: Kind, footer: Footer, now: datetime) -> MayLeave | MayNotLeave:
    """The same by what was found kept, and the lead's stage."""
    return judge_email(
        Email(
            kind=kind,
            address=reach.address,
            footer=footer,
            closed="email" in file.closed,
            marketing_closed=not file.closed.keys().isdisjoint({"marketing", "automation"}),
            unsubscribed_at=file.unsubscribed_at,
            wrote_at=file.wrote_at,
            applies=stage in LOAN_UNDER_WAY,
        ),
        now,
    )
