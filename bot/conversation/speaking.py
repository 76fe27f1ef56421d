"""A borrower wants Spanish, by what they stated or wrote: an owner without it hands them to a colleague, or goes on in English."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.distribution.eligible import team_before
from bot.distribution.handing_over import Hand, hand_over, hold, why_not
from bot.leads.press import Press
from bot.leads.working import NotWorked, allowed
from bot.rules.eligibility import Refusal
from bot.rules.languages import written_language
from bot.services import Services
from bot.store.events import Fact, append_event
from bot.store.leads import set_detail
from bot.store.people import officer
from bot.store.postings import Lease, redraw
from bot.store.seen import once
from bot.store.views import lead_view

SPANISH = "es"


@dataclass(frozen=True, slots=True)
class HandedTo:
    """A colleague who speaks it has the lead now."""

    lead: int
    officer: str
    kind: Literal["handed_to"] = "handed_to"


@dataclass(frozen=True, slots=True)
class CannotHand:
    """The colleague may not have it, or it is theirs or over already: then there is no reason."""

    lead: int
    officer: str
    because: Refusal | None
    kind: Literal["cannot_hand"] = "cannot_hand"


@dataclass(frozen=True, slots=True)
class InEnglish:
    """It is answered in English from now on."""

    lead: int
    kind: Literal["in_english"] = "in_english"


SpeakOutcome = HandedTo | CannotHand | InEnglish | NotWorked
_answers: TypeAdapter[SpeakOutcome] = TypeAdapter(SpeakOutcome)
_speaks = select(officer.c.languages).where(officer.c.id == bindparam("who"))
_name = select(officer.c.name).where(officer.c.id == bindparam("who"))


def listen(session: Session, lead_id: int, words: str, at: datetime) -> dict[str, Any] | None:
    """Words of a borrower came in to a lead, which is locked. What its owner, who lacks their language, has to know; None mostly.

    Whoever writes Spanish is answered in Spanish from then on. Who writes English once is not taken out of it: a person decides that.
    """
    writes = written_language(words) == SPANISH
    lead = lead_view(session, lead_id)
    assert lead is not None, "it is locked"
    if writes and lead.details.get("language") != SPANISH:
        set_detail(session, lead_id, "language", SPANISH)
    elif not writes and lead.details.get("language") != SPANISH:
        return None
    if lead.owner_id is None or SPANISH in session.connection().execute(_speaks, {"who": lead.owner_id}).scalar_one():
        return None
    fitting = [
        each.member
        for each in team_before(session, lead, at, soft_caps=True)
        if each.because is None and SPANISH in each.member.languages and each.member.id != lead.owner_id
    ]
    best = min(fitting, key=lambda member: (member.load, member.id), default=None)
    return {"written": writes, "to_id": best and best.id, "to_name": best and best.name}


async def hand_to_speaker(services: Services, pressed: Press, to_id: int) -> SpeakOutcome:
    """The owner, or who leads the team, gives the lead to the colleague whom we named."""
    outcome, leases = await services.store.transact(hand, pressed, to_id)
    services.owe(leases)
    return outcome


async def continue_in_english(services: Services, pressed: Press) -> SpeakOutcome:
    """The owner goes on in English, and is not asked again."""
    outcome, leases = await services.store.transact(keep_english, pressed)
    services.owe(leases)
    return outcome


def hand(session: Session, by: Press, to_id: int) -> tuple[SpeakOutcome, list[Lease]]:
    """The transaction of handing over."""
    leases: list[Lease] = []
    hold(session, [to_id], [by.lead])

    def decide() -> SpeakOutcome:
        refused, _, person = allowed(session, by, leaders_too=True)
        if refused is not None:
            return refused
        name = session.connection().execute(_name, {"who": to_id}).scalar_one()
        because = why_not(session, to_id, by.lead, by.at)
        if because is not None:
            return CannotHand(by.lead, name, because)
        handed = hand_over(session, by.lead, to_id, Hand(f"officer:{person.key}", person.name, by.at, by.salt))
        if handed is None:
            return CannotHand(by.lead, name, None)
        leases.extend(handed.leases)
        return HandedTo(by.lead, name)

    return once(session, by.delivery, by.at, _answers, decide), leases


def keep_english(session: Session, by: Press) -> tuple[SpeakOutcome, list[Lease]]:
    """The transaction of that choice. It is written down, since a borrower asked for another language."""
    leases: list[Lease] = []

    def decide() -> SpeakOutcome:
        refused, _, person = allowed(session, by, leaders_too=True, cover_too=True)
        if refused is not None:
            return refused
        set_detail(session, by.lead, "replies_in", "en")
        fact = Fact("replies_in", f"officer:{person.key}", by.at, {"language": "en"}, officer_id=by.officer_id)
        append_event(session, by.lead, fact, by.salt)
        leases.extend(redraw(session, by.lead, at_once=True))
        return InEnglish(by.lead)

    return once(session, by.delivery, by.at, _answers, decide), leases
