"""What is told when one is on call in a colleague's place."""

from datetime import datetime
from typing import assert_never

from bot.officers.swapping import (
    BegunAlready,
    CalledOff,
    MayNotSwap,
    NobodyCalledSo,
    NoLongerAsked,
    NoTurnThen,
    SwapAskedOf,
    SwapOutcome,
    Swapped,
    TakenBySomebody,
)
from bot.rendering import Words
from bot.rules.text import one_line
from bot.rules.when import said_in_full
from bot.store.rota import SwapView
from bot.updates import SwapClosed, SwapHolds, SwapOff, SwapWanted
from bot.wording.roles import say_may_not


def say_swap(words: Words, outcome: SwapOutcome, language: str, now: datetime) -> str:
    """What the one who asked, accepted or undid is told privately."""
    match outcome:
        case SwapAskedOf(_, begins, ends, zone, whom):
            span = _span(begins, ends, zone, language, now)
            return words.say("swap_asked", language, **span, whom=whom and one_line(whom, 60))
        case Swapped(_, whose, begins, ends, zone):
            return words.say("swap_yours", language, **_span(begins, ends, zone, language, now), whose=one_line(whose, 60))
        case NoTurnThen(said):
            return words.say("swap_no_turn", language, said=one_line(said, 40))
        case NobodyCalledSo(said, meant):
            return words.say("swap_with_whom", language, said=one_line(said, 40), meant=[one_line(name, 60) for name in meant[:5]])
        case TakenBySomebody(who):
            return words.say("swap_taken_by", language, who=one_line(who, 60))
        case NoLongerAsked():
            return words.say("swap_not_asked", language)
        case CalledOff():
            return words.say("swap_undone", language)
        case BegunAlready():
            return words.say("swap_begun", language)
        case MayNotSwap(role):
            return say_may_not(words, role, "go_off", language)
    assert_never(outcome)


def say_swap_notice(words: Words, told: SwapWanted | SwapHolds | SwapClosed | SwapOff, language: str, now: datetime) -> str:
    """What the colleagues, and the two whom it is about, read in their messages."""
    swap = told.swap
    span = _span(swap.begins, swap.ends, swap.zone, language, now)
    team, whose, by = one_line(swap.team, 60), one_line(swap.whose, 60), swap.by and one_line(swap.by, 60)
    match told:
        case SwapWanted():
            return words.say("swap_wanted", language, **span, team=team, whose=whose)
        case SwapHolds(yours=True):
            return words.say("swap_yours", language, **span, whose=whose)
        case SwapHolds():
            return words.say("swap_theirs", language, **span, team=team, by=by)
        case SwapClosed():
            return words.say("swap_closed", language, **span, whose=whose, by=by)
        case SwapOff(_, who):
            return words.say("swap_off", language, **span, team=team, whose=whose, who=one_line(who, 60))
    assert_never(told)


def may_be_undone(swap: SwapView, now: datetime) -> bool:
    return now < swap.begins


def _span(begins: datetime, ends: datetime, zone: str, language: str, now: datetime) -> dict[str, str]:
    return {"begins": said_in_full(begins, zone, now, language), "ends": said_in_full(ends, zone, now, language)}
