"""A borrower who just asked is greeted by text and email, if the company wants it and the law allows: no clock takes it for an answer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.config import missing_before_texting, what_email_lacks
from bot.conversation.refusals import not_allowed
from bot.leads.lead_facts import letters_in, own_facts
from bot.outreach.emails import judge as judge_email
from bot.outreach.reach import find_reach
from bot.outreach.texts import judge_automatic
from bot.rendering import PLAIN, Words
from bot.rules.compliance import Refused, WaitUntil
from bot.rules.emailing import Footer, MayNotLeave
from bot.rules.sms_segments import count_segments, tidy
from bot.rules.wording_lint import findings
from bot.services import Services
from bot.store.columns import table_of
from bot.store.events import Fact, append_event
from bot.store.leads import ENDED_STAGES, WrittenLead, borrower_of
from bot.store.messages import change_text, keep_text, newest_from_borrower
from bot.store.outbound import ContactAttempt
from bot.store.postings import post_update
from bot.store.views import LeadView, lead_view

PURPOSE = "greeting"

borrower, letter = Words("sms", PLAIN), Words("email", PLAIN)
_attempt = table_of(ContactAttempt)
_tried = select(_attempt.c.id).where(_attempt.c.lead_id == bindparam("of_lead")).limit(1)


@dataclass(frozen=True, slots=True)
class Greeter:
    """In whose name a borrower is greeted, on which channels, and what stands below an email."""

    company: str
    nmls: str
    by_text: bool
    by_email: bool
    footer: Footer


def greets_as(services: Services) -> Greeter | None:
    """Who greets, or None where nobody is greeted."""
    config = services.in_force.config
    by_text = config.texting is not None and config.texting.instant_reply and services.network is not None
    by_text = by_text and not missing_before_texting(config)
    by_email = config.email is not None and config.email.instant_reply and services.post_office is not None
    by_email = by_email and not what_email_lacks(config)
    if not (by_text or by_email):
        return None
    company = config.company
    footer = Footer(company.legal_name, company.postal_address, company.nmls_id, None)
    return Greeter(services.in_force.company_name, company.nmls_id, by_text, by_email, footer)


def greet(session: Session, lead_id: int, greeter: Greeter, now: datetime, salt: str) -> None:
    """Owe a lead that just arrived its greetings: at once, or at the first minute that the law allows. Its contacts' keys are locked."""
    lead = lead_view(session, lead_id)
    assert lead is not None, "it just arrived"
    if greeter.by_text:
        _greet_by_text(session, lead, greeter, now, salt)
    if greeter.by_email:
        _greet_by_email(session, lead, greeter, now, salt)


def _greet_by_text(session: Session, lead: LeadView, greeter: Greeter, now: datetime, salt: str) -> None:
    lead_id, reach = lead.number, find_reach(session, lead.number, "sms")
    if reach is None:
        return
    judgement = judge_automatic(session, lead, reach, now)
    if isinstance(judgement, Refused):
        append_event(session, lead_id, not_allowed("sms", judgement.rule, now), salt)
        return
    words = tidy(borrower.say("greeting", letters_in(lead), **own_facts(lead, now), company=greeter.company, nmls=greeter.nmls))
    if found := findings(words, "advertising"):
        append_event(session, lead_id, not_allowed("sms", found[0].code, now), salt)
        return
    due_at = judgement.at if isinstance(judgement, WaitUntil) else now
    row = {
        "lead_id": lead_id, "contact_point_id": reach.contact_point_id, "direction": "out", "purpose": PURPOSE, "body": words,
        "status": "held" if due_at > now else "queued", "created_at": now, "due_at": due_at,
    }  # fmt: skip
    text_id = keep_text(session, row)
    meta = {"text": text_id, "officer": greeter.company, "segments": count_segments(words).count}
    meta |= {"waits_for": judgement.rule} if isinstance(judgement, WaitUntil) else {}
    fact = Fact("texted", "leadbell", now, meta, subject_id=borrower_of(session, lead_id), body={"words": words})
    seq = append_event(session, lead_id, fact, salt)
    change_text(session, text_id, event_seq=seq)
    post_update(session, lead_id, "texted", seq, lead.score)


def _greet_by_email(session: Session, lead: LeadView, greeter: Greeter, now: datetime, salt: str) -> None:
    reach = find_reach(session, lead.number, "email")
    if reach is None:
        return
    judgement = judge_email(session, lead, reach, "marketing", greeter.footer, now)
    if isinstance(judgement, MayNotLeave):
        append_event(session, lead.number, not_allowed("email", judgement.rule, now), salt)
        return
    said = letter.say("greeting", letters_in(lead), **own_facts(lead, now), company=greeter.company)
    subject, _, words = said.partition("\n\n")
    if found := findings(said, "advertising"):
        append_event(session, lead.number, not_allowed("email", found[0].code, now), salt)
        return
    row = {
        "lead_id": lead.number, "contact_point_id": reach.contact_point_id, "channel": "email", "direction": "out", "purpose": PURPOSE,
        "subject": subject, "body": words, "status": "queued", "created_at": now, "due_at": now,
    }  # fmt: skip
    text_id = keep_text(session, row)
    meta, body = {"text": text_id, "officer": greeter.company}, {"subject": subject, "words": words}
    seq = append_event(
        session, lead.number, Fact("emailed", "leadbell", now, meta, subject_id=borrower_of(session, lead.number), body=body), salt
    )
    change_text(session, text_id, event_seq=seq)
    post_update(session, lead.number, "emailed", seq, lead.score)


def no_longer_needed(session: Session, lead: LeadView | WrittenLead) -> bool:
    """Whether somebody has tried to reach the borrower meanwhile, or the borrower wrote, or the lead ended."""
    if lead.stage in ENDED_STAGES or newest_from_borrower(session, lead.number) is not None:
        return True
    return session.connection().execute(_tried, {"of_lead": lead.number}).first() is not None
