"""A borrower wants no more texts: heard at once where the words are clear, asked about where they are not, undone by no machine."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.leads.press import Press
from bot.outreach.emails import UNSUBSCRIBED
from bot.outreach.reach import Channel
from bot.rules.opt_out import Wish
from bot.rules.roles import Role, may
from bot.services import Services
from bot.store.events import COMPANY, Fact, append_event
from bot.store.leads import borrower_of, lead
from bot.store.messages import (
    Status,
    TextRow,
    change_text,
    keep_text,
    lock_text,
    refuse_waiting,
    replies_since,
    settle_unclear,
    something_is_unclear,
)
from bot.store.people import doer
from bot.store.postings import Lease, redraw, redraw_line, redraw_notice
from bot.store.seen import once
from bot.store.suppressions import SALES_CALLS, closed_channels, lift, suppress, suppress_marketing_elsewhere

OPTS_OUT = (Wish.STOP, Wish.WRONG_NUMBER)
ANSWERED_WITHIN = timedelta(hours=24)
"""How long somebody has to say that unclear words are no opt-out."""
MOST_REPLIES = 3
REPLIES_IN = timedelta(hours=24)
"""Answers to HELP that one number gets in a day: two machines would answer each other for ever."""
CONFIRMS, HELPS = "confirmation", "help"
"""What the texts are for with which the company answers STOP and HELP by itself."""
PROMPTLY = timedelta(minutes=5)
"""So long after the words they may leave (47 CFR 64.1200(a)(12)): what comes later is a text at any hour to who wants none."""
CLOSED = ("sms", "marketing")
OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the company says to STOP and to HELP; None where its config says nothing."""

    stop: str | None
    help: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the company says by itself to words that were written then."""

    says: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """Something that a borrower wrote, kept as this text. `elsewhere`: an email from an address that the lead does not have."""

    text_id: int
    key: str
    words: str
    pictures: int
    late: bool
    wish: Wish
    at: datetime
    salt: str
    channel: Channel = "sms"
    subject: str | None = None
    elsewhere: bool = False


def answers_of(services: Services) -> Answers:
    """What this company answers by itself."""
    texting = services.in_force.config.texting
    return Answers(texting.stop_text, texting.help_text) if texting else Answers(None, None)


def is_too_late(written_at: datetime, now: datetime) -> bool:
    """Whether words that were written then are answered by no machine any more."""
    return now - written_at > PROMPTLY


def _prompt(says: str | None, written_at: datetime, now: datetime) -> Reply | None:
    return None if says is None or is_too_late(written_at, now) else Reply(says, written_at)


def heed(
    session: Session, written: Written, written_at: datetime, contact_id: int, answers: Answers, our_number: str | None,
    *, answered_there: bool,
) -> None:  # fmt: skip
    """Do at once what the words ask for. Their number's key is locked. They are answered from the number of ours that they texted."""
    match written.wish:
        case Wish.STOP:
            confirms = None if answered_there else _prompt(answers.stop, written_at, written.at)
            close_number(session, written.key, contact_id, OPTED_OUT, confirms, written.at, our_number)
        case Wish.WRONG_NUMBER:
            close_number(session, written.key, contact_id, "wrong_number", None, written.at)
        case Wish.UNCLEAR:
            suppress(session, written.key, ("automation",), "may_be_an_opt_out", written.at)
        case Wish.HELP if not answered_there and (helps := _prompt(answers.help, written_at, written.at)):
            if replies_since(session, contact_id, written.at - REPLIES_IN) < MOST_REPLIES:
                _answer(session, contact_id, HELPS, helps, written.at, our_number)


def heed_email(session: Session, written: Written, contact_id: int) -> None:
    """The same for an email: words that end our texts end our emails, and offers on any channel. Its address's key is locked."""
    match written.wish:
        case Wish.STOP:
            close_address(session, written.key, contact_id, OPTED_OUT, written.at)
        case Wish.WRONG_NUMBER:
            close_address(session, written.key, contact_id, "wrong_number", written.at)
        case Wish.UNCLEAR:
            suppress(session, written.key, ("automation",), "may_be_an_opt_out", written.at)


def close_address(session: Session, key: str, contact_id: int, reason: str, at: datetime) -> None:
    """No offers leave for this address any more, and nothing at all where it is somebody else's."""
    if reason == OPTED_OUT:
        suppress(session, key, ("marketing",), UNSUBSCRIBED, at)
        suppress_marketing_elsewhere(session, key, UNSUBSCRIBED, at)
    else:
        suppress(session, key, ("email", "marketing"), reason, at)
    for lead_id, event_seq in refuse_waiting(session, contact_id, "email_unsubscribed" if reason == OPTED_OUT else "email_closed"):
        if lead_id is not None:
            redraw_line(session, lead_id, event_seq)
    for lead_id, event_seq in settle_unclear(session, contact_id):
        _show_anew(session, lead_id, event_seq, at_once=False)
    lift(session, key, "automation", at)


