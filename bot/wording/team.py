"""A team's people as who manages them reads them, and what came of a change."""

from datetime import datetime, timedelta
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from bot.officers.team import Changed, ChangedMeanwhile, FieldNotUnderstood, NeedsRole, NobodyCalledSo, NotTheirTeam, Roster, TeamOutcome
from bot.rendering import Words, labels
from bot.rules.callable_time import week_of
from bot.rules.holidays import next_holiday
from bot.rules.roles import who_may
from bot.rules.spoken import full_day, week
from bot.rules.text import one_line
from bot.rules.when import said_in_full
from bot.store.team import Person, TeamHours
from bot.wording.welcome import licensed

ENDS_SOON = timedelta(days=60)
HOLIDAYS_AHEAD = timedelta(days=60)


def say_team(words: Words, roster: Roster, language: str, now: datetime) -> list[str]:
    """A paragraph of the teams with their hours, and one for each person, whose license ends first on top."""
    zones = {team.id: team.hours.zone for team in roster.teams}
    lines = [_team(words, team, language, now) for team in roster.teams]
    usual = next(iter(zones.values()), "UTC")
    people = []
    for each in roster.people:
        zone = next((zones[team] for team in sorted(each.teams) if team in zones), usual)
        people.append(_person(words, each, zone, language, now))
    return ["\n".join(lines), *people]


def _team(words: Words, team: TeamHours, language: str, now: datetime) -> str:
    hours = team.hours
    closed = next_holiday(now.astimezone(ZoneInfo(hours.zone)).date(), hours.holidays, HOLIDAYS_AHEAD)
    return words.say(
        "roster_team", language, team=one_line(team.name, 60), hours=week(hours.week, language), zone=hours.zone,
        closed=closed and full_day(closed, language),
    )  # fmt: skip


def _person(words: Words, person: Person, zone: str, language: str, now: datetime) -> str:
    today = now.astimezone(ZoneInfo(zone)).date()
    off = person.off_until is not None and person.off_until > now
    return words.say(
        "roster_person",
        language,
        name=one_line(person.name, 60),
        role=person.role,
        active=person.active,
        off=said_in_full(person.off_until, zone, now, language) if off and person.off_until else None,
        cap=person.daily_cap,
        licenses=licensed({state: last_day.isoformat() if last_day else None for state, last_day in person.licenses.items()}, language),
        ended=[state for state, last_day in person.licenses.items() if last_day is not None and last_day < today],
        ending=[state for state, last_day in person.licenses.items() if last_day is not None and today <= last_day < today + ENDS_SOON],
        languages=", ".join(person.languages),
        hours=person.own_hours and week(week_of(person.own_hours), language),
    )


def say_more(words: Words, left_out: int, language: str) -> str:
    """How many people one answer has no room for."""
    return words.say("roster_more", language, more=left_out)


def say_nobody(words: Words, told: NobodyCalledSo, language: str) -> str:
    return words.say("roster_nobody", language, said=one_line(told.said, 40), meant=[one_line(name, 60) for name in told.meant])


def say_change(words: Words, outcome: TeamOutcome, language: str, now: datetime) -> str:
    """What came of a change, with what it was before."""
    match outcome:
        case Changed(whom, zone, changes):
            lines = []
            for field, change in changes.items():
                before, after = (_value(field, value, language, now, zone) for value in change)
                lines.append(words.say("roster_change", language, field=field, before=before, after=after))
            said = words.say("roster_changed", language, whom=one_line(whom, 60), changes=len(lines))
            return "\n".join([said, *lines])
        case FieldNotUnderstood(field):
            return words.say("roster_not_understood", language, field=field)
        case ChangedMeanwhile(field, stands, zone):
            return words.say("roster_changed_meanwhile", language, field=field, stands=_value(field, stands, language, now, zone))
        case NeedsRole(role, action):
            return words.say("needs_role", language, role=role, roles=[labels(language)("role", each) for each in who_may(action)])
        case NotTheirTeam():
            return words.say("not_their_team", language)
    assert_never(outcome)


def _value(field: str, value: Any, language: str, now: datetime, zone: str) -> str | None:
    match field:
        case "off_until":
            return value and said_in_full(datetime.fromisoformat(value), zone, now, language)
        case "licenses":
            return licensed(value, language) or None
        case "languages":
            return ", ".join(value) or None
        case "hours" | "own_hours":
            return value and week(week_of(value), language)
        case "active":
            return labels(language)("yes_no", "yes" if value else "no")
    return None if value is None else str(value)
