"""/lead find and /lead next, in Slack."""

from dataclasses import replace

from bot import finding
from bot.finding import BestWaiting, Found, FoundLead, NothingWaits
from bot.handlers.slack.commands import Answer, Asked, Command, run_button
from bot.handlers.slack.opening import show
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.rules.text import one_line, truncate


async def _find(asked: Asked) -> Answer:
    language = asked.officer.language
    if not asked.words:
        return Answer(marked.say("find_what", language))
    found = await finding.find(asked.services, asked.officer, asked.words)
    if found.sure and found.many == 1:
        return await show(replace(asked, lead=found.leads[0].number))
    words = marked.say("found", language, said=one_line(asked.words, 60), many=found.many, shown=len(found.leads), sure=found.sure)
    return Answer(words, _choices(found, language))


async def _next(asked: Asked) -> Answer:
    match await finding.find_next(asked.services, asked.officer):
        case BestWaiting(number):
            return await show(replace(asked, lead=number))
        case NothingWaits(others):
            return Answer(marked.say("nothing_waits", asked.officer.language, others=others))


COMMANDS = (
    Command("find", _find, ("search",), about_a_lead=False),
    Command("next", _next, needs="claim", about_a_lead=False),
)


def _choices(found: Found, language: str) -> list[dict[str, object]]:
    return [run_button(_line(each, language), f"show {each.number}", place) for place, each in enumerate(found.leads)]


def _line(each: FoundLead, language: str) -> str:
    parts = (f"#{each.number} {each.name}", labels(language)("stage", each.stage), each.owner and one_line(each.owner, 30))
    return truncate(", ".join(part for part in parts if part), 75)
