"""What who watches over the law reads of a week, and of the do-not-call registry."""

from functools import partial

from bot.rendering import Words, labels
from bot.rules.spoken import long_day
from bot.rules.text import one_line
from bot.updates import ComplianceWeek


def say_compliance_week(words: Words, told: ComplianceWeek, language: str) -> str:
    label = labels(language)
    decided = [f"{one_line(name, 60)} {label('decided', kind)} ({many})" for name, kind, many in told.decided]
    dated, until = (None if day is None else partial(long_day, day) for day in (told.dated, told.until))
    facts = {"decided": decided, "refused": told.refused, "held": told.held, "registry": told.registry, "dated": dated, "until": until}
    return words.say("compliance_week", language, **facts)
