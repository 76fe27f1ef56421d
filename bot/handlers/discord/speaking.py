"""Hand to a colleague who speaks Spanish, and Continue in English, in Discord."""

from bot.conversation import speaking
from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.words import marked
from bot.wording.speaking import say_speaking


async def _hand(asked: Asked) -> Answer:
    outcome = await speaking.hand_to_speaker(asked.services, asked.press, int(asked.words))
    return Answer(say_speaking(marked, outcome, asked.officer.language))


async def _english(asked: Asked) -> Answer:
    outcome = await speaking.continue_in_english(asked.services, asked.press)
    return Answer(say_speaking(marked, outcome, asked.officer.language))


DOES: dict[str, Does] = {"hand_to_speaker": _hand, "keep_english": _english}
