"""The values a config is made of: states, time zones, languages, phones, dates, keys; each says what to write when it is wrong."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, get_args
from zoneinfo import available_timezones

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from bot.config.problems import closest, repeatable, say, shown
from bot.config.vocabulary import LANGUAGES, SPOKEN_ZONES, STATES, US_TIME_ZONES
from bot.rules.cadence import LAST_DAY
from bot.rules.forms import FORM_KINDS, FormKind
from bot.rules.roles import Role
from bot.rules.scoring import Grade as LeadGrade
from bot.rules.scoring import Intent as LeadIntent
from bot.sources.new_lead import PropertyType as TypeOfProperty
from bot.sources.new_lead import PropertyUse as UseOfProperty
from bot.sources.new_lead import Purpose as LoanPurpose

ENVIRONMENT_NAME = re.compile("[A-Z][A-Z0-9_]{1,99}")
_EMAIL = re.compile(r"(?=[^@]{1,64}@)[a-z0-9!#$%&'*+/=?^_{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_{|}~-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


def one_of(what: str, values: Mapping[str, str]) -> BeforeValidator:
    """Accepts the keys of `values` in any case. Their names there only serve the suggestion."""
    by_word = {value.lower(): value for value in values}
    meanings = {name.lower(): value for value, name in values.items()} | by_word

    def check(written: object) -> str:
        value = by_word.get(str(written).strip().lower())
        if value is None:
            raise say(f"{shown(written)} is not {what}.", values, closest(str(written), meanings))
        return value

    return BeforeValidator(check)


def _words(values: tuple[str, ...]) -> dict[str, str]:
    return {value: value.replace("_", " ") for value in values}


def _text(written: object) -> str:
    """One line; several lines, as of an address, are joined by commas."""
    if not isinstance(written, str) or not written.strip():
        raise say("This is empty or not a text. Write a text on this line.")
    text = ", ".join(line.strip() for line in written.splitlines() if line.strip())
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in text):
        raise say("There is an invisible character in this text. Type it again.")
    return text


def slug(text: str) -> str:
    """The key that comes nearest to a text: lower-case letters, digits and hyphens, at most 40."""
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")[:40]


def _key(written: object) -> str:
    text = str(written)
    if not isinstance(written, str) or not re.fullmatch("[a-z0-9-]{1,40}", text):
        message = f"{shown(written)} cannot be a key. A key has 1 to 40 lower-case letters, digits and hyphens, and is never changed later."
        raise say(message, suggestion=slug(text) if repeatable(text) else None)
    return text


def _pattern(pattern: str, message: str) -> BeforeValidator:
    """Accepts what fits the pattern; the message never repeats the value."""

    def check(written: object) -> str:
        text = written.strip() if isinstance(written, str) else ""
        if not re.fullmatch(pattern, text):
            raise say(message)
        return text

    return BeforeValidator(check)


def _environment_name(written: object) -> str:
    if not isinstance(written, str) or not ENVIRONMENT_NAME.fullmatch(written):
        raise say("Write the name of an environment variable, such as LEADBELL_KEY_ZILLOW, and keep the secret itself in that variable.")
    return written


def _slack_channel(written: object) -> str:
    text = written.strip() if isinstance(written, str) else ""
    if re.fullmatch("[CG][A-Z0-9]{2,20}", text) or (re.fullmatch(r"#[\w-]{1,80}", text) and text == text.lower()):
        return text
    name = re.sub("[^a-z0-9_-]+", "-", text.lower()).strip("-")[:80] if repeatable(text) else ""
    message = f"{shown(text)} is not a Slack channel. Write its name with # and in quotes, or its id, which begins with C."
    raise say(message, suggestion=f'"#{name}"' if name else None)


def _email(written: object, info: ValidationInfo) -> str:
    if info.mode == "json":  # from canonical text
        return str(written)
    if not isinstance(written, str) or not _EMAIL.fullmatch(written.strip()):
        raise say("This is not an email address. Write one such as maya@acme.example.")
    return written.strip().lower()


def _phone(written: object) -> str:
    try:
        number = phonenumbers.parse(str(written), "US")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise say("This is not a phone number. Write it with the area code, such as (512) 555-0100.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_day(written: object) -> date:
    """Raises what says how to write a date."""
    text = str(written).strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        raise say(f"{shown(text)} is not a day of the calendar. Write a date such as 2027-12-31.") from None
    raise say(f"{shown(text)} is not a date in the form year-month-day, such as 2027-12-31.", suggestion=_american_date(text))


def _american_date(text: str) -> str | None:
    try:
        return datetime.strptime(text, "%m/%d/%Y").date().isoformat()
    except ValueError:
        return None


def _whole(low: int, high: int, unit: str) -> BeforeValidator:
    def check(written: object) -> int:
        if isinstance(written, int):  # from canonical text
            return written
        text = str(written).strip()
        if re.fullmatch(r"\d{1,9}", text, re.ASCII) and low <= int(text) <= high:
            return int(text)
        bare = re.sub(r"(?<=\d)k$", "000", re.sub(r"[$,%\s]|\.0*$", "", text.lower()))
        meant = bare if bare != text and re.fullmatch(r"\d{1,9}", bare, re.ASCII) and low <= int(bare) <= high else None
        raise say(f"{shown(text)} is not a whole number of {unit} from {low:,} to {high:,}.", suggestion=meant)

    return BeforeValidator(check)


def _worth(written: object) -> int:
    """Points that may be taken as well as given."""
    if isinstance(written, int):  # from canonical text
        return written
    text = str(written).strip()
    if re.fullmatch(r"[+-]?\d{1,3}", text, re.ASCII) and -100 <= int(text) <= 100:
        return int(text)
    raise say(f"{shown(text)} is not a whole number of points from -100 to 100.")


def _flag(written: object) -> bool:
    if isinstance(written, bool):  # from canonical text
        return written
    meant = {"true": True, "yes": True, "false": False, "no": False}.get(str(written).strip().lower())
    if meant is None:
        raise say(f"{shown(written)} is neither true nor false.", ("true", "false"))
    return meant


@cache
def _time_zones() -> tuple[frozenset[str], dict[str, str]]:
    """IANA names of places, and what people write instead. EST and its like are left out: they never change to daylight time."""
    oceans_and_continents = "(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/"
    places = frozenset(zone for zone in available_timezones() if re.match(oceans_and_continents, zone))
    by_city = {zone.rsplit("/", 1)[1].lower().replace("_", " "): zone for zone in sorted(places) + list(US_TIME_ZONES)}
    return places, by_city | SPOKEN_ZONES | {zone.lower(): zone for zone in sorted(places)}


def _time_zone(written: object) -> str:
    places, meanings = _time_zones()
    text = str(written).strip()
    if text not in places:
        spoken = re.sub(r"^us/| time( zone)?$", "", text.lower())
        message = f"{shown(written)} is not a time zone of a place. Other IANA names than these are fine too."
        raise say(message, US_TIME_ZONES, closest(spoken, meanings))
    return text


def many(written: object) -> object:
    """One value may stand without a list."""
    return [written] if isinstance(written, str) else written


def at_least_one(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuses an empty list."""
    if not values:
        raise say("This list is empty. It needs at least one entry.")
    return values


