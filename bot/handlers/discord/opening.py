"""Open and /lead show, in Discord: a lead in a private answer, as far as this person may see it."""

from collections.abc import Sequence

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.cards import claim_button, small
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.layouts import Button, Choice
from bot.handlers.discord.messages import call_me, work_buttons, work_choices
from bot.handlers.discord.words import marked, shown
from bot.lead_facts import own_facts, shared_facts
from bot.opening import Opened, open_lead
from bot.press import NoSuchLead
from bot.rules.roles import may
from bot.store.leads import ENDED_STAGES
from bot.store.places import KnownOfficer
from bot.wording.asking_back import say_return_line
from bot.wording.calling import say_call_of
from bot.wording.drips import say_state
from bot.wording.leads import judged_lines, known_lines
from bot.wording.plain import plain


async def show(asked: Asked) -> Answer:
    language = asked.officer.language
    match await open_lead(asked.services, asked.lead, asked.officer):
        case NoSuchLead(number):
            return Answer(marked.say("no_such_lead", language, number=number))
        case Opened() as opened:
            lead, now = opened.lead, asked.services.clock.now()
            facts = own_facts(lead, now) if opened.unmasked else shared_facts(lead, now)
            known = "\n".join(shown(line, 160) for line in known_lines(lead, language))
            judged = "\n".join(shown(line, 600) for line in judged_lines(lead, language))
            texts = [shown(say_state(drip, lead.time_zone, language, now), 400) for drip in opened.drips]
            calls = [shown(say_call_of(lead, call, language, now), 300) for call in opened.calls]
            notes = [shown(plain.say("a_note", language, note=note, zone=lead.time_zone), 600) for note in opened.notes]
            title = f"**\\#{lead.number}** {marked.say('opened', language, **facts, unmasked=opened.unmasked)}"
            returns = [say_return_line(marked, each, language) for each in opened.returns]
            arrived = small(plain.say("arrived", language, **facts))
            buttons, choices = what_to_do(opened, asked.officer)
            return Answer(title, buttons, [known, judged, arrived, *calls, *texts, *returns, *notes], choices)


def register(desk: Desk) -> None:
    @desk.command("show")
    async def show_(interaction: Interaction, lead: str | None = None) -> None:
        await desk.answer(interaction, show, lead)


DOES = {"open": show}


def what_to_do(opened: Opened, officer: KnownOfficer) -> tuple[Sequence[Button], Sequence[Choice]]:
    """What this person can press about this lead."""
    lead = opened.lead
    if opened.works and lead.stage not in ENDED_STAGES:
        buttons = [*call_me(lead.number, officer.language, on=opened.may_call), *work_buttons(lead.number, officer.language)]
        return buttons, work_choices(lead, officer.language)
    if lead.owner_id is None and lead.stage not in ENDED_STAGES and may(officer.role, "claim"):
        return [claim_button(lead.number, officer.language)], ()
    return (), ()
