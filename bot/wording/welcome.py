"""What a new officer is told: what we know of them."""

from collections.abc import Mapping
from datetime import date

from bot.rendering import Words
from bot.rules.text import one_line


def say_welcome(words: Words, name: str, licenses: Mapping[str, str | None], hours: tuple[int, int] | None, language: str) -> str:
    ends: dict[str | None, list[str]] = {}
    for state, last_day in sorted(licenses.items()):
        ends.setdefault(last_day, []).append(state)
    licensed = [f"{', '.join(states)}{f' until {_short_day(last_day)}' if last_day else ''}" for last_day, states in ends.items()]
    facts = {
        "first_name": one_line(name, 60).partition(" ")[0],
        "licensed": "; ".join(licensed),
        "hours": hours and "-".join(_of_day(minute) for minute in hours),
    }
    return words.say("welcome", language, **facts)


def _short_day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.month}/{day.day}/{day.year}"


def _of_day(minute: int) -> str:
    """A minute of the day as people say it: 9, 6, 8:30."""
    hour, rest = divmod(minute, 60)
    return f"{(hour - 1) % 12 + 1}{f':{rest:02}' if rest else ''} {'am' if hour % 24 < 12 else 'pm'}"
