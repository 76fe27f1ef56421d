"""/lead optout, in Slack: a borrower told one of us that they want no more."""

from bot.conversation import asked_to_stop
from bot.conversation.asked_to_stop import NotedStop
from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.wording.asked_to_stop import say_stop


async def _optout(asked: Asked) -> Answer:
    """ "/lead optout 1042 texts she said so on the phone"."""
    language, (what, said) = asked.officer.language, asked_to_stop.read_unwanted(asked.words)
    outcome = await asked_to_stop.note_stop(asked.services, asked.press, what, said)
    match outcome:
        case NotedStop(lead, seq=seq) if seq is not None:
            return Answer(say_stop(marked, outcome, language), [undo_button(lead, seq, language)])
    return Answer(say_stop(marked, outcome, language))


# All that they have closes at once: it is never guessed which lead is meant.
COMMANDS = (Command("optout", _optout, ("opt-out", "stop"), needs="record_opt_out", guesses=False),)
