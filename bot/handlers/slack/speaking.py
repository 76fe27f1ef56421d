"""Hand to a colleague who speaks Spanish, and Continue in English, in Slack."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.conversation import speaking
from bot.handlers.slack.deliveries import behind_lead, pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.services import Services
from bot.wording.speaking import say_speaking


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("hand_to_speaker")
    async def hand(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            to_id = int(behind_lead(body["actions"][0]))
            outcome = await speaking.hand_to_speaker(services, pressed(services, body, officer), to_id)
            await respond(say_speaking(marked, outcome, officer.language), response_type="ephemeral", replace_original=False)

    @app.action("keep_english")
    async def english(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            outcome = await speaking.continue_in_english(services, pressed(services, body, officer))
            await respond(say_speaking(marked, outcome, officer.language), response_type="ephemeral", replace_original=False)
