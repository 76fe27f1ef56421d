"""A borrower told one of us that they want no more texts, calls or emails: written down in their words, and in force at once."""

from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.conversation.opting_out import OPTED_OUT, close_number
from bot.leads.press import Press
from bot.leads.working import MayNotWork, NotWorked, NotYourLead, allowed
from bot.outreach.emails import UNSUBSCRIBED
from bot.rules.roles import may
from bot.services import Services
from bot.store.columns import table_of
from bot.store.contacts import BorrowerContact, ContactPoint, lock_keys
from bot.store.drips import end_drips
from bot.store.events import Fact, append_event
from bot.store.leads import LeadBorrower, borrower_of
from bot.store.messages import refuse_waiting
from bot.store.people import officer
from bot.store.postings import Lease, post_update, redraw, redraw_line
from bot.store.seen import once
from bot.store.suppressions import closed_channels, closed_since, suppress
from bot.store.views import lead_view

Unwanted = Literal["texts", "calls", "email", "all"]
UNWANTED: tuple[Unwanted, ...] = get_args(Unwanted)
ASKED_US = "do_not_call"
"""Why a number is on our own list whose borrower said so to one of us, as after a call."""


@dataclass(frozen=True, slots=True)
class NotedStop:
    """Nothing of this reaches them any more, nor any marketing on any channel."""

    lead: int
    what: Unwanted
    kind: Literal["noted_stop"] = "noted_stop"


@dataclass(frozen=True, slots=True)
class HowSaid:
    """What they want no more of, and how they said it, has to be written."""

    lead: int
    kind: Literal["how_said"] = "how_said"


StopOutcome = NotedStop | HowSaid | NotWorked
_answers: TypeAdapter[StopOutcome] = TypeAdapter(StopOutcome)
_contact, _theirs, _of_lead = table_of(ContactPoint), table_of(BorrowerContact), table_of(LeadBorrower)
_contacts = (
    select(_contact.c.id, _contact.c.kind, _contact.c.key)
    .join_from(_of_lead, _theirs, _of_lead.c.borrower_id == _theirs.c.borrower_id)
    .join(_contact)
    .where(_of_lead.c.lead_id == bindparam("lead"))
    .distinct()
)
_person = select(officer.c.key, officer.c.name, officer.c.role, officer.c.active).where(officer.c.id == bindparam("by"))


_SPELLED: dict[str, Unwanted] = {
    **{each: each for each in UNWANTED}, "text": "texts", "sms": "texts", "call": "calls", "emails": "email", "mail": "email",
    "everything": "all",
}  # fmt: skip


def read_unwanted(words: str) -> tuple[Unwanted | None, str]:
    """ "texts she said so on the phone": what they want no more of, and how they said it."""
    first, _, said = words.strip().partition(" ")
    spelled = first.lower().strip(",:;.")
    return _SPELLED.get(spelled), said.strip()


async def note_stop(services: Services, pressed: Press, what: Unwanted | None, said: str) -> StopOutcome:
    """Close what the borrower asked to be closed. When this returns, nothing of it begins to leave any more."""
    if what is None or not said:
        return HowSaid(pressed.lead)
    outcome, leases = await services.store.transact(close_channels, pressed, what, said)
    services.owe(leases)
    return outcome


def close_channels(session: Session, by: Press, what: Unwanted, said: str) -> tuple[StopOutcome, list[Lease]]:
    """The transaction of that: every phone and email of everybody in the lead, since nobody asks who of them spoke."""
    contacts = session.connection().execute(_contacts, {"lead": by.lead}).all()
    lock_keys(session, [each.key for each in contacts])
    leases: list[Lease] = []

    def decide() -> StopOutcome:
        refused, *_ = allowed(session, by, leaders_too=True, cover_too=True)
        person = session.connection().execute(_person, {"by": by.officer_id}).one()
        watches = person.active and may(person.role, "judge_opt_out")
        if refused is not None and not (watches and isinstance(refused, NotYourLead | MayNotWork)):
            return refused
        for each in contacts:
            if each.kind == "phone" and what in ("texts", "all"):
                close_number(session, each.key, each.id, OPTED_OUT, None, by.at, texts_alone=what == "texts")
            closed = closed_channels(session, each.key)
            if each.kind == "phone" and what in ("calls", "all") and "voice" not in closed:
                suppress(session, each.key, ("voice",), ASKED_US, by.at)
            ends_email = each.kind == "email" and what in ("email", "all")
            if ends_email and closed_since(session, each.key, UNSUBSCRIBED) is None:
                suppress(session, each.key, ("marketing",), UNSUBSCRIBED, by.at)
            elif "marketing" not in closed:
                suppress(session, each.key, ("marketing",), OPTED_OUT, by.at)
            if ends_email:
                for lead_id, event_seq in refuse_waiting(session, each.id, "email_unsubscribed"):
                    if lead_id is not None:
                        redraw_line(session, lead_id, event_seq)
        end_drips(session, by.lead, UNSUBSCRIBED if what == "email" else OPTED_OUT, by.at)
        fact = Fact(
            "asked_to_stop", f"officer:{person.key}", by.at, {"officer": person.name, "what": what},
            officer_id=by.officer_id, subject_id=borrower_of(session, by.lead), body={"said": said},
        )  # fmt: skip
        seq = append_event(session, by.lead, fact, by.salt)
        lead = lead_view(session, by.lead)
        assert lead is not None, "it is locked"
        post_update(session, by.lead, "asked_to_stop", seq, lead.score)
        leases.extend(redraw(session, by.lead, at_once=True))
        return NotedStop(by.lead, what)

    return once(session, by.delivery, by.at, _answers, decide), leases
