"""Later and reminders, in Discord: /lead later and remind, the list, the screen, and what a reminder offers when it rings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from discord import app_commands, ui

from bot.handlers.discord.answers import Answer, Asked, Does, Opens
from bot.handlers.discord.commands import Desk, Interaction, Typing, fitting
from bot.handlers.discord.layouts import Again, Button
from bot.handlers.discord.refused import may_not
from bot.handlers.discord.screens import TIME_LIMIT, Screen, field, note_field, written
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.leads import reminders
from bot.leads.next_touch import ComingBack
from bot.leads.reminders import CHOICES, NoSuchTime, ReminderOutcome, RemindsAlready
from bot.rendering import labels
from bot.store.reminders import Kind
from bot.wording.reminders import say_reminder


def register(desk: Desk) -> None:
    @desk.command("later", needs="work")
    @app_commands.autocomplete(when=desk.offering(times_like))
    async def later(interaction: Interaction, lead: str | None = None, when: str | None = None, note: str | None = None) -> None:
        await run("later", interaction, lead, when, note)

    @desk.command("remind", needs="work")
    @app_commands.autocomplete(when=desk.offering(times_like))
    async def remind(interaction: Interaction, lead: str | None = None, when: str | None = None, note: str | None = None) -> None:
        await run("remind", interaction, lead, when, note)

    async def run(kind: Kind, interaction: Interaction, lead: str | None, when: str | None, note: str | None) -> None:
        if when:
            await desk.answer(interaction, partial(_typed, kind, when, note), lead)
        else:
            await desk.open(interaction, partial(pick_screen, kind), lead)


async def times_like(typing: Typing) -> Sequence[tuple[str, str]]:
    """The times that take one tap; any other may be typed."""
    label = labels(typing.officer.language)
    return fitting([(label("later", choice), words) for choice, words in CHOICES.items()], typing.typed)


async def _typed(kind: Kind, when: str, note: str | None, asked: Asked) -> Answer:
    """A time that was chosen or typed, with a note after it or in its own field."""
    outcome: ReminderOutcome | tuple[datetime, str] = await reminders.read_moment_and_note(asked.services, asked.lead, when)
    if isinstance(outcome, tuple):
        at, rest = outcome
        whole = " ".join(part for part in (rest, note) if part)
        outcome = await reminders.come_back(asked.services, asked.press, kind, at, whole or None)
    answer = reminder_answer(outcome, asked.officer.language, asked.services.clock.now())
    if isinstance(outcome, ComingBack | RemindsAlready):
        return answer
    edit = Again(labels(asked.officer.language)("button", "edit_words"), partial(_pick_screen, kind, asked, when, note))
    return replace(answer, buttons=[*answer.buttons, edit])


async def later(asked: Asked) -> Answer:
    """One of the times that take one tap."""
    outcome = await _come_back("later", CHOICES[asked.words], None, asked)
    return reminder_answer(outcome, asked.officer.language, asked.services.clock.now())


async def pick_screen(kind: Kind, asked: Asked) -> ui.Modal | Answer:
    """Asks for the time and a note."""
    return await may_not(asked, "remind") or _pick_screen(kind, asked)


def _pick_screen(kind: Kind, asked: Asked, when: str = "", note: str | None = None) -> Screen:
    language, like = asked.officer.language, labels(asked.officer.language)("field", "when_like")
    begun = when[:TIME_LIMIT] or None
    return Screen(
        asked,
        partial(_picked, kind),
        field("when", language, placeholder=like, required=True, begun=begun),
        note_field(language, begun=note),
    )


async def _picked(kind: Kind, asked: Asked, screen: Screen) -> Answer:
    outcome = await _come_back(kind, written(screen, "when") or "", written(screen, "note"), asked)
    answer = reminder_answer(outcome, asked.officer.language, asked.services.clock.now())
    return answer if isinstance(outcome, ComingBack | RemindsAlready) else screen.edited(answer)


async def _come_back(kind: Kind, when: str, note: str | None, asked: Asked) -> ReminderOutcome:
    at = await reminders.read_moment(asked.services, asked.lead, when)
    return at if isinstance(at, NoSuchTime) else await reminders.come_back(asked.services, asked.press, kind, at, note)


async def move_there(asked: Asked) -> Answer:
    outcome = await reminders.wait_for_hours(asked.services, asked.press, int(asked.words))
    answer = reminder_answer(outcome, asked.officer.language, asked.services.clock.now())
    return Answer(answer.words, answer.buttons, replaces=True)


async def came_back(asked: Asked) -> Answer:
    outcome = await reminders.tick_off(asked.services, asked.press, int(asked.words))
    return reminder_answer(outcome, asked.officer.language, asked.services.clock.now())


def reminder_answer(outcome: ReminderOutcome, language: str, now: datetime) -> Answer:
    """What the officer is told privately, with Undo where something was set."""
    buttons = coming_back_buttons(outcome, language) if isinstance(outcome, ComingBack) else []
    return Answer(say_reminder(marked, outcome, language, now), buttons)


def coming_back_buttons(outcome: ComingBack, language: str) -> list[Button]:
    undo = undo_button(outcome.lead, outcome.seq, language)
    if outcome.callable_at is None or outcome.whom is not None:  # only the owner moves it
        return [undo]
    return [Button(labels(language)("button", "move_there"), "move_there", f"{outcome.lead}:{outcome.reminder}", primary=True), undo]


DOES: dict[str, Does] = {"later": later, "move_there": move_there, "came_back": came_back}
OPENS: dict[str, Opens] = {"pick_time": partial(pick_screen, "later")}
