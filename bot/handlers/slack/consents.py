"""/lead consent, in Slack: what a borrower agreed to and took back, and what the gate says now."""

from bot.handlers.slack.cards import section
from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.words import marked
from bot.handlers.slack.working import not_worked_words
from bot.oversight import consents
from bot.oversight.consents import ConsentFile
from bot.wording.consents import say_file


async def _consent(asked: Asked) -> Answer:
    seen = await consents.look(asked.services, asked.press)
    if not isinstance(seen, ConsentFile):
        return Answer(not_worked_words(seen, asked.officer.language))
    first, *others = say_file(marked, seen, asked.officer.language)
    return Answer(first, blocks=[section(each) for each in others[:20]])


COMMANDS = (Command("consent", _consent, ("consents",), needs="record_opt_out", takes_words=False),)
