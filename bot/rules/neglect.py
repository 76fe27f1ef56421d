"""Which mornings count when an owner leaves a lead alone: each on which the team's working day begins, federal holidays left out."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.callable_time import LONGEST_BREAK, Calendar, shown_at
from bot.rules.holidays import is_federal_holiday

EARLY_STAGES = ("new", "attempted", "contacted")
"""The stages in which a lead may go to somebody else without harm: no papers have changed hands yet."""
_DAY = timedelta(days=1)


def next_morning(hours: Calendar, now: datetime) -> datetime | None:
    """The next beginning (UTC) of a working day after now; None when there is none within LONGEST_BREAK."""
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    mornings = (_morning(hours, today + number * _DAY) for number in range(LONGEST_BREAK.days))
    return next((morning for morning in mornings if morning is not None and morning > now), None)


def mornings_before(hours: Calendar, now: datetime, many: int) -> list[datetime]:
    """The last so many beginnings (UTC) of working days up to now, the newest first; fewer where the team hardly ever works."""
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    found: list[datetime] = []
    for number in range(7 * many + LONGEST_BREAK.days):
        if len(found) == many:
            break
        morning = _morning(hours, today - number * _DAY)
        if morning is not None and morning <= now:
            found.append(morning)
    return found


def _morning(hours: Calendar, day: date) -> datetime | None:
    spans = hours.on(day)
    return None if not spans or is_federal_holiday(day) else shown_at(ZoneInfo(hours.zone), day, spans[0][0])
