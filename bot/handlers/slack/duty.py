"""/lead off and /lead on, in Slack."""

from typing import assert_never

from bot import duty
from bot.duty import CameOn, MayNotGoOff, NoTime, WasOn, WentOff
from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.rules.when import said_in_full
from bot.store.events import COMPANY


async def _off(asked: Asked) -> Answer:
    words = asked.words.removeprefix("duty").strip()
    words = words.removeprefix("until").removeprefix("till").removeprefix("for").strip()
    return _answer(await duty.go_off(asked.services, asked.press, words), asked)


async def _on(asked: Asked) -> Answer:
    return _answer(await duty.come_on(asked.services, asked.press), asked)


COMMANDS = (
    Command("off", _off, ("away", "vacation"), needs="go_off", about_a_lead=False),
    Command("on", _on, ("back",), needs="go_off", about_a_lead=False),
)


def _answer(outcome: duty.DutyOutcome, asked: Asked) -> Answer:
    language = asked.officer.language
    match outcome:
        case WentOff(until, zone, seq):
            in_full = said_in_full(until, zone, asked.services.clock.now(), language)
            return Answer(marked.say("went_off", language, until=in_full), [undo_button(COMPANY, seq, language)])
        case CameOn(seq):
            return Answer(marked.say("came_on", language), [undo_button(COMPANY, seq, language)])
        case WasOn():
            return Answer(marked.say("was_on", language))
        case NoTime():
            return Answer(marked.say("off_until_when", language))
        case MayNotGoOff(role):
            return Answer(marked.say("may_not", language, role=role))
    assert_never(outcome)
