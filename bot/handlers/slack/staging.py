"""Stage, in Slack: /stage, and a screen of its own. What ends a lead is asked about before."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.cards import Block, button, text
from bot.handlers.slack.commands import Answer, Asked, Command, drawn, go_ahead_button, run_button
from bot.handlers.slack.deliveries import knows_owner, pressed, submitted, value_of
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import answer_where_pressed, asking_screen, kept_screen, told_screen
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.handlers.slack.working import may_not, refused_answer
from bot.leads import staging
from bot.leads.staging import AsksFirst, Staged, StageOutcome
from bot.leads.working import NotWorked, OthersLead
from bot.rendering import labels
from bot.rules.cadence import GIVE_UP_REASONS
from bot.rules.stages import STAGES, closest, read
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.wording.staging import say_stage
from bot.wording.working import say_others_lead


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("stop_trying")
    async def stop_trying(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await staging.set_stage(services, pressed(services, body, officer), staging.GIVEN_UP)
        answer = stage_answer(outcome, officer.language)
        await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)

    @app.action(re.compile(rf"end:(sure|told|not_told|{'|'.join(GIVE_UP_REASONS)})"))
    async def sure(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        action = body["actions"][0]
        stage, _, owner_id = value_of(action).partition(":")[2].partition(":")
        said = action["action_id"].partition(":")[2]
        told: staging.Told | None = said if said in ("told", "not_told") else None
        why = said if said in GIVE_UP_REASONS else None
        by, known_owner = pressed(services, body, officer), int(owner_id) if owner_id else None
        outcome = await staging.set_stage(services, by, stage, sure=True, told=told, why=why, knows_owner=known_owner)
        await answer_where_pressed(body, stage_answer(outcome, officer.language), officer.language, respond, client)

    @app.view("stage")
    async def stage_submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, drawn(Answer(stranger_words(guest=guest))), "en"))
            case KnownOfficer() as officer:
                stage = body["view"]["state"]["values"]["stage"]["stage"]["selected_option"]["value"]
                by, knows = submitted(services, body, officer), knows_owner(body)
                outcome = await staging.set_stage(services, by, stage, knows_owner=knows)
                if isinstance(outcome, OthersLead):
                    words = say_others_lead(marked, outcome, "stage", officer.language)
                    await ack(response_action="update", view=asking_screen(body, words, outcome.owner_id, officer.language))
                    return
                if isinstance(outcome, NotWorked):
                    await ack(response_action="update", view=kept_screen(body, refused_answer(outcome, by.lead, officer), officer.language))
                    return
                answer = stage_answer(outcome, officer.language)
                await ack(response_action="update", view=told_screen(body, drawn(answer), officer.language))


async def _stage(asked: Asked) -> Answer | None:
    """ "/stage 1042 preapproved"; without words the screen asks."""
    language, number = asked.officer.language, asked.lead
    stage = read(asked.words)
    if stage is not None:
        outcome = await staging.set_stage(asked.services, asked.press, stage, knows_owner=asked.knows_owner)
        if isinstance(outcome, OthersLead):
            words = say_others_lead(marked, outcome, "stage", language)
            return Answer(words, go_ahead_button(language, f"stage {number} {stage}", outcome.owner_id))
        if isinstance(outcome, NotWorked):
            return refused_answer(outcome, number, asked.officer)
        return stage_answer(outcome, language)
    if not asked.words and asked.trigger is not None:
        refused = await may_not(asked.services, asked.press, "stage", asked.officer)
        if refused is not None:
            return refused
        await asked.client.views_open(trigger_id=asked.trigger, view=stage_screen(number, language))
        return None
    meant, label = closest(asked.words), labels(language)
    buttons = [run_button(label("stage", each), f"stage {number} {each}", place) for place, each in enumerate(meant)]
    known = ", ".join(labels("en")("stage", each) for each in STAGES)  # as they are typed: commands are English
    return Answer(marked.say("no_such_stage", language, number=number, meant=bool(meant), known=known), buttons)


COMMANDS = (Command("stage", _stage, ("move",), needs="work", short=True),)


def stage_answer(outcome: StageOutcome, language: str) -> Answer:
    """What the one who set the stage is told privately, with Undo or the question's answers."""
    words = say_stage(marked, outcome, language)
    match outcome:
        case Staged(lead, seq=seq):
            return Answer(words, [undo_button(lead, seq, language)])
        case AsksFirst():
            return Answer(words, _end_buttons(outcome, language))
    return Answer(words)


def _end_buttons(asked: AsksFirst, language: str) -> list[Block]:
    label, about = labels(language), f"{asked.lead}:{asked.stage}"
    value = f"{about}:{asked.owner_id}" if asked.owner_id else about
    if asked.early:
        return [button(label("give_up", why), f"end:{why}", value) for why in GIVE_UP_REASONS]
    if asked.notice_due is not None:
        return [
            button(label("button", "borrower_told"), "end:told", value),
            button(label("button", "borrower_not_told"), "end:not_told", value),
        ]
    return [button(label("button", "end_lead"), "end:sure", value)]


def stage_screen(number: int, language: str) -> dict[str, Any]:
    label = labels(language)
    options = [{"text": text(label("stage", each), 75), "value": each} for each in STAGES]
    element = {"type": "static_select", "action_id": "stage", "options": options}
    return {
        "type": "modal",
        "callback_id": "stage",
        "private_metadata": str(number),
        "title": text(f"#{number}", 24),
        "submit": text(label("button", "save"), 24),
        "close": text(label("button", "close"), 24),
        "blocks": [{"type": "input", "block_id": "stage", "label": text(label("field", "stage"), 100), "element": element}],
    }
