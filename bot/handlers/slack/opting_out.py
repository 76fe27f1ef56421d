"""Opt-out, and Not an opt-out, in Slack."""

import re
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot import opting_out
from bot.handlers.slack.deliveries import pressed, value_of
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.services import Services
from bot.wording.opting_out import say_opt_out


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


opt_out_words = partial(say_opt_out, marked)
