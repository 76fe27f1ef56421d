"""/lead optout, in Slack: a borrower told one of us that they want no more."""

from bot.conversation import asked_to_stop
from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.words import marked
from bot.wording.asked_to_stop import say_stop


async def _optout(asked: Asked) -> Answer:
    """ "/lead optout 1042 texts she said so on the phone"."""
    what, said = asked_to_stop.read_unwanted(asked.words)
    return Answer(say_stop(marked, await asked_to_stop.note_stop(asked.services, asked.press, what, said), asked.officer.language))


COMMANDS = (Command("optout", _optout, ("opt-out", "stop"), needs="record_opt_out"),)
