"""When a borrower may be called or texted: the legal hours of every place the borrower may be in, consent and touch caps."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.rules.consent import NAMES_TEXTS, TEXTS, agrees_to
from bot.rules.hours import (
    CALL_BY_HAND,
    SMS,
    UNKNOWN_PLACE,
    Cap,
    Hours,
    call_hours,
    caps,
    caps_by_law,
    next_closing,
    next_common_opening,
    sms_hours,
)
from bot.rules.spoken import time_of_day
from bot.rules.zones import Whereabouts, candidate_zones

Rule = Literal[
    "call_by_hand_8_to_20",
    "call_state_hours",
    "unknown_place_12_to_18_eastern_weekdays",
    "no_common_hour",
    "no_phone",
    "call_own_do_not_call",
    "call_national_registry",
    "call_state_registry",
    "call_state_written_consent",
    "call_registry_missing",
    "call_registry_too_old",
    "call_recorded_no_written_consent",
    "call_opted_out",
    "call_3_touches_in_24_hours",
    "call_7_touches_in_7_days",
    "sms_9_to_20_sunday_12_to_18",
    "sms_state_hours",
    "sms_federal_holiday",
    "sms_3_touches_in_24_hours",
    "sms_7_touches_in_7_days",
    "sms_suppressed",
    "sms_no_consent",
    "sms_consent_names_no_texts",
    "sms_consent_has_no_time",
    "sms_consent_is_for_another_number",
    "sms_consent_names_other_sellers",
    "sms_unknown_place",
]

Kind = Literal["marketing", "conversation"]

# An answer inside the conversation is widely held to be invited "within minutes"; no rule puts a number to it.
A_DAY = timedelta(hours=24)
INVITED_FOR = timedelta(minutes=30)
# Who writes first asks to be answered: the FCC (July 10, 2015) calls such a text the fulfillment of a request. That three days are prompt
# enough, to reach over a holiday, is our choice.
WROTE_FIRST_FOR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Window:
    """The legal hours as they stand now. Open: `closes_at` is the first moment not allowed. Closed: `opens_at` is the next one that is,
    None when there is none. `zone` is the one whose clock decides that moment; `zones` are all that were heeded. Times are UTC."""

    open: bool
    closes_at: datetime | None
    opens_at: datetime | None
    zone: str | None
    zones: tuple[str, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Allowed:
    until: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class WaitUntil:
    at: datetime
    zone: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Refused:
    rule: Rule


Judgement = Allowed | WaitUntil | Refused


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to, as recorded: the words shown, when, for which number (E.164), and whether a vendor's words name us. What is
    missing is not consent."""

    given: bool | None
    text: str | None
    given_at: datetime | None
    number: str | None
    names_us: bool = True


@dataclass(frozen=True, slots=True)
class Sms:
    """The facts about a text that somebody or something wants to send.

    `kind` is conversation for an officer's own answer, marketing for all that leaves by itself. `touches` are the calls and texts to this
    person that left in the last 7 days, by anybody. `borrower_wrote_at` is when the newest text from this number arrived.
    """

    kind: Kind
    number: str | None
    whereabouts: Whereabouts
    consents: tuple[Consent, ...] = ()
    suppressed: bool = False
    touches: tuple[datetime, ...] = ()
    borrower_wrote_at: datetime | None = None


