"""Same request, Two people, and Undo, in Discord."""

from functools import partial

from bot.capture import two_people
from bot.capture.two_people import Told
from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.wording.two_people import say_told


async def _tell(said: two_people.Answer, asked: Asked) -> Answer:
    outcome = await two_people.tell(asked.services, asked.press, said)
    language = asked.officer.language
    undo = Button(labels(language)("button", "undo"), "undo_told", str(asked.lead))
    return Answer(say_told(marked, outcome, language), [undo] if isinstance(outcome, Told) else ())


async def undo_told(asked: Asked) -> Answer:
    outcome = await two_people.undo(asked.services, asked.press)
    return Answer(say_told(marked, outcome, asked.officer.language), replaces=True)


DOES: dict[str, Does] = {"same_request": partial(_tell, "same_request"), "two_people": partial(_tell, "two_people"), "undo_told": undo_told}
