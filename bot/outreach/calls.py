"""A call to a borrower: whether it may be made now, judged before any number is shown. The one door for calls by hand and bridged ones."""

from dataclasses import dataclass
from datetime import datetime

from bot.rules.calling import CAPPED, Call, judge_call, number_to_call
from bot.rules.compliance import Allowed, Judgement, Refused, Rule, WaitUntil
from bot.rules.stages import LOAN_UNDER_WAY
from bot.rules.zones import Whereabouts, whereabouts
from bot.store.views import LeadView


@dataclass(frozen=True, slots=True)
class CallSheet:
    """What an officer needs to dial. `number` (E.164) is there only while calling is allowed; times are UTC, said in `zone`. `refused` is
    the rule by which nobody may call, whatever the hour, `waits_for` the one that holds it until it opens."""

    number: str | None
    open_until: datetime | None
    opens_at: datetime | None
    zone: str | None
    refused: Rule | None = None
    waits_for: Rule | None = None

    @property
    def capped(self) -> Rule | None:
        """The cap that is full, where one is: it may be so beyond today."""
        return self.waits_for if self.waits_for in CAPPED.values() else None


def call_sheet(lead: LeadView, now: datetime) -> CallSheet:
    match judgement(lead, now):
        case Allowed(until, zone):
            return CallSheet(number_to_call(call_of(lead), now), until, None, zone)
        case WaitUntil(at, zone, rule):
            return CallSheet(None, None, at, zone, waits_for=rule)
        case Refused(rule):
            return CallSheet(None, None, None, None, rule)


def judgement(lead: LeadView, now: datetime) -> Judgement:
    """What the compliance rules say of calling this borrower at this moment: by hand, or bridged to an officer."""
    return judge_call(call_of(lead), now)


def call_of(lead: LeadView) -> Call:
    """The facts about a call to the lead's borrower, as they stand in the store."""
    return Call(whereabouts_of(lead), lead.numbers, lead.silenced, lead.touches, lead.stage in LOAN_UNDER_WAY)


def whereabouts_of(lead: LeadView) -> Whereabouts:
    """What the lead tells of where the borrower may be."""
    return whereabouts(lead.placed_phones, lead.state, lead.details)
