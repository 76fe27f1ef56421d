"""/lead oncall, in Discord."""

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.words import marked
from bot.officers.rota import who_is_on_call
from bot.wording.rota import say_rotas


def register(desk: Desk) -> None:
    @desk.command("oncall")
    async def oncall(interaction: Interaction) -> None:
        await desk.answer(interaction, _oncall, about_a_lead=False)


async def _oncall(asked: Asked) -> Answer:
    language = asked.officer.language
    rotas = say_rotas(marked, await who_is_on_call(asked.services, asked.officer), language, asked.services.clock.now())
    return Answer(rotas[0] if rotas else marked.say("no_rota", language), more=rotas[1:])
