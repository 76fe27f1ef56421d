"""Stop recording and Listen, in Slack: below the line of a call in the lead's thread."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.calls import recording
from bot.handlers.slack.cards import section, text
from bot.handlers.slack.deliveries import behind_lead, pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.services import Services
from bot.wording.recording import say_recording


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("stop_recording")
    async def stop(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            outcome = await recording.stop(services, pressed(services, body, officer), int(behind_lead(body["actions"][0])))
            await respond(say_recording(marked, outcome, officer.language), response_type="ephemeral", replace_original=False)

    @app.action("hear_recording")
    async def hear(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome, link = await recording.ask_to_hear(services, pressed(services, body, officer), int(behind_lead(body["actions"][0])))
        words, label = say_recording(marked, outcome, officer.language), labels(officer.language)("button", "hear_recording")
        opens = {"type": "button", "action_id": "recording_opened", "text": text(label, 75), "url": link}
        blocks = [section(words), *([{"type": "actions", "elements": [opens]}] if link else [])]
        await respond(words, blocks=blocks, response_type="ephemeral", replace_original=False)

    @app.action("recording_opened")
    async def opened(ack: AsyncAck) -> None:
        """Slack tells of a link that was opened, too."""
        await ack()
