"""Opt-out, and Not an opt-out, in Slack."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot import opting_out
from bot.handlers.slack.deliveries import pressed, value_of
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.opting_out import Decided, MayNotDecide
from bot.services import Services


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action(re.compile("(no_)?opt_out"))
    async def decided(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        action = body["actions"][0]
        text_id = int(value_of(action).partition(":")[2])
        opted_out = action["action_id"] == "opt_out"
        outcome = await opting_out.decide(services, pressed(services, body, officer), text_id, opted_out=opted_out)
        await respond(opt_out_words(outcome, officer.language), response_type="ephemeral", replace_original=False)


def opt_out_words(outcome: opting_out.DecideOutcome, language: str) -> str:
    """What the one who decided is told privately."""
    match outcome:
        case Decided(lead, opted_out, already):
            return marked.say("opt_out_decided", language, number=lead, opted_out=opted_out, already=already)
        case MayNotDecide(_, role):
            return marked.say("may_not", language, role=role)
