"""A text to a borrower: whether it may leave now. The one place of the gate in the way of every text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.outreach.calls import whereabouts_of
from bot.outreach.reach import Reach
from bot.rules.compliance import Consent, Judgement, Kind, Refused, Sms, judge_sms
from bot.store.messages import consents_of, last_written_of, touches_of
from bot.store.suppressions import closed_channels_of
from bot.store.views import LeadView

TOUCHES_COUNT_FOR = timedelta(days=7)
CLOSED_TO_MACHINES = frozenset({"sms", "marketing", "automation"})
"""Unclear words of the borrower hold what leaves by itself, too."""


@dataclass(frozen=True, slots=True)
class NumberFile:
    """What is kept of a number that a text to it is judged by: what is closed to it, what was agreed to, when its people were called or
    texted lately, and when they wrote last."""

    closed: Mapping[str, str]
    consents: tuple[Consent, ...]
    touches: tuple[datetime, ...]
    wrote_at: datetime | None


def number_files(session: Session, reaches: Sequence[Reach], now: datetime) -> list[NumberFile]:
    """Of each of these numbers, for what leaves now or later. Under the lock of its key it holds until the commit."""
    ids = [reach.contact_point_id for reach in reaches]
    kept = zip(
        reaches,
        closed_channels_of(session, [reach.key for reach in reaches]),
        consents_of(session, ids),
        touches_of(session, ids, now - TOUCHES_COUNT_FOR),
        last_written_of(session, ids),
        strict=True,
    )
    return [
        NumberFile(
            closed,
            tuple(Consent(row.given, row.text, row.given_at, reach.address, row.names_us is not False) for row in consents),
            tuple(touches),
            wrote_at,
        )
        for reach, closed, consents, touches, wrote_at in kept
    ]


def judge(session: Session, lead: LeadView, reach: Reach, kind: Kind, now: datetime) -> Judgement:
    """What the compliance rules say of this text at this moment. Under the lock of the number's key it holds until the commit."""
    return judge_by_file(number_files(session, [reach], now)[0], lead, reach, kind, now)


def judge_automatic(session: Session, lead: LeadView, reach: Reach, now: datetime) -> Judgement:
    """The same for what leaves by itself."""
    return judge_automatic_by_file(number_files(session, [reach], now)[0], lead, reach, now)


def judge_automatic_by_file(file: NumberFile, lead: LeadView, reach: Reach, at: datetime) -> Judgement:
    """The same by what was found kept of the number, at that moment or a later one."""
    if CLOSED_TO_MACHINES & file.closed.keys():
        return Refused("sms_suppressed")
    return judge_by_file(file, lead, reach, "marketing", at)


def judge_by_file(file: NumberFile, lead: LeadView, reach: Reach, kind: Kind, now: datetime) -> Judgement:
    """`judge` by what was found kept of the number."""
    return judge_sms(
        Sms(
            kind=kind,
            number=reach.address,
            whereabouts=whereabouts_of(lead),
            consents=file.consents,
            suppressed="sms" in file.closed,
            touches=file.touches,
            borrower_wrote_at=file.wrote_at,
        ),
        now,
    )
