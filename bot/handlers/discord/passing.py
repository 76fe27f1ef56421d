"""Pass and Undo, in Discord."""

from typing import cast

from bot.distribution import passing
from bot.distribution.passing import Passed, Why
from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.wording.passing import say_pass


async def pass_by(asked: Asked) -> Answer:
    outcome = await passing.pass_by(asked.services, asked.press, cast(Why, asked.words))
    language = asked.officer.language
    undo = Button(labels(language)("button", "undo"), "undo_pass", str(asked.lead))
    return Answer(say_pass(marked, outcome, language), [undo] if isinstance(outcome, Passed) else ())


async def undo_pass(asked: Asked) -> Answer:
    outcome = await passing.undo_pass(asked.services, asked.press)
    return Answer(say_pass(marked, outcome, asked.officer.language), replaces=True)


DOES = {"pass": pass_by, "undo_pass": undo_pass}
