"""A lead in few lines, as every platform shows it."""

from typing import Any

from bot.lead_facts import amount, shared_text
from bot.rendering import in_language, labels
from bot.rules.text import truncate
from bot.store.views import LeadView
from bot.wording.plain import plain

LINE_LIMIT = 140
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
        "credit": details.get("credit_band"),
        "timeline": details.get("time_frame"),
        "language": details.get("language") and label("language", details["language"]),
        "price": f"${lead.price}" if lead.price else None,
        "score": ", ".join(label("score_reason", reason) for reason in lead.reasons[:3]),
    }
    shown = {name: value if name in OURS else shared_text(value, 120) for name, value in known.items() if value}
    return [f"{label('field', name)}: {value}" for name, value in shown.items()]