def without_repeats(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values once each, in their order."""
    return tuple(dict.fromkeys(values))


Text = Annotated[str, BeforeValidator(_text)]
Key = Annotated[str, BeforeValidator(_key)]
_HERE = r"http://(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?"  # on one's own machine nothing is overheard
_OVER_TLS = r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?"
Site = Annotated[str, _pattern(f"{_OVER_TLS}|{_HERE}", "Write a site without a path, such as https://www.acme.example, in lower case.")]
WebAddress = Annotated[
    str, _pattern(rf"{_OVER_TLS}(?:/[\w/.~%?=&#-]*)?", "Write the whole address, such as https://www.acme.example/privacy.")
]
FormName = Annotated[FormKind, one_of("a form", _words(FORM_KINDS))]
State = Annotated[str, one_of("a US state or territory (two letters)", STATES)]
Language = Annotated[str, one_of("a language code", LANGUAGES)]
Purpose = Annotated[LoanPurpose, one_of("a loan purpose", _words(get_args(LoanPurpose)))]
RoleName = Annotated[Role, one_of("a role", _words(get_args(Role)))]
TimeZone = Annotated[str, BeforeValidator(_time_zone)]
SequenceKey = Annotated[
    str, _pattern("[a-z][a-z0-9_]{1,39}", "The key of a sequence has 2 to 40 lower-case letters, digits and underscores.")
]
PerWeek = Annotated[int, _whole(1, 50, "texts and emails a week")]
KeptDays = Annotated[int, _whole(1, 3650, "days")]
HoldoutPercent = Annotated[int, _whole(0, 90, "percent")]
SegmentKey = Annotated[
    str, _pattern("[a-z][a-z0-9_-]{0,39}", "The key of a segment has 1 to 40 lower-case letters, digits, hyphens and underscores.")
]
NmlsId = Annotated[str, _pattern(r"[0-9]{1,10}", "An NMLS id has digits only, at most ten.")]
EnvironmentName = Annotated[str, BeforeValidator(_environment_name)]
SlackChannel = Annotated[str, BeforeValidator(_slack_channel)]
SlackUser = Annotated[
    str, _pattern("[UW][A-Z0-9]{2,20}", "A Slack user id begins with U, such as U0PRIYA. Without this line the person is found by email.")
]
DiscordId = Annotated[str, _pattern(r"[0-9]{17,20}", "A Discord id has 17 to 20 digits (right-click, Copy ID).")]
Email = Annotated[str, BeforeValidator(_email)]
PhoneNumber = Annotated[str, BeforeValidator(_phone)]
Day = Annotated[date, BeforeValidator(read_day)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Dollars = Annotated[int, _whole(0, 100_000, "dollars")]
DailyCap = Annotated[int, _whole(1, 1_000, "leads a day")]
OpenCap = Annotated[int, _whole(1, 1_000, "open leads")]
Minutes = Annotated[int, _whole(0, 10_080, "minutes")]
Seconds = Annotated[int, _whole(5, 600, "seconds")]
Ringing = Annotated[int, _whole(1, 20, "officers")]
Pause = Annotated[int, _whole(1, 10_080, "minutes")]
DayOfPlan = Annotated[int, _whole(1, LAST_DAY, "days")]
ReturnDays = Annotated[int, _whole(0, 365, "days")]
PerMinute = Annotated[int, _whole(1, 100_000, "requests a minute")]
Amount = Annotated[int, _whole(0, 100_000_000, "dollars")]
CreditScore = Annotated[int, _whole(300, 850, "points of a credit score")]
Points = Annotated[int, _whole(0, 100, "points")]
Worth = Annotated[int, BeforeValidator(_worth)]
Days = Annotated[int, _whole(1, 365, "days")]
WorkingDays = Annotated[int, _whole(2, 60, "working days")]
Percent = Annotated[int, _whole(0, 200, "percent")]
Share = Annotated[int, _whole(1, 100, "percent")]
Parts = Annotated[int, _whole(0, 4, "parts of a form")]
Intent = Annotated[LeadIntent, one_of("something that a borrower asks for", _words(get_args(LeadIntent)))]
Weight = Annotated[int, _whole(1, 100, "leads a round")]
Grade = Annotated[LeadGrade, one_of("a grade", {grade: grade for grade in get_args(LeadGrade)})]
PropertyUse = Annotated[UseOfProperty, one_of("a use of a property", _words(get_args(UseOfProperty)))]
PropertyType = Annotated[TypeOfProperty, one_of("a type of property", _words(get_args(TypeOfProperty)))]
Zip = Annotated[str, _pattern("[0-9]{1,5}", "A ZIP code has five digits; its first digits alone stand for all that begin so, such as 787.")]
Purposes = Annotated[tuple[Purpose, ...], BeforeValidator(many), AfterValidator(without_repeats)]
Languages = Annotated[tuple[Language, ...], BeforeValidator(many), AfterValidator(without_repeats)]
