"""/lead why, and Why me?, in Slack."""

from bot.distribution import explaining
from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.words import marked
from bot.wording.explaining import say_why


async def why(asked: Asked) -> Answer:
    explained = await explaining.explain(asked.services, asked.lead, asked.officer)
    return Answer(say_why(marked, explained, asked.officer.language, asked.services.in_force.company_name))


COMMANDS = (Command("why", why, ("why me", "explain"), needs="claim", takes_words=False),)
