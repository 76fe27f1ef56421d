"""What is told to who writes an email to a borrower, words to begin with, and what became of theirs."""

from datetime import datetime
from typing import Any, assert_never, get_args

from bot.conversation import emailing
from bot.conversation.emailing import CannotEmail, Emailed, Emailing
from bot.conversation.judging_words import Objected
from bot.leads.lead_facts import letters_in, own_facts, shared_facts
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead
from bot.rendering import PLAIN, Words
from bot.rules.emailing import CameBack
from bot.rules.text import one_line
from bot.store.views import LeadView, TextView
from bot.wording.plain import plain
from bot.wording.working import say_not_worked

borrower = Words("email", PLAIN)


def say_email(words: Words, outcome: emailing.EmailOutcome, language: str) -> str:
    """What the one who writes is told privately."""
    match outcome:
        case Emailed(lead):
            return words.say("email_queued", language, number=lead)
        case CannotEmail(_, because):
            return words.say("email_why", language, because=because, error_code=None)
        case Objected():
            return words.say("objected", language)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)


def say_verdict(seen: Emailing, language: str) -> str:
    """Whether an email may leave now, and what it may be about."""
    why = seen.because and plain.say("email_why", language, because=seen.because, error_code=None)
    return plain.say("email_gate", language, why=why, only=seen.verdict and seen.verdict.only)


def say_envelope(seen: Emailing, company: str, language: str, now: datetime, *, answers_here: bool) -> str:
    """To whom, in whose name and from which address, and what is put below the words."""
    facts = {**shared_facts(seen.lead, now), "sender": f"{one_line(seen.sender, 60)}, {one_line(company, 80)}"}
    answered = letters_in(seen.lead)
    return plain.say(
        "email_from", language, **facts, from_address=seen.from_address, in_language=None if answered == "en" else answered,
        answers_here=answers_here,
    )  # fmt: skip


def say_mark(sent: TextView, language: str) -> str:
    """Where an email stands, with the reason where it did not leave."""
    if sent.because in get_args(CameBack):
        return say_why(sent, language)
    mark = plain.say("email_mark", language, status=sent.status)
    return f"{mark} {say_why(sent, language)}" if sent.status in ("failed", "refused") else mark


def say_why(sent: TextView, language: str) -> str:
    return plain.say("email_why", language, because=sent.because, error_code=sent.error_code)


def emailed_facts(lead: LeadView, officer: str, subject: str, now: datetime) -> dict[str, Any]:
    return shared_facts(lead, now) | {"officer": one_line(officer, 60), "subject": subject}


def template(name: str, seen: Emailing, company: str, now: datetime, language: str | None = None) -> tuple[str, str]:
    """A subject and words to begin with, in the language in which the borrower is answered, or in this one."""
    facts = own_facts(seen.lead, now) | {"officer": one_line(seen.sender, 60), "company": one_line(company, 80)}
    language = language or letters_in(seen.lead)
    match name:
        case "first_hello":
            said = borrower.say("first_hello", language, **facts)
        case "missed_you":
            said = borrower.say("missed_you", language, **facts)
        case _:
            said = borrower.say("back_soon", language, **facts)
    subject, _, words = said.partition("\n\n")
    return subject, words


def beside(name: str, seen: Emailing, company: str, now: datetime) -> str | None:
    """The same in English, where the borrower is answered in another language."""
    return "\n\n".join(template(name, seen, company, now, "en")) if letters_in(seen.lead) != "en" else None
