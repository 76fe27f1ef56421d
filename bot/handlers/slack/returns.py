"""Returns, in Slack: /lead return opens one, and its buttons mark it as sent or drop it; who leads a team reviews them all."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.capture import returns
from bot.capture.asking_back import Opened
from bot.capture.returns import ReturnOutcome, ReturnSettled, ReturnsOpened, Settled, ToReview, WhichReturn
from bot.handlers.slack.cards import Block, button, section
from bot.handlers.slack.commands import Answer, Asked, Command, run_button, tell
from bot.handlers.slack.deliveries import behind_lead, pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.rules.returns import ANSWERS, REASONS, closest, read
from bot.rules.text import one_line
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.store.returns import ReturnView
from bot.wording.asking_back import say_return_line
from bot.wording.returns import say_return
from bot.wording.returns_due import say_return_to_review, say_to_review
from bot.wording.working import say_not_worked


async def _return(asked: Asked) -> Answer:
    """ "/lead return 1042 duplicate", "/lead return 1042 sent"; without words what is open, or why it should go back."""
    language, number = asked.officer.language, asked.lead
    understood = read(asked.words)
    if understood is not None:
        what, return_id = understood
        if what in ANSWERS:
            outcome = await returns.settle(asked.services, asked.press, cast(Settled, what), return_id)
        else:
            outcome = await returns.open_return(asked.services, asked.press, what)
        return return_answer(outcome, language)
    standing = () if asked.words else await returns.open_returns(asked.services, number)
    if standing:
        return Answer(f"#{number}: {return_lines(standing, language)}", settle_buttons(number, standing, language))
    meant = closest(asked.words)
    label = labels(language)
    reasons = [
        run_button(_does(each, language) if each in ANSWERS else label("return_reason", each), f"return {number} {each}", place)
        for place, each in enumerate(meant or REASONS)
    ]
    return Answer(marked.say("return_why", language, number=number, unsure=bool(meant)), reasons)


COMMANDS = (Command("return", _return, ("returns", "refund"), needs="work"),)
say_words = partial(say_return, marked)


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("review_returns")
    async def reviewed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            await tell(respond, await _review(services, officer), replace=False)

    @app.action(re.compile(r"settle_return:\d+"))
    async def settled(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        status, _, return_id = behind_lead(body["actions"][0]).partition(":")
        outcome = await returns.settle(services, pressed(services, body, officer), cast(Settled, status), int(return_id))
        said, rest = return_answer(outcome, officer.language), await _review(services, officer)
        await tell(respond, Answer(f"{said.words}\n{rest.words}", said.buttons, rest.blocks), replace=True)


async def _review(services: Services, officer: KnownOfficer) -> Answer:
    """Each return that waits, with Sent and Drop below it."""
    waiting, language = await returns.review(services, officer), officer.language
    if not isinstance(waiting, ToReview):
        return Answer(say_not_worked(marked, waiting, language))
    blocks: list[Block] = []
    for place, each in enumerate(waiting.returns):
        answers = [
            button(_does(status, language), f"settle_return:{number}", f"{each.lead_id}:{status}:{each.id}")
            for number, status in enumerate(ANSWERS)
        ]
        blocks += [
            section(say_return_to_review(marked, each, language)),
            {"type": "actions", "block_id": f"return:{place}:{each.id}", "elements": answers},
        ]
    return Answer(say_to_review(marked, waiting, language), blocks=blocks)


def return_answer(outcome: ReturnOutcome, language: str) -> Answer:
    """What the one who asked it is told privately, with Undo for each thing that was done."""
    words = say_words(outcome, language)
    match outcome:
        case ReturnsOpened(lead, asked):
            opened = [each for each in asked if isinstance(each, Opened)]
            return Answer(words, [undo_button(lead, opened[0].seq, language)] if len(opened) == 1 else [])
        case ReturnSettled(lead, seq=seq):
            return Answer(words, [undo_button(lead, seq, language)])
        case WhichReturn(lead, standing, status):
            return Answer(words, settle_buttons(lead, standing, language, (status,)))
    return Answer(words)


def settle_buttons(number: int, standing: Sequence[ReturnView], language: str, statuses: Sequence[str] = ANSWERS) -> list[Block]:
    """Sent and Drop for each return that is open, with its vendor's name where there are several."""
    wanted = [(each, status) for each in standing if each.status == "open" for status in statuses]
    several = len({each.id for each, _ in wanted}) > 1
    return [
        run_button(
            f"{one_line(each.source, 40)}: {_does(status, language)}" if several else _does(status, language),
            f"return {number} {status} {each.id}",
            place,
        )
        for place, (each, status) in enumerate(wanted)
    ]


def _does(status: str, language: str) -> str:
    label = labels(language)
    return label("button", "mark_sent") if status == "sent" else label("button", "drop")


def return_lines(standing: Sequence[ReturnView], language: str) -> str:
    return "\n".join(say_return_line(marked, each, language) for each in standing)