def close_number(
    session: Session, key: str, contact_id: int, reason: str, answer: Reply | None, at: datetime, our_number: str | None = None,
    *, texts_alone: bool = False,
) -> None:  # fmt: skip
    """Nothing that waits for this number leaves any more. Only the first opt-out is confirmed. Calls that would sell something end with it,
    unless they said that they mean `texts_alone`; whoever has somebody else's number is not called at all."""
    if "sms" in closed_channels(session, key):
        answer = None
    suppress(session, key, CLOSED, reason, at)
    if reason != OPTED_OUT:
        suppress(session, key, ("voice",), reason, at)
    elif not texts_alone:
        suppress(session, key, (SALES_CALLS,), reason, at)
    if reason == OPTED_OUT:
        suppress_marketing_elsewhere(session, key, reason, at, calls_too=not texts_alone)
    for lead_id, event_seq in refuse_waiting(session, contact_id, reason):
        if lead_id is not None:
            redraw_line(session, lead_id, event_seq)
    for lead_id, event_seq in settle_unclear(session, contact_id):
        _show_anew(session, lead_id, event_seq, at_once=False)
    lift(session, key, "automation", at)
    if answer is not None:
        _answer(session, contact_id, CONFIRMS, answer, at, our_number)


def _show_anew(session: Session, lead_id: int | None, event_seq: int, *, at_once: bool) -> list[Lease]:
    """What tells of these words, in a thread and to people."""
    if lead_id is None:
        redraw_notice(session, event_seq)
        return []
    redraw_line(session, lead_id, event_seq)
    return redraw(session, lead_id, at_once=at_once)


def _answer(session: Session, contact_id: int, purpose: str, answer: Reply, at: datetime, our_number: str | None) -> None:
    """It is dated like the words that it answers, since its time runs from then."""
    row = {
        "contact_point_id": contact_id, "direction": "out", "status": "queued", "purpose": purpose, "body": answer.says,
        "our_number": our_number, "created_at": answer.written_at, "due_at": at,
    }  # fmt: skip
    keep_text(session, row)


@dataclass(frozen=True, slots=True)
class Decided:
    """What the words meant; `already` where somebody else was quicker to say so. Lead 0: nobody knows yet whose they are."""

    lead: int
    opted_out: bool
    already: bool
    kind: Literal["decided"] = "decided"


@dataclass(frozen=True, slots=True)
class MayNotDecide:
    lead: int
    role: Role
    kind: Literal["may_not_decide"] = "may_not_decide"


DecideOutcome = Decided | MayNotDecide
_outcomes: TypeAdapter[DecideOutcome] = TypeAdapter(DecideOutcome)
_owner = select(lead.c.owner_id).where(lead.c.id == bindparam("of_lead"))


async def decide(services: Services, pressed: Press, text_id: int, no_opt_out_because: str | None = None) -> DecideOutcome:
    """Somebody says that unclear words were an opt-out, or why they were none."""
    outcome, leases = await services.store.transact(decide_text, pressed, text_id, answers_of(services), no_opt_out_because)
    services.owe(leases)
    return outcome


def decide_text(
    session: Session, by: Press, text_id: int, answers: Answers, no_opt_out_because: str | None
) -> tuple[DecideOutcome, list[Lease]]:
    """The transaction of that answer. Whoever is first decides; without a reason against it, it is an opt-out."""
    text = lock_text(session, text_id)  # before anything else is read
    assert text is not None, "texts are never deleted"
    leases: list[Lease] = []

    def said() -> DecideOutcome:
        person = doer(session, by.officer_id)
        lead_id = COMPANY if text.lead_id is None else text.lead_id
        if not (person.active and (may(person.role, "judge_opt_out") or _was_asked(session, text, person.role, by.officer_id))):
            return MayNotDecide(lead_id, person.role)
        if text.status != "unclear":
            return Decided(lead_id, text.status == "opt_out", already=True)
        leases.extend(_settle(session, text, answers, f"officer:{person.key}", by.officer_id, by.at, by.salt, no_opt_out_because))
        return Decided(lead_id, no_opt_out_because is None, already=False)

    return once(session, by.delivery, by.at, _outcomes, said), leases


def _was_asked(session: Session, text: TextRow, role: Role, officer_id: int) -> bool:
    """The lead's owner; while nobody knows whose words they are, whoever may say that, since nobody else sees them."""
    if text.lead_id is None:
        return may(role, "work")
    return bool(session.connection().execute(_owner, {"of_lead": text.lead_id}).scalar_one() == officer_id)


def time_is_up(session: Session, text_id: int, answers: Answers, at: datetime, salt: str) -> list[Lease]:
    """The transaction of a day without an answer: in doubt it was an opt-out."""
    text = lock_text(session, text_id)
    if text is None or text.status != "unclear" or text.due_at is None or text.due_at > at:
        return []
    return _settle(session, text, answers, "leadbell", None, at, salt, None)


def _settle(
    session: Session, text: TextRow, answers: Answers, actor: str, officer_id: int | None, at: datetime, salt: str, because: str | None
) -> list[Lease]:
    """`because` says why it was no opt-out."""
    opted_out = because is None
    harmless: Status = "unplaced" if text.lead_id is None else "received"
    change_text(session, text.id, status="opt_out" if opted_out else harmless, due_at=None)
    if opted_out:
        if text.channel == "email":
            close_address(session, text.key, text.contact_point_id, OPTED_OUT, at)
        else:
            confirms = _prompt(answers.stop, text.created_at, at)
            close_number(session, text.key, text.contact_point_id, OPTED_OUT, confirms, at, text.our_number)
    elif not something_is_unclear(session, text.contact_point_id):
        lift(session, text.key, "automation", at)
    said = None if because is None else {"reason": because}
    subject = borrower_of(session, text.lead_id) if said and text.lead_id is not None else None
    meta = {"text": text.id, "opted_out": opted_out}
    fact = Fact("opt_out_decided", actor, at, meta, officer_id=officer_id, subject_id=subject, body=said)
    append_event(session, COMPANY if text.lead_id is None else text.lead_id, fact, salt)
    return _show_anew(session, text.lead_id, text.event_seq, at_once=True)
