"""Words in a lead's thread that look meant for the borrower, in Slack: the owner is asked privately what they should be."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation import accidents
from bot.handlers.slack.cards import Block, button
from bot.handlers.slack.commands import LONGEST_VALUE, SAID_ANEW, Answer, drawn
from bot.handlers.slack.deliveries import behind_lead, delivery_of, pressed
from bot.handlers.slack.noting import note_answer
from bot.handlers.slack.people import People
from bot.handlers.slack.screens import answer_where_pressed
from bot.handlers.slack.texting import open_text
from bot.handlers.slack.words import heard, marked
from bot.leads import noting
from bot.leads.lead_facts import own_facts
from bot.leads.press import press
from bot.rendering import labels
from bot.rules.sms_segments import characters_over, tidy
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.store.postings import lead_of_card


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.event("message")
    async def said(body: dict[str, Any], client: AsyncWebClient) -> None:
        event = body["event"]
        words = heard(event.get("text") or "")
        if event.get("subtype") not in SAID_ANEW or "bot_id" in event or "thread_ts" not in event or _calls_somebody(event):
            return
        lead = await services.store.read(lead_of_card, "slack", event["channel"], event["thread_ts"])
        if lead is None or not (words or event.get("files")):
            return
        officer = await people.who(body)
        if not isinstance(officer, KnownOfficer):
            return
        seen = await accidents.overhear(services, press(services, delivery_of(body), lead, officer.id))
        if seen is not None:
            facts = {**own_facts(seen, services.clock.now()), "attached": "mention" if event.get("files") else None}
            answer = Answer(marked.say("only_your_team", officer.language, **facts), _buttons(lead, words, officer.language))
            where = {"channel": event["channel"], "thread_ts": event["thread_ts"], "user": event["user"]}
            await client.chat_postEphemeral(**where, text=answer.words, blocks=drawn(answer))

    @app.action("send_as_text")
    async def send_as_text(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            by = pressed(services, body, officer)
            answer = await open_text(services, by, officer, client, body["trigger_id"], words=_words_of(body))
            if answer is not None:
                await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)

    @app.action("keep_as_note")
    async def keep_as_note(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            outcome = await noting.keep_note(services, pressed(services, body, officer), _words_of(body))
            await answer_where_pressed(body, note_answer(outcome, officer.language), officer.language, respond, client)


def _calls_somebody(event: dict[str, Any]) -> bool:
    """Who names a colleague, a group or Leadbell speaks to them."""
    return any(mark in (event.get("text") or "") for mark in ("<@", "<!"))


def _buttons(lead: int, words: str, language: str) -> list[Block]:
    """What the words can become. The button carries them: what is edited or deleted since changes nothing."""
    label, value = labels(language), f"{lead}:{words}"
    if not words or len(value) > LONGEST_VALUE:
        return []
    note = button(label("button", "keep_as_note"), "keep_as_note", value)
    return [note] if characters_over(tidy(words)) else [button(label("button", "send_as_text"), "send_as_text", value, primary=True), note]


def _words_of(body: dict[str, Any]) -> str:
    return behind_lead(body["actions"][0])
