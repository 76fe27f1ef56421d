"""/drip move, in Slack."""

from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.words import marked
from bot.nurture import moving
from bot.nurture.drips import Meant
from bot.wording.moving import say_move


async def _move(asked: Asked) -> Answer:
    """ "/drip move past client" counts, "/drip move past client 37" moves."""
    language, outcome = asked.officer.language, await moving.move(asked.services, asked.press, asked.words)
    if isinstance(outcome, Meant):
        known = ", ".join(each.named(language) for each in outcome.nearest or outcome.known)
        return Answer(marked.say("build_which", language, known=known))
    return Answer(say_move(marked, outcome, language))


COMMANDS = (Command("drip move", _move, needs="approve_drips", about_a_lead=False),)
