"""Claim and Give back, in Discord."""

from bot.distribution import claiming
from bot.distribution.claiming import Claimed, ClaimOutcome, NotEligible
from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.cards import open_button
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.words import marked
from bot.wording.claiming import say_claim, say_give_back


async def claim(asked: Asked) -> Answer | None:
    """By the button: who wins hears it from the card and by a message of their own."""
    outcome = await claiming.claim(asked.services, asked.press)
    words = say_claim(marked, outcome, asked.officer.language, asked.services.in_force.company_name)
    return Answer(words, call_first(outcome, asked.officer.language)) if words is not None else None


async def claim_typed(asked: Asked) -> Answer:
    outcome = await claiming.claim(asked.services, asked.press)
    language = asked.officer.language
    if isinstance(outcome, Claimed):
        return Answer(marked.say("claimed", language, number=outcome.lead, seconds=outcome.seconds))
    words = say_claim(marked, outcome, language, asked.services.in_force.company_name) or ""
    return Answer(words, call_first(outcome, language))


def call_first(outcome: ClaimOutcome, language: str) -> list[Button]:
    """Opens the lead that who was refused has to call first."""
    if not isinstance(outcome, NotEligible) or outcome.because.oldest is None:
        return []
    return [open_button(outcome.because.oldest, language)]


async def give_back(asked: Asked) -> Answer:
    return Answer(say_give_back(marked, await claiming.give_back(asked.services, asked.press), asked.officer.language))


def register(desk: Desk) -> None:
    @desk.command("claim", needs="claim")
    async def claim(interaction: Interaction, lead: str | None = None) -> None:
        await desk.answer(interaction, claim_typed, lead)

    @desk.command("release", needs="give_back")
    async def release(interaction: Interaction, lead: str | None = None) -> None:
        await desk.answer(interaction, give_back, lead)


DOES = {"claim": claim, "give_back": give_back}
