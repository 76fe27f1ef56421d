"""Remind me and Call anyway, in Discord: while the borrower may not be called yet, below the owner's own message."""

from discord import ui

from bot.calls import calling_anyway
from bot.calls.calling_anyway import NoNumber
from bot.handlers.discord.answers import Answer, Asked, Does, Opens
from bot.handlers.discord.reminders import reminder_answer
from bot.handlers.discord.screens import NOTE_LIMIT, Screen, words_field, written
from bot.handlers.discord.words import marked
from bot.wording.calling_anyway import say_call_anyway, say_kept_to_hours


async def remind(asked: Asked) -> Answer:
    outcome = await calling_anyway.remind_at_opening(asked.services, asked.press)
    if isinstance(outcome, NoNumber):
        return Answer(marked.say("no_number_to_call", asked.officer.language, number=outcome.lead))
    return reminder_answer(outcome, asked.officer.language, asked.services.clock.now())


async def ask_why(asked: Asked) -> ui.Modal | Answer:
    kept = await calling_anyway.kept_to_hours(asked.services, asked.press)
    if kept is not None:
        return Answer(say_kept_to_hours(marked, kept, asked.officer.language))
    return Screen(asked, _told_why, words_field("reason", asked.officer.language, most=NOTE_LIMIT))


async def _told_why(asked: Asked, screen: Screen) -> Answer:
    """The number goes into the private answer, which nobody else sees."""
    outcome, lead = await calling_anyway.call_anyway(asked.services, asked.press, written(screen, "reason") or "")
    return Answer(say_call_anyway(marked, outcome, lead, asked.officer.language, asked.services.clock.now()))


DOES: dict[str, Does] = {"remind_at_opening": remind}
OPENS: dict[str, Opens] = {"call_anyway": ask_why}
