"""What is told to who texts a borrower: what the law says first, words to begin with, and what became of theirs."""

from datetime import datetime
from functools import partial
from typing import Any, assert_never, get_args

from bot.conversation import texting
from bot.conversation.judging_words import Objected, signed
from bot.conversation.texting import CannotText, Settled, Texted, Texting
from bot.leads.lead_facts import answered_in, here, own_facts, shared_facts
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead
from bot.rendering import PLAIN, Words
from bot.rules.compliance import Allowed, WaitUntil
from bot.rules.emailing import CameBack
from bot.rules.phones import national
from bot.rules.redaction import redact, without_contact
from bot.rules.sms_segments import count_segments
from bot.rules.text import one_line
from bot.store.views import LeadView, TextView
from bot.updates import News, Wrote, WroteToYou
from bot.wording import emailing
from bot.wording.news import news_in_words
from bot.wording.plain import plain
from bot.wording.working import say_not_worked

borrower = Words("sms", PLAIN)
TEMPLATES = ("first_hello", "missed_you", "back_soon")


def wrote_facts(lead: LeadView, told: Wrote | WroteToYou, now: datetime, *, late: bool) -> dict[str, Any]:
    """What the lines about a borrower's text or email may say of it and of the lead, the words themselves left out."""
    wrote = told.text
    return shared_facts(lead, now) | {
        "status": wrote.status,
        "late": late,
        "in_vain": told.in_vain,
        "news": partial(news_in_words, told.news),
        "written_at": wrote.created_at,
        "pictures": wrote.pictures,
        "wordless": not wrote.words.strip(),
        "by_email": wrote.channel == "email",
        "attached": len(_names(wrote)),
        "files": one_line((without_contact if lead.masked else redact)(", ".join(_names(wrote))), 300),
        "elsewhere": told.elsewhere,
        "wrong_number": told.wrong_number,
    }


def _names(wrote: TextView) -> list[str]:
    return (wrote.files or "").splitlines()


def words_of(wrote: TextView) -> str:
    """What they wrote; of an email its subject too, unless it answers one of ours."""
    subject = (wrote.subject or "").strip()
    if not subject or subject[:3].casefold() in ("re:", "rv:"):
        return wrote.words
    return f"{subject}\n\n{wrote.words}"


def clicked_facts(lead: LeadView, sent: TextView, news: News, now: datetime) -> dict[str, Any]:
    """What the line about a link that was followed may say."""
    subject = one_line((without_contact if lead.masked else redact)(sent.subject or ""), 150)
    return shared_facts(lead, now) | {"subject": subject, "news": partial(news_in_words, news)}


def say_why(sent: TextView, language: str) -> str:
    """Why it did not arrive."""
    if sent.channel == "email":
        return emailing.say_why(sent, language)
    return plain.say("text_why", language, because=sent.because, error_code=sent.error_code)


def trouble_facts(lead: LeadView, sent: TextView, language: str, now: datetime) -> dict[str, Any]:
    """What the one who wrote a text or an email is told where it did not arrive for sure."""
    return shared_facts(lead, now) | {
        "uncertain": sent.status == "uncertain",
        "why": say_why(sent, language),
        "returned": sent.because in get_args(CameBack),
    }


def say_trouble(sent: TextView, language: str, facts: dict[str, Any]) -> str:
    return plain.say("email_trouble", language, **facts) if sent.channel == "email" else plain.say("text_trouble", language, **facts)


def say_with(files: int, language: str) -> str:
    """What leaves with the words; nothing where they leave alone."""
    return plain.say("with_files", language, files=files)


def say_text(words: Words, outcome: texting.TextOutcome, language: str) -> str:
    """What the one who texts is told privately."""
    match outcome:
        case Texted(lead, _, leaves_at, zone, rule):
            return words.say("text_queued", language, number=lead, leaves_at=leaves_at, zone=zone, waits_for=rule)
        case CannotText(_, because):
            return words.say("text_why", language, because=because, error_code=None)
        case Objected():
            return words.say("objected", language)
        case Settled(lead, status):
            return words.say("text_settled", language, number=lead, status=status)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)


def say_gate(seen: Texting, language: str) -> str:
    """Whether a text may leave now, and until or from when."""
    why = seen.because and plain.say("text_why", language, because=seen.because, error_code=None)
    facts: dict[str, Any] = {"why": why, "opens_at": None, "opens_here": None, "until": None, "zone": None, "waits_for": None}
    match seen.judgement:
        case Allowed(until, zone):
            facts |= {"until": until, "zone": zone}
        case WaitUntil(at, zone, rule):
            facts |= {"opens_at": at, "opens_here": here(at, zone, seen.lead.time_zone), "zone": zone, "waits_for": rule}
    return plain.say("text_gate", language, **facts)


def say_from(seen: Texting, words: str | None, language: str, now: datetime) -> str:
    """To whom, from which number, and how much of the network these words take."""
    sender = seen.sender or ""
    facts = {**shared_facts(seen.lead, now), "sender": national(sender) if sender.startswith("+") else sender}
    in_language = answered_in(seen.lead)
    return plain.say(
        "text_from", language, **facts,
        segments=_segments(words, seen) if words else 0, in_language=None if in_language == "en" else in_language, first=seen.first,
    )  # fmt: skip


def _segments(words: str, seen: Texting) -> int:
    return count_segments(signed(words, seen.signature, answered_in(seen.lead)) if seen.first else words).count


def template(name: str, seen: Texting, now: datetime) -> str:
    """Words to begin with, in the language in which the borrower is answered."""
    return _template(name, seen, now, answered_in(seen.lead))


def beside(name: str, seen: Texting, now: datetime) -> str | None:
    """The same in English, where the borrower is answered in another language."""
    return _template(name, seen, now, "en") if answered_in(seen.lead) != "en" else None


def _template(name: str, seen: Texting, now: datetime, language: str) -> str:
    signs = seen.signature
    facts = own_facts(seen.lead, now) | {"officer": signs.officer.partition(" ")[0], "company": signs.company}
    facts |= {"officer_nmls": signs.officer_nmls, "nmls": signs.nmls}
    match name:
        case "first_hello":
            return borrower.say("first_hello", language, **facts)
        case "missed_you":
            return borrower.say("missed_you", language, **facts)
    return borrower.say("back_soon", language, **facts)
