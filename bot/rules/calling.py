"""Whether an officer may call a borrower: do-not-call registries, written consent, business relationship, hours and caps."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from bot.rules.compliance import A_DAY, INVITED_FOR, Allowed, Judgement, Refused, Rule, WaitUntil, fullest, window
from bot.rules.consent import CALLS, RECORDINGS, agrees_to
from bot.rules.do_not_call import NATIONAL, Listed, exchange_of, good_until, is_good
from bot.rules.hours import Cap, caps, caps_by_law, needs_written_consent
from bot.rules.zones import Whereabouts

ASKED_FOR = relativedelta(months=3)
"""47 CFR 64.1200(f)(5): so long an inquiry or an application is a business relationship, and a transaction eighteen months."""
FUNDED_FOR = relativedelta(months=18)
NO_CALLS: tuple[Rule, ...] = (
    "call_opted_out", "call_national_registry", "call_state_registry", "call_state_written_consent", "call_registry_missing",
    "call_registry_too_old",
)  # fmt: skip
"""The rules by which nobody may be called, whatever the hour, until they ask us."""
CAPPED: dict[bool, Rule] = {True: "call_3_touches_in_24_hours", False: "call_7_touches_in_7_days"}
"""By whether the cap that is full counts a day at most."""
_ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CalledNumber:
    """A phone of a borrower's (E.164), and what decides whether it may be called though a registry lists it.

    `consented` are the words of what was agreed to in writing on this number, dated and signed as the sources recorded it. `asked_at` is
    when whoever has it last asked us, by a request, a text, an email or a call; `funded_at` when a loan of theirs was funded last. `listed`
    is what the registries say that were imported for its area code. `opted_out_at` is when a text from it, or what it meant, ended all
    marketing there, and `asked_again_at` when they asked us for something since: by a request, a call, or words that do.
    """

    number: str
    consented: str | None = None
    asked_at: datetime | None = None
    funded_at: datetime | None = None
    listed: tuple[Listed, ...] = ()
    opted_out_at: datetime | None = None
    asked_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call that somebody wants to make. `silenced`: a number of theirs is on our own list, and not among the numbers. `touches` are the
    calls and texts to this person that left in the last 7 days, by anybody. `their_loan`: one that is under way is what it is about."""

    whereabouts: Whereabouts
    numbers: tuple[CalledNumber, ...]
    silenced: bool = False
    touches: tuple[datetime, ...] = ()
    their_loan: bool = False


def judge_call(call: Call, now: datetime) -> Judgement:
    """Whether an officer may call now. `now` is aware, else ValueError; the times answered are UTC, each with the zone to say it in."""
    if now.tzinfo is None:
        raise ValueError("The gate needs to know the time zone of now.")
    moment, pushed_by = now.astimezone(UTC), None
    while True:
        open_until = _open_until(call, moment)
        if not isinstance(open_until, datetime):
            return Refused(open_until)
        hours = window(call.whereabouts, moment)
        if hours.opens_at and hours.zone:
            pushed_by = WaitUntil(hours.opens_at, hours.zone, hours.rule)
        elif not (hours.closes_at and hours.zone):
            return Refused(hours.rule)
        else:
            invited_until, full = _invited_until(call, moment), _full(call, moment)
            if full is None:
                busy = invited_until is not None and fullest(caps(), call.touches, moment) is not None
                until = min(hours.closes_at, open_until, *([invited_until] if busy and invited_until else []))
                return pushed_by or Allowed(until.astimezone(UTC), hours.zone)
            pushed_by = WaitUntil(full[0], hours.zone, CAPPED[full[1].period <= A_DAY])
        moment = pushed_by.at


def is_capped(call: Call, now: datetime) -> bool:
    """Whether they were called and texted too often, apart from hours and registries."""
    return _full(call, now) is not None


def forbidden_by(call: Call, now: datetime) -> Rule | None:
    """The rule by which none of the numbers may be called, apart from hours and caps; None where one may."""
    found = _open_until(call, now)
    return None if isinstance(found, datetime) else found


def number_to_call(call: Call, now: datetime) -> str | None:
    """The first of the numbers that may be called, apart from hours and caps."""
    return next((each.number for each in call.numbers if isinstance(_number_open_until(call, each, now), datetime)), None)


def recording_forbidden_by(called: CalledNumber) -> Rule | None:
    """The rule by which no recorded or artificial voice may be heard there, though an officer called by hand; None where one may.

    47 CFR 64.1200(a)(2) and (3): it takes written consent that names such voices, whatever relationship there is.
    """
    agreed = called.consented is not None and agrees_to(RECORDINGS, called.consented)
    return None if agreed else "call_recorded_no_written_consent"


def _open_until(call: Call, now: datetime) -> datetime | Rule:
    """Until when a number of theirs may be called, apart from hours and caps; else the rule against the first."""
    if not call.numbers:
        return "call_own_do_not_call" if call.silenced else "no_phone"
    found = [_number_open_until(call, each, now) for each in call.numbers]
    return next((each for each in found if isinstance(each, datetime)), found[0])


def _number_open_until(call: Call, called: CalledNumber, now: datetime) -> datetime | Rule:
    if called.opted_out_at is not None and not call.their_loan:
        again = called.asked_again_at
        return again + ASKED_FOR if again is not None and called.opted_out_at < again <= now < again + ASKED_FOR else "call_opted_out"
    if exchange_of(called.number) is None or (called.consented is not None and agrees_to(CALLS, called.consented)):
        return _ALWAYS
    related = [at + period for at, period in ((called.asked_at, ASKED_FOR), (called.funded_at, FUNDED_FOR)) if at is not None and at <= now]
    if related and max(related) > now:
        return max(related)
    if not call.their_loan and needs_written_consent(call.whereabouts):
        return "call_state_written_consent"
    if any(each.listed and each.registry != NATIONAL for each in called.listed):
        return "call_state_registry"
    national = next((each for each in called.listed if each.registry == NATIONAL), None)
    if national is None:
        return "call_registry_missing"
    if national.listed:
        return "call_national_registry"
    if not is_good(national.dated, now):
        return "call_registry_too_old"
    return datetime.combine(good_until(national.dated) + timedelta(days=1), time(), UTC)


def _full(call: Call, moment: datetime) -> tuple[datetime, Cap] | None:
    """The cap that is full: of who asked just now only one that is the law where they are."""
    of = caps() if _invited_until(call, moment) is None else caps_by_law(call.whereabouts)
    return fullest(of, call.touches, moment)


def _invited_until(call: Call, moment: datetime) -> datetime | None:
    """Until when a call answers what they asked just now; None where they did not."""
    asked = [each.asked_at for each in call.numbers if each.asked_at is not None and each.asked_at <= moment]
    until = max(asked) + INVITED_FOR if asked else None
    return until if until is not None and until > moment else None
