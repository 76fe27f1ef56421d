"""The gate for texts beside a slow one, written from the law's own sentences: by hand-made zones, hours, holidays, consent and counts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.compliance import Allowed, Consent, Kind, Refused, Sms, WaitUntil, judge_sms
from bot.rules.zones import Whereabouts

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EASTERN, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"


@dataclass(frozen=True)
class Home:
    """A borrower's phone and house, and by hand: whose clocks and which states' hours have to be heeded."""

    phone: str
    state: str | None
    zip_code: str | None
    clocks: tuple[str, ...]
    states: tuple[str, ...]


HOMES = (
    Home("+15125550100", "TX", "78704", (CENTRAL,), ("TX",)),
    Home("+15125550100", "TX", None, (CENTRAL, MOUNTAIN), ("TX",)),  # El Paso is in Texas too
    Home("+19155550100", "TX", "79901", (MOUNTAIN,), ("TX",)),
    Home("+16025550100", "AZ", "85004", ("America/Phoenix",), ("AZ",)),
    Home("+13055550100", "FL", "33101", (EASTERN,), ("FL",)),
    Home("+18505550100", "FL", "32501", (EASTERN, CENTRAL), ("FL",)),  # 850 straddles the line
    Home("+12125550100", "CA", "90001", (EASTERN, PACIFIC), ("NY", "CA")),
    Home("+18085550100", "HI", "96813", ("Pacific/Honolulu",), ("HI",)),
    Home("+15025550100", "KY", "40202", (EASTERN,), ("KY",)),
    Home("+12055550100", "AL", "35203", (CENTRAL,), ("AL",)),
    Home("+16015550100", "MS", "39201", (CENTRAL,), ("MS",)),
    Home("+15045550100", "LA", "70112", (CENTRAL,), ("LA",)),
    Home("+12155550100", "PA", "19102", (EASTERN,), ("PA",)),
    Home("+14015550100", "RI", "02903", (EASTERN,), ("RI",)),
    Home("+17025550100", "NV", "89101", (PACIFIC,), ("NV",)),
    Home("+15025550100", "RI", "02903", (EASTERN,), ("KY", "RI")),
    Home("+18605550100", "CT", "06103", (EASTERN,), ("CT",)),
    Home("+12085550100", "ID", "83702", (MOUNTAIN, PACIFIC), ("ID",)),  # 208 is all of Idaho
    Home("+19075550100", "AK", "99501", ("America/Anchorage", "America/Adak"), ("AK",)),  # 907 is all of Alaska
    Home("+18085550100", "ME", "04101", ("Pacific/Honolulu", EASTERN), ("HI", "ME")),
)

Hours = tuple[time, time]
CLOSED = (time(0), time(0))


def hours_on(state: str, weekday: int) -> Hours:
    """domain.md 3.2, where a state is narrower than 8 to 21; weekends that no source is sure of are closed."""
    sunday, weekend = weekday == 6, weekday >= 5
    match state:
        case "AL" | "LA" | "MS":
            return CLOSED if sunday else (time(8), time(20))
        case "CT" | "NV":
            return time(9), time(20)
        case "FL":
            return time(8), time(20)
        case "KY":
            return time(10), time(21)
        case "PA":
            return CLOSED if weekend else (time(8), time(21))
        case "RI":
            return CLOSED if sunday else (time(10), time(17)) if weekend else (time(9), time(18))
        case "TX":
            return (time(12), time(21)) if sunday else (time(9), time(21))
    return time(8), time(21)


def is_day_off(day: date) -> bool:
    """The eleven federal holidays, and the Friday or Monday on which one is observed."""
    nth = (day.day - 1) // 7 + 1
    last = (day + 7 * DAY).month != day.month
    by_weekday = {
        (1, 0): nth == 3,
        (2, 0): nth == 3,
        (5, 0): last,
        (9, 0): nth == 1,
        (10, 0): nth == 2,
        (11, 3): nth == 4,
    }
    fixed = {(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)}
    tomorrow, yesterday = day + DAY, day - DAY
    return (
        by_weekday.get((day.month, day.weekday()), False)
        or (day.month, day.day) in fixed
        or (day.weekday() == 4 and (tomorrow.month, tomorrow.day) in fixed)
        or (day.weekday() == 0 and (yesterday.month, yesterday.day) in fixed)
    )


def is_open(home: Home, now: datetime) -> bool:
    for clock in home.clocks:
        there = now.astimezone(ZoneInfo(clock))
        ours = (time(12), time(18)) if there.weekday() == 6 else (time(9), time(20))
        spans = [ours, *(hours_on(state, there.weekday()) for state in home.states)]
        if is_day_off(there.date()) or not all(opens <= there.time() < closes for opens, closes in spans):
            return False
    return True


def may_leave(home: Home, sms: Sms, now: datetime) -> bool:
    if sms.suppressed:
        return False
    wrote = sms.borrower_wrote_at if sms.kind == "conversation" else None
    if wrote and wrote <= now < wrote + 30 * MINUTE:
        return True
    consented = any(
        consent.given is True
        and consent.text is not None
        and ("text messages" in consent.text or "mensajes de texto" in consent.text)
        and consent.given_at is not None
        and consent.given_at <= now
        and consent.number == home.phone
        for consent in sms.consents
    )
    if not consented and not (wrote and wrote <= now < wrote + 3 * DAY):
        return False
    if sum(touch > now - DAY for touch in sms.touches) >= 3 or sum(touch > now - 7 * DAY for touch in sms.touches) >= 7:
        return False
    return is_open(home, now)


# Around the days on which clocks change, holidays fall or are observed, and years end; and any other moment.
DAYS = (
    *(date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7), date(2026, 7, 3), date(2026, 7, 4), date(2027, 7, 5)),
    *(
        date(2026, 11, 26),
        date(2027, 12, 24),
        date(2027, 12, 31),
        date(2028, 1, 1),
        date(2026, 6, 19),
        date(2026, 5, 25),
        date(2028, 2, 29),
    ),
)
MOMENTS = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.builds(
        lambda day, minutes: datetime.combine(day, time(0), UTC) + minutes * MINUTE,
        st.sampled_from(DAYS),
        st.integers(-24 * 60, 3 * 24 * 60),
    ),
).map(lambda at: at.replace(second=0, microsecond=0))
WORDS = st.sampled_from(
    (None, "", "I agree to calls.", "I agree to calls and text messages.", "Acepto recibir mensajes de texto.", "See the context.")
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Home, Sms, datetime]:
    home, now = draw(st.sampled_from(HOMES)), draw(MOMENTS)
    kind: Kind = draw(st.sampled_from(("marketing", "conversation")))
    ages = st.integers(-30, 8 * 24 * 60)
    full = Consent(True, "I agree to calls and text messages.", now - 30 * DAY, home.phone)
    odd = st.builds(
        Consent,
        given=st.sampled_from((True, False, None)),
        text=WORDS,
        given_at=st.one_of(st.none(), ages.map(lambda age: now - age * MINUTE)),
        number=st.sampled_from((home.phone, "+15125559999", None)),
    )
    return (
        home,
        Sms(
            kind=kind,
            number=home.phone,
            whereabouts=Whereabouts((home.phone,), home.state, home.zip_code),
            consents=tuple(draw(st.lists(st.one_of(st.just(full), odd), max_size=3))),
            suppressed=draw(st.integers(0, 9)) == 0,
            touches=tuple(now - age * MINUTE for age in draw(st.lists(st.integers(0, 8 * 24 * 60), max_size=9))),
            borrower_wrote_at=draw(st.one_of(st.none(), st.integers(0, 4 * 24 * 60).map(lambda age: now - age * MINUTE))),
        ),
        now,
    )


def agreed(home: Home) -> Sms:
    consent = Consent(True, "I agree to calls and text messages.", datetime(2025, 1, 1, tzinfo=UTC), home.phone)
    return Sms("marketing", home.phone, Whereabouts((home.phone,), home.state, home.zip_code), (consent,))


@settings(deadline=None, max_examples=200)
@given(cases())
@example((HOMES[0], agreed(HOMES[0]), datetime(2026, 3, 8, 17, tzinfo=UTC)))
@example((HOMES[0], agreed(HOMES[0]), datetime(2026, 11, 1, 18, tzinfo=UTC)))
@example((HOMES[6], agreed(HOMES[6]), datetime(2026, 7, 3, 18, tzinfo=UTC)))
def test_a_text_may_leave_exactly_when_the_book_says_so(case: tuple[Home, Sms, datetime]) -> None:
    home, sms, now = case
    assert isinstance(judge_sms(sms, now), Allowed) == may_leave(home, sms, now)


@settings(deadline=None, max_examples=60)
@given(cases())
def test_what_waits_waits_for_the_first_moment_that_the_book_allows(case: tuple[Home, Sms, datetime]) -> None:
    home, sms, now = case
    match judge_sms(sms, now):
        case WaitUntil(at):
            assert may_leave(home, sms, at)
            quarters = int((at - now) / (15 * MINUTE))
            assert not any(may_leave(home, sms, now + place * 15 * MINUTE) for place in range(quarters))
            assert not may_leave(home, sms, at - MINUTE)
        case Allowed(until):
            assert may_leave(home, sms, until - MINUTE)
        case Refused():
            assert not may_leave(home, sms, now)
