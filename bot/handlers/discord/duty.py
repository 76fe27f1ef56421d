"""/lead off and /lead on, in Discord."""

from functools import partial

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.officers import duty
from bot.officers.duty import CameOn, WentOff
from bot.store.events import COMPANY
from bot.wording.duty import say_duty


def register(desk: Desk) -> None:
    @desk.command("off", needs="go_off")
    async def off(interaction: Interaction, until: str | None = None, cover: str | None = None) -> None:
        words = f"{until or ''}, cover {cover}" if cover else until or ""
        await desk.answer(interaction, partial(_off, words), about_a_lead=False)

    @desk.command("on", needs="go_off")
    async def on(interaction: Interaction) -> None:
        await desk.answer(interaction, _on, about_a_lead=False)


async def _off(words: str, asked: Asked) -> Answer:
    return _answer(await duty.go_off(asked.services, asked.press, words), asked)


async def _on(asked: Asked) -> Answer:
    return _answer(await duty.come_on(asked.services, asked.press), asked)


def _answer(outcome: duty.DutyOutcome, asked: Asked) -> Answer:
    language = asked.officer.language
    undo = [undo_button(COMPANY, outcome.seq, language)] if isinstance(outcome, WentOff | CameOn) else ()
    return Answer(say_duty(marked, outcome, language, asked.services.clock.now()), undo)
