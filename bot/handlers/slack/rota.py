"""/lead oncall, in Slack."""

from bot.handlers.slack.cards import section
from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.words import marked
from bot.officers.rota import who_is_on_call
from bot.wording.rota import say_rotas


async def _oncall(asked: Asked) -> Answer:
    language = asked.officer.language
    rotas = say_rotas(marked, await who_is_on_call(asked.services, asked.officer), language, asked.services.clock.now())
    return Answer(rotas[0] if rotas else marked.say("no_rota", language), blocks=[section(rota) for rota in rotas[1:]])


COMMANDS = (Command("oncall", _oncall, ("on call", "rota"), about_a_lead=False),)
