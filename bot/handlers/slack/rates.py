"""Rates, in Slack: /rate shows and sets them, keeps what borrowers pay or wait for, and lists whom to call."""

from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.messages import call_blocks
from bot.handlers.slack.words import marked
from bot.nurture import rates
from bot.nurture.rates import Kept, NoRateRead, RateOutcome
from bot.store.events import COMPANY
from bot.wording.rates import say_calls, say_rate, say_rates


async def _show(asked: Asked) -> Answer:
    """ "/rate"; whoever writes a rate after it meant "/rate set"."""
    if asked.words:
        return _answer(NoRateRead(COMPANY, "set"), asked)
    shown = await rates.look(asked.services, asked.officer)
    return Answer(say_rates(marked, shown, asked.officer.language, asked.services.clock.now()))


async def _set(asked: Asked) -> Answer:
    """ "/rate set 30y 6.25"."""
    return _answer(await rates.set_one(asked.services, asked.press, asked.words), asked)


async def _target(asked: Asked) -> Answer:
    """ "/rate target 1042 30y 6.0"."""
    return await _keep("target", asked)


async def _note(asked: Asked) -> Answer:
    """ "/rate note 1042 6.875 315000"."""
    return await _keep("note", asked)


async def _keep(what: Kept, asked: Asked) -> Answer:
    return _answer(await rates.keep(asked.services, asked.press, what, asked.words), asked)


async def _forget(asked: Asked) -> Answer:
    return _answer(await rates.forget(asked.services, asked.press), asked)


async def _list(asked: Asked) -> Answer:
    language, listed = asked.officer.language, await rates.call_list(asked.services, asked.officer)
    words = say_calls(marked, listed.many, len(listed.rows), language)
    return Answer(words, blocks=call_blocks(listed.rows, language, asked.services.clock.now()))


COMMANDS = (
    Command("rate", _show, needs="see_pipeline", about_a_lead=False, short=True),
    Command("rate set", _set, needs="set_rates", about_a_lead=False),
    Command("rate target", _target, ("target",), needs="work"),
    Command("rate note", _note, needs="work"),
    Command("rate forget", _forget, needs="work", takes_words=False),
    Command("rate list", _list, ("rates",), needs="work", about_a_lead=False),
)


def _answer(outcome: RateOutcome, asked: Asked) -> Answer:
    return Answer(say_rate(marked, outcome, asked.officer.language))
