"""Texts that leave by themselves, in Discord: /drip, the rows of More, and what an opened lead says of them."""

from collections.abc import Sequence
from dataclasses import replace

from discord import app_commands

from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.commands import Desk, Interaction, Typing, fitting
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked, shown
from bot.leads.opening import open_lead
from bot.leads.press import NoSuchLead
from bot.nurture import drips
from bot.nurture.drips import Begun, DayGoneBy, DripOutcome, Meant, Stopped, known, meant
from bot.rules.drips import as_typed
from bot.rules.roles import may
from bot.store.events import COMPANY
from bot.wording.drips import START, STOP, say_drip, say_listed, say_report, say_state, say_which, what_is_offered

REPORT = "drip_report"
LINE_LIMIT = 400
REPORT_LIMIT = 1900
MOST_ASKED = 20
"""How many sequences are offered as buttons, of the 25 that Discord takes."""


def register(desk: Desk) -> None:
    @desk.command("drip show", needs="work")
    async def show(interaction: Interaction, lead: str | None = None) -> None:
        await desk.answer(interaction, _state, lead)

    @desk.command("drip enroll", needs="work")
    @app_commands.autocomplete(sequence=desk.offering(sequences_offered))
    async def enroll(interaction: Interaction, lead: str | None = None, sequence: str | None = None) -> None:
        await desk.answer(interaction, _with_words(begin, sequence), lead)

    @desk.command("drip stop", needs="work")
    @app_commands.autocomplete(sequence=desk.offering(sequences_offered))
    async def stop_(interaction: Interaction, lead: str | None = None, sequence: str | None = None) -> None:
        await desk.answer(interaction, _with_words(stop, sequence), lead)

    @desk.command("drip date", needs="work")
    async def date_(interaction: Interaction, which: str, lead: str | None = None) -> None:
        await desk.answer(interaction, _with_words(_date, which), lead)

    @desk.command("drip report", needs="see_pipeline")
    @app_commands.autocomplete(sequence=desk.offering(sequences_offered))
    async def report(interaction: Interaction, sequence: str) -> None:
        await desk.answer(interaction, _with_words(_report, sequence), about_a_lead=False)

    @desk.command("drip list", needs="work")
    async def list_(interaction: Interaction) -> None:
        await desk.answer(interaction, _list, about_a_lead=False)


async def sequences_offered(typing: Typing) -> Sequence[tuple[str, str]]:
    plans = (await known(typing.services)).values()
    return fitting([(each.named(typing.officer.language), each.key) for each in plans], typing.typed)


def _with_words(does: Does, words: str | None) -> Does:
    async def run(asked: Asked) -> Answer | None:
        return await does(replace(asked, words=words or ""))

    return run


async def begin(asked: Asked) -> Answer:
    """Where nothing is named, the only sequence that is for the lead."""
    wanted = await meant(asked.services, asked.lead, asked.words)
    if wanted.plan is None:
        return _which(asked, wanted)
    return _answer(await drips.begin(asked.services, asked.press, wanted.plan.key), asked)


async def stop(asked: Asked) -> Answer:
    """The one that is named, or whatever runs."""
    key = None
    if asked.words:
        wanted = await meant(asked.services, asked.lead, asked.words)
        if wanted.plan is None:
            return _which(asked, wanted, STOP)
        key = wanted.plan.key
    return _answer(await drips.stop(asked.services, asked.press, key), asked)


async def _state(asked: Asked) -> Answer:
    language, number = asked.officer.language, asked.lead
    opened = await open_lead(asked.services, number, asked.officer)
    if isinstance(opened, NoSuchLead):
        return Answer(marked.say("no_such_lead", language, number=number))
    lead, now = opened.lead, asked.services.clock.now()
    states = [shown(say_state(drip, lead.time_zone, language, now), LINE_LIMIT) for drip in opened.drips]
    offered = what_is_offered(lead, language)
    buttons = [Button(offered.label, offered.action, f"{number}")] if offered and may(asked.officer.role, "work") else []
    return Answer("\n".join(states) or marked.say("drip_none", language, number=number), buttons)


async def _date(asked: Asked) -> Answer:
    """ "closing 12/1/2026"."""
    return _answer(await drips.keep_day(asked.services, asked.press, asked.words), asked)


async def _date_pressed(asked: Asked) -> Answer:
    """ "closing:2026-12-01", as a button carries it."""
    return await _date(replace(asked, words=asked.words.replace(":", " ")))


async def _report(asked: Asked) -> Answer:
    found = await drips.report(asked.services, asked.words)
    language = asked.officer.language
    if isinstance(found, Meant):
        all_known = ", ".join(each.named(language) for each in found.known)
        buttons = [Button(each.named(language), REPORT, f"{COMPANY}:{each.key}") for each in found.nearest]
        return Answer(marked.say("drip_report_of", language, known=all_known, meant=bool(buttons)), buttons)
    return Answer(shown(say_report(found, language), REPORT_LIMIT))


async def _list(asked: Asked) -> Answer:
    language, now = asked.officer.language, asked.services.clock.now()
    running = await drips.listed(asked.services, asked.officer)
    all_known = ", ".join(each.named(language) for each in (await known(asked.services)).values())
    words = marked.say("drip_list", language, known=all_known, runs=bool(running))
    return Answer(words, more=[shown(say_listed(one, language, now), LINE_LIMIT) for one in running])


async def _reported(asked: Asked) -> Answer:
    """Of the one that was asked back about, on a press."""
    return replace(await _report(asked), replaces=True)


DOES: dict[str, Does] = {START: begin, STOP: stop, REPORT: _reported, "drip_date": _date_pressed}


def _which(asked: Asked, wanted: Meant, does: str = START) -> Answer:
    """No such sequence, or several: asked back, never guessed."""
    language, number, nearest = asked.officer.language, asked.lead, wanted.nearest[:MOST_ASKED]
    buttons = [Button(each.named(language), does, f"{number}:{each.key}") for each in nearest]
    return Answer(say_which(marked, number, wanted, asked.words, len(nearest), language), buttons)


def _answer(outcome: DripOutcome, asked: Asked) -> Answer:
    """What the one who begins or stops them is told privately, with Undo where something changed."""
    language = asked.officer.language
    words = say_drip(marked, outcome, language, asked.services.clock.now())
    match outcome:
        case Begun(lead, seq=seq) | Stopped(lead, seq=seq):
            return Answer(words, [undo_button(lead, seq, language)])
        case DayGoneBy(lead, what, likely=likely):
            return Answer(words, [Button(as_typed(what, likely), "drip_date", f"{lead}:{what}:{likely.isoformat()}")])
    return Answer(words)
