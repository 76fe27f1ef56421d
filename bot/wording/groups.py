"""What is told of a sequence that is begun for many leads at once: the count before, and what became of it."""

from collections.abc import Mapping
from typing import assert_never

from bot.nurture.drips import Called
from bot.nurture.groups import (
    BEGAN,
    WHY_NOT,
    Began,
    GoesBack,
    GroupOutcome,
    MayNotBeginForMany,
    NoSuchGroup,
    NothingAsked,
    NotRead,
    NotSought,
    OtherNumber,
    Proposed,
)
from bot.rendering import Words, labels
from bot.rules.text import one_line
from bot.store.drip_beginnings import HELD_OUT
from bot.updates import GroupDone
from bot.wording.drips import named
from bot.wording.finding import say_not_understood, say_understood
from bot.wording.roles import say_may_not


def say_group(words: Words, outcome: GroupOutcome, language: str) -> str:
    """What the one who counts, begins or takes back is told privately."""
    match outcome:
        case Proposed(sequence, fitting, looked_at, may_begin, why_not, held_out, understood):
            facts = {"fitting": fitting, "looked_at": looked_at, "may_begin": may_begin, "others": _reasons(why_not, language)}
            facts |= {"held_out": held_out, "able": may_begin + held_out, "understood": say_understood(words, understood, language)}
            return words.say("group_proposed", language, **named(sequence, language), **facts)
        case NotRead(part, said, known):
            known_names = [one_line(each, 60) for each in known]
            return words.say("group_not_read", language, part=part, said=one_line(said, 60), known=", ".join(known_names))
        case NotSought(because):
            return say_not_understood(words, because, language)
        case Began(_, sequence, many):
            return words.say("group_began", language, **named(sequence, language), many=many)
        case OtherNumber(said, many):
            return words.say("group_other_number", language, said=one_line(said, 20), many=many)
        case NothingAsked():
            return words.say("group_nothing_asked", language)
        case GoesBack(sequence, already):
            return words.say("group_goes_back", language, **named(sequence, language), already=already)
        case NoSuchGroup():
            return words.say("group_none", language)
        case MayNotBeginForMany(role):
            return say_may_not(words, role, "begin_for_many", language)
    assert_never(outcome)


def say_group_done(words: Words, told: GroupDone, language: str) -> str:
    """The one line at the end."""
    sequence, tally = named(Called(dict(told.names), told.texts_only), language), told.tally
    if told.taken_back:
        ended, over = tally.get("ended", 0), tally.get("over", 0)
        return words.say("group_taken_back", language, **sequence, ended=ended, over=over, officer=one_line(told.officer, 60))
    began, held_out = tally.get(BEGAN, 0), tally.get(HELD_OUT, 0)
    return words.say(
        "group_done", language, **sequence, began=began, held_out=held_out, able=began + held_out, others=_reasons(tally, language)
    )


def _reasons(counted: Mapping[str, int], language: str) -> str:
    """ "20 without consent to texts, 12 run it already": the most first."""
    found = sorted(((counted[each], each) for each in WHY_NOT if counted.get(each)), reverse=True)
    return ", ".join(f"{many} {labels(language)('group_why', each)}" for many, each in found)
