"""Ring me a practice lead, and its Claim, in Slack."""

from typing import Any, assert_never

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot import practice
from bot.handlers.slack.deliveries import pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.practice import MayNotPractice, PracticeOver, PracticeRings, PracticeTook
from bot.press import NoSuchLead
from bot.services import Services


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("practice")
    async def ring_me(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await practice.ring_practice(services, pressed(services, body, officer))
        words = practice_words(outcome, officer.language)
        if words is not None:
            await respond(words, response_type="ephemeral", replace_original=False)

    @app.action("practice_claim")
    async def claim(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await practice.claim_practice(services, pressed(services, body, officer))
        words = practice_words(outcome, officer.language)
        if words is not None:
            await respond(words, response_type="ephemeral", replace_original=False)


def practice_words(outcome: practice.PracticeOutcome, language: str) -> str | None:
    """What the one who practices is told privately; how long they took stands in the message itself."""
    match outcome:
        case PracticeRings(lead, already):
            return marked.say("practice_rings", language, number=lead, already=already)
        case PracticeTook():
            return None
        case PracticeOver(lead):
            return marked.say("practice_over", language, number=lead)
        case MayNotPractice(role):
            return marked.say("may_not", language, role=role)
        case NoSuchLead(lead):
            return marked.say("no_such_lead", language, number=lead)
    assert_never(outcome)
