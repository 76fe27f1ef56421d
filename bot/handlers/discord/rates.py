"""Rates, in Discord: /rate shows and sets them, keeps what borrowers pay or wait for, and lists whom to call."""

from functools import partial

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.messages import call_buttons, call_lines
from bot.handlers.discord.words import marked
from bot.nurture import rates
from bot.nurture.rates import Kept, RateOutcome
from bot.wording.rates import say_calls, say_rate, say_rates


def register(desk: Desk) -> None:
    @desk.command("rate show", needs="see_pipeline", alone=True)
    async def show(interaction: Interaction) -> None:
        await desk.answer(interaction, _show, about_a_lead=False)

    @desk.command("rate set", needs="set_rates", alone=True)
    async def set_(interaction: Interaction, rate: str) -> None:
        await desk.answer(interaction, partial(_set, rate), about_a_lead=False)

    @desk.command("rate target", needs="work", alone=True)
    async def target(interaction: Interaction, lead: str | None = None, rate: str | None = None) -> None:
        await desk.answer(interaction, partial(_keep, "target", rate or ""), lead)

    @desk.command("rate note", needs="work", alone=True)
    async def note_(interaction: Interaction, lead: str | None = None, rate: str | None = None) -> None:
        await desk.answer(interaction, partial(_keep, "note", rate or ""), lead)

    @desk.command("rate forget", needs="work", alone=True)
    async def forget(interaction: Interaction, lead: str | None = None) -> None:
        await desk.answer(interaction, _forget, lead)

    @desk.command("rate list", needs="work", alone=True)
    async def list_(interaction: Interaction) -> None:
        await desk.answer(interaction, _list, about_a_lead=False)


async def _show(asked: Asked) -> Answer:
    shown = await rates.look(asked.services, asked.officer)
    return Answer(say_rates(marked, shown, asked.officer.language, asked.services.clock.now()))


async def _set(words: str, asked: Asked) -> Answer:
    return _answer(await rates.set_one(asked.services, asked.press, words), asked)


async def _keep(what: Kept, words: str, asked: Asked) -> Answer:
    return _answer(await rates.keep(asked.services, asked.press, what, words), asked)


async def _forget(asked: Asked) -> Answer:
    return _answer(await rates.forget(asked.services, asked.press), asked)


async def _list(asked: Asked) -> Answer:
    language, now = asked.officer.language, asked.services.clock.now()
    listed = await rates.call_list(asked.services, asked.officer)
    words = say_calls(marked, listed.many, len(listed.rows), language)
    return Answer(words, call_buttons(listed.rows), call_lines(listed.rows, language, now))


def _answer(outcome: RateOutcome, asked: Asked) -> Answer:
    return Answer(say_rate(marked, outcome, asked.officer.language))
