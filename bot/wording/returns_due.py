"""What a team's manager is told of leads that can still go back to their vendors."""

from functools import partial

from bot.rendering import Safe, Words, labels
from bot.rules.spoken import short_day
from bot.rules.text import one_line
from bot.updates import ReturnsDue


def say_returns_due(words: Words, told: ReturnsDue, language: str) -> str:
    label = labels(language)
    lines = [
        words.say(
            "return_due",
            language,
            number=number,
            source=one_line(source, 60),
            reason=label("return_reason", reason),
            due_on=partial(short_day, day),
        )
        for number, source, reason, day in told.listed
    ]
    facts = {"leads": told.leads, "dollars": f"{told.dollars:,}" if told.dollars else None, "last_today": told.last_today}
    return words.say("returns_due", language, **facts, listed=Safe("\n".join(lines)), more=told.leads > len(told.listed))
