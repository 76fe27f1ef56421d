"""Edit, Ask compliance, and Approve or Decline, in Discord."""

from functools import partial

from discord import ui

from bot.conversation import asking_compliance
from bot.conversation.asking_compliance import MayNotJudge
from bot.handlers.discord.answers import Answer, Asked, Does, Opens
from bot.handlers.discord.emailing import open_email
from bot.handlers.discord.texting import open_text
from bot.handlers.discord.texts import page_of_words
from bot.handlers.discord.words import marked
from bot.wording.asking_compliance import say_asked, say_judged


async def edit_words(asked: Asked) -> ui.Modal | Answer:
    """The screen with the words that were kept back."""
    kept = await asking_compliance.kept_words(asked.services, asked.press, int(asked.words))
    if kept is None:
        return Answer(say_asked(marked, asking_compliance.NotKept(asked.lead), asked.officer.language))
    if kept.channel == "email":
        return await open_email(asked, (kept.subject or "", kept.words))
    return await open_text(asked, kept=kept)


async def _ask(asked: Asked) -> Answer:
    outcome = await asking_compliance.ask(asked.services, asked.press, int(asked.words))
    return Answer(say_asked(marked, outcome, asked.officer.language))


async def _judge(asked: Asked, *, approved: bool) -> Answer:
    outcome = await asking_compliance.judge(asked.services, asked.press, int(asked.words), approved=approved)
    return Answer(say_judged(marked, outcome, asked.officer.language))


async def _read(asked: Asked) -> Answer:
    """Another page of the words, below the question, and then in its own place."""
    text_id, page = map(int, asked.words.split(":"))
    text, language = await asking_compliance.asked_about(asked.services, asked.press, text_id), asked.officer.language
    if isinstance(text, MayNotJudge):
        return Answer(say_judged(marked, text, language))
    [first, *more], buttons = page_of_words(asked.lead, text, language, page)
    return Answer(first, buttons, more, replaces=asked.card is None)


DOES: dict[str, Does] = {
    "read_words": _read,
    "ask_compliance": _ask,
    "approve_words": partial(_judge, approved=True),
    "decline_words": partial(_judge, approved=False),
}
OPENS: dict[str, Opens] = {"edit_words": edit_words}
