"""Claim and Give back, in Slack: the buttons, and /lead claim and release."""

from typing import Any, assert_never

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot import claiming
from bot.claiming import AlreadyYours, Claimed, Ended, GaveBack, MayNotGiveBack, NotEligible, NotYours, TooLate
from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.deliveries import pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.words import long_day, marked
from bot.press import NoSuchLead
from bot.rules.eligibility import Refusal
from bot.rules.text import one_line
from bot.services import Services


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("claim")
    async def claim(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await claiming.claim(services, pressed(services, body, officer))
        told = claim_words(outcome, officer.language, services.in_force.company_name)
        if told is not None:
            await respond(told, response_type="ephemeral", replace_original=False)

    @app.action("give_back")
    async def give_back(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await claiming.give_back(services, pressed(services, body, officer))
        await respond(give_back_words(outcome, officer.language), response_type="ephemeral", replace_original=False)


async def _claim(asked: Asked) -> Answer:
    outcome = await claiming.claim(asked.services, asked.press)
    language = asked.officer.language
    if isinstance(outcome, Claimed):
        return Answer(marked.say("claimed", language, number=outcome.lead, seconds=outcome.seconds))
    return Answer(claim_words(outcome, language, asked.services.in_force.company_name) or "")


async def _release(asked: Asked) -> Answer:
    return Answer(give_back_words(await claiming.give_back(asked.services, asked.press), asked.officer.language))


COMMANDS = (
    Command("claim", _claim, ("take",), needs="claim"),
    Command("release", _release, ("give back", "giveback", "return"), needs="give_back"),
)


def claim_words(outcome: claiming.ClaimOutcome, language: str, company: str) -> str | None:
    """What the one who pressed Claim is told privately. The winner hears from the card and by direct message."""
    match outcome:
        case Claimed():
            return None
        case AlreadyYours(lead):
            return marked.say("already_yours", language, number=lead)
        case TooLate(lead, winner, seconds):
            return marked.say("too_late", language, number=lead, winner=one_line(winner, 60), seconds=seconds)
        case Ended(lead, stage):
            return marked.say("ended", language, number=lead, stage=stage)
        case NotEligible(lead, because):
            return refusal_words(lead, because, language, company)
        case NoSuchLead(lead):
            return marked.say("no_such_lead", language, number=lead)
    assert_never(outcome)


def give_back_words(outcome: claiming.GiveBackOutcome, language: str) -> str:
    """What the one who gave a lead back is told privately."""
    match outcome:
        case GaveBack(lead):
            return marked.say("gave_back", language, number=lead)
        case NotYours(lead, owner):
            return marked.say("not_yours", language, number=lead, owner=owner and one_line(owner, 60))
        case MayNotGiveBack(_, role):
            return marked.say("may_not", language, role=role)
        case NoSuchLead(lead):
            return marked.say("no_such_lead", language, number=lead)
    assert_never(outcome)


def refusal_words(lead: int, because: Refusal, language: str, company: str) -> str:
    """Why the one who asks may not take the lead."""
    return marked.say("not_eligible", language, number=lead, company=one_line(company, 80), **_refusal_facts(because))


def _refusal_facts(because: Refusal) -> dict[str, Any]:
    return {
        "reason": because.reason,
        "role": because.role,
        "state": because.state,
        "purpose": because.purpose,
        "cap": because.cap,
        "claims": because.count,
        "expired_on": because.expired_on and long_day(because.expired_on),
        "until": because.until and long_day(because.until),
    }
