"""An officer writes an email to a borrower: what the rules say first, then the words."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.config import Config, MissingForEmail, what_email_lacks
from bot.conversation.judging_words import Objected, keep_back, objections
from bot.conversation.mailing import footer_of
from bot.conversation.refusals import note_refused
from bot.leads.press import Press
from bot.leads.working import NotWorked, allowed
from bot.outreach.emails import judge
from bot.outreach.reach import Reach, find_reach, lock_reach
from bot.rules.emailing import MOST_CHARACTERS, EmailRule, MayLeave, MayNotLeave, message_id, tidy_subject, tidy_words
from bot.services import Services
from bot.store.events import Fact, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.leads import borrower_of
from bot.store.messages import TextRow, change_text, keep_text
from bot.store.people import officer
from bot.store.postings import post_update
from bot.store.seen import once
from bot.store.views import LeadView, lead_view

Why = EmailRule | MissingForEmail | Literal["no_subject", "no_words", "too_long"]


@dataclass(frozen=True, slots=True)
class Emailing:
    """What is known before anything is written: to which address, in whose name, and whether an email may leave."""

    lead: LeadView
    to: str | None
    sender: str
    from_address: str | None
    verdict: MayLeave | None
    because: Why | None


@dataclass(frozen=True, slots=True)
class Emailed:
    """The email is on its way."""

    lead: int
    text_id: int
    kind: Literal["emailed"] = "emailed"


@dataclass(frozen=True, slots=True)
class CannotEmail:
    lead: int
    because: Why
    kind: Literal["cannot_email"] = "cannot_email"


EmailOutcome = Emailed | Objected | CannotEmail | NotWorked
_answers: TypeAdapter[EmailOutcome] = TypeAdapter(EmailOutcome)
_sender = select(officer.c.name, officer.c.nmls_id).where(officer.c.id == bindparam("by"))


async def look(services: Services, pressed: Press) -> Emailing | NotWorked:
    """What the gate says, for the screen."""
    return await services.store.transact(look_at, pressed, services.in_force.config, on=services.post_office is not None)


async def send_email(services: Services, pressed: Press, subject: str, words: str) -> EmailOutcome:
    """Email the lead's borrower. When this returns, the email is durable and will leave, or it is said why not."""
    on = services.post_office is not None
    outcome = await services.store.transact(queue_email, pressed, subject, words, services.in_force.config, on=on)
    if isinstance(outcome, Emailed):
        services.tend([outcome.text_id])
    services.owe([])
    return outcome


def look_at(session: Session, by: Press, config: Config, *, on: bool) -> Emailing | NotWorked:
    """The same in one transaction. The gate is asked again when the words are sent, and again as they leave."""
    refused, _, person = allowed(session, by, leaders_too=True, cover_too=True)
    if refused is not None:
        return refused
    lead, reach = lead_view(session, by.lead), find_reach(session, by.lead, "email")
    assert lead is not None, "it was just locked"
    verdict = _gate(session, lead, reach, by, config, on=on)
    sender = session.connection().execute(_sender, {"by": by.officer_id}).one().name
    to, from_address = reach.address if reach else None, config.email.from_address if config.email else None
    if isinstance(verdict, MayLeave):
        return Emailing(lead, to, sender, from_address, verdict, None)
    note_refused(session, by, person.key, "email", verdict, verdict)
    return Emailing(lead, to, sender, from_address, None, verdict)


def queue_email(session: Session, by: Press, subject: str, words: str, config: Config, *, on: bool) -> EmailOutcome:
    """The transaction of an email that an officer sends."""
    reach = lock_reach(session, by.lead, "email")
    return once(session, by.delivery, by.at, _answers, lambda: _queue(session, by, reach, subject, words, config, on=on))


def queue_approved(session: Session, by: Press, text: TextRow, config: Config, *, on: bool) -> EmailOutcome:
    """Compliance approved this email, which is locked: it leaves in the name of `by`, who wrote it, if the gate lets it now."""
    reach = Reach(text.contact_point_id, text.address, text.key)
    return _queue(session, by, reach, text.subject or "", text.words, config, on=on, kept_as=text.id)


def _gate(session: Session, lead: LeadView, reach: Reach | None, by: Press, config: Config, *, on: bool) -> MayLeave | Why:
    lacks = what_email_lacks(config)
    if not on or lacks:
        return lacks[0] if lacks else "email_is_off"
    if reach is None:
        return "email_no_address"
    nmls_id = session.connection().execute(_sender, {"by": by.officer_id}).one().nmls_id
    verdict = judge(session, lead, reach, "conversation", footer_of(config, nmls_id), by.at)
    return verdict.rule if isinstance(verdict, MayNotLeave) else verdict


def _queue(
    session: Session, by: Press, reach: Reach | None, subject: str, words: str, config: Config, *, on: bool, kept_as: int | None = None
) -> EmailOutcome:
    refused, standing, person = allowed(session, by, leaders_too=True, cover_too=True)
    if refused is not None:
        return refused
    subject, words = tidy_subject(subject), tidy_words(words)
    if not subject or not words or len(words) > MOST_CHARACTERS:
        return CannotEmail(by.lead, "no_subject" if not subject else "no_words" if not words else "too_long")
    lead = lead_view(session, by.lead)
    assert lead is not None, "it was just locked"
    verdict = _gate(session, lead, reach, by, config, on=on)
    if not isinstance(verdict, MayLeave):
        note_refused(session, by, person.key, "email", verdict, verdict)
        return CannotEmail(by.lead, verdict)
    assert reach is not None and config.email is not None, "the gate saw both"
    if kept_as is None and (found := objections(lead, f"{subject}\n{words}", "email")):
        return keep_back(session, by, reach, "email", found, subject=subject, body=words)
    text: dict[str, Any] = {
        "status": "queued",
        "subject": subject,
        "body": words,
        "provider": "smtp",
        "provider_id": message_id(by.salt, config.email.from_address),
        "created_at": by.at,
        "due_at": by.at,
    }
    if kept_as is None:
        row = {"lead_id": by.lead, "contact_point_id": reach.contact_point_id, "channel": "email", "direction": "out"}
        text_id = keep_text(session, {**row, "officer_id": by.officer_id, **text})
    else:
        text_id = kept_as
        change_text(session, text_id, **text)
    fact = Fact(
        "emailed", f"officer:{person.key}", by.at, {"text": text_id, "officer": person.name},
        officer_id=by.officer_id, subject_id=borrower_of(session, by.lead), body={"subject": subject, "words": words},
    )  # fmt: skip
    seq = append_event(session, by.lead, fact, by.salt)
    change_text(session, text_id, event_seq=seq)
    post_update(session, by.lead, "emailed", seq, standing.score)
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    return Emailed(by.lead, text_id)
