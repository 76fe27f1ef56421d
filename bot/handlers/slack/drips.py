"""Texts that leave by themselves, in Slack: /drip, the rows of More, and what an opened lead says of them."""

from collections.abc import Sequence
from datetime import datetime

from bot.handlers.slack.cards import Block, section, text
from bot.handlers.slack.commands import LONGEST_VALUE, Answer, Asked, Command, run_button
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import escape, marked
from bot.leads.opening import open_lead
from bot.leads.press import NoSuchLead
from bot.nurture import drips
from bot.nurture.drips import Begun, DayGoneBy, DripOutcome, Meant, Stopped, known, meant
from bot.rules.commands import closest
from bot.rules.drips import as_typed
from bot.rules.roles import may
from bot.rules.text import one_line
from bot.store.drips import DripView
from bot.store.views import LeadView
from bot.wording.drips import START, say_drip, say_listed, say_report, say_state, say_which, what_is_offered

VERBS = ("enroll", "stop", "date", "report", "list")
ABOUT_A_LEAD = ("enroll", "stop", "date")
LINE_LIMIT = 1000
MOST_ASKED = 20
"""How many sequences are offered as buttons, of the 25 that Slack takes."""


async def begin(asked: Asked) -> Answer:
    """ "/drip enroll 1042 new lead"; where nothing is named, the only sequence that is for the lead."""
    wanted = await meant(asked.services, asked.lead, asked.words)
    if wanted.plan is None:
        return _which(asked, wanted)
    return drip_answer(await drips.begin(asked.services, asked.press, wanted.plan.key), asked)


async def stop(asked: Asked) -> Answer:
    """ "/drip stop 1042", and the name of a sequence where only that one is meant."""
    key = None
    if asked.words:
        wanted = await meant(asked.services, asked.lead, asked.words)
        if wanted.plan is None:
            return _which(asked, wanted, "stop")
        key = wanted.plan.key
    return drip_answer(await drips.stop(asked.services, asked.press, key), asked)


async def _state(asked: Asked) -> Answer:
    """ "/drip 1042" says what runs; with the name of a sequence it begins that."""
    language, number = asked.officer.language, asked.lead
    if asked.words:
        verbs = closest(asked.words.partition(" ")[0], VERBS)
        if verbs and (await meant(asked.services, number, asked.words)).plan is None:
            rest = asked.words.partition(" ")[2]
            lines = [f"drip {verb} {rest or (number if verb in ABOUT_A_LEAD else '')}".strip() for verb in verbs]
            buttons = [run_button(line, line, place) for place, line in enumerate(lines) if len(line) <= LONGEST_VALUE]
            said, meant_by_it = one_line(f"drip {asked.words}", 40), [f"drip {verb}" for verb in verbs]
            return Answer(marked.say("no_such_command", language, word=said, meant=meant_by_it), buttons)
        return await begin(asked)
    opened = await open_lead(asked.services, number, asked.officer)
    if isinstance(opened, NoSuchLead):
        return Answer(marked.say("no_such_lead", language, number=number))
    lead, now = opened.lead, asked.services.clock.now()
    states = [escape(say_state(drip, lead.time_zone, language, now)) for drip in opened.drips]
    return Answer("\n".join(states) or marked.say("drip_none", language, number=number), _choices(lead, asked))


async def _date(asked: Asked) -> Answer:
    """ "/drip date 1042 closing 12/1/2026"."""
    return drip_answer(await drips.keep_day(asked.services, asked.press, asked.words), asked)


async def _report(asked: Asked) -> Answer:
    """ "/drip report past client"."""
    found = await drips.report(asked.services, asked.words)
    if isinstance(found, Meant):
        language = asked.officer.language
        all_known = ", ".join(each.named(language) for each in found.known)
        buttons = [run_button(each.named(language), f"drip report {each.key}", place) for place, each in enumerate(found.nearest)]
        return Answer(marked.say("drip_report_of", language, known=all_known, meant=bool(buttons)), buttons)
    return Answer(escape(say_report(found, asked.officer.language)))


async def _list(asked: Asked) -> Answer:
    language, now = asked.officer.language, asked.services.clock.now()
    running = await drips.listed(asked.services, asked.officer)
    all_known = ", ".join(each.named(language) for each in (await known(asked.services)).values())
    words = marked.say("drip_list", language, known=all_known, runs=bool(running))
    return Answer(words, blocks=[{"type": "section", "text": text(say_listed(one, language, now), LINE_LIMIT)} for one in running])


COMMANDS = (
    Command("drip", _state, ("drip show",), needs="work", short=True),
    Command("drip enroll", begin, ("drip start", "drip begin"), needs="work"),
    Command("drip stop", stop, ("drip end",), needs="work"),
    Command("drip date", _date, ("drip day",), needs="work"),
    Command("drip report", _report, needs="see_pipeline", about_a_lead=False),
    Command("drip list", _list, ("drips",), needs="work", about_a_lead=False),
)


def _choices(lead: LeadView, asked: Asked) -> list[Block]:
    """What this person can do about them."""
    offered = what_is_offered(lead, asked.officer.language)
    if offered is None or not may(asked.officer.role, "work"):
        return []
    return [run_button(offered.label, f"drip {'enroll' if offered.action == START else 'stop'} {lead.number}")]


def _which(asked: Asked, wanted: Meant, verb: str = "enroll") -> Answer:
    """No such sequence, or several: asked back, never guessed."""
    language, number, nearest = asked.officer.language, asked.lead, wanted.nearest[:MOST_ASKED]
    buttons = [run_button(each.named(language), f"drip {verb} {number} {each.key}", place) for place, each in enumerate(nearest)]
    return Answer(say_which(marked, number, wanted, asked.words, len(nearest), language), buttons)


def drip_answer(outcome: DripOutcome, asked: Asked) -> Answer:
    """What the one who begins or stops them is told privately, with Undo where something changed."""
    language = asked.officer.language
    words = say_drip(marked, outcome, language, asked.services.clock.now())
    match outcome:
        case Begun(lead, seq=seq) | Stopped(lead, seq=seq):
            return Answer(words, [undo_button(lead, seq, language)])
        case DayGoneBy(lead, what, likely=likely):
            typed = as_typed(what, likely)
            return Answer(words, [run_button(typed, f"drip date {lead} {typed}")])
    return Answer(words)


def known_drips(opened_drips: Sequence[DripView], zone: str, language: str, now: datetime) -> list[Block]:
    """The same on an opened lead."""
    return [section(escape(say_state(drip, zone, language, now))) for drip in opened_drips]
