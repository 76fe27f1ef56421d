"""Rates: a manager or a file sets them, officers keep what borrowers pay or wait for, and see whom to call about it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.leads.press import Press
from bot.leads.working import NotWorked, allowed
from bot.rules.rates import (
    PRODUCTS,
    REST,
    SETTLES,
    Said,
    balance_of,
    begun,
    is_leap,
    product_of,
    read_said,
    worth_at,
)
from bot.rules.roles import Role, may
from bot.services import Services
from bot.store.events import COMPANY, Fact, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.leads import borrower_of
from bot.store.people import doer, zone_of
from bot.store.places import KnownOfficer
from bot.store.rates import (
    FUNDED,
    InForce,
    ToCall,
    Waits,
    drop_waits,
    keep_waits,
    rate_in_force,
    rates_in_force,
    set_rate,
    to_call,
    waits_of,
)
from bot.store.seen import once
from bot.store.views import LeadView, lead_view

SHOWN = 10
Kept = Literal["target", "note"]


@dataclass(frozen=True, slots=True)
class RateSet:
    """The rate is in force from now on; None before it where there was none."""

    product: str
    rate: int
    before: int | None
    kind: Literal["rate_set"] = "rate_set"


@dataclass(frozen=True, slots=True)
class RateStands:
    """It was that rate already: nothing changed."""

    product: str
    rate: int
    kind: Literal["rate_stands"] = "rate_stands"


@dataclass(frozen=True, slots=True)
class RateLeaps:
    """It is so far from the one before that it may be a slip: nothing changed until they say that they are sure."""

    product: str
    rate: int
    before: int
    kind: Literal["rate_leaps"] = "rate_leaps"


@dataclass(frozen=True, slots=True)
class NoRateRead:
    """The words are no rate with what belongs to it; nothing changed."""

    lead: int
    wanted: Literal["set", "target", "note"]
    kind: Literal["no_rate_read"] = "no_rate_read"


@dataclass(frozen=True, slots=True)
class MayNotSetRates:
    role: Role
    kind: Literal["may_not_set_rates"] = "may_not_set_rates"


@dataclass(frozen=True, slots=True)
class RateKept:
    """What a borrower waits for, or pays, is kept; it is worth a talk at or below `worth_at`, which `now` may be already."""

    lead: int
    what: Kept
    product: str
    rate: int
    balance: int | None
    worth_at: int
    now: int | None
    kind: Literal["rate_kept"] = "rate_kept"


@dataclass(frozen=True, slots=True)
class RateKnown:
    """What is kept of a lead's rates, which nobody changed."""

    lead: int
    product: str
    target: int | None
    note: int | None
    balance: int | None
    worth_at: int
    kind: Literal["rate_known"] = "rate_known"


@dataclass(frozen=True, slots=True)
class RateForgotten:
    """The lead waits for no rate any more; False where it waited for none."""

    lead: int
    waited: bool
    kind: Literal["rate_forgotten"] = "rate_forgotten"


RateOutcome = RateSet | RateStands | RateLeaps | NoRateRead | MayNotSetRates | RateKept | RateKnown | RateForgotten | NotWorked
_answers: TypeAdapter[RateOutcome] = TypeAdapter(RateOutcome)


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates in force; `zone` is by whose clocks this person lives."""

    in_force: tuple[InForce, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class CallList:
    """Whom to call about rates, so many, and the first of them."""

    many: int
    rows: tuple[tuple[LeadView, ToCall], ...]


async def look(services: Services, person: KnownOfficer) -> Rates:
    """The rates of today, in the order in which products are named."""
    return await services.store.read(_rates_for, person.id)


async def set_one(services: Services, pressed: Press, words: str) -> RateOutcome:
    """Set the rate that these words tell, such as "30y 6.25"."""
    outcome = await services.store.transact(set_rate_of, pressed, words)
    services.owed.set()
    return outcome


async def keep(services: Services, pressed: Press, what: Kept, words: str) -> RateOutcome:
    """Keep that a lead's borrower waits for the rate that these words tell, or pays it; without words, what is kept."""
    outcome = await services.store.transact(keep_rate_of, pressed, what, words)
    services.owed.set()
    return outcome


async def forget(services: Services, pressed: Press) -> RateOutcome:
    """A lead waits for no rate any more."""
    return await services.store.transact(forget_rate_of, pressed)


async def call_list(services: Services, person: KnownOfficer) -> CallList:
    """Whom this person was told to call about rates, and nobody tried since."""
    return await services.store.read(_call_list, person.id, services.clock.now())


def _rates_for(session: Session, officer_id: int) -> Rates:
    rates = rates_in_force(session)
    return Rates(tuple(rates[product] for product in PRODUCTS if product in rates), zone_of(session, officer_id))


