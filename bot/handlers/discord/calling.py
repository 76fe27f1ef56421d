"""Call me, in Discord: on the opened lead, below the owner's own message, and as /lead call."""

from bot.calls.calling import NotYet, call_me
from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.messages import until_hours_open
from bot.handlers.discord.words import marked
from bot.wording.calling import say_call_me


def register(desk: Desk) -> None:
    @desk.command("call", needs="work")
    async def call(interaction: Interaction, lead: str | None = None) -> None:
        await desk.answer(interaction, ring, lead)


async def ring(asked: Asked) -> Answer:
    language, outcome = asked.officer.language, await call_me(asked.services, asked.press)
    words = say_call_me(marked, outcome, language)
    if not isinstance(outcome, NotYet):
        return Answer(words)
    return Answer(words, until_hours_open(outcome.lead, language, anyway=asked.services.in_force.config.lets_call_anyway))


DOES: dict[str, Does] = {"call_me": ring}
