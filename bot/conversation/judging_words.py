"""What an officer writes to a borrower is read before it leaves: a first text is signed, and what the law minds is kept back."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.config import Config
from bot.leads.press import Press
from bot.outreach.reach import Channel, Reach
from bot.rendering import PLAIN, Words
from bot.rules.stages import LOAN_UNDER_WAY
from bot.rules.text import one_line
from bot.rules.wording_lint import Finding, Purpose, Sender, findings, lacking_in_a_first_text
from bot.store.messages import keep_text
from bot.store.people import officer
from bot.store.views import LeadView

borrower = Words("sms", PLAIN)
KEPT_BACK, ASKED, DECLINED = "kept_back", "asked", "declined"
"""Words that did not leave: only their writer knows of them, compliance is asked about them, or said no."""


@dataclass(frozen=True, slots=True)
class Objected:
    """The words did not leave. They are kept under this id, for their writer to edit or to ask compliance about."""

    lead: int
    text_id: int
    channel: Channel
    objections: tuple[Finding, ...]
    files: int = 0  # that were to leave with them
    kind: Literal["objected"] = "objected"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who stands below a first text."""

    officer: str
    officer_nmls: str | None
    company: str
    nmls: str


_person = select(officer.c.name, officer.c.nmls_id).where(officer.c.id == bindparam("by"))


def signature_of(session: Session, officer_id: int, config: Config) -> Signature:
    person = session.connection().execute(_person, {"by": officer_id}).one()
    return Signature(one_line(person.name, 60), person.nmls_id, one_line(config.company.display_name, 80), config.company.nmls_id)


def signed(words: str, signature: Signature, language: str) -> str:
    """The words of a first text, with who writes and how to opt out below them as far as they do not say so themselves."""
    lacking = {each.code for each in lacking_in_a_first_text(words, Sender(signature.company))}
    if not lacking:
        return words
    below = borrower.say(
        "sign_off", language, names=bool(lacking - {"no_opt_out"}), opt_out="no_opt_out" in lacking,
        officer=signature.officer, officer_nmls=signature.officer_nmls, company=signature.company, nmls=signature.nmls,
    )  # fmt: skip
    return f"{words}\n{below}".strip()


def objections(lead: LeadView, words: str, channel: Channel) -> tuple[Finding, ...]:
    """What keeps an officer's own words to this borrower from leaving."""
    return findings(words, _purpose(lead), by_text=channel == "sms")


def _purpose(lead: LeadView) -> Purpose:
    return "their_loan" if lead.stage == "preapproved" or lead.stage in LOAN_UNDER_WAY else "conversation"


def keep_back(session: Session, by: Press, reach: Reach, channel: Channel, found: tuple[Finding, ...], **content: Any) -> Objected:
    """Nothing that somebody typed is lost: the words stay where their writer finds them again."""
    row = {
        "lead_id": by.lead, "contact_point_id": reach.contact_point_id, "channel": channel, "direction": "out", "status": KEPT_BACK,
        "officer_id": by.officer_id, "created_at": by.at, **content,
    }  # fmt: skip
    return Objected(by.lead, keep_text(session, row), channel, found, content.get("pictures", 0))