def judge_sms(sms: Sms, now: datetime) -> Judgement:
    """Whether this text may leave now. `now` is aware, else ValueError; the times answered are UTC, each with the zone to say it in.

    An officer's answer within `INVITED_FOR` of the borrower's own text needs neither consent nor hours and heeds only caps that are the law
    where they are, as a call does; within `WROTE_FIRST_FOR` it needs no other consent. Nothing lifts a suppression.
    """
    if now.tzinfo is None:
        raise ValueError("The gate needs to know the time zone of now.")
    if not sms.number:
        return Refused("no_phone")
    if sms.suppressed:
        return Refused("sms_suppressed")
    place = replace(sms.whereabouts, phones=tuple(dict.fromkeys((*sms.whereabouts.phones, sms.number))))
    zones = candidate_zones(place)
    uninvited = _judge_uninvited(sms, sms.number, place, zones, now.astimezone(UTC))
    if sms.kind != "conversation" or not sms.borrower_wrote_at or not sms.borrower_wrote_at <= now < sms.borrower_wrote_at + INVITED_FOR:
        return uninvited
    until, zone = (sms.borrower_wrote_at + INVITED_FOR).astimezone(UTC), zones[0] if zones else "America/New_York"
    full = fullest(caps_by_law(place), sms.touches, now)
    if full is not None:
        return WaitUntil(full[0], zone, _capped_by(full[1])) if full[0] < until else uninvited
    return uninvited if isinstance(uninvited, Allowed) and uninvited.until > until else Allowed(until, zone)


def window(whereabouts: Whereabouts, now: datetime) -> Window:
    """The window for a call by hand: 8:00 to 20:00 and the hours of each state, in every zone the borrower may be in; Eastern weekday
    afternoons when no zone is known.

    `now` must be aware, else ValueError.
    """
    if now.tzinfo is None:
        raise ValueError("The window needs to know the time zone of now.")
    zones, hours, rule = legal_hours(whereabouts)
    now = now.astimezone(UTC)
    found = _window(now, zones, hours, rule)
    if rule == "call_by_hand_8_to_20" and _opens_later(found, _window(now, zones, CALL_BY_HAND, rule)):
        return replace(found, rule="call_state_hours")
    return found


def legal_hours(whereabouts: Whereabouts) -> tuple[tuple[str, ...], Hours, Rule]:
    """The zones to heed, the local hours that have to hold in every one of them, and the rule that asks for it."""
    zones = candidate_zones(whereabouts)
    if zones:
        return zones, call_hours(whereabouts), "call_by_hand_8_to_20"
    return ("America/New_York",), UNKNOWN_PLACE, "unknown_place_12_to_18_eastern_weekdays"


