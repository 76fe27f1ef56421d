"""The facts that sentences about a lead are made of, and how much of them a shared room may see."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.config.vocabulary import STATES
from bot.outreach.calls import CallSheet, call_sheet, whereabouts_of
from bot.rendering import LANGUAGES, labels
from bot.rules.calling import NO_CALLS
from bot.rules.compliance import clock_words
from bot.rules.eligibility import LeadFacts, Refusal, must_ask_state_first
from bot.rules.phones import national
from bot.rules.redaction import without_contact
from bot.rules.routing import GIVEN_OUT
from bot.rules.spoken import full_day, long_day, short_day
from bot.rules.text import initial_name, one_line
from bot.rules.when import said_in_full
from bot.rules.zones import candidate_zones
from bot.store.leads import ENDED_STAGES, WrittenLead
from bot.store.views import LeadView

InLanguage = Callable[[str], str]


def choice_in_words(said: str | None, language: str) -> str | None:
    """A time frame or a credit band as the language calls it, within a line; English and the borrower's own words as they are kept."""
    known = labels(language)("form_choice", said) if said and language != "en" else said
    return known if known in (None, said) else f"{known[:1].lower()}{known[1:]}"


def shared_facts(lead: LeadView, now: datetime) -> dict[str, Any]:
    """What a channel may read: a first name with an initial, never a phone, an email or a street."""
    details, nobody = lead.details, labels(lead.language)("borrower", "unknown")
    calling = call_sheet(lead, now)
    return {
        "number": lead.number,
        "grade": lead.grade,
        "purpose": lead.purpose,
        "amount": lambda language: amount(details, language, "loan_amount", "purchase_price", "property_value"),
        "where": where(lead),
        "city": shared_text(details.get("property_city"), 40),
        "time_frame": lambda language: shared_text(choice_in_words(details.get("time_frame"), language), 24),
        "name": initial_name(lead.first_name, lead.last_name, nobody) if lead.masked else full_name(lead),
        "wants_call_now": any(reason.code == "wants_call_now" for reason in lead.reasons),
        "source": one_line(lead.source, 40),
        "has_phone": bool(lead.phones),
        "has_email": bool(lead.emails),
        "silenced": lead.silenced,
        "no_calls": calling.refused if calling.refused in NO_CALLS else None,
        "ask_state": must_ask_state_first(LeadFacts(lead.state)),
        "open_until": calling.open_until and said(calling.open_until, calling, short=True),
        "opens_at": calling.opens_at and said(calling.opens_at, calling, short=True),
        "capped": calling.capped,
        "opens_here": calling.opens_at and here(calling.opens_at, calling.zone, lead.time_zone),
        "arrived_at": lead.arrived_at,
        "zone": lead.time_zone,
        "passes": partial(_passes, lead),
        "owner": lead.owner_name and one_line(lead.owner_name, 60),
        "closed": lead.stage if lead.stage in ENDED_STAGES else None,
        "older": lead.link and lead.link.number,
        "older_name": lead.link and initial_name(lead.link.first_name, lead.link.last_name, nobody),
        "joined": bool(lead.link and lead.link.answer == "same_request"),
        "next_touch": lead.next_touch and lead.stage not in ENDED_STAGES and partial(said_in_full, lead.next_touch, lead.time_zone, now),
        "waits_since": lead.waits_since,
        "booked": lead.booked_for and lead.owner_id is None and partial(_booked, lead.booked_for, lead.time_zone, now),
        "booker": lead.booker and one_line(lead.booker, 60),
        "seconds": lead.claimed_after,
        "given_out": lead.route is not None and lead.route.mode in GIVEN_OUT,  # so that its owner may have claimed nothing
    }


def night_facts(lead: LeadView, rings_at: datetime, now: datetime) -> dict[str, Any]:
    """When a lead that came at night rings, on the borrower's clock where we know it, with the day where that is not the next morning."""
    zones = candidate_zones(whereabouts_of(lead))
    zone = zones[0] if zones else lead.time_zone
    there = ZoneInfo(zone)
    days = (rings_at.astimezone(there).date() - now.astimezone(there).date()).days
    return {
        "rings_at": partial(clock_words, rings_at, zone),
        "their_time": bool(zones),
        "rings_on": rings_at.astimezone(there) if days > 1 else None,
    }


def push_facts(lead: LeadView, facts: dict[str, Any]) -> dict[str, Any]:
    """The same facts for a push text, which a locked phone shows to anybody: never a whole name, also where the team shows it."""
    return {**facts, "name": initial_name(lead.first_name, lead.last_name, labels(lead.language)("borrower", "unknown"))}


