"""What a new officer is told: what we know of them."""

from collections.abc import Mapping
from datetime import date

from bot.rendering import Words, labels
from bot.rules.spoken import dated, time_of_day
from bot.rules.text import one_line


def say_welcome(words: Words, name: str, licenses: Mapping[str, str | None], hours: tuple[int, int] | None, language: str) -> str:
    facts = {
        "first_name": one_line(name, 60).partition(" ")[0],
        "licensed": licensed(licenses, language),
        "hours": hours and "-".join(time_of_day(*divmod(minute, 60), language, short=True) for minute in hours),
    }
    return words.say("welcome", language, **facts)


def licensed(licenses: Mapping[str, str | None], language: str) -> str:
    """States with the same last day (as ISO dates) together: TX, OK until 12/31/2027; CO."""
    ends: dict[str | None, list[str]] = {}
    for state, last_day in sorted(licenses.items()):
        ends.setdefault(last_day, []).append(state)
    until = labels(language)("license", "until")
    return "; ".join(
        f"{', '.join(states)}{f' {until} {dated(date.fromisoformat(last_day), language)}' if last_day else ''}"
        for last_day, states in ends.items()
    )
