"""The law for calls and texts by hand, as the gates' slow references read it: zones, states' hours, holidays, and days worth trying."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

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
    Home("+14055550100", "OK", "73102", (CENTRAL,), ("OK",)),
    Home("+14105550100", "MD", "21201", (EASTERN,), ("MD",)),
    Home("+16125550100", "MN", "55401", (CENTRAL,), ("MN",)),
    Home("+18885550100", "TX", "78704", (CENTRAL,), ("TX",)),  # toll-free: the house alone says where
    Home("+18885550100", None, None, (), ()),  # and here nothing does
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
        case "MA" | "MD" | "NJ" | "OK" | "WA":
            return time(8), time(20)
        case "MI" | "MN" | "NM":
            return time(9), time(21)
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
