"""Text, Send again and It arrived, in Discord: the screen with what the law says, a template to begin with, and /lead text."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from discord import ui

from bot.conversation import texting
from bot.conversation.judging_words import Objected
from bot.conversation.texting import CannotText, Texted, Texting
from bot.handlers.discord.answers import Answer, Asked, Does, Opens
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.files import contents_of
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.objected import objected_answer
from bot.handlers.discord.screens import Screen, attached, chosen, files_field, select_field, words_field, written
from bot.handlers.discord.words import marked, shown
from bot.rendering import labels
from bot.rules.sms_segments import MOST_CHARACTERS
from bot.store.messages import TextRow
from bot.wording.plain import plain
from bot.wording.texting import TEMPLATES, beside, say_from, say_gate, say_text, say_with, template
from bot.wording.working import say_not_worked


def register(desk: Desk) -> None:
    @desk.command("text", needs="work")
    async def text(interaction: Interaction, lead: str | None = None, words: str | None = None) -> None:
        if words:
            await desk.answer(interaction, partial(send, words), lead)
        else:
            await desk.open(interaction, open_text, lead)

    desk.menu("text", open_text)


async def open_text(asked: Asked, words: str | None = None, kept: TextRow | None = None) -> ui.Modal | Answer:
    """The screen, with these words where there are some already, or with a text that was kept back; or why there is none. What the press
    says may name a template."""
    language, now = asked.officer.language, asked.services.clock.now()
    seen = await texting.look(asked.services, asked.press)
    if not isinstance(seen, Texting):
        return Answer(say_not_worked(marked, seen, language))
    gate = say_gate(seen, language)
    if seen.because is not None:
        instead = [Button(labels(language)("button", "email_instead"), "email", str(asked.lead))] if asked.services.post_office else []
        return Answer(shown(gate, 300), instead)
    words = kept.words if kept else words
    if asked.words in TEMPLATES:
        words = _begun(asked.words, seen, asked)
    where = say_from(seen, words, language, now)
    if kept is not None and kept.pictures:
        where = f"{where} {say_with(kept.pictures, language)}"
    fields: list[ui.Item[Any]] = [
        ui.TextDisplay(shown(gate, 300)),
        words_field("words", language, most=MOST_CHARACTERS, begun=words, required=False),
        files_field(language),
        ui.TextDisplay(f"-# {shown(where, 300)}"),
    ]
    if words is None:
        label = labels(language)
        fields.insert(2, select_field("template", [(label("text_template", each), each) for each in TEMPLATES], language, required=False))
    return Screen(asked, partial(_submitted, of_text=kept.id if kept else None), *fields)


async def _submitted(asked: Asked, screen: Screen, *, of_text: int | None = None) -> Answer:
    """Send what was written and attached. A template alone is shown first: nothing leaves that nobody read."""
    words, name = written(screen, "words"), chosen(screen, "template")
    if words is None and name is not None:
        return await _offer(name, asked)
    files = await contents_of(attached(screen))
    if isinstance(files, str):
        return screen.edited(Answer(say_text(marked, CannotText(asked.lead, files), asked.officer.language)))
    return await send(words or "", asked, files, of_text, screen)


async def _offer(name: str, asked: Asked) -> Answer:
    language = asked.officer.language
    seen = await texting.look(asked.services, asked.press)
    if not isinstance(seen, Texting):
        return Answer(say_not_worked(marked, seen, language))
    words, title = _begun(name, seen, asked), labels(language)("text_template", name)
    button = Button(labels(language)("button", "use_words"), "text", f"{asked.lead}:{name}", primary=True)
    english = beside(name, seen, asked.services.clock.now())
    more = [shown(words, MOST_CHARACTERS)]
    if english is not None:
        more.append(shown(plain.say("english_beside", language, words=english), 1000))
    return Answer(f"**{shown(title, 60)}**", [button], more)


def _begun(name: str, seen: Texting, asked: Asked) -> str:
    return template(name, seen, asked.services.clock.now())


async def send(words: str, asked: Asked, files: Sequence[bytes] = (), of_text: int | None = None, screen: Screen | None = None) -> Answer:
    outcome = await texting.send_sms(asked.services, asked.press, words, files, of_text)
    if isinstance(outcome, Objected):
        return objected_answer(outcome, asked.officer.language)
    answer = Answer(say_text(marked, outcome, asked.officer.language))
    return answer if isinstance(outcome, Texted) or screen is None else screen.edited(answer)


async def _settle(asked: Asked, *, send_again: bool) -> Answer:
    outcome = await texting.settle(asked.services, asked.press, int(asked.words), send_again=send_again)
    return Answer(say_text(marked, outcome, asked.officer.language))


DOES: dict[str, Does] = {"send_again": partial(_settle, send_again=True), "it_arrived": partial(_settle, send_again=False)}
OPENS: dict[str, Opens] = {"text": open_text}
