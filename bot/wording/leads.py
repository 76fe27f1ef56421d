"""A lead in few lines, as every platform shows it."""

from collections.abc import Iterable
from typing import Any

from bot.leads.lead_facts import amount, choice_in_words, shared_text
from bot.rendering import in_language, labels
from bot.rules.scoring import Reason, shown_on_card
from bot.rules.segments import BUILT_IN
from bot.rules.text import one_line, truncate
from bot.store.views import LeadView
from bot.updates import NobodyFree
from bot.wording.plain import plain

LINE_LIMIT = 140
OUR_SEGMENTS = frozenset(each.key for each in BUILT_IN)
OURS = ("price", "score")
"""What we say ourselves of a lead: nothing of it must be kept from a shared room."""


def two_lines(facts: dict[str, Any], language: str) -> list[str]:
    """Who and what, as a phone shows it whole."""
    facts = in_language(facts, language)
    calling = plain.say("callable", language, **facts)
    return [
        truncate(plain.say("headline", language, **facts), LINE_LIMIT),
        truncate(plain.say("second_line", language, **facts, calling=calling), LINE_LIMIT),
    ]


def reason_in_words(reason: Reason, language: str) -> str:
    """What gave or took points, in the company's words where a rule of its own did."""
    return one_line(reason.says, 60) if reason.says else labels(language)("score_reason", reason.code)


def segment_in_words(key: str, name: str | None, language: str) -> str:
    """What a segment is called: by the company, or by us."""
    if name or key not in OUR_SEGMENTS:
        return one_line(name or key, 60)
    return labels(language)("segment", key)


def judged_lines(lead: LeadView, language: str) -> list[str]:
    """What is made of a lead, a line each: its points with every reason, and its segments."""
    label, lines = labels(language), []
    if lead.reasons:
        lines.append(f"{label('field', 'points')}: {', '.join([str(lead.score), *reasons_in_words(lead.reasons, language)])}")
    if lead.segments:
        segments = ", ".join(segment_in_words(key, name, language) for key, name in lead.segments.items())
        lines.append(f"{label('field', 'segments')}: {segments}")
    return lines


def reasons_in_words(reasons: Iterable[Reason], language: str) -> list[str]:
    """Each with what it gave or took."""
    return [f"{reason_in_words(reason, language)} {reason.points:+}" for reason in reasons]


def say_nobody_free(told: NobodyFree, lead: LeadView, facts: dict[str, Any], language: str) -> str:
    """To who leads: that nobody is free, or that nobody may take the lead at any hour, and why."""
    why = {"because": told.because, "state": told.state, "asked_for": told.purpose, "team": one_line(lead.team_name, 40)}
    return plain.say("nobody_free", language, **facts, **why)


def known_lines(lead: LeadView, language: str) -> list[str]:
    """What else is known, a line each."""
    details, label = lead.details, labels(language)
    home = [
        details.get("property_use") and label("property_use", details["property_use"]),
        details.get("property_type") and label("property_type", details["property_type"]),
        amount(details, language, "property_value", "purchase_price"),
    ]
    known = {
        "property": ", ".join(part for part in home if part),
        "credit": choice_in_words(details.get("credit_band"), language),
        "timeline": choice_in_words(details.get("time_frame"), language),
        "language": details.get("language") and label("language", details["language"]),
        "price": f"${lead.price}" if lead.price else None,
        "score": ", ".join(reason_in_words(reason, language) for reason in shown_on_card(lead.reasons)),
    }
    shown = {name: value if name in OURS else shared_text(value, 120) for name, value in known.items() if value}
    return [f"{label('field', name)}: {value}" for name, value in shown.items()]
