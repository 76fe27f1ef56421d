"""Keep, Hand over and Pool at the end of a working day, in Slack."""

import re
from functools import partial
from typing import Any, cast

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.handlers.slack.deliveries import delivery_of, value_of
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.leads.press import press
from bot.officers import shift_end
from bot.officers.shift_end import Choice
from bot.services import Services
from bot.store.events import COMPANY
from bot.wording.shift_end import say_shift


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action(re.compile(r"shift:(keep|hand|pool)"))
    async def answered(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        question, _, choice = value_of(body["actions"][0]).partition(":")
        pressed = press(services, delivery_of(body), COMPANY, officer.id)
        outcome = await shift_end.answer(services, pressed, int(question), cast(Choice, choice))
        await respond(shift_words(outcome, officer.language), response_type="ephemeral", replace_original=False)


shift_words = partial(say_shift, marked)
