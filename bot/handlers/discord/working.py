"""I'm calling, Log and the answers to "How did it go?", in Discord."""

from datetime import datetime

from discord import ui

from bot import working
from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.messages import STILL_ON, went_buttons
from bot.handlers.discord.screens import Screen, chosen, field, note_field, select_field, written
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.next_touch import ComingBack
from bot.reminders import CHOICES, NoSuchTime, read_moment
from bot.rendering import labels
from bot.rules.dispositions import EFFECTS, Disposition
from bot.wording.next_touch import say_coming_back
from bot.wording.working import say_work
from bot.working import HeldBefore, LoggedCall


async def calling(asked: Asked) -> Answer:
    outcome = await working.say_calling(asked.services, asked.press, still_on=asked.words == STILL_ON)
    return _answer(outcome, asked.officer.language, asked.services.clock.now())


async def went(asked: Asked) -> Answer:
    outcome = await working.log_call(asked.services, asked.press, Disposition(asked.words), None)
    return _answer(outcome, asked.officer.language, asked.services.clock.now())


async def log_call(asked: Asked, disposition: Disposition, note: str | None, when: str | None) -> Answer:
    """Log a call; `when` is the time at which the owner comes back, as they typed or chose it."""
    language = asked.officer.language
    next_touch = await read_moment(asked.services, asked.lead, when) if when else None
    if isinstance(next_touch, NoSuchTime):
        return Answer(marked.say("no_such_time", language))
    if next_touch is None and EFFECTS[disposition].asks_for_time:
        return Answer(marked.say("call_back_when", language, number=asked.lead))
    outcome = await working.log_call(asked.services, asked.press, disposition, note, next_touch)
    return _answer(outcome, language, asked.services.clock.now())


async def log_screen(asked: Asked) -> ui.Modal:
    """Two taps: what came of the call, and save; a note and the next touch for those who want."""
    language = asked.officer.language
    label = labels(language)
    return Screen(
        asked,
        _log_submitted,
        select_field("disposition", [(label("disposition", each.value), each.value) for each in Disposition], language),
        note_field(language),
        select_field("when", [(label("later", choice), choice) for choice in CHOICES], language, required=False),
        field("typed_when", language, placeholder=label("field", "when_like")),
    )


async def _log_submitted(asked: Asked, screen: Screen) -> Answer:
    quick = chosen(screen, "when")
    when = written(screen, "typed_when") or (quick and CHOICES[quick])
    return await log_call(asked, Disposition(chosen(screen, "disposition") or ""), written(screen, "note"), when)


DOES = {"calling": calling, "went": went}
OPENS = {"log": log_screen}


def _answer(outcome: working.WorkOutcome, language: str, now: datetime) -> Answer:
    words = say_work(marked, outcome, language)
    match outcome:
        case LoggedCall(lead, seq=seq, coming_back=ComingBack() as next_touch):
            return Answer(words, [undo_button(lead, next_touch.seq, language)], [say_coming_back(marked, next_touch, language, now)])
        case HeldBefore(lead):
            return Answer(words, went_buttons(lead, language))
        case LoggedCall(lead, seq=seq):
            return Answer(words, [undo_button(lead, seq, language)])
    return Answer(words)
