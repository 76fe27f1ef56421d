"""Keep, Hand over and Pool at the end of a working day, in Slack."""

import re
from typing import Any, assert_never, cast

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot import shift_end
from bot.handlers.slack.deliveries import delivery_of, value_of
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.press import press
from bot.rules.text import one_line
from bot.services import Services
from bot.shift_end import Answered, Choice, MayNotAnswer, NothingOpen
from bot.store.events import COMPANY


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


def shift_words(outcome: shift_end.ShiftOutcome, language: str) -> str:
    """What the one who answered is told privately."""
    match outcome:
        case Answered(choice, leads, to):
            return marked.say("shift_answered", language, choice=choice, leads=leads, to=to and one_line(to, 60))
        case NothingOpen():
            return marked.say("nothing_open", language)
        case MayNotAnswer(role):
            return marked.say("may_not", language, role=role)
    assert_never(outcome)
