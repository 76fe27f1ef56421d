"""The gate for calls beside a slow one, written from the law: registries, consent, relationship, hours, holidays and caps."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.calling import Call, CalledNumber, judge_call
from bot.rules.compliance import Allowed, Refused, WaitUntil
from bot.rules.do_not_call import Listed
from bot.rules.zones import Whereabouts
from tests.doubles.law import DAY, EASTERN, HOMES, HOUR, MINUTE, MOMENTS, Home, hours_on, is_day_off

NO_HOLIDAYS = ("AL", "LA", "PA")
COUNTS_CALLS = ("FL", "MD", "OK")
WANTS_IT_IN_WRITING = ("CT",)
CALLS, OTHERS = "I agree to be called and texted.", "I have read the terms."


@dataclass(frozen=True)
class File:
    """A person as a lender's file has them, by hand: what they signed, when they asked or closed, what the lists of a day say."""

    home: Home
    signed: str | None
    asked_at: datetime | None
    funded_at: datetime | None
    national: tuple[date, bool] | None
    state_list: bool
    asked_for_no_calls: bool
    touches: tuple[datetime, ...]
    stopped_at: datetime | None = None
    asked_since: datetime | None = None
    applies: bool = False

    @property
    def call(self) -> Call:
        """The same, as the gate is asked."""
        listed = [] if self.national is None else [Listed("national", *self.national)]
        listed += [Listed(self.home.states[0] if self.home.states else "TX", date(2026, 1, 1), self.state_list)]
        number = CalledNumber(self.home.phone, self.signed, self.asked_at, self.funded_at, tuple(listed), self.stopped_at, self.asked_since)
        numbers = () if self.asked_for_no_calls else (number,)
        # A number that is silenced is not told, so that its place is known from the house alone.
        phones = () if self.asked_for_no_calls else (self.home.phone,)
        return Call(Whereabouts(phones, self.home.state, self.home.zip_code), numbers, self.asked_for_no_calls, self.touches, self.applies)


def months_later(at: datetime, months: int) -> datetime:
    month = at.month - 1 + months
    year, month = at.year + month // 12, month % 12 + 1
    return at.replace(year=year, month=month, day=min(at.day, calendar.monthrange(year, month)[1]))


def may_be_called(file: File, now: datetime) -> bool:
    if file.asked_for_no_calls:
        return False
    written = file.signed is not None and "called" in file.signed
    inquiry = file.asked_at is not None and file.asked_at <= now < months_later(file.asked_at, 3)
    transaction = file.funded_at is not None and file.funded_at <= now < months_later(file.funded_at, 18)
    if file.stopped_at is not None and not file.applies:
        again = file.asked_since
        if again is None or not file.stopped_at < again <= now < months_later(again, 3):
            return False
    elif not (written or inquiry or transaction):
        if file.state_list or file.national is None:
            return False
        if not file.applies and any(state in WANTS_IT_IN_WRITING for state in file.home.states):
            return False
        day, listed = file.national
        if listed or (now.date() - day).days > 31:
            return False
    of_a_day, of_a_week = (sum(touch > now - days * DAY for touch in file.touches) for days in (1, 7))
    answers = file.asked_at is not None and file.asked_at <= now < file.asked_at + 30 * MINUTE
    if of_a_day >= 3 and (not answers or any(state in COUNTS_CALLS for state in file.home.states)):
        return False
    if of_a_week >= 7 and not answers:
        return False
    if not file.home.clocks:
        there = now.astimezone(ZoneInfo(EASTERN))
        return there.weekday() < 5 and time(12) <= there.time() < time(18)
    return all(is_open_there(file.home, now.astimezone(ZoneInfo(clock))) for clock in file.home.clocks)


def is_open_there(home: Home, there: datetime) -> bool:
    spans = [(time(8), time(20)), *(hours_on(state, there.weekday()) for state in home.states)]
    if any(state in NO_HOLIDAYS for state in home.states) and is_day_off(there.date()):
        return False
    return all(opens <= there.time() < closes for opens, closes in spans)


