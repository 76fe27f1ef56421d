"""Edit, Ask compliance, and Approve or Decline, in Slack."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation import asking_compliance
from bot.handlers.slack.commands import Answer, drawn
from bot.handlers.slack.deliveries import behind_lead, pressed
from bot.handlers.slack.emailing import open_email
from bot.handlers.slack.people import People
from bot.handlers.slack.screens import answer_where_pressed
from bot.handlers.slack.texting import open_text
from bot.handlers.slack.words import marked
from bot.services import Services
from bot.wording.asking_compliance import say_asked, say_judged


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("edit_words")
    async def edited(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        by = pressed(services, body, officer)
        kept = await asking_compliance.kept_words(services, by, _text_id(body))
        if kept is None:
            answer: Answer | None = Answer(say_asked(marked, asking_compliance.NotKept(by.lead), officer.language))
        elif kept.channel == "email":
            answer = await open_email(services, by, officer, client, body["trigger_id"], subject=kept.subject, words=kept.words)
        else:
            answer = await open_text(services, by, officer, client, body["trigger_id"], kept=kept)
        if answer is not None:
            await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)

    @app.action("ask_compliance")
    async def asked(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            by, typed = pressed(services, body, officer), _typed(body)
            outcome = await asking_compliance.ask(services, by, _text_id(body), typed.get("subject"), typed.get("words"))
            await answer_where_pressed(body, Answer(say_asked(marked, outcome, officer.language)), officer.language, respond, client)

    @app.action(re.compile("(approve|decline)_words"))
    async def judged(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            approved = body["actions"][0]["action_id"] == "approve_words"
            outcome = await asking_compliance.judge(services, pressed(services, body, officer), _text_id(body), approved=approved)
            await respond(say_judged(marked, outcome, officer.language), response_type="ephemeral", replace_original=False)


def _text_id(body: dict[str, Any]) -> int:
    return int(behind_lead(body["actions"][0]))


def _typed(body: dict[str, Any]) -> dict[str, str]:
    """What stands in the fields of the screen by now; nothing where there is none."""
    values = body.get("view", {}).get("state", {}).get("values", {})
    return {name: str(field[name].get("value") or "") for field in values.values() for name in ("subject", "words") if name in field}
