"""Ping-post on the wire: what a ping says without saying who, the word of a bid in a post, and answers in the vendor's own words."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

import orjson

from bot.rules.zones import states_of_zip
from bot.sources.field_names import plain_name
from bot.sources.flat import flat_fields
from bot.sources.generic import understand
from bot.sources.mapping import FieldMap
from bot.sources.new_lead import NewLead
from bot.sources.reading import read_body
from bot.sources.request import LeadRequest, Reply

WORDS = frozenset(("lppingid", "pingid", "pingtoken"))
"""Names under which the word of a bid comes back, as they are compared."""
_DIGEST = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII | re.IGNORECASE)
_KEPT_OF_A_DIGEST = 8
_SAID = {
    "no_state": ("State or ZIP is missing", 9),
    "not_licensed": ("We are not licensed in this state", 5),
    "not_wanted": ("Outside of our criteria", 5),
    "duplicate": ("Duplicate", 6),
    "cap": ("Over the daily cap", 8),
    "budget": ("Over the daily budget", 8),
    "quota": ("Too many requests in a minute", 8),
    "unreadable": ("Not understood", 9),
    "away": ("Not available at this moment", 7),
    "no_ping": ("The ping id is missing", 9),
    "unknown_ping": ("This ping id is not ours", 9),
    "expired_ping": ("This ping id has expired", 9),
    "used_ping": ("This ping id was used for another lead", 9),
}
"""Each reason in words, and as LeadExec numbers it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a ping says: where, what for, and beginnings of digests by which somebody who is known already is recognized."""

    state: str | None
    purpose: str | None
    digests: frozenset[bytes]


def read_ping(request: LeadRequest, field_map: FieldMap) -> Asked:
    """Raises Unreadable where the body is none of JSON, XML or a form. Nothing in it is needed."""
    fields = read_body(request.content_type, request.body)
    draft = understand(fields, field_map)
    state = draft.values.get("property_state") or draft.values.get("state")
    if state is None:
        states = states_of_zip(draft.values.get("property_zip") or draft.values.get("zip"))
        state = states[0] if len(states) == 1 else None
    told = {bytes.fromhex(text)[:_KEPT_OF_A_DIGEST] for _, text in flat_fields(fields) if _DIGEST.fullmatch(text)}
    known = {_begin(hashlib.sha256(value.encode())) for value in (*draft.phones, *draft.emails)}
    return Asked(state, draft.values.get("purpose"), frozenset(told | known))


def digests_of(value: str) -> list[bytes]:
    """How a phone (E.164) or an email may come as a digest, by any of three kinds; of a phone also without its +1."""
    written = [value, value.removeprefix("+1")] if value.startswith("+1") else [value]
    return [_begin(kind(each.encode())) for each in written for kind in (hashlib.sha256, hashlib.sha1, hashlib.md5)]


def _begin(digest: "hashlib._Hash") -> bytes:
    return digest.digest()[:_KEPT_OF_A_DIGEST]


def word_in(request: LeadRequest) -> str | None:
    """The word of a bid that a post shows again; raises Unreadable."""
    fields = flat_fields(read_body(request.content_type, request.body))
    return next((text.strip() for name, text in fields if plain_name(name) in WORDS), None)


def as_bought(lead: NewLead, dollars: int | None, external_id: str | None) -> NewLead:
    """The lead of a post as it is kept: at the price of its bid, under this id, and without the word of the bid."""
    extra = {name: text for name, text in lead.extra.items() if plain_name(name) not in WORDS}
    return replace(lead, price=dollars, external_id=external_id, extra=extra)


def wants_xml(request: LeadRequest) -> bool:
    """A vendor hears XML where it speaks XML, or asks for it."""
    kind = (request.content_type or "") + request.headers.get("accept", "")
    return "xml" in kind.lower() or b"lp_response=xml" in request.body[:20_000].lower() or request.body.lstrip()[:1] == b"<"


def say_bid(format_name: str, word: str, dollars: int, *, xml: bool) -> Reply:
    match format_name:
        case "leadexec":
            said = {"isValidPost": True, "ResponseType": 0, "ResponseDetail": "Accepted", "LeadIdentifier": word, "Price": dollars}
        case "leadconduit":
            said = {"outcome": "success", "ping_id": word, "price": dollars}
        case "leadspedia":
            said = {"accepted": True, "lp_ping_id": word, "ping_id": word, "bid": dollars}
        case _:
            said = {"accepted": True, "ping_id": word, "bid": dollars}
    return _write(said, xml=xml)


def say_bought(format_name: str, lead: int, dollars: int, *, xml: bool) -> Reply:
    match format_name:
        case "leadexec":
            said = {"isValidPost": True, "ResponseType": 0, "ResponseDetail": "Accepted", "LeadIdentifier": str(lead), "Price": dollars}
        case "leadconduit":
            said = {"outcome": "success", "leadbell_lead": str(lead), "price": dollars}
        case _:
            said = {"accepted": True, "lead_id": str(lead), "price": dollars}
    return _write(said, xml=xml)


def say_no(format_name: str, because: str, *, xml: bool) -> Reply:
    words, code = _SAID[because]
    match format_name:
        case "leadexec":
            said: dict[str, Any] = {"isValidPost": False, "ResponseType": code, "ResponseDetail": words}
        case "leadconduit":
            said = {"outcome": "failure", "reason": words}
        case _:
            said = {"accepted": False, "reason": words}
    return _write(said, xml=xml)


def _write(said: Mapping[str, Any], *, xml: bool) -> Reply:
    if not xml:
        return Reply(200, orjson.dumps(said))
    parts = (f"<{name}>{escape(str(value).lower() if isinstance(value, bool) else str(value))}</{name}>" for name, value in said.items())
    return Reply(200, f'<?xml version="1.0" encoding="utf-8"?><response>{"".join(parts)}</response>'.encode(), "application/xml")
