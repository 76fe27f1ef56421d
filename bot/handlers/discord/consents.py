"""/consent, in Discord: what a borrower agreed to and took back, and what the gate says now."""

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.words import marked
from bot.oversight import consents
from bot.oversight.consents import ConsentFile
from bot.wording.consents import say_file
from bot.wording.working import say_not_worked


def register(desk: Desk) -> None:
    @desk.command("consent", needs="record_opt_out", alone=True)
    async def consent(interaction: Interaction, lead: str | None = None) -> None:
        await desk.answer(interaction, _consent, lead)


async def _consent(asked: Asked) -> Answer:
    seen = await consents.look(asked.services, asked.press)
    if not isinstance(seen, ConsentFile):
        return Answer(say_not_worked(marked, seen, asked.officer.language))
    first, *others = say_file(marked, seen, asked.officer.language)
    return Answer(first, more=others[:8])
