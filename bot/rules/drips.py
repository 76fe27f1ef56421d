"""A series of texts, emails and tasks: when its next step is due, which one that is, how officers call it, and what ends it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from bot.rules.callable_time import shown_at
from bot.rules.commands import closest as closest_of
from bot.rules.dispositions import Disposition
from bot.rules.text import bare_words

ENDS_IT = frozenset({
    Disposition.CONNECTED, Disposition.CALL_BACK, Disposition.BAD_NUMBER, Disposition.WRONG_PERSON, Disposition.DO_NOT_CALL,
    Disposition.NOT_INTERESTED, Disposition.ALREADY_HAS_LENDER,
})  # fmt: skip
"""Calls after which nothing leaves by itself any more: the borrower was spoken to, or cannot be reached there."""

REPLIES = ("replied", "opted_out", "wrong_number", "may_be_opt_out")
"""What a borrower's words are taken for. Any of them ends it, but for a reply to a sequence that goes on after a while."""

RATE_DROP = "rate_drop"
EVENTS = ("clicked", "missed_call", "asked_again", RATE_DROP)
"""What a step may wait for, and what may begin a sequence: kinds of events of a lead's timeline. The borrower followed a link, called in
vain, sent a form again, or a rate that they wait for is there."""
DATES = ("closing", "birthday", "lock_expiry", "preapproval_expiry")
"""The days of a borrower's that sequences go by."""
EACH_YEAR = frozenset({"birthday"})
"""These come every year: only their month and day are kept."""
AHEAD = frozenset({"lock_expiry", "preapproval_expiry"})
"""These are told of before they come, so that one gone by is a slip; a closing gone by is a past client's."""
A_LEAP_YEAR = 2000
"""The year in which such a day is kept."""
TOO_LATE_AFTER = timedelta(days=30)
"""A sequence that goes by a day does not begin so long after it; one that goes by a closing does, for whatever still lies ahead."""

