"""Words that were kept back, in Slack: what stands against them, and what can be done."""

from bot.conversation.judging_words import Objected
from bot.handlers.slack.cards import Block, button, text
from bot.handlers.slack.commands import Answer
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.wording.asking_compliance import say_objected
from bot.wording.plain import plain


def objected_answer(objected: Objected, language: str) -> Answer:
    """Told privately, where there is no screen to edit them on."""
    label, value = labels(language), f"{objected.lead}:{objected.text_id}"
    edit = button(label("button", "edit_words"), "edit_words", value, primary=True)
    return Answer(say_objected(marked, objected, language), [edit, button(label("button", "ask_compliance"), "ask_compliance", value)])


def objected_blocks(objected: Objected, language: str) -> list[Block]:
    """On the screen that still holds the words."""
    asks = button(labels(language)("button", "ask_compliance"), "ask_compliance", f"{objected.lead}:{objected.text_id}")
    return [
        {"type": "section", "text": text(say_objected(plain, objected, language), 1500)},
        {"type": "actions", "block_id": "objected", "elements": [asks]},
    ]