@st.composite
def anybody(draw: st.DrawFn) -> tuple[File, datetime]:
    """Any file at any moment."""
    home, now = draw(st.sampled_from(HOMES)), draw(MOMENTS)
    days = draw(st.integers(0, 40))
    return (
        File(
            home=home,
            signed=draw(st.sampled_from((None, None, OTHERS, CALLS))),
            asked_at=draw(
                st.one_of(st.none(), st.one_of(st.integers(0, 60), st.integers(0, 120 * 24 * 60)).map(lambda age: now - age * MINUTE))
            ),
            funded_at=draw(st.one_of(st.none(), st.none(), st.integers(0, 600 * 24).map(lambda age: now - age * HOUR))),
            national=draw(st.sampled_from((None, (now.date() - days * DAY, True), (now.date() - days * DAY, False)))),
            state_list=draw(st.integers(0, 3)) == 0,
            asked_for_no_calls=draw(st.integers(0, 9)) == 0,
            touches=tuple(now - age * MINUTE for age in draw(st.lists(st.integers(0, 8 * 24 * 60), max_size=9))),
            stopped_at=draw(st.one_of(st.none(), st.none(), st.integers(0, 120 * 24 * 60).map(lambda age: now - age * MINUTE))),
            asked_since=draw(st.one_of(st.none(), st.integers(0, 120 * 24 * 60).map(lambda age: now - age * MINUTE))),
            applies=draw(st.integers(0, 3)) == 0,
        ),
        now,
    )


@st.composite
def close_calls(draw: st.DrawFn) -> tuple[File, datetime]:
    """A weekday's afternoon, and one question alone: a relationship about to end, a list about to run out, or a cap about to be full."""
    question = draw(st.sampled_from(("inquiry", "transaction", "list", "cap", "week", "answer")))
    home = draw(st.sampled_from([each for each in HOMES if len(each.clocks) == 1]))
    there = datetime.combine(date(2027, 6, 7) + draw(st.integers(0, 400)) * DAY, time(13), ZoneInfo(home.clocks[0]))
    now = (there - max(0, there.weekday() - 4) * DAY).astimezone(UTC)
    around = draw(st.integers(-4 * 24, 4 * 24)) * HOUR
    days = draw(st.integers(29, 33)) if question == "list" else 0
    return (
        File(
            home=home,
            signed=CALLS if question in ("cap", "week", "answer") else draw(st.sampled_from((None, OTHERS))),
            asked_at=now - 91 * DAY + around
            if question == "inquiry"
            else now - draw(st.integers(0, 45)) * MINUTE
            if question == "answer"
            else None,
            funded_at=now - 548 * DAY + around if question == "transaction" else None,
            national=(now.date() - days * DAY, question != "list"),
            state_list=False,
            asked_for_no_calls=False,
            touches=tuple(
                now - age * HOUR for age in draw(st.lists(st.integers(0, 24 * 9 if question == "week" else 30), min_size=2, max_size=10))
            )
            if question not in ("inquiry", "transaction", "list")
            else (),
        ),
        now,
    )


def cases() -> st.SearchStrategy[tuple[File, datetime]]:
    return st.one_of(anybody(), close_calls())


def signed_in(home: Home) -> File:
    return File(home, CALLS, None, None, None, False, False, ())


@settings(deadline=None, max_examples=500)
@given(cases())
@example((signed_in(HOMES[0]), datetime(2026, 3, 8, 17, tzinfo=UTC)))
@example((signed_in(HOMES[12]), datetime(2026, 7, 3, 18, tzinfo=UTC)))
def test_a_call_may_be_made_exactly_when_the_book_says_so(case: tuple[File, datetime]) -> None:
    file, now = case
    assert isinstance(judge_call(file.call, now), Allowed) == may_be_called(file, now)


@settings(deadline=None, max_examples=100)
@given(cases())
def test_what_is_allowed_until_a_moment_is_allowed_in_every_minute_before_it(case: tuple[File, datetime]) -> None:
    file, now = case
    verdict = judge_call(file.call, now)
    if isinstance(verdict, Allowed):
        minutes = int((verdict.until - now) / MINUTE)
        assert all(may_be_called(file, now + minute * MINUTE) for minute in range(0, minutes, 7))
        assert not may_be_called(file, verdict.until)


@settings(deadline=None, max_examples=100)
@given(cases())
def test_who_waits_may_be_called_then_and_in_no_minute_before(case: tuple[File, datetime]) -> None:
    file, now = case
    verdict = judge_call(file.call, now)
    if isinstance(verdict, WaitUntil):
        assert may_be_called(file, verdict.at)
        minutes = int((verdict.at - now) / MINUTE)
        assert not any(may_be_called(file, now + minute * MINUTE) for minute in range(0, minutes, 7))
    elif isinstance(verdict, Refused):
        assert not any(may_be_called(file, now + hour * HOUR) for hour in range(0, 9 * 24))
