"""Email, in Discord: the screen with what the rules say, a template to begin with, and /lead email."""

from typing import Any

from discord import ui

from bot.conversation import emailing
from bot.conversation.emailing import Emailed, Emailing
from bot.conversation.judging_words import Objected
from bot.handlers.discord.answers import Answer, Asked, Opens
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.objected import objected_answer
from bot.handlers.discord.screens import Screen, chosen, field, select_field, words_field, written
from bot.handlers.discord.words import marked, shown
from bot.rendering import labels
from bot.rules.emailing import LONGEST_SUBJECT, MOST_CHARACTERS
from bot.wording.emailing import beside, say_email, say_envelope, say_verdict, template
from bot.wording.plain import plain
from bot.wording.texting import TEMPLATES
from bot.wording.working import say_not_worked


def register(desk: Desk) -> None:
    @desk.command("email", needs="work")
    async def email(interaction: Interaction, lead: str | None = None) -> None:
        await desk.open(interaction, open_email, lead)


async def open_email(asked: Asked, kept: tuple[str, str] | None = None) -> ui.Modal | Answer:
    """The screen, with this subject and these words where there are some already; or why there is none. What the press says may name a
    template."""
    language, now, company = asked.officer.language, asked.services.clock.now(), asked.services.in_force.company_name
    seen = await emailing.look(asked.services, asked.press)
    if not isinstance(seen, Emailing):
        return Answer(say_not_worked(marked, seen, language))
    gate = say_verdict(seen, language)
    if seen.because is not None:
        return Answer(shown(gate, 300))
    subject, words = kept or (template(asked.words, seen, company, now) if asked.words in TEMPLATES else (None, None))
    begun = words is not None
    envelope = say_envelope(seen, company, language, now, answers_here=asked.services.hears_email)
    fields: list[ui.Item[Any]] = [
        ui.TextDisplay(shown(gate, 300)),
        field("subject", language, most=LONGEST_SUBJECT, begun=subject, required=begun),
        words_field("email_words", language, most=MOST_CHARACTERS, begun=words, required=begun),
        ui.TextDisplay(f"-# {shown(envelope, 600)}"),
    ]
    if not begun:
        label = labels(language)
        fields.insert(3, select_field("template", [(label("text_template", each), each) for each in TEMPLATES], language, required=False))
    return Screen(asked, _submitted, *fields)


async def _submitted(asked: Asked, screen: Screen) -> Answer:
    """Send what was written. A template alone is shown first: nothing leaves that nobody read."""
    subject, words, name = written(screen, "subject"), written(screen, "email_words"), chosen(screen, "template")
    if words is None and name is not None:
        return await _offer(name, asked)
    outcome = await emailing.send_email(asked.services, asked.press, subject or "", words or "")
    if isinstance(outcome, Objected):
        return objected_answer(outcome, asked.officer.language)
    answer = Answer(say_email(marked, outcome, asked.officer.language))
    return answer if isinstance(outcome, Emailed) else screen.edited(answer)


async def _offer(name: str, asked: Asked) -> Answer:
    language, now, company = asked.officer.language, asked.services.clock.now(), asked.services.in_force.company_name
    seen = await emailing.look(asked.services, asked.press)
    if not isinstance(seen, Emailing):
        return Answer(say_not_worked(marked, seen, language))
    subject, words = template(name, seen, company, now)
    english = beside(name, seen, company, now)
    more = [shown(words, 1500)]
    if english is not None:
        more.append(shown(plain.say("english_beside", language, words=english), 1500))
    use = Button(labels(language)("button", "use_words"), "email", f"{asked.lead}:{name}", primary=True)
    return Answer(f"**{shown(subject, LONGEST_SUBJECT)}**", [use], more)


OPENS: dict[str, Opens] = {"email": open_email}