Channel = Literal["sms", "email", "task", "branch"]
_LENGTH = re.compile(r"([1-9]\d{0,2}) (minute|hour|day|week|month|year)s?", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
EARLIEST, LATEST = 9 * 60, 20 * 60
"""The minutes of the day between which a text is legal nearly everywhere: a time beyond never comes."""
LATE_AFTER = timedelta(days=7)
"""A step that is counted from the beginning and was due longer ago is passed over: nobody wants last year's greeting."""


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: as long as calendars show it in `months` and `days`, and `rest` as clocks do."""

    months: int = 0
    days: int = 0
    rest: timedelta = timedelta()

    @property
    def whole_days(self) -> bool:
        return bool(self.months or self.days)


def read_length(text: str) -> Length | None:
    """ "10 minutes", "3 hours", "2 days", "6 weeks", "3 months" or "1 year"; None for other words."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        return None
    number = int(found[1])
    match found[2]:
        case "minute":
            return Length(rest=timedelta(minutes=number))
        case "hour":
            return Length(rest=timedelta(hours=number))
        case "day":
            return Length(days=number)
        case "week":
            return Length(days=7 * number)
        case "month":
            return Length(months=number)
    return Length(months=12 * number)


def read_clock(text: str) -> int | None:
    """The minute of the day of "10:00"; None for other words."""
    found = _CLOCK.fullmatch(text)
    return int(found[1]) * 60 + int(found[2]) if found else None


def step_due(after: str, at: str | None, since: datetime, zone: str, *, weekdays: bool = False) -> datetime:
    """When a step is due (UTC) that is counted from `since`: days are counted on the calendars of the zone, and end at `at` where that is
    given, else at the same time of day; with `weekdays` on the next day that is no weekend. A time that the clocks skip is the next one
    they show."""
    length = read_length(after)
    if since.tzinfo is None or length is None:
        raise ValueError("A step needs a length of time, and a moment with its time zone to count from.")
    if not length.whole_days:
        return since + length.rest
    there = ZoneInfo(zone)
    local = since.astimezone(there)
    day = local.date() + relativedelta(months=length.months, days=length.days)
    if weekdays and day.weekday() > 4:
        day += timedelta(days=7 - day.weekday())
    minute = read_clock(at) if at is not None else None
    if minute is not None:
        return shown_at(there, day, minute)
    seconds = timedelta(seconds=local.second, microseconds=local.microsecond)
    return shown_at(there, day, local.hour * 60 + local.minute) + seconds


def begins_on(day: date, zone: str) -> datetime:
    """The moment from which the steps of a sequence are counted that goes by a day: its noon there, which every clock shows."""
    return datetime.combine(day, time(12), ZoneInfo(zone))


_DAY_KINDS = {
    "closing": ("closing", "closed", "cierre"), "birthday": ("birthday", "cumpleaños", "born"), "lock_expiry": ("lock", "bloqueo"),
    "preapproval_expiry": ("letter", "preapproval", "carta"),
}  # fmt: skip
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def read_day(words: str) -> tuple[str, date] | None:
    """ "closing 12/1/2026", "lock 2026-12-20", "letter 1/15/2027" or "birthday 5/17" as the kind of day and the day; None for other words.
    The year of a birthday is not kept."""
    said, _, written = words.strip().casefold().partition(" ")
    kind = next((each for each, called in _DAY_KINDS.items() if said == each or said in called), None)
    if kind is None:
        return None
    if found := _MONTH_FIRST.fullmatch(written.strip()):
        month, day, year = int(found[1]), int(found[2]), found[3] and int(found[3])
    elif found := _YEAR_FIRST.fullmatch(written.strip()):
        month, day, year = int(found[2]), int(found[3]), int(found[1])
    else:
        return None
    if kind in EACH_YEAR:
        year = A_LEAP_YEAR
    try:
        return (kind, date(year, month, day)) if year and 1990 <= year < 2100 else None
    except ValueError:
        return None


def as_typed(kind: str, day: date) -> str:
    """ "lock 12/1/2026", which `read_day` reads."""
    return f"{_DAY_KINDS[kind][0]} {day.month}/{day.day}/{day.year}"


def likely_meant(day: date, today: date) -> date:
    """The same day of a year in which it is not gone by."""
    ahead = (date(year, 1, 1) + relativedelta(month=day.month, day=day.day) for year in (today.year, today.year + 1))
    return next(each for each in ahead if each >= today)


def comes_on(kind: str, day: date, today: date) -> date:
    """The day itself; of one that comes every year the one nearest ahead, or just gone by. February 29 is February 28 in other years."""
    if kind not in EACH_YEAR:
        return day
    return next(
        each
        for year in (today.year - 1, today.year, today.year + 1)
        if (each := date(year, 1, 1) + relativedelta(month=day.month, day=day.day)) > today - TOO_LATE_AFTER
    )


def begins_at(trigger: "Trigger", day: date, zone: str) -> datetime:
    """When a sequence begins that goes by this day."""
    length = read_length(trigger.before) if trigger.before else None
    return begins_on(day - relativedelta(months=length.months, days=length.days) if length else day, zone)


def silent_until(trigger: "Trigger", heard_at: datetime) -> datetime:
    """When nothing was heard for so long."""
    assert trigger.silent_for is not None, "it waits for silence"
    return step_due(trigger.silent_for, None, heard_at, "UTC")


def is_held_out(key: str, lead_id: int, percent: int) -> bool:
    """Whether this lead is left out of this sequence, to be compared with: always the same answer, of a share of all leads."""
    return int.from_bytes(hashlib.sha256(f"{key}:{lead_id}".encode()).digest()[:8]) % 100 < percent


class Standing(Protocol):
    """How a lead stands that conditions are asked about. Looked up only where a condition asks."""

    @property
    def stage(self) -> str: ...
    @property
    def grade(self) -> str: ...
    @property
    def score(self) -> int: ...
    @property
    def segment(self) -> frozenset[str]: ...
    @property
    def has(self) -> frozenset[str]:
        """email, phone and owner: those that it has."""

    @property
    def contacted(self) -> bool:
        """Whether somebody spoke with the borrower."""

    @property
    def clicked(self) -> bool:
        """Whether the borrower followed a link since the sequence began."""

    @property
    def replied(self) -> bool:
        """Whether the borrower wrote since the sequence began."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a lead must fit, all of it; where it says nothing, any lead fits."""

    stage: frozenset[str] = frozenset()
    grade: frozenset[str] = frozenset()
    segment: frozenset[str] = frozenset()
    has: frozenset[str] = frozenset()
    contacted: bool | None = None
    clicked: bool | None = None
    replied: bool | None = None
    score_at_least: int | None = None
    score_below: int | None = None

    def fits(self, lead: Standing) -> bool:
        return (
            (not self.stage or lead.stage in self.stage)
            and (not self.grade or lead.grade in self.grade)
            and (not self.segment or not self.segment.isdisjoint(lead.segment))
            and (not self.has or self.has <= lead.has)
            and (self.contacted is None or lead.contacted == self.contacted)
            and (self.clicked is None or lead.clicked == self.clicked)
            and (self.replied is None or lead.replied == self.replied)
            and (self.score_at_least is None or lead.score >= self.score_at_least)
            and (self.score_below is None or lead.score < self.score_below)
        )


ANY = Condition()


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it is stored. `words` and `subject` are templates by language; `branches` lead to the place of a later step, or to the
    end where that is the number of all steps."""

    channel: Channel
    after: str | None
    at: str | None = None
    weekdays: bool = False
    from_start: bool = False
    on: frozenset[str] = frozenset()
    when: Condition = ANY
    unless: Condition = ANY
    words: Mapping[str, str] | None = None
    subject: Mapping[str, str] | None = None
    branches: tuple[tuple[Condition, int], ...] = ()

    def in_language(self, language: str) -> str:
        """The words in this language, else in English."""
        assert self.words is not None, "a branch says nothing"
        return self.words.get(language) or self.words["en"]

    def titled(self, language: str) -> str:
        """The subject of an email in this language, else in English."""
        assert self.subject is not None, "an email has a subject"
        return self.subject.get(language) or self.subject["en"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What begins a sequence by itself, one of: the lead comes to a `stage`, or into a `segment`; an `event` of its timeline; nothing was
    heard for `silent_for`; a `date` comes, or is `before` so far away."""

    stage: str | None = None
    segment: str | None = None
    event: str | None = None
    silent_for: str | None = None
    date: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A version of a sequence as it is stored. Whoever begins with it keeps it."""

    key: str
    names: Mapping[str, str]
    stages: tuple[str, ...]
    segments: tuple[str, ...]
    begins: tuple[Trigger, ...]
    goal: frozenset[str]
    after_reply: str | None
    ends_when: tuple[Condition, ...]
    steps: tuple[Step, ...]

    def named(self, language: str) -> str:
        """What officers who read this language call it."""
        return self.names.get(language) or self.names["en"]

    @property
    def channels(self) -> tuple[Literal["sms", "email"], ...]:
        """By which borrowers are reached, the first one used first."""
        used = dict.fromkeys(step.channel for step in self.steps)
        return tuple(channel for channel in used if channel in ("sms", "email"))

    def waits_for(self, step: int, event: str) -> int | None:
        """The first step from this one on that waits for the event; None where none does."""
        return next((place for place in range(step, len(self.steps)) if event in self.steps[place].on), None)


@lru_cache(maxsize=256)
def plan_of(document: str) -> Plan:
    """A sequence as it was stored. It is not judged again: an older version obeyed older rules."""
    written = json.loads(document)
    steps = written["steps"]
    places = {step["key"]: place for place, step in enumerate(steps) if step.get("key")} | {"end": len(steps)}
    ends = written.get("ends") or {}
    bounds = [{name: ends[name]} for name in ("score_below", "score_at_least") if ends.get(name) is not None]
    return Plan(
        key=written["key"],
        names=written["name"],
        stages=tuple(written["stages"]),
        segments=tuple(written.get("segments") or ()),
        begins=tuple(Trigger(**each) for each in written.get("begins") or ()),
        goal=frozenset(ends.get("goal") or ()),
        after_reply=ends.get("reply"),
        ends_when=tuple(_condition(each) for each in bounds),
        steps=tuple(_step(each, places) for each in steps),
    )


def _step(written: Mapping[str, Any], places: Mapping[str, int]) -> Step:
    channel: Channel = next(each for each in ("sms", "email", "task", "branch") if written.get(each))
    email = written["email"] if channel == "email" else None
    return Step(
        channel=channel,
        after=written.get("after"),
        at=written.get("at"),
        weekdays=bool(written.get("weekdays")),
        from_start=written.get("from_start", False),
        on=frozenset(written.get("on") or ()),
        when=_condition(written.get("when")),
        unless=_condition(written.get("unless")),
        words=email["words"] if email else None if channel == "branch" else written[channel],
        subject=email and email["subject"],
        branches=tuple((_condition(each["when"]), places[each["go_to"]]) for each in written[channel]) if channel == "branch" else (),
    )


def _condition(written: Mapping[str, Any] | None) -> Condition:
    said = {name: value for name, value in (written or {}).items() if value not in (None, [])}
    read: dict[str, Any] = {name: frozenset(value) if isinstance(value, list) else value for name, value in said.items()}
    return replace(ANY, **read)


def is_for(step: Step, lead: Standing) -> bool:
    """Whether a step is for a lead that stands so; else it is passed over."""
    return step.when.fits(lead) and (step.unless == ANY or not step.unless.fits(lead))


def go_on(step: Step, lead: Standing) -> int | None:
    """The place to which a branch leads such a lead; None where it goes on with the next step."""
    return next((place for condition, place in step.branches if condition.fits(lead)), None)


@dataclass(frozen=True, slots=True)
class Next:
    """The step that comes next and when it is due; at the end that is the number of all steps, and never due. A step that only waits for
    something is never due either."""

    step: int
    at: datetime | None


def next_step(plan: Plan, step: int, since: datetime, start: datetime, zone: str) -> Next:
    """What comes, `step` being the next in the order. It is counted from `since`, the moment of the one before, or from `start`."""
    while step < len(plan.steps):
        chosen = plan.steps[step]
        if chosen.after is None:
            return Next(step, None)
        at = step_due(chosen.after, chosen.at, start if chosen.from_start else since, zone, weekdays=chosen.weekdays)
        if not chosen.from_start or at >= since - LATE_AFTER:
            return Next(step, at)
        step += 1
    return Next(step, None)


def find_sequence(words: str, names: Mapping[str, str]) -> str | None:
    """The key of the sequence that the words name. `names` maps each spelling to a key."""
    return {bare_words(name): key for name, key in names.items()}.get(bare_words(words))


def closest_sequences(words: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of the sequences that the words resemble, two at most, to be asked back."""
    by_name = {bare_words(name): key for name, key in names.items()}
    return tuple(dict.fromkeys(by_name[name] for name in closest_of(bare_words(words), by_name)))


def place_in(new: Plan, old: Plan, step: int) -> int:
    """Where a lead goes on in another version whose next step in the old one is `step`: after all of the steps before it that are there
    still, so that nothing comes twice; with that step itself where it comes after those, and in the same place where none is known."""
    if step >= len(old.steps):
        return len(new.steps)
    after = 0
    for earlier in old.steps[:step]:  # a sequence may say the same twice
        if earlier in new.steps[after:]:
            after = new.steps.index(earlier, after) + 1
    if old.steps[step] in new.steps[after:]:
        return new.steps.index(old.steps[step], after)
    return after or min(step, len(new.steps))
