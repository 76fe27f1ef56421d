"""Keep, Hand over and Pool at the end of a working day, in Discord."""

from typing import cast

from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.words import marked
from bot.officers import shift_end
from bot.officers.shift_end import Choice
from bot.wording.shift_end import say_shift


async def answered(asked: Asked) -> Answer:
    """The words are the question and the choice: 12:keep."""
    question, _, choice = asked.words.partition(":")
    outcome = await shift_end.answer(asked.services, asked.press, int(question), cast(Choice, choice))
    return Answer(say_shift(marked, outcome, asked.officer.language))


DOES: dict[str, Does] = {"shift": answered}
