"""The canonical record of a request as plain values: what is stored, printed by `leadbell show --json`, and drawn."""

from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.rules.money import Money
from bot.sources.new_lead import Consent, NewLead, Phone

_OF_ITS_ARRIVAL = frozenset(
    {"first_name", "last_name", "phones", "emails", "external_id", "submitted_at", "price", "attribution", "consent", "extra", "notes"}
)
_OF_CONTACT = frozenset({"first_name", "last_name", "phones", "emails", "best_time", "language"})
_NAMES = tuple(field.name for field in fields(NewLead))


def record_of(lead: NewLead) -> dict[str, Any]:
    """Every field that is known, as JSON values. An amount becomes `NAME_low`, `NAME_high` and `NAME_raw`."""
    record: dict[str, Any] = {}
    for name in _NAMES:
        value = getattr(lead, name)
        if value is None or value == () or value == {}:
            continue
        if isinstance(value, Money):
            record[f"{name}_low"], record[f"{name}_high"], record[f"{name}_raw"] = value.low, value.high, value.raw
        else:
            record[name] = _plain(value)
    return record


def details_of(record: dict[str, Any]) -> dict[str, Any]:
    """The part of a record that describes the wish itself, not the person or the delivery."""
    return {name: value for name, value in record.items() if name not in _OF_ITS_ARRIVAL}


def names_in(lead: NewLead) -> list[str]:
    """Our names for all that is known of it, those of consent and attribution dotted."""
    known: list[str] = []
    for name in _NAMES:
        value = getattr(lead, name)
        if value is None or value in ((), {}) or name in ("extra", "notes"):
            continue
        parts = _plain(value) if isinstance(value, Consent) else value if name == "attribution" else None
        known += [name] if parts is None else [f"{name}.{part}" for part in parts]
    return known


def subject_of(name: str) -> str:
    """What a field is about, in a word that has a label: consent, contact, property or loan."""
    if name == "consent":
        return "consent"
    if name in _OF_CONTACT or name.startswith("mailing_"):
        return "contact"
    return "property" if name.startswith("property_") else "loan"


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Phone() | Consent():
            parts = ((field.name, getattr(value, field.name)) for field in fields(value))
            return {name: _plain(part) for name, part in parts if part not in (None, ())}
        case tuple():
            return [_plain(part) for part in value]
    return value
