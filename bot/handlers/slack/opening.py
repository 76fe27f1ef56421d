"""Open, in Slack: a lead on a screen of its own."""

from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.cards import Block, known_fields, text
from bot.handlers.slack.deliveries import lead_number
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked, plain
from bot.lead_facts import own_facts, shared_facts
from bot.opening import Opened, open_lead
from bot.press import NoSuchLead
from bot.rendering import labels
from bot.services import Services


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("open")
    async def open_card(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        match await open_lead(services, lead_number(body["actions"][0]), officer):
            case Opened() as opened:
                await client.views_open(trigger_id=body["trigger_id"], view=screen(opened, officer.language, services.clock.now()))
            case NoSuchLead(number):
                await respond(
                    marked.say("no_such_lead", officer.language, number=number), response_type="ephemeral", replace_original=False
                )


def screen(opened: Opened, language: str, now: datetime) -> dict[str, Any]:
    """The modal that shows a lead, as far as this person may see it."""
    lead = opened.lead
    facts = own_facts(lead, now) if opened.unmasked else shared_facts(lead, now)
    label = labels(language)
    blocks: list[Block] = [
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": marked.say("opened", language, **facts, unmasked=opened.unmasked), "verbatim": True},
        },
        *known_fields(lead),
        {"type": "context", "elements": [text(plain.say("arrived", language, **facts), 300)]},
    ]
    return {"type": "modal", "title": text(f"#{lead.number}", 24), "close": text(label("button", "close"), 24), "blocks": blocks}
