"""ADF 1.0, made for car dealers and sent by sellers of every kind of lead: by HTTP, or as the text of a mail."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from bot.sources.broken_xml import read_broken_xml
from bot.sources.field_names import known_header
from bot.sources.flat import gather
from bot.sources.forms import decode
from bot.sources.generic import parse
from bot.sources.mapping import FieldMap
from bot.sources.new_lead import NewLead
from bot.sources.reading import charset_of, limited
from bot.sources.request import LeadRequest
from bot.sources.unreadable import Unreadable, unreadable
from bot.sources.xml_document import Element, fields_of, read_xml

Pairs = Iterator[tuple[str, object]]

_NAMES = {"full": "full_name", "first": "first_name", "last": "last_name"}
_PHONES = {"cellphone": "mobile_phone", "mobile": "mobile_phone", "cell": "mobile_phone", "home": "home_phone", "work": "work_phone"}
_NO_PHONES = ("fax", "pager")
_ADDRESS = {"street": "street", "city": "city", "regioncode": "state", "postalcode": "zip", "country": "country"}
_PLACES = frozenset(("street", "city", "state", "zip"))
_ANY_TIME = "nopreference"
_OF_A_CAR = frozenset(
    [
        "year", "make", "model", "vin", "stock", "trim", "doors", "bodystyle", "transmission", "odometer", "condition",
        "colorcombination", "imagetag", "price", "pricecomments", "option", "finance",
    ]
)  # fmt: skip
_ORDINALS = re.compile(r"[0-9]{1,2}")  # "1" is the first of several ids and no id
_LINE = re.compile(r"([A-Za-z][\w ()/#-]{0,60}?)[ \t]*[:=][ \t]*(\S.*)")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SHORT_OFFSET = re.compile(r"([+-][0-9]{2}):([0-9])$")


def read_adf(request: LeadRequest, field_map: FieldMap) -> Sequence[NewLead]:
    """The leads of a request: one for each prospect."""
    return leads_in(request.body, charset_of(request.content_type), field_map)


def leads_in(document: bytes, charset: str | None, field_map: FieldMap) -> Sequence[NewLead]:
    """The leads of an ADF document, well-formed or not. Raises Unreadable where not one of its prospects is understood.

    `charset` is what the transport says, None leaves it to the document; the text of a mail is UTF-8 once it is encoded so.
    """
    notes: list[str] = []
    leads, errors = [], []
    for prospect in _prospects(document, charset, notes):
        try:
            leads.append(_lead(prospect, field_map, list(notes)))
        except Unreadable as error:
            errors.append(error)
    if not leads:
        raise errors[0]
    missing = (f"Of {len(leads) + len(errors)} prospects in one document, {len(errors)} could not be understood.",) if errors else ()
    return [replace(lead, notes=(*lead.notes, *missing)) for lead in leads]


def _prospects(document: bytes, charset: str | None, notes: list[str]) -> list[Element]:
    try:
        found = list(_named("prospect", read_xml(document, charset, notes)))
    except Unreadable as error:
        if error.errors[0].type != "invalid_xml":
            raise
        found = []
    if not found:
        found = list(_named("prospect", read_broken_xml(decode(document, charset or "utf-8", notes), "adf", notes)))
    if not found:
        raise unreadable(422, "no_prospect", "body", "The document has no <prospect>. Send one for each lead.")
    return found


def _named(name: str, element: Element) -> Iterator[Element]:
    """The outermost elements of this name."""
    if element.name.lower() == name:
        yield element
    else:
        yield from chain.from_iterable(_named(name, child) for child in element.children)


def _lead(prospect: Element, field_map: FieldMap, notes: list[str]) -> NewLead:
    comments = [*prospect.all("comments"), *prospect.all("customer", "comments"), *prospect.all("vehicle", "comments")]
    lines, said = _read_comments([each.text for each in comments], field_map)
    tells_place = any((field_map.field_of(name) or known_header(name)) in _PLACES for name, _ in lines)
    pairs = chain(
        _of_prospect(prospect),
        chain.from_iterable(_of_customer(each, "mailing_" if tells_place else "") for each in prospect.all("customer")),
        chain.from_iterable(_of_vehicle(each) for each in prospect.all("vehicle")),
        chain.from_iterable(_of_vendor(each) for each in prospect.all("vendor")),
        chain.from_iterable(_of_provider(each) for each in prospect.all("provider")),
        lines,
        [("comments", said)],
    )
    return parse(limited(gather(pair for pair in pairs if pair[1]), notes), field_map)


def _of_prospect(prospect: Element) -> Pairs:
    yield "external_id", next(filter(None, map(_id, prospect.all("id"))), "")
    yield "submitted_at", _SHORT_OFFSET.sub(r"\1:\g<2>0", prospect.text_at("requestdate"))
    if prospect.attributes.get("status", "new").lower() != "new":
        yield "prospect.status", prospect.attributes["status"]
    yield from _others("prospect", prospect, "id", "requestdate", "customer", "vehicle", "vendor", "provider", "comments")


def _id(element: Element) -> str:
    """An id within the system that gave it: two systems may count alike."""
    attributes = {name.lower(): value.strip() for name, value in element.attributes.items()}
    sequence = attributes.get("sequence", "")
    number = element.text or ("" if _ORDINALS.fullmatch(sequence) else sequence)
    return "/".join(part for part in (attributes.get("source"), number) if part) if number else ""


def _of_customer(customer: Element, address: str) -> Pairs:
    first, *others = [*customer.all("contact")] or [Element("contact", {})]
    yield from _of_contact(first, address)
    for number, other in enumerate(others, 2):  # who borrows too is kept, and not called in the place of the borrower
        yield f"contact{number}", fields_of(other)
    for frame in customer.all("timeframe"):
        yield "time_frame", frame.text_at("description") or frame.text
        yield from _others("timeframe", frame, "description")
    yield from _others("customer", customer, "contact", "timeframe", "comments")


def _of_contact(contact: Element, address: str) -> Pairs:
    """A tag that was never closed holds what came after it, so names and numbers are looked for at any depth."""
    for name in _named("name", contact):
        part = name.attributes.get("part", "full").strip().lower()
        is_business = name.attributes.get("type", "").lower() == "business"
        yield "business_name" if is_business else _NAMES.get(part, f"{part}_name"), name.text
    for email in _named("email", contact):
        yield "email", email.text
    for phone in _named("phone", contact):
        kind = phone.attributes.get("type", "").strip().lower()
        yield kind if kind in _NO_PHONES else _PHONES.get(kind, "phone"), phone.text
        time = phone.attributes.get("time", "").strip().lower()
        yield "best_time", "" if time == _ANY_TIME else time
    for found in contact.all("address"):
        streets = sorted(found.all("street"), key=lambda street: street.attributes.get("line", ""))
        lines = [line.text for line in (*streets, *found.all("apartment")) if line.text]
        yield f"{address}street", ", ".join(lines)
        for theirs, ours in _ADDRESS.items():
            if ours != "street":
                yield f"{address}{ours}" if ours in _PLACES else ours, found.text_at(theirs)
        yield from _others("contact.address", found, "apartment", *_ADDRESS)
    yield from _others("contact", contact, "name", "email", "phone", "address")


def _of_vehicle(vehicle: Element) -> Pairs:
    """What a seller of loans puts where the car stood is named by itself."""
    for name, value in vehicle.attributes.items():
        yield f"vehicle.{name}", value
    for child in vehicle.children:
        name = child.name.lower()
        if name in _OF_A_CAR:
            yield f"vehicle.{name}", fields_of(child) if child.children else child.text
    yield from ((name.removeprefix("vehicle."), value) for name, value in _others("vehicle", vehicle, "comments", *_OF_A_CAR))


def _of_vendor(vendor: Element) -> Pairs:
    """To whom the lead was sent: us, or one officer of ours."""
    for contact in vendor.all("contact"):
        yield "recipient", contact.text_at("name")
        yield "recipient_email", contact.text_at("email")
        yield from _others("vendor.contact", contact, "name", "email")
    yield from _others("vendor", vendor, "contact")


def _of_provider(provider: Element) -> Pairs:
    yield "attribution.source", provider.text_at("name")
    yield from _others("provider", provider, "name")


def _others(above: str, element: Element, *known: str) -> Pairs:
    """What stands there besides the names that are known, so that nothing is lost."""
    for child in element.children:
        if child.name.lower() not in known:
            yield f"{above}.{child.name}", fields_of(child) if child.children else child.text
            yield from ((f"{above}.{child.name}.{name}", value) for name, value in child.attributes.items() if not child.children)


def _read_comments(comments: Sequence[str], field_map: FieldMap) -> tuple[list[tuple[str, object]], str]:
    """The lines "Loan amount: 310000" whose names are understood, and everything else that was said."""
    understood: list[tuple[str, object]] = []
    said = []
    for line in chain.from_iterable(_LINE_BREAK.sub("\n", text).splitlines() for text in comments):
        named = _LINE.fullmatch(line.strip())
        if named and (field_map.field_of(named[1]) or known_header(named[1])):
            understood.append((named[1], named[2]))
        elif line.strip():
            said.append(line.strip())
    return understood, "\n".join(said)
