"""What is told of the message that machines hear, to the officer in whose name it is."""

from typing import assert_never

from bot.calls.own_voicemail import CannotRecord, InForce, Outcome, Rings, SpokenAgain
from bot.leads.working import MayNotWork
from bot.rendering import Words
from bot.wording.roles import say_may_not


def say_voicemail(words: Words, outcome: Outcome | InForce, language: str) -> str:
    """What the one who asks is told privately."""
    match outcome:
        case InForce(own):
            lasts = {each.language: max(1, each.seconds) for each in own}
            return words.say("voicemail_in_force", language, english=lasts.get("en"), spanish=lasts.get("es"))
        case Rings(ending, of_words):
            return words.say("voicemail_rings", language, ending=ending, spanish=of_words == "es")
        case SpokenAgain():
            return words.say("voicemail_in_force", language, english=None, spanish=None)
        case CannotRecord(because):
            return words.say("voicemail_why", language, because=because)
        case MayNotWork(_, role):
            return say_may_not(words, role, "work", language)
    assert_never(outcome)
