"""A borrower sends a form of ours: what must be mended is said beside its field, and what is right becomes a lead, once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from bot.capture import intake
from bot.in_force import SourceInForce
from bot.rules.callable_time import calendars, is_open, opens_at
from bot.rules.forms import LONGEST, SAYS, Asked, FormKind, fields_of, sent_id
from bot.rules.phones import find_phone
from bot.rules.text import clean
from bot.rules.zones import Whereabouts, candidate_zones
from bot.services import Services
from bot.sources.formats import GENERIC
from bot.sources.generic import parse
from bot.sources.new_lead import Consent, NewLead
from bot.sources.people import read_emails
from bot.sources.readers import READERS, read_ip, read_long_line
from bot.sources.unreadable import Unreadable

Problem = Literal["missing", "no_contact", "phone", "email", "amount", "state"]
_UNREAD: Mapping[str, Problem] = {"tel": "phone", "email": "email", "money": "amount", "state": "state"}


@dataclass(frozen=True, slots=True)
class Visit:
    """Where and with what somebody looks at a page, and what its address tells of how they came there."""

    url: str
    ip: str
    user_agent: str
    carried: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent: what was typed by field, and what stood beside the box that says that we may call and text."""

    nonce: str
    language: str
    typed: Mapping[str, str]
    agrees: bool
    consent_text: str
    consent_version: str


@dataclass(frozen=True, slots=True)
class ToMend:
    """Nothing was kept. What is wrong, by field, in the order of the page."""

    problems: Mapping[str, Problem]


@dataclass(frozen=True, slots=True)
class Thanked:
    """It is a lead, durably. `calls_at` is when the first call may come where none may come now, in UTC, said in `zone`."""

    first_name: str
    has_phone: bool
    agrees: bool
    calls_at: datetime | None
    zone: str


async def send(services: Services, source: SourceInForce, kind: FormKind, sent: Sent, visit: Visit) -> ToMend | Thanked:
    """Keep what was sent. Sent again from the same page it is the same lead. Raises StoreUnavailable."""
    problems = what_to_mend(kind, sent.typed)
    if problems:
        return ToMend(problems)
    now = services.clock.now()
    try:
        lead = _lead(services, source, kind, sent, visit, now)
    except Unreadable:  # what looked like a number to call was one that nobody may keep
        return ToMend({"phone": "phone"})
    # A conflict is a repeat too: its id says that the words are the same, and only the moment of the consent is another. So it must not be
    # an update, as it would be in the format of some vendors.
    await intake.receive(services, replace(source, format=GENERIC), lead)
    return _thanks(source, lead, sent.agrees, now)


def typed_in(kind: FormKind, fields: Mapping[str, Any]) -> dict[str, str]:
    """What was typed into each field that the form has; an answer that it does not offer is none."""
    typed = {asked.name: _typed(asked, fields.get(asked.name)) for asked in fields_of(kind)}
    return {name: text for name, text in typed.items() if text}


def _typed(asked: Asked, sent: object) -> str:
    text = clean(sent[: LONGEST[asked.look]]) if isinstance(sent, str) else ""
    return "" if asked.choices and text not in asked.choices else text


def what_to_mend(kind: FormKind, typed: Mapping[str, str]) -> dict[str, Problem]:
    """What is wrong with what was typed, by field, in the order of the page."""
    problems: dict[str, Problem] = {}
    for asked in fields_of(kind):
        text = typed.get(asked.name, "")
        if not text and asked.required:
            problems[asked.name] = "missing"
        elif text and not _is_read(asked, text):
            problems[asked.name] = _UNREAD[asked.look]
        elif asked.name == "phone" and not text and not typed.get("email"):
            problems[asked.name] = "no_contact"
    return problems


def _is_read(asked: Asked, text: str) -> bool:
    match asked.look:
        case "tel":
            return find_phone(text) is not None
        case "email":
            return bool(read_emails(text))
        case "money" | "state":
            return READERS[asked.name](text) is not None
        case _:
            return True


def _lead(services: Services, source: SourceInForce, kind: FormKind, sent: Sent, visit: Visit, now: datetime) -> NewLead:
    lead = parse({**SAYS[kind], **sent.typed, **visit.carried})
    consent = Consent(
        given=sent.agrees,
        text=sent.consent_text,
        version=sent.consent_version,
        url=visit.url,
        given_at=now,
        ip=read_ip(visit.ip),
        user_agent=read_long_line(visit.user_agent) or None,
        sellers=(services.in_force.config.company.legal_name,),
    )
    said = {**sent.typed, "agrees": "yes" if sent.agrees else ""}
    return replace(
        lead,
        external_id=sent_id(sent.nonce, said),
        language=sent.language,
        attribution={**lead.attribution, "landing_page": visit.url},
        consent=consent,
        extra={**lead.extra, **({"form": source.form_title} if source.form_title else {})},
    )


def _thanks(source: SourceInForce, lead: NewLead, agrees: bool, now: datetime) -> Thanked:
    there = Whereabouts(phones=tuple(phone.number for phone in lead.phones), property_state=lead.property_state)
    open_hours = calendars(source.team.hours, there)
    calls_at = None if is_open(now, open_hours) else opens_at(now, open_hours)
    zones = candidate_zones(there)
    return Thanked(lead.first_name or "", bool(lead.phones), agrees, calls_at, zones[0] if zones else source.team.hours.zone)
