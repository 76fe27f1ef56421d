"""Returns, in Discord: /lead return opens one, and its buttons mark it as sent or drop it; who leads a team reviews them all."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from discord import app_commands

from bot.capture import returns
from bot.capture.asking_back import Opened
from bot.capture.returns import ReturnOutcome, ReturnSettled, ReturnsOpened, Settled, ToReview, WhichReturn
from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.commands import Desk, Interaction, Typing, fitting
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.rules.returns import ANSWERS, REASONS, closest, read
from bot.rules.text import one_line
from bot.store.returns import ReturnView
from bot.wording.asking_back import say_return_line
from bot.wording.returns import say_return
from bot.wording.returns_due import say_return_to_review, say_to_review
from bot.wording.working import say_not_worked


def register(desk: Desk) -> None:
    @desk.command("return", needs="work")
    @app_commands.autocomplete(reason=desk.offering(_reasons_like))
    async def ask_back(interaction: Interaction, lead: str | None = None, reason: str | None = None) -> None:
        await desk.answer(interaction, partial(_typed, reason or ""), lead)


async def _reasons_like(typing: Typing) -> Sequence[tuple[str, str]]:
    return fitting([(_called(each, typing.officer.language), each) for each in (*REASONS, *ANSWERS)], typing.typed)


async def _typed(words: str, asked: Asked) -> Answer:
    """A reason that was chosen, or typed in words of one's own; without one what is open, or why it should go back."""
    language, number = asked.officer.language, asked.lead
    understood = read(words)
    if understood is not None:
        return await _do(*understood, asked)
    standing = () if words else await returns.open_returns(asked.services, number)
    if standing:
        lines = "\n".join(say_return_line(marked, each, language) for each in standing)
        return Answer(f"\\#{number}: {lines}", settle_buttons(number, standing, language))
    meant = closest(words)
    buttons = [Button(_called(each, language), "return", f"{number}:{each}") for each in meant or REASONS]
    return Answer(marked.say("return_why", language, number=number, unsure=bool(meant)), buttons)


async def _do(what: str, return_id: int | None, asked: Asked) -> Answer:
    if what in ANSWERS:
        outcome = await returns.settle(asked.services, asked.press, cast(Settled, what), return_id)
    else:
        outcome = await returns.open_return(asked.services, asked.press, what)
    return _answer(outcome, asked.officer.language)


async def _pressed(asked: Asked) -> Answer:
    """A reason, or sent or dropped with the number of the return."""
    what, _, return_id = asked.words.partition(":")
    return replace(await _do(what, int(return_id) if return_id else None, asked), replaces=True)


async def _review(asked: Asked) -> Answer:
    """Each return that waits, and below them Sent and Drop for each."""
    waiting, language = await returns.review(asked.services, asked.officer), asked.officer.language
    if not isinstance(waiting, ToReview):
        return Answer(say_not_worked(marked, waiting, language))
    buttons = [
        Button(
            f"#{each.lead_id} {one_line(each.source, 30)}: {_called(status, language)}",
            "settle_return",
            f"{each.lead_id}:{status}:{each.id}",
        )
        for each in waiting.returns
        for status in ANSWERS
    ]
    lines = [say_return_to_review(marked, each, language) for each in waiting.returns]
    return Answer(say_to_review(marked, waiting, language), buttons, lines)


async def _settled(asked: Asked) -> Answer:
    """What came of one, then those that still wait."""
    said, rest = await _pressed(asked), await _review(asked)
    return Answer(f"{said.words}\n{rest.words}", [*said.buttons, *rest.buttons], rest.more, replaces=True)


DOES: dict[str, Does] = {"return": _pressed, "review_returns": _review, "settle_return": _settled}


def _answer(outcome: ReturnOutcome, language: str) -> Answer:
    """What the one who asked it is told privately, with Undo for what was done."""
    words = say_return(marked, outcome, language)
    match outcome:
        case ReturnsOpened(lead, asked):
            opened = [each for each in asked if isinstance(each, Opened)]
            return Answer(words, [undo_button(lead, opened[0].seq, language)] if len(opened) == 1 else [])
        case ReturnSettled(lead, seq=seq):
            return Answer(words, [undo_button(lead, seq, language)])
        case WhichReturn(lead, standing, status):
            return Answer(words, settle_buttons(lead, standing, language, (status,)))
    return Answer(words)


def settle_buttons(number: int, standing: Sequence[ReturnView], language: str, statuses: Sequence[str] = ANSWERS) -> list[Button]:
    """Sent and Drop for each return that is open, with its vendor's name where there are several."""
    wanted = [(each, status) for each in standing if each.status == "open" for status in statuses]
    several = len({each.id for each, _ in wanted}) > 1
    return [
        Button(
            f"{one_line(each.source, 40)}: {_called(status, language)}" if several else _called(status, language),
            "return",
            f"{number}:{status}:{each.id}",
        )
        for each, status in wanted
    ]


def _called(what: str, language: str) -> str:
    label = labels(language)
    if what in ANSWERS:
        return label("button", "mark_sent") if what == "sent" else label("button", "drop")
    return label("return_reason", what)
