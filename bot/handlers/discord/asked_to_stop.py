"""/lead optout, in Discord: a borrower told one of us that they want no more."""

from collections.abc import Sequence
from functools import partial

from discord import app_commands

from bot.conversation import asked_to_stop
from bot.conversation.asked_to_stop import UNWANTED, NotedStop
from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.commands import Desk, Interaction, Typing, fitting
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.wording.asked_to_stop import say_stop


def register(desk: Desk) -> None:
    @desk.command("optout", needs="record_opt_out", alone=True)
    @app_commands.autocomplete(what=desk.offering(_like))
    async def optout(interaction: Interaction, what: str, said: str, lead: str | None = None) -> None:
        # All that they have closes at once: it is never guessed which lead is meant.
        await desk.answer(interaction, partial(_note, f"{what} {said}"), lead, guesses=False)


async def _like(typing: Typing) -> Sequence[tuple[str, str]]:
    label = labels(typing.officer.language)
    return fitting([(label("unwanted", each), each) for each in UNWANTED], typing.typed)


async def _note(words: str, asked: Asked) -> Answer:
    language, (what, said) = asked.officer.language, asked_to_stop.read_unwanted(words)
    outcome = await asked_to_stop.note_stop(asked.services, asked.press, what, said)
    match outcome:
        case NotedStop(lead, seq=seq) if seq is not None:
            return Answer(say_stop(marked, outcome, language), [undo_button(lead, seq, language)])
    return Answer(say_stop(marked, outcome, language))
