"""/drip move, in Discord."""

from functools import partial

from discord import app_commands

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.drips import sequences_offered
from bot.handlers.discord.words import marked
from bot.nurture import moving
from bot.nurture.drips import Meant
from bot.wording.moving import say_move


def register(desk: Desk) -> None:
    @desk.command("drip move", needs="approve_drips")
    @app_commands.autocomplete(sequence=desk.offering(sequences_offered))
    async def move(interaction: Interaction, sequence: str, number: str | None = None) -> None:
        await desk.answer(interaction, partial(_move, f"{sequence} {number or ''}".strip()), about_a_lead=False)


async def _move(words: str, asked: Asked) -> Answer:
    """Without a number it counts, with the one that was named it moves."""
    language, outcome = asked.officer.language, await moving.move(asked.services, asked.press, words)
    if isinstance(outcome, Meant):
        known = ", ".join(each.named(language) for each in outcome.nearest or outcome.known)
        return Answer(marked.say("build_which", language, known=known))
    return Answer(say_move(marked, outcome, language))
