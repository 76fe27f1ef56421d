"""Which mornings count when an owner leaves a lead alone: each on which the team's working day begins, federal holidays left out."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.callable_time import Week, shown_at
from bot.rules.holidays import is_federal_holiday

EARLY_STAGES = ("new", "attempted", "contacted")
"""The stages in which a lead may go to somebody else without harm: no papers have changed hands yet."""
_DAY = timedelta(days=1)
_LONGEST_BREAK = 15


def next_morning(zone: str, week: Week, now: datetime) -> datetime | None:
    """The next beginning (UTC) of a working day after now; None when there is none within two weeks."""
    today = now.astimezone(ZoneInfo(zone)).date()
    mornings = (_morning(zone, week, today + number * _DAY) for number in range(_LONGEST_BREAK))
    return next((morning for morning in mornings if morning is not None and morning > now), None)


def mornings_before(zone: str, week: Week, now: datetime, many: int) -> list[datetime]:
    """The last so many beginnings (UTC) of working days up to now, the newest first; fewer where the team hardly ever works."""
    today = now.astimezone(ZoneInfo(zone)).date()
    found: list[datetime] = []
    for number in range(7 * many + _LONGEST_BREAK):
        morning = _morning(zone, week, today - number * _DAY)
        if morning is not None and morning <= now and len(found) < many:
            found.append(morning)
    return found


def _morning(zone: str, week: Week, day: date) -> datetime | None:
    spans = week[day.weekday()]
    return None if not spans or is_federal_holiday(day) else shown_at(ZoneInfo(zone), day, spans[0][0])
