"""A borrower who just asked is greeted by text, where the company wants it and the law allows it: no clock takes it for an answer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.config import missing_before_texting
from bot.lead_facts import own_facts
from bot.outreach.reach import find_reach
from bot.outreach.texts import judge_automatic
from bot.rendering import PLAIN, Words
from bot.rules.compliance import Refused, WaitUntil
from bot.rules.sms_segments import count_segments, tidy
from bot.rules.wording_lint import findings
from bot.services import Services
from bot.store.columns import table_of
from bot.store.events import Fact, append_event
from bot.store.leads import ENDED_STAGES, borrower_of
from bot.store.messages import change_text, keep_text
from bot.store.outbound import ContactAttempt
from bot.store.postings import post_update
from bot.store.views import LeadView, lead_view

PURPOSE = "greeting"

borrower = Words("sms", PLAIN)
_attempt = table_of(ContactAttempt)
_tried = select(_attempt.c.id).where(_attempt.c.lead_id == bindparam("of_lead")).limit(1)


@dataclass(frozen=True, slots=True)
class Greeter:
    """In whose name a borrower is greeted."""

    company: str
    nmls: str


def greets_as(services: Services) -> Greeter | None:
    """Who greets, or None where nobody is greeted."""
    config = services.in_force.config
    wanted = config.texting is not None and config.texting.instant_reply
    if not (wanted and services.network) or missing_before_texting(config):
        return None
    return Greeter(services.in_force.company_name, config.company.nmls_id)


def greet(session: Session, lead_id: int, greeter: Greeter, now: datetime, salt: str) -> None:
    """Owe a lead that just arrived its greeting: at once, or at the first minute that the law allows. Its numbers' keys are locked."""
    reach, lead = find_reach(session, lead_id, "sms"), lead_view(session, lead_id)
    if reach is None or lead is None:
        return
    judgement = judge_automatic(session, lead, reach, now)
    if isinstance(judgement, Refused):
        return
    words = tidy(borrower.say("greeting", "en", **own_facts(lead, now), company=greeter.company, nmls=greeter.nmls))
    if findings(words, "advertising"):
        return
    due_at = judgement.at if isinstance(judgement, WaitUntil) else now
    row = {
        "lead_id": lead_id, "contact_point_id": reach.contact_point_id, "direction": "out", "purpose": PURPOSE, "body": words,
        "status": "held" if due_at > now else "queued", "created_at": now, "due_at": due_at,
    }  # fmt: skip
    text_id = keep_text(session, row)
    meta = {"text": text_id, "officer": greeter.company, "segments": count_segments(words).count}
    fact = Fact("texted", "leadbell", now, meta, subject_id=borrower_of(session, lead_id), body={"words": words})
    seq = append_event(session, lead_id, fact, salt)
    change_text(session, text_id, event_seq=seq)
    post_update(session, lead_id, "texted", seq, lead.score)


def no_longer_needed(session: Session, lead: LeadView) -> bool:
    """Whether somebody has tried to reach the borrower meanwhile, or the lead ended."""
    return lead.stage in ENDED_STAGES or session.connection().execute(_tried, {"of_lead": lead.number}).first() is not None
