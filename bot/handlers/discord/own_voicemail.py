"""/voicemail, in Discord: what machines hear in one's name, a recording of one's own, or the spoken words again."""

from functools import partial

from bot.calls import own_voicemail
from bot.calls.own_voicemail import InForce, Language
from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.store.events import COMPANY
from bot.wording.own_voicemail import say_voicemail


def register(desk: Desk) -> None:
    @desk.command("voicemail", needs="work", alone=True)
    async def voicemail(interaction: Interaction) -> None:
        await desk.answer(interaction, _look, about_a_lead=False)


async def _look(asked: Asked) -> Answer:
    language = asked.officer.language
    seen = await own_voicemail.look(asked.services, asked.officer.id)
    words, label, value = say_voicemail(marked, seen, language), labels(language), str(COMPANY)
    if not isinstance(seen, InForce):
        return Answer(words)
    buttons = [Button(label("button", "record_english"), "record_english", value)]
    buttons.append(Button(label("button", "record_spanish"), "record_spanish", value))
    if seen.own:
        buttons.append(Button(label("button", "speak_again"), "speak_again", value))
    return Answer(words, buttons)


async def _record(asked: Asked, *, in_language: Language) -> Answer:
    return Answer(say_voicemail(marked, await own_voicemail.record(asked.services, asked.press, in_language), asked.officer.language))


async def _speak_again(asked: Asked) -> Answer:
    return Answer(say_voicemail(marked, await own_voicemail.speak_again(asked.services, asked.press), asked.officer.language))


DOES: dict[str, Does] = {
    "record_english": partial(_record, in_language="en"),
    "record_spanish": partial(_record, in_language="es"),
    "speak_again": _speak_again,
}
