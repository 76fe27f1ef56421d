"""/lead off and /lead on, in Slack."""

from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.people import by_key
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.officers import duty
from bot.officers.duty import CameOn, WentOff
from bot.store.events import COMPANY
from bot.wording.duty import say_duty


async def _off(asked: Asked) -> Answer:
    words = await by_key(asked.services, asked.words.removeprefix("duty").strip())
    return _answer(await duty.go_off(asked.services, asked.press, words), asked)


async def _on(asked: Asked) -> Answer:
    return _answer(await duty.come_on(asked.services, asked.press), asked)


COMMANDS = (
    Command("off", _off, ("away", "vacation"), needs="go_off", about_a_lead=False),
    Command("on", _on, ("back",), needs="go_off", about_a_lead=False),
)


def _answer(outcome: duty.DutyOutcome, asked: Asked) -> Answer:
    language = asked.officer.language
    undo = [undo_button(COMPANY, outcome.seq, language)] if isinstance(outcome, WentOff | CameOn) else ()
    return Answer(say_duty(marked, outcome, language, asked.services.clock.now()), undo)
