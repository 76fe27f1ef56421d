"""/lead optout, in Discord: a borrower told one of us that they want no more."""

from collections.abc import Sequence
from functools import partial

from discord import app_commands

from bot.conversation import asked_to_stop
from bot.conversation.asked_to_stop import UNWANTED
from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.commands import Desk, Interaction, Typing, fitting
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.wording.asked_to_stop import say_stop


def register(desk: Desk) -> None:
    @desk.command("optout", needs="record_opt_out", alone=True)
    @app_commands.autocomplete(what=desk.offering(_like))
    async def optout(interaction: Interaction, what: str, said: str, lead: str | None = None) -> None:
        await desk.answer(interaction, partial(_note, f"{what} {said}"), lead)


async def _like(typing: Typing) -> Sequence[tuple[str, str]]:
    label = labels(typing.officer.language)
    return fitting([(label("unwanted", each), each) for each in UNWANTED], typing.typed)


async def _note(words: str, asked: Asked) -> Answer:
    what, said = asked_to_stop.read_unwanted(words)
    return Answer(say_stop(marked, await asked_to_stop.note_stop(asked.services, asked.press, what, said), asked.officer.language))
