"""What those who run Leadbell are told when the auditor finds something."""

from bot.rendering import Words, labels
from bot.updates import Audited


def say_audited(words: Words, told: Audited, language: str) -> str:
    label = labels(language)
    return words.say("audited", language, found=[f"{label('finding', kind)}: {many}" for kind, many in told.found.items()])
