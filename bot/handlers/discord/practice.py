"""Ring me a practice lead, and its Claim, in Discord."""

from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.words import marked
from bot.officers import practice
from bot.wording.practice import say_practice


async def ring_me(asked: Asked) -> Answer | None:
    return _answer(await practice.ring_practice(asked.services, asked.press), asked)


async def claim(asked: Asked) -> Answer | None:
    return _answer(await practice.claim_practice(asked.services, asked.press), asked)


DOES: dict[str, Does] = {"practice": ring_me, "practice_claim": claim}


def _answer(outcome: practice.PracticeOutcome, asked: Asked) -> Answer | None:
    words = say_practice(marked, outcome, asked.officer.language)
    return Answer(words) if words is not None else None