def set_rate_of(session: Session, by: Press, words: str) -> RateOutcome:
    """The transaction of a rate that somebody sets."""

    def decide() -> RateOutcome:
        person = doer(session, by.officer_id)
        if not (person.active and may(person.role, "set_rates")):
            return MayNotSetRates(person.role)
        said = read_said(words)
        if said is None or said.product is None or said.balance is not None:
            return NoRateRead(COMPANY, "set")
        outcome = _judged(session, said.product, said)
        if isinstance(outcome, RateSet):
            _put_in_force(session, outcome, by.at, by.salt, f"officer:{person.key}", by.officer_id)
        return outcome

    return once(session, by.delivery, by.at, _answers, decide)


def _judged(session: Session, product: str, said: Said) -> RateSet | RateStands | RateLeaps:
    before = rate_in_force(session, product)
    if before == said.rate:
        return RateStands(product, said.rate)
    if before is not None and is_leap(said.rate, before) and not said.sure:
        return RateLeaps(product, said.rate, before)
    return RateSet(product, said.rate, before)


def _put_in_force(session: Session, new: RateSet, at: datetime, salt: str, actor: str, officer_id: int | None) -> None:
    set_rate(session, new.product, new.rate, at, at + SETTLES, officer_id)
    meta = {"product": new.product, "rate": new.rate, "before": new.before}
    append_event(session, COMPANY, Fact("rate_set", actor, at, meta, officer_id=officer_id), salt)


def set_from_file(session: Session, rates: dict[str, int], at: datetime, salt: str) -> list[RateSet | RateStands | RateLeaps]:
    """Set the rates of a file, by product, all of them or none: where one leaps, nothing changes. What is in force already stays."""
    judged = [_judged(session, product, Said(rate)) for product, rate in rates.items()]
    if not any(isinstance(each, RateLeaps) for each in judged):
        for new in judged:
            if isinstance(new, RateSet):
                _put_in_force(session, new, at, salt, "command line", None)
    return judged


def keep_rate_of(session: Session, by: Press, what: Kept, words: str) -> RateOutcome:
    """The transaction of what a borrower waits for, or pays. The figures are personal, and stand in no event's metadata."""

    def decide() -> RateOutcome:
        refused, row, person = allowed(session, by, leaders_too=True)
        if refused is not None:
            return refused
        keep_last_opened(session, by.officer_id, by.lead, by.at)
        known, said = waits_of(session, by.lead), read_said(words)
        if known is not None and not words.strip():
            return RateKnown(by.lead, known.product, known.target, known.note, known.balance, known.watch.worth_at)
        if said is None or said.sure:
            return NoRateRead(by.lead, what)
        lead = lead_view(session, by.lead)
        assert lead is not None, "its row was just locked"
        if known is not None and row.stage == FUNDED and what == "note":
            known = replace(known, target=None, balance=None)  # of the loan that this one took the place of
        waits = _waits(session, lead, known, what, said, by.at)
        keep_waits(session, waits)
        body = {"product": waits.product, "rate": said.rate, "balance": waits.balance}
        fact = Fact(
            f"rate_{what}", f"officer:{person.key}", by.at, {"officer": person.name, "product": waits.product},
            officer_id=by.officer_id, subject_id=borrower_of(session, by.lead), body=body,
        )  # fmt: skip
        append_event(session, by.lead, fact, by.salt)
        now = rate_in_force(session, waits.product)
        return RateKept(by.lead, what, waits.product, said.rate, waits.balance, waits.watch.worth_at, now)

    return once(session, by.delivery, by.at, _answers, decide)


def _waits(session: Session, lead: LeadView, known: Waits | None, what: Kept, said: Said, at: datetime) -> Waits:
    """What the lead waits for from now on; whoever says so wants to hear of it anew."""
    product = said.product or (known.product if known else product_of(lead.details))
    target = said.rate if what == "target" else known.target if known else None
    note = said.rate if what == "note" else known.note if known else None
    balance = said.balance or (known.balance if known else None) or balance_of(lead.details)
    worth = worth_at(target, note)
    assert worth is not None, "one of them was just said"
    before = rate_in_force(session, product)
    return Waits(lead.number, product, target, note, balance, before, at, begun(worth), None, None)


def forget_rate_of(session: Session, by: Press) -> RateOutcome:
    """The transaction of forgetting."""

    def decide() -> RateOutcome:
        refused, _, person = allowed(session, by, leaders_too=True)
        if refused is not None:
            return refused
        keep_last_opened(session, by.officer_id, by.lead, by.at)
        waited = drop_waits(session, by.lead)
        if waited:
            fact = Fact("rate_forgotten", f"officer:{person.key}", by.at, {"officer": person.name}, officer_id=by.officer_id)
            append_event(session, by.lead, fact, by.salt)
        return RateForgotten(by.lead, waited)

    return once(session, by.delivery, by.at, _answers, decide)


def _call_list(session: Session, officer_id: int, now: datetime) -> CallList:
    found = to_call(session, officer_id, now - REST)
    leads = ((lead_view(session, each.waits.lead_id), each) for each in found[:SHOWN])
    return CallList(len(found), tuple((lead, each) for lead, each in leads if lead is not None))
