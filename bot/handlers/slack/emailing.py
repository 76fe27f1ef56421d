"""Email, in Slack: the screen with what the rules say, reached from the screen that Text opens, and /lead email."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation import emailing
from bot.conversation.emailing import Emailed, Emailing
from bot.conversation.judging_words import Objected
from bot.handlers.slack.cards import Block, button, text
from bot.handlers.slack.commands import Answer, Asked, Command, drawn
from bot.handlers.slack.deliveries import pressed, submitted, value_of
from bot.handlers.slack.objected import objected_blocks
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import answer_where_pressed, told_screen
from bot.handlers.slack.words import escape, marked
from bot.handlers.slack.working import not_worked_words
from bot.leads.press import Press
from bot.rendering import labels
from bot.rules.emailing import LONGEST_SUBJECT, MOST_CHARACTERS
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.wording.emailing import beside, say_email, say_envelope, say_verdict, template
from bot.wording.plain import plain
from bot.wording.texting import TEMPLATES

email_words = partial(say_email, marked)


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("email")
    async def email_pressed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        seen = await emailing.look(services, pressed(services, body, officer))
        if not isinstance(seen, Emailing):
            await answer_where_pressed(body, Answer(not_worked_words(seen, officer.language)), officer.language, respond, client)
        elif body["container"]["type"] == "view":
            await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=_screen(seen, officer, services))
        else:
            await client.views_open(trigger_id=body["trigger_id"], view=_screen(seen, officer, services))

    @app.action("email_template")
    async def chosen(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            seen = await emailing.look(services, submitted(services, body, officer))
            if isinstance(seen, Emailing):
                screen = _screen(seen, officer, services, value_of(body["actions"][0]))
                await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=screen)

    @app.view("email")
    async def sent(ack: AsyncAck, body: dict[str, Any]) -> None:
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, drawn(Answer(stranger_words(guest=guest))), "en"))
            case KnownOfficer() as officer:
                subject, words = _written(body, "subject"), _written(body, "words")
                outcome = await emailing.send_email(services, submitted(services, body, officer), subject, words)
                if isinstance(outcome, Emailed):
                    await ack()
                elif isinstance(outcome, Objected) and isinstance(
                    seen := await emailing.look(services, submitted(services, body, officer)), Emailing
                ):
                    screen = _screen(seen, officer, services, subject=subject, words=words, objected=outcome)
                    await ack(response_action="update", view=screen)
                else:
                    answer = Answer(email_words(outcome, officer.language))
                    await ack(response_action="update", view=told_screen(body, drawn(answer), officer.language))


async def _email(asked: Asked) -> Answer | None:
    """ "/lead email 1042" opens the screen; what else was typed is its first words. A mention opens no screen, so it gets a button."""
    language = asked.officer.language
    seen = await emailing.look(asked.services, asked.press)
    if not isinstance(seen, Emailing):
        return Answer(not_worked_words(seen, language))
    if asked.trigger is None:
        offered = [button(labels(language)("more", "email"), "email", str(asked.lead))] if seen.because is None else []
        return Answer(escape(say_verdict(seen, language)), offered)
    await asked.client.views_open(trigger_id=asked.trigger, view=_screen(seen, asked.officer, asked.services, words=asked.words or None))
    return None


async def open_email(
    services: Services, by: Press, officer: KnownOfficer, client: AsyncWebClient, trigger: str, subject: str | None, words: str
) -> Answer | None:
    """Open the screen with this subject and these words; or say why there is none."""
    seen = await emailing.look(services, by)
    if not isinstance(seen, Emailing):
        return Answer(not_worked_words(seen, officer.language))
    await client.views_open(trigger_id=trigger, view=_screen(seen, officer, services, subject=subject, words=words))
    return None


COMMANDS = (Command("email", _email, aliases=("mail",), needs="work"),)


def email_instead(services: Services, lead: int, language: str) -> list[Block]:
    """On the screen of a text: leads to the one for an email, where email is on."""
    return [button(labels(language)("button", "email_instead"), "email", str(lead))] if services.post_office else []


def _screen(
    seen: Emailing,
    officer: KnownOfficer,
    services: Services,
    chosen: str | None = None,
    subject: str | None = None,
    words: str | None = None,
    objected: Objected | None = None,
) -> dict[str, Any]:
    """What the rules say of an email now, a template for those who want, subject and words; nothing to send where none may leave."""
    lead, language = seen.lead, officer.language
    label, now, company = labels(language), services.clock.now(), services.in_force.company_name
    gate: list[Block] = [{"type": "section", "text": text(say_verdict(seen, language), 300)}]
    screen: dict[str, Any] = {
        "type": "modal",
        "callback_id": "email",
        "private_metadata": str(lead.number),
        "title": text(f"#{lead.number}", 24),
        "close": text(label("button", "close"), 24),
        "blocks": gate,
    }
    if seen.because is not None:
        return screen
    english = None
    if chosen is not None:
        subject, words = template(chosen, seen, company, now)
        english = beside(chosen, seen, company, now)
    field_of = chosen or (str(objected.text_id) if objected else None)
    choice = {
        "type": "static_select",
        "action_id": "email_template",
        "placeholder": text(label("field", "template"), 150),
        "options": [{"text": text(label("text_template", each), 75), "value": each} for each in TEMPLATES],
    }
    return {
        **screen,
        "submit": text(label("button", "send"), 24),
        "blocks": [
            *gate,
            *(objected_blocks(objected, language) if objected is not None else ()),
            {"type": "actions", "block_id": "template", "elements": [choice]},
            _field("subject", label("field", "subject"), field_of, subject, LONGEST_SUBJECT),
            _field("words", label("field", "email_words"), field_of, words, MOST_CHARACTERS),
            *([{"type": "section", "text": text(plain.say("english_beside", language, words=english), 1000)}] if english else []),
            {"type": "context", "elements": [text(_envelope(seen, services, language), 600)]},
        ],
    }


def _envelope(seen: Emailing, services: Services, language: str) -> str:
    return say_envelope(seen, services.in_force.company_name, language, services.clock.now(), answers_here=services.hears_email)


def _field(name: str, label: str, of: str | None, begun: str | None, most: int) -> Block:
    """Slack keeps what stands in a field of the same id, so the words of another template need a field of their own."""
    element = {"type": "plain_text_input", "action_id": name, "multiline": name == "words", "max_length": most}
    if begun:
        element["initial_value"] = begun[:most]
    return {"type": "input", "block_id": f"{name}:{of or ''}", "label": text(label, 100), "element": element}


def _written(body: dict[str, Any], name: str) -> str:
    values = body["view"]["state"]["values"]
    return next((str(field[name].get("value") or "") for block, field in values.items() if block.startswith(f"{name}:")), "")
