"""View, in Slack: whoever may look gets a link to each picture, privately. The buttons open the browser; Slack fetches nothing."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.conversation import pictures
from bot.handlers.slack.cards import section, text
from bot.handlers.slack.deliveries import behind_lead, pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.services import Services
from bot.wording.pictures import say_view


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("view_pictures")
    async def view(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        text_id = int(behind_lead(body["actions"][0]))
        outcome, links = await pictures.ask_to_view(services, pressed(services, body, officer), text_id)
        words, label = say_view(marked, outcome, officer.language), labels(officer.language)("button", "picture")
        elements = [
            {"type": "button", "action_id": f"picture:{place}", "text": text(f"{label} {place}", 75), "url": link}
            for place, link in enumerate(links, 1)
        ]
        blocks = [section(words), *([{"type": "actions", "elements": elements}] if elements else [])]
        await respond(words, blocks=blocks, response_type="ephemeral", replace_original=False)

    @app.action(re.compile(r"picture:\d+"))
    async def opened(ack: AsyncAck) -> None:
        """Slack tells of a link that was opened, too."""
        await ack()
