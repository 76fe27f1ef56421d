"""Words that were kept back, in Discord: what stands against them, and what can be done."""

from bot.conversation.judging_words import Objected
from bot.handlers.discord.answers import Answer
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.wording.asking_compliance import say_objected


def objected_answer(objected: Objected, language: str) -> Answer:
    """Told privately: a screen that was sent off is closed, so the words wait behind Edit."""
    label, value = labels(language), f"{objected.lead}:{objected.text_id}"
    edit = Button(label("button", "edit_words"), "edit_words", value, primary=True)
    return Answer(say_objected(marked, objected, language), [edit, Button(label("button", "ask_compliance"), "ask_compliance", value)])
