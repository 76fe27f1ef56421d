"""Book a time, in Discord: the button below "Nobody free", and its screen."""

from discord import ui

from bot.distribution import booking
from bot.distribution.booking import TimeBooked
from bot.handlers.discord.answers import Answer, Asked, Opens
from bot.handlers.discord.screens import Screen, field, written
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.leads.reminders import NoSuchTime, read_moment
from bot.rendering import labels
from bot.wording.booking import say_book


async def book_screen(asked: Asked) -> ui.Modal:
    language = asked.officer.language
    return Screen(asked, _booked, field("book_when", language, placeholder=labels(language)("field", "when_like")))


async def _booked(asked: Asked, screen: Screen) -> Answer:
    language = asked.officer.language
    at = await read_moment(asked.services, asked.lead, written(screen, "book_when") or "")
    if isinstance(at, NoSuchTime):
        return screen.edited(Answer(marked.say("no_such_time", language)))
    outcome = await booking.book_time(asked.services, asked.press, at)
    words = say_book(marked, outcome, language, asked.services.clock.now())
    return Answer(words, [undo_button(outcome.lead, outcome.seq, language)] if isinstance(outcome, TimeBooked) else ())


OPENS: dict[str, Opens] = {"book": book_screen}
