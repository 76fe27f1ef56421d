"""Requests that nobody understood, in Discord: looked at on a screen, made a lead, or set aside."""

from discord import ui

from bot.capture import source_requests
from bot.capture.source_requests import Made, SetAside, Shown
from bot.handlers.discord.answers import Answer, Asked, Does, Opens
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.screens import Screen, field, words_field, written
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.store.events import COMPANY
from bot.wording.source_requests import say_reviewed

FIELDS = ("first_name", "last_name", "phone", "email", "comments")
LONGEST_WORDS = 3000


async def _look(asked: Asked) -> ui.Modal | Answer:
    language = asked.officer.language
    shown = await source_requests.look_at(asked.services, asked.officer, int(asked.words))
    if not isinstance(shown, Shown):
        return Answer(say_reviewed(marked, shown, language))
    return Screen(
        asked,
        _made,
        field("first_name", language, most=60),
        field("last_name", language, most=60),
        field("phone", language, most=40),
        field("email", language, most=254),
        words_field("comments", language, most=LONGEST_WORDS, required=False, begun=shown.words),
    )


async def _made(asked: Asked, screen: Screen) -> Answer:
    typed = {name: value for name in FIELDS if (value := written(screen, name))}
    outcome = await source_requests.make_lead(asked.services, asked.press, int(asked.words), typed)
    answer = Answer(say_reviewed(marked, outcome, asked.officer.language))
    return answer if isinstance(outcome, Made) else screen.edited(answer)


async def _set_aside(asked: Asked) -> Answer:
    outcome = await source_requests.set_aside(asked.services, asked.press, int(asked.words))
    undo = Button(labels(asked.officer.language)("button", "undo"), "take_request_up", f"{COMPANY}:{asked.words}")
    return Answer(say_reviewed(marked, outcome, asked.officer.language), [undo] if isinstance(outcome, SetAside) else ())


async def _take_up(asked: Asked) -> Answer:
    outcome = await source_requests.take_up_again(asked.services, asked.press, int(asked.words))
    return Answer(say_reviewed(marked, outcome, asked.officer.language))


DOES: dict[str, Does] = {"set_request_aside": _set_aside, "take_request_up": _take_up}
OPENS: dict[str, Opens] = {"look_at_request": _look}
