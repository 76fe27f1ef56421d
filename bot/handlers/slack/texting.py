"""Text, Send again and It arrived, in Slack: the button, the screen with what the law says, and /lead text."""

import re
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation import texting
from bot.conversation.judging_words import Objected
from bot.conversation.texting import CannotText, Texted, Texting
from bot.handlers.slack.cards import Block, text
from bot.handlers.slack.commands import Answer, Asked, Command, drawn
from bot.handlers.slack.deliveries import pressed, submitted, value_of
from bot.handlers.slack.emailing import email_instead
from bot.handlers.slack.files import contents_of
from bot.handlers.slack.objected import objected_answer, objected_blocks
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import told_screen
from bot.handlers.slack.words import marked
from bot.handlers.slack.working import not_worked_words
from bot.leads.press import Press
from bot.rendering import labels
from bot.rules.sms_segments import MOST_CHARACTERS
from bot.services import Services
from bot.store.messages import TextRow
from bot.store.places import KnownOfficer
from bot.wording.plain import plain
from bot.wording.texting import TEMPLATES, beside, say_from, say_gate, say_text, say_with, template


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("text")
    async def text_pressed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            answer = await open_text(services, pressed(services, body, officer), officer, client, body["trigger_id"])
            if answer is not None:
                await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)

    @app.action("text_template")
    async def chosen(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            seen = await texting.look(services, submitted(services, body, officer))
            if isinstance(seen, Texting):
                screen = _screen(seen, officer, services, value_of(body["actions"][0]))
                await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=screen)

    @app.view("text")
    async def sent(ack: AsyncAck, body: dict[str, Any]) -> None:
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, drawn(Answer(stranger_words(guest=guest))), "en"))
            case KnownOfficer() as officer:
                words, of_text = _written(body), body["view"]["private_metadata"].partition(":")[2]
                by = submitted(services, body, officer)
                outcome = await texting.send_sms(services, by, words, of_text=int(of_text) if of_text else None)
                if isinstance(outcome, Texted) and outcome.leaves_at is None:
                    await ack()
                elif isinstance(outcome, Objected) and isinstance(
                    seen := await texting.look(services, submitted(services, body, officer)), Texting
                ):
                    await ack(response_action="update", view=_screen(seen, officer, services, words=words, objected=outcome))
                else:
                    answer = Answer(text_words(outcome, officer.language))
                    await ack(response_action="update", view=told_screen(body, drawn(answer), officer.language))

    @app.action(re.compile("send_again|it_arrived"))
    async def settled(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            action = body["actions"][0]
            text_id = int(value_of(action).partition(":")[2])
            again = action["action_id"] == "send_again"
            outcome = await texting.settle(services, pressed(services, body, officer), text_id, send_again=again)
            await respond(text_words(outcome, officer.language), response_type="ephemeral", replace_original=False)


async def _text(asked: Asked) -> Answer | None:
    """ "/lead text 1042 See you at noon"; without words the screen asks. What is attached to a mention goes along."""
    if not asked.words and asked.trigger is not None:
        return await open_text(asked.services, asked.press, asked.officer, asked.client, asked.trigger)
    files = await contents_of(asked.client, asked.files)
    if isinstance(files, str):
        return Answer(text_words(CannotText(asked.lead, files), asked.officer.language))
    outcome = await texting.send_sms(asked.services, asked.press, asked.words, files)
    if isinstance(outcome, Objected):
        return objected_answer(outcome, asked.officer.language)
    return Answer(text_words(outcome, asked.officer.language))


COMMANDS = (Command("text", _text, aliases=("sms",), needs="work"),)


async def open_text(
    services: Services,
    by: Press,
    officer: KnownOfficer,
    client: AsyncWebClient,
    trigger: str,
    words: str | None = None,
    kept: TextRow | None = None,
) -> Answer | None:
    """Open the screen, with these words where there are some already, or with a text that was kept back; or say why there is none."""
    seen = await texting.look(services, by)
    if not isinstance(seen, Texting):
        return Answer(not_worked_words(seen, officer.language))
    await client.views_open(trigger_id=trigger, view=_screen(seen, officer, services, words=kept.words if kept else words, kept=kept))
    return None


text_words = partial(say_text, marked)


def _screen(
    seen: Texting,
    officer: KnownOfficer,
    services: Services,
    chosen: str | None = None,
    words: str | None = None,
    objected: Objected | None = None,
    kept: TextRow | None = None,
) -> dict[str, Any]:
    """What the law says of a text now, a template for those who want, and the words; nothing to send where none may leave."""
    lead, language = seen.lead, officer.language
    label, now = labels(language), services.clock.now()
    gate: list[Block] = [{"type": "section", "text": text(say_gate(seen, language), 300)}]
    of_text, files = (kept.id, kept.pictures) if kept else (objected.text_id, objected.files) if objected else (None, 0)
    screen: dict[str, Any] = {
        "type": "modal",
        "callback_id": "text",
        "private_metadata": f"{lead.number}:{of_text}" if of_text else str(lead.number),
        "title": text(f"#{lead.number}", 24),
        "close": text(label("button", "close"), 24),
        "blocks": gate,
    }
    instead = email_instead(services, lead.number, language)
    if seen.because is not None:
        return {**screen, "blocks": [*gate, *([{"type": "actions", "block_id": "instead", "elements": instead}] if instead else [])]}
    english: list[Block] = []
    if chosen is not None:
        words, said = template(chosen, seen, now), beside(chosen, seen, now)
        if said is not None:
            english = [{"type": "section", "text": text(plain.say("english_beside", language, words=said), 1000)}]
    where = say_from(seen, words, language, now)
    if files:
        where = f"{where} {say_with(files, language)}"
    options = [{"text": text(label("text_template", each), 75), "value": each} for each in TEMPLATES]
    choice = {
        "type": "static_select",
        "action_id": "text_template",
        "placeholder": text(label("field", "template"), 150),
        "options": options,
    }
    # Slack keeps what stands in a field of the same id, so the words of another template need a field of their own.
    field = {"type": "plain_text_input", "action_id": "words", "multiline": True, "max_length": MOST_CHARACTERS}
    return {
        **screen,
        "submit": text(label("button", "send"), 24),
        "blocks": [
            *gate,
            *(objected_blocks(objected, language) if objected is not None else ()),
            {"type": "actions", "block_id": "template", "elements": [choice, *instead]},
            {
                "type": "input",
                "block_id": f"words:{chosen or (objected.text_id if objected else '')}",
                "label": text(label("field", "words"), 100),
                "element": {**field, "initial_value": words} if words else field,
            },
            *english,
            {"type": "context", "elements": [text(where, 300)]},
        ],
    }


def _written(body: dict[str, Any]) -> str:
    values = body["view"]["state"]["values"]
    return next((str(field["words"].get("value") or "") for block, field in values.items() if block.startswith("words:")), "")
