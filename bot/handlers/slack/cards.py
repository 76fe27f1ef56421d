"""The lead's card: two lines that a phone shows whole, what is known below, and the buttons."""

from datetime import datetime
from typing import Any

from bot.distribution.passing import REASONS
from bot.handlers.slack.words import escape
from bot.leads.lead_facts import night_facts, push_facts, shared_facts
from bot.leads.reminders import CHOICES
from bot.leads.working import may_claim_first
from bot.rendering import in_language, labels
from bot.rules.text import truncate
from bot.store.leads import ENDED_STAGES
from bot.store.places import KnownOfficer
from bot.store.views import LeadView
from bot.wording.leads import LINE_LIMIT, known_lines, two_lines
from bot.wording.plain import plain

Block = dict[str, Any]

PUSH_LIMIT = 110
"""What a phone's lock screen shows of a message."""
PICK = "pick"
SECTION_LIMIT = 3000


def card(lead: LeadView, rings_at: datetime | None, now: datetime, *, handed_out: bool = False) -> tuple[str, list[Block]]:
    """The push text (mrkdwn) and the blocks of a lead's card as it stands. `rings_at` is there while the lead waits for the morning;
    `handed_out` is what /lead next alone gives away."""
    facts = in_language(shared_facts(lead, now), lead.language)
    if lead.owner_id is not None or lead.stage in ENDED_STAGES:
        return _owned_card(lead, facts)
    lines = two_lines(facts, lead.language)
    return push_text(push_lines(lead, facts, lead.language, lines)), [
        {"type": "header", "text": text(lines[0], 150)},
        {"type": "section", "text": text(lines[1], LINE_LIMIT)},
        *(_asked_for(lead.language) if handed_out else _quiet_until(lead, facts, rings_at, now)),
        *known_fields(lead, lead.language),
        {"type": "context", "elements": [text(plain.say("arrived", lead.language, **facts), 300)]},
        {"type": "actions", "block_id": f"lead:{lead.number}", "elements": _buttons(lead, handed_out=handed_out)},
    ]


def _buttons(lead: LeadView, *, handed_out: bool) -> list[Block]:
    if handed_out:
        return [button(labels(lead.language)("button", "next_lead"), "next_lead", str(lead.number), primary=True)]
    return buttons(lead.number, lead.language)


def _asked_for(language: str) -> list[Block]:
    """That nobody is rung for it, and who gets it."""
    return [{"type": "section", "text": text(plain.say("handed_out", language), 200)}]


def _quiet_until(lead: LeadView, facts: dict[str, Any], rings_at: datetime | None, now: datetime) -> list[Block]:
    """Until when nobody is rung: a time that the borrower was promised, or the morning."""
    if facts["booked"]:
        return [{"type": "section", "text": text(plain.say("booked", lead.language, **facts), 200)}]
    if rings_at is None:
        return []
    said = plain.say("night", lead.language, **facts, **night_facts(lead, rings_at, now))
    return [{"type": "section", "text": text(said, 200)}]


def push_lines(lead: LeadView, facts: dict[str, Any], language: str, lines: list[str]) -> list[str]:
    """Its two lines as a locked phone may show them: those of a masked lead give nobody away as they are."""
    return lines if lead.masked else two_lines(push_facts(lead, facts), language)


def push_text(lines: list[str]) -> str:
    """Both lines, short enough for a lock screen, escaped for the place where Slack reads markup."""
    first = truncate(lines[0], PUSH_LIMIT // 2)
    return escape(f"{first}\n{truncate(lines[1], PUSH_LIMIT - len(first) - 1)}")


def text(words: str, limit: int) -> Block:
    """An element that shows its words as they are."""
    return {"type": "plain_text", "text": truncate(words, limit) or "-", "emoji": False}


def section(words: str) -> Block:
    """Words that are in Slack's markup already. More than Slack takes ends at a word: refused, it would be shown to nobody."""
    if len(words) > SECTION_LIMIT:
        words = words[: SECTION_LIMIT - 1].rsplit(maxsplit=1)[0] + "…"
    return {"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}}


def button(label: str, action: str, value: str, *, primary: bool = False) -> Block:
    element = {"type": "button", "action_id": action, "value": value, "text": text(label, 75)}
    return {**element, "style": "primary"} if primary else element


def _owned_card(lead: LeadView, facts: dict[str, Any]) -> tuple[str, list[Block]]:
    lines = plain.say("card_owned", lead.language, **facts).splitlines()
    push = plain.say("card_owned", lead.language, **push_facts(lead, facts)).splitlines()
    return push_text(push), [
        {"type": "section", "text": text("\n".join(lines), 3 * LINE_LIMIT)},
        {"type": "actions", "block_id": f"lead:{lead.number}", "elements": [open_button(lead.number, lead.language)]},
    ]


def buttons(number: int, language: str) -> list[Block]:
    label = labels(language)
    reasons = [{"text": text(label("pass_reason", reason), 75), "value": f"{number}:{reason}"} for reason in REASONS]
    return [
        claim_button(number, language),
        {"type": "static_select", "action_id": "pass", "placeholder": text(label("button", "pass"), 150), "options": reasons},
    ]


def open_button(number: int, language: str) -> Block:
    return button(labels(language)("button", "open"), "open", str(number))


def later_choice(number: int, language: str) -> Block:
    """Later, with the times that take one tap, and one that opens a screen."""
    label = labels(language)
    options = [{"text": text(label("later", choice), 75), "value": f"{number}:{choice}"} for choice in (*CHOICES, PICK)]
    return {"type": "static_select", "action_id": "later", "placeholder": text(label("button", "later"), 150), "options": options}


def known_fields(lead: LeadView, language: str) -> list[Block]:
    """What else is known, in two columns; nothing when nothing is."""
    fields = [text(line, 160) for line in known_lines(lead, language)]
    return [{"type": "section", "fields": fields}] if fields else []


def claim_button(number: int, language: str) -> Block:
    return button(labels(language)("button", "claim"), "claim", str(number), primary=True)


def claim_first(outcome: object, number: int, officer: KnownOfficer) -> list[Block]:
    """Claim, for who was refused because nobody has the lead."""
    return [claim_button(number, officer.language)] if may_claim_first(outcome, officer.role) else []
