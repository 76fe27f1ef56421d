"""What those who run Leadbell are told when something is wrong between a source and us."""

from bot.rendering import Words, labels
from bot.rules.text import one_line
from bot.updates import SourceTrouble


def say_source_trouble(words: Words, told: SourceTrouble, language: str) -> str:
    trouble = labels(language)("source_trouble", told.trouble)
    return words.say("source_trouble", language, source=one_line(told.source, 60), trouble=trouble)
