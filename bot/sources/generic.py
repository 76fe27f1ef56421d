"""A lead by JSON or form from a sender who keeps to nobody's format: names and wordings are read tolerantly, and nothing is lost."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields as fields_of
from decimal import Decimal
from typing import Any

import orjson

from bot.rules.money import Money
from bot.rules.text import clean, one_line
from bot.sources.draft import Draft
from bot.sources.flat import flat_fields
from bot.sources.mapping import NOTHING_MAPPED, FieldMap
from bot.sources.new_lead import Consent, NewLead, Phone
from bot.sources.people import split_name
from bot.sources.reading import Fields
from bot.sources.wordings import read_credit

_LONGEST_BAND = 100
_TRANSPORT = frozenset(("submitted_at", "notes"))
_COMPARED = tuple(field.name for field in fields_of(NewLead) if field.name not in _TRANSPORT)
_COMPARED_OF_CONSENT = tuple(field.name for field in fields_of(Consent) if field.name not in ("ip", "user_agent"))


def parse(fields: Mapping[str, object], field_map: FieldMap = NOTHING_MAPPED) -> NewLead:
    """The lead in a request's fields, named by its source as `field_map` says.

    Raises Unreadable(422) when neither a phone nor an email can be understood, or a trigger lead comes without its basis.

    Everything else is optional: what is not understood becomes a note and is kept in `extra` as it came, as is what nobody knows.
    Social security numbers, birth dates and the sender's own secrets are dropped.
    """
    draft = understand(fields, field_map)
    draft.require_contact()
    draft.require_basis()
    _settle_ids(draft)
    _settle_names(draft)
    _settle_addresses(draft.values, draft)
    _settle_loan(draft.values)
    return _lead(draft)


def understand(fields: Mapping[str, object], field_map: FieldMap) -> Draft:
    """What can be understood of a request's fields, whether they hold a lead or a part of one."""
    draft = Draft(fields.notes if isinstance(fields, Fields) else (), field_map)
    for name, text in flat_fields(fields):
        draft.take(name, clean(text))
    for field, text in field_map.always.items():
        if field not in draft.values:
            draft.take_field(field, field, text)
    return draft


def fingerprint(lead: NewLead) -> str:
    """What the lead says, as 64 hexadecimal digits: the same for a repeat, another for a real difference.

    Left out is what a repeat may change: when it was submitted, notes, the IP and browser of the consent, and how an amount was written.
    What is not known is left out too, so a new field of NewLead changes no old fingerprint.
    """
    said: dict[str, Any] = {}
    for name in _COMPARED:
        value = getattr(lead, name)
        if isinstance(value, Money):
            said[name] = (value.low, value.high)
        elif isinstance(value, Consent):
            said[name] = {part: getattr(value, part) for part in _COMPARED_OF_CONSENT if getattr(value, part) not in (None, ())}
        elif value is not None and value != () and value != {}:
            said[name] = value
    document = orjson.dumps(said, default=lambda number: str(number.normalize()), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(document).hexdigest()


def _settle_ids(draft: Draft) -> None:
    """The best id is the one that says it is the lead's."""
    ids = [(field, draft.values.pop(field)) for field in ("external_id", "id", "request_id") if field in draft.values]
    for field, value in ids[1:]:
        draft.keep(field, value)
    if ids:
        draft.values["external_id"] = ids[0][1]


def _settle_names(draft: Draft) -> None:
    """A whole name fills what its parts leave open; what the parts cannot hold is kept beside them."""
    whole = draft.values.pop("full_name", None)
    if whole is None:
        return
    name = split_name(whole)
    for field, value in (("first_name", name.first), ("last_name", name.last)):
        if value is not None:
            draft.values.setdefault(field, value)
    if name.middle or name.two or name.first != draft.values["first_name"]:
        draft.keep("full_name", whole)
    if name.two:
        draft.note("The name seems to hold two people; the first one is taken.")


def _settle_addresses(values: dict[str, Any], draft: Draft) -> None:
    """An address that says not whose it is belongs to the property, unless that has its own: then it is where the borrower gets mail."""
    bare = {part: values.pop(part) for part in ("street", "city", "state", "zip") if part in values}
    owner = "mailing" if any(f"property_{part}" in values for part in bare) else "property"
    for part, value in bare.items():
        if values.setdefault(f"{owner}_{part}", value) != value:
            draft.keep(part, value)


def _settle_loan(values: dict[str, Any]) -> None:
    if isinstance(values.get("down_payment"), Decimal):
        values["down_payment_percent"] = values.pop("down_payment")
    said = values.pop("credit", None)
    low, high = (said and read_credit(said)) or (None, None)
    low, high = values.get("credit_low", low), values.get("credit_high", high)
    if said or low or high:
        values["credit_band"] = one_line(said, _LONGEST_BAND) if said else f"{low or ''}-{high or ''}"
        values["credit_low"], values["credit_high"] = low, high


def _lead(draft: Draft) -> NewLead:
    parts: dict[str, dict[str, Any]] = {"": {}, "consent": {}, "attribution": {}}
    for field, value in draft.values.items():
        group, _, name = field.rpartition(".")
        parts[group][name] = value
    return NewLead(
        **parts[""],
        phones=tuple(Phone(number, kind) for number, kind in draft.phones.items()),
        emails=tuple(draft.emails),
        attribution=parts["attribution"],
        consent=Consent(**parts["consent"]) if parts["consent"] else None,
        has_ssn=draft.has_ssn or None,
        extra=draft.extra,
        notes=tuple(draft.notes),
    )