def clock_words(at: datetime, zone: str, language: str, *, short: bool = False) -> str:
    """The time of day there: "8:00 pm CT", or short "8 pm CT" (minutes stay when there are any)."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{time_of_day(local.hour, local.minute, language, short=short)} {zone_abbreviation(zone, at)}"


def zone_abbreviation(zone: str, at: datetime) -> str:
    """What Americans call the zone all year round: "CT", but "MST" for Phoenix and "AST" for Puerto Rico, where no clock is changed."""
    there = ZoneInfo(zone)
    name = at.astimezone(there).tzname() or zone
    clock_is_changed = datetime(at.year, 1, 1, tzinfo=there).utcoffset() != datetime(at.year, 7, 1, tzinfo=there).utcoffset()
    return _ALL_YEAR.get(name, name) if clock_is_changed or name == "HST" else name


_ALL_YEAR = {f"{zone}{season}": f"{zone}T" for zone in ("E", "C", "M", "P", "AK", "H", "A", "N") for season in ("ST", "DT")}


def _judge_uninvited(sms: Sms, number: str, place: Whereabouts, zones: tuple[str, ...], now: datetime) -> Judgement:
    lacking = _lacking_consent(sms.consents, number, now)
    answers = sms.kind == "conversation" and sms.borrower_wrote_at and sms.borrower_wrote_at <= now
    answered_until = sms.borrower_wrote_at + WROTE_FIRST_FOR if answers and sms.borrower_wrote_at else now
    if lacking and answered_until <= now:
        return Refused(lacking)
    if not zones:
        return Refused("sms_unknown_place")
    hours, moment = sms_hours(place), now
    pushed_by: WaitUntil | None = None
    while True:
        hours_now = _window(moment, zones, hours, "sms_9_to_20_sunday_12_to_18")
        if hours_now.opens_at and hours_now.zone:
            pushed_by = WaitUntil(hours_now.opens_at, hours_now.zone, _why_closed(moment, zones, hours, hours_now))
        elif not (hours_now.closes_at and hours_now.zone):
            return Refused("no_common_hour")
        elif (full := full_cap(sms.touches, moment)) is None:
            return pushed_by or Allowed(hours_now.closes_at, hours_now.zone)
        else:
            pushed_by = WaitUntil(full[0], zones[0], full[1])
        moment = pushed_by.at
        if lacking and moment >= answered_until:
            return Refused(lacking)


def _lacking_consent(consents: tuple[Consent, ...], number: str, now: datetime) -> Rule | None:
    """What is missing from the consent that comes closest; None when one is complete."""
    given = [consent for consent in consents if consent.given]
    if not given:
        return "sms_no_consent"
    naming = [consent for consent in given if consent.text and agrees_to(TEXTS, consent.text)]
    if not naming:
        refused = any(consent.text and NAMES_TEXTS.search(consent.text) for consent in given)
        return "sms_no_consent" if refused else "sms_consent_names_no_texts"
    timed = [consent for consent in naming if consent.given_at and consent.given_at <= now]
    if not timed:
        return "sms_consent_has_no_time"
    here = [consent for consent in timed if consent.number == number]
    if not here:
        return "sms_consent_is_for_another_number"
    return None if any(consent.names_us for consent in here) else "sms_consent_names_other_sellers"


def _opens_later(found: Window, without: Window) -> bool:
    """Whether it is closed where it would be open under the wider hours, or would open sooner."""
    if found.open or found.opens_at is None:
        return False
    return without.open or (without.opens_at is not None and without.opens_at < found.opens_at)


def _why_closed(moment: datetime, zones: tuple[str, ...], hours: Hours, found: Window) -> Rule:
    """The rule without which it would open sooner."""
    rules: tuple[tuple[Hours, Rule], ...] = ((hours.also_on_holidays(), "sms_federal_holiday"), (SMS, "sms_state_hours"))
    for wider, rule in rules:
        if _opens_later(found, _window(moment, zones, wider, rule)):
            return rule
    return "sms_9_to_20_sunday_12_to_18"


def full_cap(touches: tuple[datetime, ...], moment: datetime) -> tuple[datetime, Rule] | None:
    """When the cap that stays full the longest has room again, and that cap; None when one more touch is fine."""
    full = fullest(caps(), touches, moment)
    return None if full is None else (full[0], _capped_by(full[1]))


def _capped_by(cap: Cap) -> Rule:
    return "sms_3_touches_in_24_hours" if cap.period <= A_DAY else "sms_7_touches_in_7_days"


def fullest(of: Iterable[Cap], touches: tuple[datetime, ...], moment: datetime) -> tuple[datetime, Cap] | None:
    """Of these caps the one that stays full the longest, and when it has room again."""
    full = [(at, each) for each in of if (at := room_at(touches, moment, each.most, each.period)) is not None]
    return max(full, key=_until, default=None)


def _until(full: tuple[datetime, Cap]) -> datetime:
    return full[0]


def room_at(touches: tuple[datetime, ...], moment: datetime, most: int, period: timedelta) -> datetime | None:
    """When there is room for one more touch where there are so many at most in any such period; None when there is at this moment."""
    counted = sorted(touch for touch in touches if touch > moment - period)
    return counted[-most].astimezone(UTC) + period if len(counted) >= most else None


def _window(now: datetime, zones: tuple[str, ...], hours: Hours, rule: Rule) -> Window:
    opening = next_common_opening(now, zones, hours)
    if opening is None:
        return Window(False, None, None, None, zones, "no_common_hour")
    opens_at, opening_zone = opening
    if opens_at > now:
        return Window(False, None, opens_at, opening_zone, zones, rule)
    closes_at, closing_zone = next_closing(now, zones, hours)
    return Window(True, closes_at, None, closing_zone, zones, rule)
