"""Pictures of texts: who works the lead gets a link that is theirs alone and soon over, and every look is written down."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.leads.press import Press
from bot.leads.working import MayNotWork, NotWorked, allowed
from bot.outreach.network import NoPicture, Picture
from bot.rules.pictures import LARGEST, MOST
from bot.rules.roles import may
from bot.rules.signed import said_by_us, signed
from bot.services import Services
from bot.store.events import COMPANY, Fact, append_event
from bot.store.message_files import file_of
from bot.store.messages import TextRow, text_row
from bot.store.people import officer
from bot.store.seen import once

HOLDS_FOR = timedelta(minutes=15)
_SAID = re.compile(r"([1-9]\d{0,17})\.([1-9]\d?)\.([1-9]\d{0,8})\.(\d{1,12})", re.ASCII)


@dataclass(frozen=True, slots=True)
class MayView:
    """So many pictures, until then."""

    lead: int
    pictures: int
    until: datetime
    kind: Literal["may_view"] = "may_view"


@dataclass(frozen=True, slots=True)
class TextsAreOff:
    """Nobody can fetch a picture now."""


ViewOutcome = MayView | NotWorked
_answers: TypeAdapter[ViewOutcome] = TypeAdapter(ViewOutcome)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may look at which picture, and until when: what a link says, signed."""

    text_id: int
    place: int
    officer_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class LinkOver:
    """The link is too old, or none of ours."""


@dataclass(frozen=True, slots=True)
class MayNotView:
    """Who had the link may not look any more."""

    language: str


@dataclass(frozen=True, slots=True)
class Viewed:
    """What the network has, for somebody who reads this language; where a lead is known, with its number."""

    found: Picture | NoPicture
    language: str
    lead: int | None


ViewingOutcome = Viewed | MayNotView | LinkOver
_person = select(officer.c.key, officer.c.role, officer.c.active, officer.c.language).where(officer.c.id == bindparam("by"))


async def ask_to_view(services: Services, pressed: Press, text_id: int) -> tuple[ViewOutcome | TextsAreOff, list[str]]:
    """Somebody pressed View: whether they may, and then a link for each picture."""
    if services.network is None:
        return TextsAreOff(), []
    outcome = await services.store.transact(note_asked, pressed, text_id)
    if not isinstance(outcome, MayView):
        return outcome, []
    tickets = [Ticket(text_id, place, pressed.officer_id, outcome.until) for place in range(1, outcome.pictures + 1)]
    return outcome, [f"{services.public_url}/m/{written(services.hash_key, ticket)}" for ticket in tickets]


def note_asked(session: Session, by: Press, text_id: int) -> ViewOutcome:
    """The transaction of that press."""
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, text_id))


def _decide(session: Session, by: Press, text_id: int) -> ViewOutcome:
    text = text_row(session, text_id)
    assert text is not None, "texts are never deleted"
    refused = _refusal(session, text, by)
    if refused is not None:
        return refused
    until = by.at + HOLDS_FOR
    _note(session, text, "pictures_asked", by, {"text": text.id, "until": until.isoformat()})
    return MayView(text.lead_id or COMPANY, min(text.pictures, MOST), until)


async def view(services: Services, token: str) -> ViewingOutcome:
    """Somebody opened a link. Whether they may is judged now, and written down before anything is fetched."""
    now = services.clock.now()
    ticket = read(services.hash_key, token, now)
    if ticket is None:
        return LinkOver()
    outcome = await services.store.transact(note_viewed, ticket, now, services.salt())
    if isinstance(outcome, MayNotView):
        return outcome
    text, kept, language = outcome
    return Viewed(kept or await _fetched(services, text, ticket.place), language, text.lead_id)


async def _fetched(services: Services, text: TextRow, place: int) -> Picture | NoPicture:
    if text.provider_id is None:
        return "gone"
    return await services.network.picture(text.provider_id, place, LARGEST) if services.network else "unreachable"


def note_viewed(session: Session, ticket: Ticket, now: datetime, salt: str) -> tuple[TextRow, Picture | None, str] | MayNotView:
    """The transaction of a look: the text, the picture where we still keep it ourselves, and the language of who looks."""
    text = text_row(session, ticket.text_id)
    assert text is not None, "texts are never deleted"
    by = Press("", text.lead_id or COMPANY, ticket.officer_id, now, salt)
    language = session.connection().execute(_person, {"by": ticket.officer_id}).one().language
    if _refusal(session, text, by) is not None:
        return MayNotView(language)
    _note(session, text, "picture_viewed", by, {"text": text.id, "picture": ticket.place})
    content = file_of(session, text.id, ticket.place) if text.direction == "out" else None
    return text, Picture(content) if content else None, language


def _refusal(session: Session, text: TextRow, by: Press) -> NotWorked | None:
    """Who works the lead may look, and who may read every lead's numbers anyway; while nobody said whose a text is, who is asked that."""
    person = session.connection().execute(_person, {"by": by.officer_id}).one()
    if person.active and may(person.role, "see_unmasked_any"):
        return None
    if text.lead_id is None:
        return None if person.active and may(person.role, "work") else MayNotWork(by.lead, person.role)
    return allowed(session, replace(by, lead=text.lead_id), leaders_too=True, cover_too=True)[0]


def _note(session: Session, text: TextRow, kind: str, by: Press, meta: dict[str, object]) -> None:
    key = session.connection().execute(_person, {"by": by.officer_id}).one().key
    fact = Fact(kind, f"officer:{key}", by.at, meta, officer_id=by.officer_id)
    append_event(session, COMPANY if text.lead_id is None else text.lead_id, fact, by.salt)


def written(hash_key: bytes, ticket: Ticket) -> str:
    """The ticket as it stands in a link."""
    said = f"{ticket.text_id}.{ticket.place}.{ticket.officer_id}.{int(ticket.until.timestamp())}"
    return signed(hash_key, "picture", said)


def read(hash_key: bytes, token: str, now: datetime) -> Ticket | None:
    """The ticket of a link that still holds."""
    found = _SAID.fullmatch(said_by_us(hash_key, "picture", token) or "")
    if found is None:
        return None
    until = datetime.fromtimestamp(int(found[4]), UTC)
    return Ticket(int(found[1]), int(found[2]), int(found[3]), until) if now < until else None
