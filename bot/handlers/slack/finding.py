"""/lead find and /lead next, in Slack."""

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.cards import open_button
from bot.handlers.slack.claiming import refusal_words
from bot.handlers.slack.commands import Answer, Asked, Command, run_button, tell
from bot.handlers.slack.deliveries import delivery_of
from bot.handlers.slack.opening import show
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.leads import finding
from bot.leads.finding import BestWaiting, CallFirst, Exceptions, Found, FoundLead, HandedTo, NothingWaits, NotUnderstood
from bot.rendering import labels
from bot.rules.text import one_line, truncate
from bot.services import Services
from bot.store.events import COMPANY
from bot.wording.finding import say_found


async def _find(asked: Asked) -> Answer:
    language = asked.officer.language
    if not asked.words:
        return Answer(marked.say("find_what", language))
    found = await finding.find(asked.services, asked.officer, asked.words)
    words = say_found(marked, found, asked.words, language)
    if isinstance(found, NotUnderstood):
        return Answer(words)
    if isinstance(found, Found) and found.sure and found.many == 1:
        return await show(replace(asked, lead=found.leads[0].number))
    return Answer(words, _choices(found, language))


async def _next(asked: Asked) -> Answer:
    match await finding.find_next(asked.services, asked.press):
        case BestWaiting(number) | HandedTo(number):
            return await show(replace(asked, lead=number))
        case CallFirst(oldest, because):
            words = refusal_words(oldest, because, asked.officer.language, asked.services.in_force.company_name)
            return Answer(words, [open_button(oldest, asked.officer.language)])
        case NothingWaits(others, _, serves):
            return Answer(marked.say("nothing_waits", asked.officer.language, others=others, serves=serves))


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("next_lead")
    async def next_lead(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            asked = Asked(services, officer, COMPANY, "", delivery_of(body), client, body["trigger_id"])
            await tell(respond, await _next(asked), replace=False)


COMMANDS = (
    Command("find", _find, ("search",), about_a_lead=False),
    Command("next", _next, needs="claim", about_a_lead=False),
)


def _choices(found: Found | Exceptions, language: str) -> list[dict[str, object]]:
    return [run_button(_line(each, language), f"show {each.number}", place) for place, each in enumerate(found.leads)]


def _line(each: FoundLead, language: str) -> str:
    parts = (f"#{each.number} {each.name}", labels(language)("stage", each.stage), each.owner and one_line(each.owner, 30))
    return truncate(", ".join(part for part in parts if part), 75)
