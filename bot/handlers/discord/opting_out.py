"""Opt-out, and Not an opt-out, in Discord."""

from functools import partial

from bot import opting_out
from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.words import marked
from bot.wording.opting_out import say_opt_out


async def _decide(asked: Asked, *, opted_out: bool) -> Answer:
    outcome = await opting_out.decide(asked.services, asked.press, int(asked.words), opted_out=opted_out)
    return Answer(say_opt_out(marked, outcome, asked.officer.language))


DOES: dict[str, Does] = {"opt_out": partial(_decide, opted_out=True), "no_opt_out": partial(_decide, opted_out=False)}
