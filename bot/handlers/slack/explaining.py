"""/lead why, and Why me?, in Slack."""

from bot import explaining
from bot.explaining import Explained
from bot.handlers.slack.claiming import refusal_words
from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.words import marked
from bot.press import NoSuchLead
from bot.rendering import Safe
from bot.rules.compliance import clock_words
from bot.rules.text import one_line
from bot.wording.explaining import why_not


async def why(asked: Asked) -> Answer:
    language = asked.officer.language
    match await explaining.explain(asked.services, asked.lead, asked.officer):
        case NoSuchLead(number):
            return Answer(marked.say("no_such_lead", language, number=number))
        case Explained() as explained:
            refused = None
            if explained.mine == "refused" and explained.because is not None:
                company = asked.services.in_force.company_name
                refused = Safe(refusal_words(explained.lead, explained.because, language, company))
            rung = [f"{one_line(ring.name, 60)} ({clock_words(ring.at, explained.zone, language)})" for ring in explained.rung]
            skipped = [f"{one_line(name, 60)} ({why_not(skip, state, language)})" for name, skip, state in explained.skipped]
            return Answer(
                marked.say(
                    "why", language, number=explained.lead, rung=rung, mine=explained.mine, refused=refused, skipped=skipped,
                    all_after=explained.all_after, rule=explained.route and one_line(explained.route.rule, 100),
                    mode=explained.route and explained.route.mode,
                )
            )  # fmt: skip


COMMANDS = (Command("why", why, ("why me", "explain"), needs="claim", takes_words=False),)
