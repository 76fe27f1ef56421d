"""/lead swap with its buttons, in Discord."""

from collections.abc import Sequence
from functools import partial

from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.words import marked
from bot.officers import swapping
from bot.officers.swapping import SwapAskedOf, SwapOutcome
from bot.rendering import labels
from bot.store.events import COMPANY
from bot.wording.swapping import say_swap


def register(desk: Desk) -> None:
    @desk.command("swap", needs="go_off")
    async def swap(interaction: Interaction, day: str | None = None, colleague: str | None = None) -> None:
        words = f"{day or ''} with {colleague}" if colleague else day or ""
        await desk.answer(interaction, partial(_swap, words), about_a_lead=False)


async def _swap(words: str, asked: Asked) -> Answer:
    outcome = await swapping.ask(asked.services, asked.press, words)
    undo: Sequence[Button] = ()
    if isinstance(outcome, SwapAskedOf):
        undo = [Button(labels(asked.officer.language)("button", "call_off"), "swap_off", f"{COMPANY}:{outcome.swap}")]
    return _answer(outcome, asked, undo)


async def take(asked: Asked) -> Answer:
    return _answer(await swapping.take(asked.services, asked.press, int(asked.words)), asked)


async def call_off(asked: Asked) -> Answer:
    return _answer(await swapping.call_off(asked.services, asked.press, int(asked.words)), asked)


DOES: dict[str, Does] = {"swap_take": take, "swap_off": call_off}


def _answer(outcome: SwapOutcome, asked: Asked, buttons: Sequence[Button] = ()) -> Answer:
    return Answer(say_swap(marked, outcome, asked.officer.language, asked.services.clock.now()), buttons)
