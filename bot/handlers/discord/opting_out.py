"""Opt-out, and Not an opt-out with its reason, in Discord."""

from discord import ui

from bot.conversation import opting_out
from bot.handlers.discord.answers import Answer, Asked, Does, Opens
from bot.handlers.discord.screens import NOTE_LIMIT, Screen, words_field, written
from bot.handlers.discord.words import marked
from bot.wording.opting_out import say_opt_out


async def _opt_out(asked: Asked) -> Answer:
    outcome = await opting_out.decide(asked.services, asked.press, int(asked.words))
    return Answer(say_opt_out(marked, outcome, asked.officer.language))


async def ask_why(asked: Asked) -> ui.Modal:
    return Screen(asked, _no_opt_out, words_field("what_they_meant", asked.officer.language, most=NOTE_LIMIT))


async def _no_opt_out(asked: Asked, screen: Screen) -> Answer:
    outcome = await opting_out.decide(asked.services, asked.press, int(asked.words), written(screen, "what_they_meant") or "")
    return Answer(say_opt_out(marked, outcome, asked.officer.language))


DOES: dict[str, Does] = {"opt_out": _opt_out}
OPENS: dict[str, Opens] = {"no_opt_out": ask_why}
