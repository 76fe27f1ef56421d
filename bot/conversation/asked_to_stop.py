"""A borrower told one of us that they want no more texts, calls or emails: written down in their words, and in force at once."""

from dataclasses import dataclass, field
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
from bot.store.drips import end_drips, resume_drips_ended_by
from bot.store.events import Event, Fact, PastEvent, append_event
from bot.store.leads import LeadBorrower, borrower_of
from bot.store.messages import message, refuse_waiting, something_is_unclear
from bot.store.people import doer
from bot.store.postings import Lease, post_update, redraw, redraw_line
from bot.store.seen import once
from bot.store.suppressions import closed_since, lift_written_at, suppress
from bot.store.views import lead_view

Unwanted = Literal["texts", "calls", "email", "all"]
UNWANTED: tuple[Unwanted, ...] = get_args(Unwanted)
ASKED_US = "do_not_call"
"""Why a number is on our own list whose borrower said so to one of us, as after a call."""


@dataclass(frozen=True, slots=True)
class NotedStop:
    """Nothing of this reaches them any more, nor any marketing on any channel. `seq` is the event to take back; None where that would open
    what words of their own may have closed."""

    lead: int
    what: Unwanted
    seq: int | None = field(default=None, compare=False)
    kind: Literal["noted_stop"] = "noted_stop"


@dataclass(frozen=True, slots=True)
class HowSaid:
    """What they want no more of, and how they said it, has to be written."""

    lead: int
    kind: Literal["how_said"] = "how_said"


StopOutcome = NotedStop | HowSaid | NotWorked
_answers: TypeAdapter[StopOutcome] = TypeAdapter(StopOutcome)
_contact, _theirs, _of_lead, _event = table_of(ContactPoint), table_of(BorrowerContact), table_of(LeadBorrower), table_of(Event)
_contacts = (
    select(_contact.c.id, _contact.c.kind, _contact.c.key)
    .join_from(_of_lead, _theirs, _of_lead.c.borrower_id == _theirs.c.borrower_id)
    .join(_contact)
    .where(_of_lead.c.lead_id == bindparam("lead"))
    .distinct()
    .order_by(_contact.c.kind.desc(), _contact.c.id)  # phones first: what a number closes, it closes at the emails too
)
_reached = select(_theirs.c.contact_point_id).join(_of_lead, _of_lead.c.borrower_id == _theirs.c.borrower_id)
_reached = _reached.where(_of_lead.c.lead_id == bindparam("lead"))
_wrote = (
    select(message.c.id)
    .where(message.c.contact_point_id.in_(_reached), message.c.direction == "in", message.c.created_at > bindparam("since"))
    .limit(1)
)
_their_leads = select(_of_lead.c.lead_id).join(_theirs, _theirs.c.borrower_id == _of_lead.c.borrower_id)
_their_leads = _their_leads.where(_theirs.c.contact_point_id.in_(_reached), _of_lead.c.lead_id != bindparam("lead"))
_said_elsewhere = (
    select(_event.c.kind)
    .where(_event.c.stream.in_(_their_leads), _event.c.at > bindparam("since"), _event.c.kind.in_(("asked_to_stop", "unsubscribed")))
    .limit(1)
)


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
    """The transaction of that: every phone and email of everybody in the lead, since nobody asks who of them spoke; also what is closed
    already, since what closed it may be taken back."""
    known = session.connection().execute(_contacts, {"lead": by.lead}).all()
    lock_keys(session, [each.key for each in known])
    leases: list[Lease] = []

    def decide() -> StopOutcome:
        refused, *_ = allowed(session, by, leaders_too=True, cover_too=True)
        person = doer(session, by.officer_id)
        watches = person.active and may(person.role, "judge_opt_out")
        if refused is not None and not (watches and isinstance(refused, NotYourLead | MayNotWork)):
            return refused
        contacts = session.connection().execute(_contacts, {"lead": by.lead}).all()  # one may have been learned while this waited
        unclear = any(something_is_unclear(session, each.id) for each in contacts)
        for each in contacts:
            if each.kind == "phone" and what in ("texts", "all"):
                close_number(session, each.key, each.id, OPTED_OUT, None, by.at, texts_alone=what == "texts")
            if each.kind == "phone" and what in ("calls", "all"):
                suppress(session, each.key, ("voice",), ASKED_US, by.at)
            ends_email = each.kind == "email" and what in ("email", "all")
            if ends_email:
                suppress(session, each.key, ("marketing",), UNSUBSCRIBED, by.at)
            elif closed_since(session, each.key, OPTED_OUT) != by.at:
                suppress(session, each.key, ("marketing",), OPTED_OUT, by.at)
            if ends_email:
                for lead_id, event_seq in refuse_waiting(session, each.id, "email_unsubscribed"):
                    if lead_id is not None:
                        redraw_line(session, lead_id, event_seq)
        end_drips(session, by.lead, UNSUBSCRIBED if what == "email" else OPTED_OUT, by.at)
        fact = Fact(
            "asked_to_stop", f"officer:{person.key}", by.at, {"officer": person.name, "what": what, "unclear": unclear},
            officer_id=by.officer_id, subject_id=borrower_of(session, by.lead), body={"said": said},
        )  # fmt: skip
        seq = append_event(session, by.lead, fact, by.salt)
        lead = lead_view(session, by.lead)
        assert lead is not None, "it is locked"
        post_update(session, by.lead, "asked_to_stop", seq, lead.score)
        leases.extend(redraw(session, by.lead, at_once=True))
        return NotedStop(by.lead, what, None if unclear else seq)

    return once(session, by.delivery, by.at, _answers, decide), leases


def said_since(session: Session, by: Press, noted: PastEvent) -> str | None:
    """What they said themselves since, about any lead of theirs or about none, of which this must open nothing; None where nothing. The
    keys of their contacts are locked."""
    if noted.meta["unclear"]:
        return "wrote"
    row = {"lead": by.lead, "since": noted.at}
    if session.connection().execute(_wrote, row).first() is not None:
        return "wrote"
    said: str | None = session.connection().execute(_said_elsewhere, row).scalar()
    return said


def undo_note(session: Session, by: Press, noted: PastEvent) -> list[Lease]:
    """What this closed is open again, and what else closed it stays. What waited has not left, and does not leave by itself."""
    lift_written_at(session, by.lead, (OPTED_OUT, ASKED_US, UNSUBSCRIBED), noted.at, by.at)
    resume_drips_ended_by(session, by.lead, noted.at, (OPTED_OUT, UNSUBSCRIBED))
    return redraw(session, by.lead, at_once=True)
