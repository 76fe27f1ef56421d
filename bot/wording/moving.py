"""What is told of leads that go on with the live version of a sequence."""

from typing import assert_never

from bot.nurture.moving import MayNotMove, Moved, MoveOutcome, ToMove
from bot.rendering import Words
from bot.rules.text import one_line
from bot.wording.roles import say_may_not


def say_move(words: Words, outcome: MoveOutcome, language: str) -> str:
    """What the one who counts or moves is told privately."""
    match outcome:
        case ToMove(names, version, many, said):
            facts = {"sequence": names.get(language) or names["en"], "version": version, "many": many, "said": one_line(said, 20)}
            return words.say("move_count", language, **facts)
        case Moved(_, names, version, many):
            return words.say("moved", language, sequence=names.get(language) or names["en"], version=version, many=many)
        case MayNotMove(role):
            return say_may_not(words, role, "approve_drips", language)
    assert_never(outcome)
