"""/lead why, and Why me?, in Discord."""

from bot.distribution import explaining
from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.words import marked
from bot.wording.explaining import say_why


def register(desk: Desk) -> None:
    @desk.command("why", needs="claim")
    async def why_(interaction: Interaction, lead: str | None = None) -> None:
        await desk.answer(interaction, why, lead)


async def why(asked: Asked) -> Answer:
    explained = await explaining.explain(asked.services, asked.lead, asked.officer)
    return Answer(say_why(marked, explained, asked.officer.language, asked.services.in_force.company_name))


DOES: dict[str, Does] = {"why": why}
