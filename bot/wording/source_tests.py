"""What those who run Leadbell are told of a vendor's test."""

from bot.rendering import Words, labels
from bot.rules.text import one_line
from bot.updates import SourceTested
from bot.wording.source_requests import why_unread

LONGEST_NAME = 40


def say_source_test(words: Words, told: SourceTested, language: str) -> str:
    why = labels(language)("unreadable", why_unread(set(told.problems))) if told.problems else None
    unknown = [one_line(name, LONGEST_NAME) for name in told.unknown]
    understood = [name.replace("_", " ").replace(".", " ") for name in told.understood]
    return words.say("source_test", language, source=one_line(told.source, 60), why=why, understood=understood, unknown=unknown)
