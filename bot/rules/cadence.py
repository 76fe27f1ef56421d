"""When to try again to reach a borrower who was not reached: a plan of days, inside the hours for calling and below the legal caps."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.rules.callable_time import Calendar, after, opens_at, shown_at
from bot.rules.compliance import full_cap
from bot.rules.holidays import is_federal_holiday

MOST_TRIES = 12
LAST_DAY = 90
PAUSE = 120
"""Callable minutes between two tries of one day."""
TIMES_OF_DAY = (17 * 60, 9 * 60 + 30, 12 * 60 + 30)
"""When tries on later days are planned, in turn: who never answers in the morning may in the evening."""
SPREAD = 60
"""Minutes over which tries at the same time of day are spread: an officer with many leads is not told of all of them at once."""

GIVE_UP_REASONS = ("bad_contact", "other_lender", "not_our_loan", "no_reaction")
"""Why somebody stops trying before the plan is done."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """The day of each try, from 1 for the day of the first one. ValueError unless they begin with 1 and never go back, 12 tries and 90 days
    at most."""

    days: tuple[int, ...] = (1, 1, 1, 2, 3, 4, 7, 9, 12, 16, 21, 27)

    def __post_init__(self) -> None:
        in_order = all(later >= earlier for earlier, later in pairwise(self.days))
        if not in_order or not self.days or self.days[0] != 1 or len(self.days) > MOST_TRIES or self.days[-1] > LAST_DAY:
            raise ValueError("A cadence tells the day of each try, beginning with day 1.")


DEFAULT_CADENCE = Cadence()


def next_try(
    cadence: Cadence, made: int, last_at: datetime, touches: tuple[datetime, ...], calendars: tuple[Calendar, ...], number: int
) -> datetime | None:
    """When the try after so many is planned, as many days after the last one as the plan says, however late that was; None when the plan
    is done, or nobody may ever call.

    `number` is the lead's. `calendars` begin with the team's, by whose clocks days are told. `touches` are the calls and texts to this
    person that left in the last seven days, by anybody, the last try among them. Aware times in, UTC out.
    """
    if not 0 < made < len(cadence.days):
        return None
    zone, days_on = ZoneInfo(calendars[0].zone), cadence.days[made] - cadence.days[made - 1]
    last_day = last_at.astimezone(zone).date()
    if days_on == 0:
        at = after(last_at, PAUSE, calendars)
    else:
        minute = TIMES_OF_DAY[made % len(TIMES_OF_DAY)] + number * 7 % SPREAD
        at = _on_day(last_day + timedelta(days=days_on), minute, calendars)
    while at is not None:
        day = at.astimezone(zone).date()
        if day != last_day and is_federal_holiday(day):
            at = _on_day(day + timedelta(days=1), 0, calendars)
        elif (full := full_cap(touches, at)) is not None:
            at = opens_at(full[0], calendars)
        else:
            return at
    return None


def _on_day(day: date, minute: int, calendars: tuple[Calendar, ...]) -> datetime | None:
    """The first callable moment of this day from that minute on, else the first of the day, else the next there is."""
    zone = ZoneInfo(calendars[0].zone)
    from_minute = opens_at(shown_at(zone, day, minute), calendars)
    if from_minute is not None and from_minute.astimezone(zone).date() == day:
        return from_minute
    return opens_at(shown_at(zone, day, 0), calendars)
