"""Whether an officer may take a lead, and if not, the one reason that is said aloud."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.rules.callable_time import Calendar, is_open
from bot.rules.roles import Role, who_may
from bot.rules.zones import state_of_phone, states_of_zip

Licenses = Mapping[str, date | None]  # state to the last day the license holds, None for no end


class Reason(StrEnum):
    INACTIVE = "inactive"
    ROLE_MAY_NOT_CLAIM = "role_may_not_claim"
    COMPANY_NOT_LICENSED = "company_not_licensed"
    NOT_LICENSED = "not_licensed"
    LICENSE_EXPIRED = "license_expired"
    PURPOSE_NOT_OFFERED = "purpose_not_offered"
    OFF_DUTY = "off_duty"
    OVER_CAP = "over_cap"
    OVER_OPEN_CAP = "over_open_cap"
    OFF_HOURS = "off_hours"
    LET_LAPSE = "let_lapse"


_CLAIMING = frozenset(who_may("claim"))
CAPS = (Reason.OVER_CAP, Reason.OVER_OPEN_CAP)
"""Reasons that count no more once a lead has waited long."""


@dataclass(frozen=True, slots=True)
class OfficerFacts:
    """`purposes` empty means every purpose, a cap of None no limit; `claimed_today` counts the officer's day, with what rules gave,
    `without_attempt` their open leads whose borrower they have not tried to reach yet; without `own_hours` they work as the team does."""

    role: Role
    active: bool
    licenses: Licenses
    purposes: frozenset[str] = frozenset()
    daily_cap: int | None = None
    claimed_today: int = 0
    open_without_attempt_cap: int | None = None
    without_attempt: int = 0
    off_until: datetime | None = None
    own_hours: Calendar | None = None

    def without_caps(self) -> "OfficerFacts":
        return replace(self, daily_cap=None, open_without_attempt_cap=None)

    def at_any_hour(self) -> "OfficerFacts":
        """As they would stand with a free day and on duty."""
        return replace(self.without_caps(), off_until=None, own_hours=None)

    def out_of_hours(self) -> "OfficerFacts":
        """As they stand while on call, or of their own accord: their hours do not matter."""
        return replace(self, own_hours=None)

    def on_duty(self, now: datetime) -> bool:
        """Not off, and within their own hours where they have any."""
        here = self.off_until is None or self.off_until <= now
        return here and (self.own_hours is None or is_open(now, (self.own_hours,)))


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """`state` is the property's, as the borrower said; ZIP and phones (E.164) only help to guess it when it is unknown."""

    state: str | None = None
    property_zip: str | None = None
    phones: tuple[str, ...] = ()
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    licenses: Licenses


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, with the facts that the reason's sentence needs; the others are None."""

    reason: Reason
    role: Role | None = None
    state: str | None = None
    expired_on: date | None = None  # the license's last good day
    purpose: str | None = None
    cap: int | None = None
    count: int | None = None
    oldest: int | None = None  # the lead that waits longest for the officer's first try
    until: datetime | None = None
    zone: str | None = None  # by whose clocks `until` is said, where the officer is told of it


def refusal(officer: OfficerFacts, lead: LeadFacts, company: CompanyFacts, now: datetime, today: date) -> Refusal | None:
    """The first reason against, None when there is none. `now` is aware; `today` is the team's date, by which licenses end."""
    return judged(lead, company, now, today)(officer)


def judged(lead: LeadFacts, company: CompanyFacts, now: datetime, today: date) -> Callable[[OfficerFacts], Refusal | None]:
    """`refusal` for one officer after the other, where many stand before the same lead."""
    states, purpose = _possible_states(lead), lead.purpose
    open_to_us = [state for state in states if _holds(company.licenses, state, today)]

    def refusal_of(officer: OfficerFacts) -> Refusal | None:
        if not officer.active:
            return Refusal(Reason.INACTIVE)
        if officer.role not in _CLAIMING:
            return Refusal(Reason.ROLE_MAY_NOT_CLAIM, role=officer.role)
        if states:
            for state in open_to_us:
                if state in officer.licenses and ((last_day := officer.licenses[state]) is None or today <= last_day):
                    break
            else:
                return _unlicensed(officer, states, open_to_us)
        if purpose and officer.purposes and purpose not in officer.purposes:
            return Refusal(Reason.PURPOSE_NOT_OFFERED, purpose=purpose)
        if officer.off_until and now < officer.off_until:
            return Refusal(Reason.OFF_DUTY, until=officer.off_until)
        if officer.daily_cap is not None and officer.claimed_today >= officer.daily_cap:
            return Refusal(Reason.OVER_CAP, cap=officer.daily_cap, count=officer.claimed_today)
        if officer.open_without_attempt_cap is not None and officer.without_attempt >= officer.open_without_attempt_cap:
            return Refusal(Reason.OVER_OPEN_CAP, cap=officer.open_without_attempt_cap, count=officer.without_attempt)
        if officer.own_hours is not None and not is_open(now, (officer.own_hours,)):
            return Refusal(Reason.OFF_HOURS)
        return None

    return refusal_of


TELLING = (Reason.COMPANY_NOT_LICENSED, Reason.LICENSE_EXPIRED, Reason.NOT_LICENSED, Reason.PURPOSE_NOT_OFFERED)
"""What stands in the way of a whole team, the most telling first."""


def why_nobody(officers: Iterable[OfficerFacts], lead: LeadFacts, company: CompanyFacts, now: datetime, today: date) -> Refusal | None:
    """Why none of them may take the lead at any hour, however free; None where somebody may."""
    refusal_of = judged(lead, company, now, today)
    refusals = [refusal_of(officer.at_any_hour()) for officer in officers]
    against = [each for each in refusals if each is not None]
    if len(against) < len(refusals):
        return None
    order = {reason: place for place, reason in enumerate(TELLING)}
    return min(against, key=lambda each: order.get(each.reason, len(order)), default=Refusal(Reason.INACTIVE))


def must_ask_state_first(lead: LeadFacts) -> bool:
    """Whether the officer has to ask where the property is before anything else: the license was judged by a guess, or not at all."""
    return not lead.state


def _unlicensed(officer: OfficerFacts, states: Sequence[str], open_to_us: Sequence[str]) -> Refusal:
    """Why somebody without a license in any of the states that the company may work in is refused; there is at least one state."""
    if not open_to_us:
        return Refusal(Reason.COMPANY_NOT_LICENSED, state=states[0])
    if lapsed := [(officer.licenses[state], state) for state in open_to_us if officer.licenses.get(state)]:
        expired_on, state = lapsed[0]
        return Refusal(Reason.LICENSE_EXPIRED, state=state, expired_on=expired_on)
    return Refusal(Reason.NOT_LICENSED, state=open_to_us[0])


def _possible_states(lead: LeadFacts) -> tuple[str, ...]:
    """The property's state; unsaid, what its ZIP tells, and failing that where the phones are from. Empty when nothing tells."""
    if lead.state:
        return (lead.state,)
    by_phone = (state_of_phone(number) for number in lead.phones)
    return states_of_zip(lead.property_zip) or tuple(dict.fromkeys(state for state in by_phone if state))


def _holds(licenses: Licenses, state: str, today: date) -> bool:
    if state not in licenses:
        return False
    last_day = licenses[state]
    return last_day is None or today <= last_day
