"""A call by hand: whether the borrower may be called now, judged before any number is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rules.compliance import Allowed, Judgement, WaitUntil, judge_call_by_hand
from bot.rules.zones import Whereabouts
from bot.store.views import LeadView


@dataclass(frozen=True, slots=True)
class CallSheet:
    """What an officer needs to dial. `number` (E.164) is there only while calling is allowed; times are UTC, said in `zone`."""

    number: str | None
    open_until: datetime | None
    opens_at: datetime | None
    zone: str | None


def call_sheet(lead: LeadView, now: datetime) -> CallSheet:
    match judgement(lead, now):
        case Allowed(until, zone):
            return CallSheet(lead.phones[0], until, None, zone)
        case WaitUntil(at, zone):
            return CallSheet(None, None, at, zone)
    return CallSheet(None, None, None, None)


def judgement(lead: LeadView, now: datetime) -> Judgement:
    """What the compliance rules say of calling this borrower by hand at this moment."""
    return judge_call_by_hand(whereabouts_of(lead), now)


def whereabouts_of(lead: LeadView) -> Whereabouts:
    """What the lead tells of where the borrower may be."""
    return whereabouts(lead.phones, lead.state, lead.details)


def whereabouts(phones: tuple[str, ...], state: str | None, details: Mapping[str, Any]) -> Whereabouts:
    """The same, from a lead's columns."""
    return Whereabouts(
        phones=phones,
        mailing_state=details.get("mailing_state"),
        mailing_zip=details.get("mailing_zip"),
        property_state=state,
        property_zip=details.get("property_zip"),
    )
