"""Book a time, in Slack: the button below "Nobody free", and its screen."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.distribution import booking
from bot.distribution.booking import NobodyCallsThen, TimeBooked
from bot.handlers.slack.cards import section, text
from bot.handlers.slack.commands import Answer, drawn
from bot.handlers.slack.deliveries import lead_number, submitted
from bot.handlers.slack.next_touch import time_field
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import told_screen
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.leads import reminders
from bot.leads.reminders import NoSuchTime
from bot.rendering import labels
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.wording.booking import say_book
from bot.wording.plain import plain


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("book")
    async def ask_when(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            await client.views_open(trigger_id=body["trigger_id"], view=_screen(lead_number(body["actions"][0]), officer.language))

    @app.view("book")
    async def booked(ack: AsyncAck, body: dict[str, Any]) -> None:
        # The answer goes on the screen itself, and so into the ack.
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, [section(stranger_words(guest=guest))], "en"))
            case KnownOfficer() as officer:
                by, language = submitted(services, body, officer), officer.language
                at = await reminders.read_moment(services, by.lead, body["view"]["state"]["values"]["when"]["when"]["value"])
                if isinstance(at, NoSuchTime):
                    await ack(response_action="errors", errors={"when": plain.say("no_such_time", language)})
                    return
                outcome, now = await booking.book_time(services, by, at), services.clock.now()
                if isinstance(outcome, NobodyCallsThen):
                    await ack(response_action="errors", errors={"when": say_book(plain, outcome, language, now)})
                    return
                answer = Answer(say_words(outcome, language, now))
                if isinstance(outcome, TimeBooked):
                    answer = Answer(answer.words, [undo_button(outcome.lead, outcome.seq, language)])
                await ack(response_action="update", view=told_screen(body, drawn(answer), language))


say_words = partial(say_book, marked)


def _screen(number: int, language: str) -> dict[str, Any]:
    label = labels(language)
    when = {"type": "input", "block_id": "when", "label": text(label("field", "book_when"), 100), "element": time_field("when", language)}
    return {
        "type": "modal",
        "callback_id": "book",
        "private_metadata": str(number),
        "title": text(f"#{number}", 24),
        "submit": text(label("button", "book"), 24),
        "close": text(label("button", "close"), 24),
        "blocks": [when],
    }
