"""Open and /lead show, in Discord: a lead in a private answer, as far as this person may see it."""

from collections.abc import Sequence

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.cards import claim_button, small
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.layouts import Button, Choice
from bot.handlers.discord.messages import call_me, work_buttons, work_choices
from bot.handlers.discord.words import cut, marked, shown
from bot.leads.lead_facts import own_facts, shared_facts
from bot.leads.opening import Earlier, Opened, look_back, open_lead
from bot.leads.press import NoSuchLead
from bot.rendering import labels
from bot.rules.roles import may
from bot.store.history import History
from bot.store.leads import ENDED_STAGES
from bot.store.places import KnownOfficer
from bot.wording.asking_back import say_return_line
from bot.wording.calling import say_call_of
from bot.wording.drips import say_state
from bot.wording.history import LINE_LIMIT, say_past
from bot.wording.leads import judged_lines, known_lines
from bot.wording.plain import plain

MOST_OF_PAST = 2200
"""Letters of what happened, so that the rest fits into one message too."""


async def show(asked: Asked) -> Answer:
    match await open_lead(asked.services, asked.lead, asked.officer):
        case NoSuchLead(number):
            return Answer(marked.say("no_such_lead", asked.officer.language, number=number))
        case Opened() as opened:
            return _opened(asked, opened)


async def show_earlier(asked: Asked) -> Answer:
    language = asked.officer.language
    match await look_back(asked.services, asked.lead, asked.officer, int(asked.words)):
        case NoSuchLead(number):
            return Answer(marked.say("no_such_lead", language, number=number))
        case Opened() as opened:
            return _opened(asked, opened)
        case Earlier(number, history, zone):
            title = marked.say("earlier", language, number=number, some=bool(history.past))
            return Answer(title, _earlier_button(number, history, language), [_past(history, zone, language)])


def _opened(asked: Asked, opened: Opened) -> Answer:
    language, lead, now = asked.officer.language, opened.lead, asked.services.clock.now()
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
    past = _past(opened.history, opened.zone, language)
    buttons = [*buttons, *_earlier_button(lead.number, opened.history, language)]
    return Answer(title, buttons, [known, judged, arrived, *calls, past, *texts, *returns, *notes], choices)


def register(desk: Desk) -> None:
    @desk.command("show")
    async def show_(interaction: Interaction, lead: str | None = None) -> None:
        await desk.answer(interaction, show, lead)


DOES = {"open": show, "earlier": show_earlier}


def what_to_do(opened: Opened, officer: KnownOfficer) -> tuple[Sequence[Button], Sequence[Choice]]:
    """What this person can press about this lead."""
    lead = opened.lead
    if opened.works and lead.stage not in ENDED_STAGES:
        buttons = [*call_me(lead.number, officer.language, on=opened.may_call), *work_buttons(lead.number, officer.language)]
        return buttons, work_choices(lead, officer.language)
    if lead.owner_id is None and lead.stage not in ENDED_STAGES and may(officer.role, "claim"):
        return [claim_button(lead.number, officer.language)], ()
    return (), ()


def _past(history: History, zone: str, language: str) -> str:
    return cut("\n".join(shown(say_past(each, zone, language), LINE_LIMIT) for each in history.past), MOST_OF_PAST)


def _earlier_button(number: int, history: History, language: str) -> list[Button]:
    if history.more_before is None:
        return []
    return [Button(labels(language)("button", "earlier"), "earlier", f"{number}:{history.more_before}")]
