"""Pass and Undo, in Slack."""

from typing import Any, assert_never, cast

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot import passing
from bot.handlers.slack.cards import button, section
from bot.handlers.slack.deliveries import pressed, value_of
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.passing import MayNotPass, Passed, PassNotNeeded, PassUndone, Why
from bot.press import NoSuchLead
from bot.rendering import labels
from bot.services import Services


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("pass")
    async def pass_by(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        why = cast(Why, value_of(body["actions"][0]).partition(":")[2])
        outcome = await passing.pass_by(services, pressed(services, body, officer), why)
        words = pass_words(outcome, officer.language)
        blocks = [section(words)]
        if isinstance(outcome, Passed):
            undo = button(labels(officer.language)("button", "undo"), "undo_pass", str(outcome.lead))
            blocks.append({"type": "actions", "elements": [undo]})
        await respond(words, blocks=blocks, response_type="ephemeral", replace_original=False)

    @app.action("undo_pass")
    async def undo_pass(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await passing.undo_pass(services, pressed(services, body, officer))
        words = pass_words(outcome, officer.language)
        # Blocks stay where a replacement brings none.
        await respond(words, blocks=[section(words)], response_type="ephemeral", replace_original=True)


def pass_words(outcome: passing.PassOutcome, language: str) -> str:
    """What the one who passed is told privately."""
    match outcome:
        case Passed(lead, why):
            return marked.say("passed", language, number=lead, reason=why)
        case PassUndone(lead):
            return marked.say("pass_undone", language, number=lead)
        case PassNotNeeded(lead):
            return marked.say("pass_not_needed", language, number=lead)
        case MayNotPass(_, role):
            return marked.say("may_not", language, role=role)
        case NoSuchLead(lead):
            return marked.say("no_such_lead", language, number=lead)
    assert_never(outcome)
