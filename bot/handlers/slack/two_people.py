"""Same request, Two people, and Undo, in Slack."""

from typing import Any, assert_never

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot import two_people
from bot.handlers.slack.cards import button, section
from bot.handlers.slack.deliveries import pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.press import NoSuchLead
from bot.rendering import labels
from bot.rules.text import one_line
from bot.services import Services
from bot.two_people import Answer, MayNotTell, NotYoursToTell, Told, ToldBefore, TooLateToUndo, Untold


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("same_request")
    async def same_request(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await answer(body, respond, "same_request")

    @app.action("two_people")
    async def different(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await answer(body, respond, "two_people")

    @app.action("undo_told")
    async def undo_told(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        words = tell_words(await two_people.undo(services, pressed(services, body, officer)), officer.language)
        await respond(words, blocks=[section(words)], response_type="ephemeral", replace_original=True)

    async def answer(body: dict[str, Any], respond: AsyncRespond, said: Answer) -> None:
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await two_people.tell(services, pressed(services, body, officer), said)
        words = tell_words(outcome, officer.language)
        blocks = [section(words)]
        if isinstance(outcome, Told):
            undo = button(labels(officer.language)("button", "undo"), "undo_told", str(outcome.lead))
            blocks.append({"type": "actions", "elements": [undo]})
        await respond(words, blocks=blocks, response_type="ephemeral", replace_original=False)


def tell_words(outcome: two_people.TellOutcome, language: str) -> str:
    """What the one who answered is told privately."""
    match outcome:
        case Told(lead, older, answer):
            return marked.say("told", language, number=lead, older=older, same=answer == "same_request")
        case ToldBefore(lead, older, answer, officer):
            same = answer == "same_request"
            return marked.say("told_before", language, number=lead, older=older, same=same, officer=one_line(officer, 60))
        case Untold(lead, _):
            return marked.say("untold_to_you", language, number=lead)
        case TooLateToUndo(lead):
            return marked.say("too_late_to_undo", language, number=lead)
        case NotYoursToTell(lead, older):
            return marked.say("not_yours_to_tell", language, number=lead, older=older)
        case MayNotTell(_, role):
            return marked.say("may_not", language, role=role)
        case NoSuchLead(lead):
            return marked.say("no_such_lead", language, number=lead)
    assert_never(outcome)
