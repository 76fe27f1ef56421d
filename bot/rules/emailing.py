"""When an email to a borrower may leave, what stands in it, and what a mail server's refusal means."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.rules.compliance import WROTE_FIRST_FOR, Kind
from bot.rules.text import clean, one_line

CameBack = Literal["no_mailbox", "mailbox_full", "unwanted", "came_back"]
NO_MAILBOX: CameBack = "no_mailbox"
EmailRule = Literal[
    "email_no_address", "email_bad_address", "email_closed", "email_unsubscribed", "email_footer_incomplete", "email_no_nmls_id"
]
Only = Literal["their_question", "their_loan", "no_offers"]
LONGEST_SUBJECT = 150
MOST_CHARACTERS = 3000
"""What the field of a Slack screen holds."""
_ADDRESS = re.compile(
    r"(?=.{1,254}$)(?=[^@]{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}", re.ASCII
)
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_NO_SUCH_MAILBOX = frozenset({550, 551, 553})


@dataclass(frozen=True, slots=True)
class Footer:
    """What the law asks to stand below an email: who sends it, from where, and under which NMLS ids."""

    legal_name: str
    postal_address: str
    company_nmls_id: str
    officer_nmls_id: str | None


@dataclass(frozen=True, slots=True)
class Email:
    """The facts about an email that somebody or something wants to send.

    `kind` is conversation for an officer's own words, marketing for all that leaves by itself. `closed`: nothing may go to this address.
    `marketing_closed`: no marketing, whichever way they said so; `unsubscribed_at` is when they said it by email. `wrote_at` is when
    somebody of this lead last wrote to us on any channel, other than to opt out. `applies`: their loan is under way.
    """

    kind: Kind
    address: str | None
    footer: Footer
    closed: bool = False
    marketing_closed: bool = False
    unsubscribed_at: datetime | None = None
    wrote_at: datetime | None = None
    applies: bool = False


@dataclass(frozen=True, slots=True)
class MayLeave:
    """At any hour: no law names hours for email. Where they want no marketing, with what it may be about."""

    only: Only | None = None


@dataclass(frozen=True, slots=True)
class MayNotLeave:
    rule: EmailRule


def judge_email(email: Email, now: datetime) -> MayLeave | MayNotLeave:
    """Whether this email may leave now. `now` is aware, else ValueError.

    CAN-SPAM asks for no consent beforehand, but an opt-out ends whatever offers something, an officer's own words too; it does not cover
    mail about a loan that is under way, nor an answer that was asked for. That `WROTE_FIRST_FOR` is soon enough for one is our choice.
    Whoever opted out of texts may be answered by email, and gets no marketing on any channel.
    """
    if now.tzinfo is None:
        raise ValueError("The gate needs to know the time zone of now.")
    if not email.address:
        return MayNotLeave("email_no_address")
    if not _ADDRESS.fullmatch(email.address):
        return MayNotLeave("email_bad_address")
    if email.closed:
        return MayNotLeave("email_closed")
    if not all(part.strip() for part in (email.footer.legal_name, email.footer.postal_address, email.footer.company_nmls_id)):
        return MayNotLeave("email_footer_incomplete")
    if email.kind == "marketing":
        closed = email.marketing_closed or email.unsubscribed_at is not None
        return MayNotLeave("email_unsubscribed") if closed else MayLeave()
    if not (email.footer.officer_nmls_id or "").strip():
        return MayNotLeave("email_no_nmls_id")
    if email.unsubscribed_at is None:
        return MayLeave("no_offers" if email.marketing_closed else None)
    if email.applies:
        return MayLeave("their_loan")
    if email.wrote_at and email.unsubscribed_at < email.wrote_at <= now < email.wrote_at + WROTE_FIRST_FOR:
        return MayLeave("their_question")
    return MayNotLeave("email_unsubscribed")


def tidy_subject(subject: str) -> str:
    """The subject on one line, without what could begin another header or turn the reading direction."""
    return one_line(subject, LONGEST_SUBJECT)


def tidy_words(words: str) -> str:
    """The words with at most one empty line between paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", clean(words))


def message_id(salt: str, address: str) -> str:
    """The Message-ID of one intent, at the domain of the sender's address. The salt, which is secret, does not show in it."""
    return f"<{hashlib.sha256(f'message-id:{salt}'.encode()).hexdigest()[:32]}@{address.rpartition('@')[2]}>"


def is_no_mailbox(code: int, said: str) -> bool:
    """Whether a refusal of a recipient means that nobody is at this address; else it is about us, our words or a full mailbox."""
    found = _ENHANCED.search(said)
    if found is not None:
        return found[1] == "5" and found[2] == "1"
    return code in _NO_SUCH_MAILBOX


def what_came_back(status: str, code: int | None) -> CameBack:
    """Why an email came back, by the status of RFC 3463 that the report names, else by the code of the server's answer."""
    subject, _, detail = status.partition(".")[2].partition(".")
    if subject == "1" or (subject, detail) == ("2", "1") or (not status and code in _NO_SUCH_MAILBOX):
        return NO_MAILBOX
    if (subject, detail) == ("2", "2") or code == 552:
        return "mailbox_full"
    return "unwanted" if subject == "7" else "came_back"