def own_facts(lead: LeadView, now: datetime) -> dict[str, Any]:
    """What the owner reads on top: the whole name, the email, and the number while calling is allowed."""
    calling = call_sheet(lead, now)
    return {
        **shared_facts(lead, now),
        "full_name": full_name(lead),
        "first_name": one_line(lead.first_name or "", 30),
        "phone": calling.number,
        "national": national(calling.number) if calling.number else None,
        "email": lead.emails[0] if lead.emails else None,
        "open_until": calling.open_until and said(calling.open_until, calling),
        "opens_at": calling.opens_at and said(calling.opens_at, calling),
    }


def spoken_facts(lead: LeadView) -> dict[str, object]:
    """What is said aloud of a lead: nothing of its borrower. Its number is said digit by digit."""
    state = lead.state and STATES.get(lead.state, lead.state)
    return {"number": " ".join(str(lead.number)), "purpose": lead.purpose, "state": state, "grade": lead.grade}


def said(at: datetime, calling: CallSheet, *, short: bool = False) -> InLanguage:
    """A moment of the calling window on the borrower's clock, with its day where a full cap decides it."""
    zone = calling.zone or "UTC"
    if calling.capped is None:
        return partial(clock_words, at, zone, short=short)
    day = at.astimezone(ZoneInfo(zone)).date()
    return lambda language: f"{clock_words(at, zone, language, short=short)}, {short_day(day, language)}"


def here(at: datetime, there: str | None, zone: str) -> InLanguage | None:
    """A moment on the team's own clock; None where the borrower's shows the same."""
    same = there is not None and at.astimezone(ZoneInfo(there)).utcoffset() == at.astimezone(ZoneInfo(zone)).utcoffset()
    return None if same else partial(clock_words, at, zone)


def answered_in(lead: LeadView | WrittenLead) -> str:
    """The language in which the borrower is answered: what an officer chose, else what the borrower stated or wrote."""
    return str(lead.details.get("replies_in") or lead.details.get("language") or "en")


def letters_in(lead: LeadView | WrittenLead) -> str:
    """The language of ours that comes closest to it."""
    return answered_in(lead) if answered_in(lead) in LANGUAGES else "en"


def full_name(lead: LeadView) -> str:
    name = one_line(" ".join(part for part in (lead.first_name, lead.last_name) if part), 60)
    return name or labels(lead.language)("borrower", "unknown")


def where(lead: LeadView) -> str:
    """Austin TX, or what is known of it."""
    city = shared_text(lead.details.get("property_city"), 24)
    return " ".join(part for part in (city, lead.state) if part)


def amount(details: Any, language: str, *fields: str) -> str | None:
    """The first known one of the record's amounts in few characters: $310k, $250k-$300k, $500k or more."""
    for field in fields:
        low, high = details.get(f"{field}_low"), details.get(f"{field}_high")
        if low is None and high is None:
            continue
        if low is None:
            return f"{labels(language)('amount', 'up_to')} {_short(high)}"
        if high is None:
            return f"{_short(low)} {labels(language)('amount', 'or_more')}"
        return _short(low) if low == high else f"{_short(low)}-{_short(high)}"
    return None


def _passes(lead: LeadView, language: str) -> list[str]:
    return [f"{one_line(name, 40)} ({labels(language)('passed_because', reason)})" for name, reason in lead.passes]


def _booked(at: datetime, zone: str, now: datetime, language: str) -> str:
    """4:30 pm CT where that is today."""
    there = ZoneInfo(zone)
    today = at.astimezone(there).date() == now.astimezone(there).date()
    return clock_words(at, zone, language) if today else said_in_full(at, zone, now, language)


def _short(amount: int) -> str:
    if amount >= 1_000_000:
        return f"${amount / 1_000_000:.2f}".rstrip("0").rstrip(".") + "M"
    return f"${amount / 1_000:.0f}k" if amount >= 1_000 else f"${amount}"


def shared_text(value: Any, limit: int) -> str | None:
    """What a stranger typed, on one line, without phone numbers, account numbers and emails; None when there is nothing."""
    return _shared(str(value)[:400], limit) if value else None


@lru_cache(maxsize=2048)
def _shared(text: str, limit: int) -> str:
    """Looked through once: that is half of the work on a card, and a card is drawn several times."""
    return one_line(without_contact(text), limit)


def _back_at(until: datetime, zone: str, language: str) -> str:
    """Friday, November 27, 7:00 pm CT."""
    return f"{full_day(until.astimezone(ZoneInfo(zone)), language)}, {clock_words(until, zone, language)}"


def refusal_facts(because: Refusal) -> dict[str, Any]:
    """Why somebody may not take a lead."""
    return {
        "reason": because.reason,
        "role": because.role,
        "state": because.state,
        "purpose": because.purpose,
        "cap": because.cap,
        "claims": because.count,
        "oldest": because.oldest,
        "expired_on": because.expired_on and partial(long_day, because.expired_on),
        "until": because.until and because.zone and partial(_back_at, because.until, because.zone),
    }
