"""The lead's card: the two lines that a phone shows whole, what is known below, and the buttons."""

from datetime import datetime
from typing import Any

from bot.distribution.passing import REASONS
from bot.handlers.discord.layouts import Button, Choice, Parts
from bot.handlers.discord.words import shown
from bot.leads.lead_facts import night_facts, shared_facts
from bot.leads.working import may_claim_first
from bot.rendering import labels
from bot.rules.text import one_line
from bot.store.leads import ENDED_STAGES
from bot.store.places import KnownOfficer
from bot.store.views import LeadView
from bot.wording.leads import LINE_LIMIT, known_lines, two_lines
from bot.wording.plain import plain

THREAD_NAME = 100


def card(lead: LeadView, rings_at: datetime | None, now: datetime, *, handed_out: bool = False) -> Parts:
    """The lead as it stands. `rings_at` is there while it waits for the morning; `handed_out` is what /lead next alone gives away."""
    facts = shared_facts(lead, now)
    if lead.owner_id is not None or lead.stage in ENDED_STAGES:
        said = plain.say("card_owned", lead.language, **facts)
        return Parts([shown(said, 3 * LINE_LIMIT)], [open_button(lead.number, lead.language)])
    quiet = plain.say("night", lead.language, **facts, **night_facts(lead, rings_at, now)) if rings_at else ""
    if facts["booked"]:
        quiet = plain.say("booked", lead.language, **facts)
    if handed_out:
        quiet = plain.say("handed_out", lead.language)
    return Parts(
        [
            headed(two_lines(facts, lead.language)),
            shown(quiet, 200),
            "\n".join(shown(line, 160) for line in known_lines(lead, lead.language)),
            small(plain.say("arrived", lead.language, **facts)),
        ],
        [_next_button(lead) if handed_out else claim_button(lead.number, lead.language)],
        [] if handed_out else [pass_choice(lead.number, lead.language)],
    )


def _next_button(lead: LeadView) -> Button:
    return Button(labels(lead.language)("button", "next_lead"), "next_lead", str(lead.number), primary=True)


def headed(lines: list[str]) -> str:
    """Both lines, the first one bold."""
    return f"**{shown(lines[0], LINE_LIMIT)}**\n{shown(lines[1], LINE_LIMIT)}"


def small(words: str) -> str:
    return f"-# {shown(one_line(words, 300), 300)}" if words else ""


def claim_first(outcome: object, number: int, officer: KnownOfficer) -> list[Button]:
    """Claim, for who was refused because nobody has the lead."""
    return [claim_button(number, officer.language)] if may_claim_first(outcome, officer.role) else []


def claim_button(number: int, language: str) -> Button:
    return Button(labels(language)("button", "claim"), "claim", str(number), primary=True)


def open_button(number: int, language: str) -> Button:
    return Button(labels(language)("button", "open"), "open", str(number))


def pass_choice(number: int, language: str) -> Choice:
    label = labels(language)
    reasons = [(label("pass_reason", reason), f"{number}:{reason}") for reason in REASONS]
    return Choice(label("button", "pass"), "pass", str(number), reasons)


def thread_name(lead: LeadView, now: datetime) -> str:
    """ "#1042 Dana R., purchase, TX"."""
    facts: dict[str, Any] = shared_facts(lead, now)
    purpose = lead.purpose and labels(lead.language)("purpose", lead.purpose)
    parts = [f"#{lead.number} {facts['name']}", purpose, lead.state]
    return one_line(", ".join(str(part) for part in parts if part), THREAD_NAME)
