"""An officer texts a borrower: what the law says first, then the words; and what to do about a text that nobody knows has arrived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.config import Missing, what_is_missing
from bot.conversation.judging_words import Objected, Signature, keep_back, objections, signature_of, signed
from bot.conversation.refusals import note_refused
from bot.conversation.sending import note_arrival
from bot.in_force import InForce
from bot.leads.lead_facts import answered_in
from bot.leads.press import NoSuchLead, Press
from bot.leads.working import NotWorked, allowed
from bot.outreach.numbers import our_number
from bot.outreach.reach import Reach, find_reach, lock_reach
from bot.outreach.texts import judge
from bot.rules.compliance import Judgement, Refused, Rule, WaitUntil
from bot.rules.numbers import OurNumbers
from bot.rules.pictures import Unsendable, unsendable
from bot.rules.sms_segments import characters_over, count_segments, tidy
from bot.services import Services
from bot.store.events import Fact, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.leads import borrower_of
from bot.store.message_files import files_of, keep_files
from bot.store.messages import TextRow, change_text, is_first_text, keep_text, lock_text, text_row
from bot.store.postings import Lease, post_update, redraw, redraw_line
from bot.store.seen import once
from bot.store.suppressions import closed_channels
from bot.store.views import LeadView, lead_view

Why = (
    Rule
    | Missing
    | Unsendable
    | Literal["no_words", "too_long", "opted_out", "wrong_number", "takes_no_texts", "files_gone", "file_unreachable"]
)


CLOSED_BECAUSE: dict[str, Why] = {"opted_out": "opted_out", "wrong_number": "wrong_number", "takes_no_texts": "takes_no_texts"}


@dataclass(frozen=True, slots=True)
class Texting:
    """What is known before anything is written: whether a text may leave now, and until or from when."""

    lead: LeadView
    judgement: Judgement
    because: Why | None
    sender: str | None
    signature: Signature
    first: bool  # nothing was texted to this number yet, so that the words are signed


@dataclass(frozen=True, slots=True)
class Texted:
    """The text is on its way, or waits for the hour at which it may leave."""

    lead: int
    text_id: int
    leaves_at: datetime | None
    zone: str | None
    waits_for: Rule | None = None
    kind: Literal["texted"] = "texted"


@dataclass(frozen=True, slots=True)
class CannotText:
    lead: int
    because: Why
    kind: Literal["cannot_text"] = "cannot_text"


@dataclass(frozen=True, slots=True)
class Settled:
    """Where the text stands: somebody or the network said so before, or this press does."""

    lead: int
    status: str
    kind: Literal["settled"] = "settled"


TextOutcome = Texted | Objected | CannotText | Settled | NotWorked
_answers: TypeAdapter[TextOutcome] = TypeAdapter(TextOutcome)


async def look(services: Services, pressed: Press) -> Texting | NotWorked:
    """What the gate says, for the screen."""
    sender = services.network.sender if services.network else None
    return await services.store.transact(look_at, pressed, services.in_force, sender, services.our_numbers)


def look_at(session: Session, by: Press, in_force: InForce, sender: str | None, ours: OurNumbers) -> Texting | NotWorked:
    """The same in one transaction. The gate is asked again when the words are sent, and again as they leave."""
    refused, _, person = allowed(session, by, leaders_too=True, cover_too=True)
    if refused is not None:
        return refused
    lead = lead_view(session, by.lead)
    assert lead is not None, "it was just locked"
    reach = find_reach(session, by.lead, "sms")
    judgement, because = _gate(session, lead, reach, in_force, by.at, on=sender is not None)
    if because is not None:
        note_refused(session, by, person.key, "sms", because, _rule(judgement, because))
    first = reach is not None and is_first_text(session, reach.contact_point_id)
    if reach is not None and sender is not None:
        sender = our_number(session, ours, lead, reach.contact_point_id, reach.address) or sender
    return Texting(lead, judgement, because, sender, signature_of(session, by.officer_id, in_force.config), first)


def _gate(
    session: Session, lead: LeadView, reach: Reach | None, in_force: InForce, now: datetime, *, on: bool
) -> tuple[Judgement, Why | None]:
    if reach is None:
        return Refused("no_phone"), "no_phone"
    missing = what_is_missing(in_force.config)
    if not on or missing:
        return Refused("no_phone"), missing[0] if missing else "texts_are_off"
    judgement = judge(session, lead, reach, "conversation", now)
    match judgement:
        case Refused("sms_suppressed"):
            reason = closed_channels(session, reach.key)["sms"]
            return judgement, CLOSED_BECAUSE.get(reason, "sms_suppressed")
        case Refused(rule):
            return judgement, rule
    return judgement, None


def _rule(judgement: Judgement, because: Why | None) -> str:
    """The id of what stands against a text: the law's rule, or else what the company lacks."""
    lacking: tuple[str | None, ...] = get_args(Missing)
    return judgement.rule if isinstance(judgement, Refused) and because not in lacking else because or "no_phone"


async def send_sms(services: Services, pressed: Press, words: str, files: Sequence[bytes] = (), of_text: int | None = None) -> TextOutcome:
    """Text the lead's borrower, with these pictures and papers, or with those of a text of the officer's that was kept back. When this
    returns, the text is durable and will leave once, or it is said why not."""
    outcome, leases = await services.store.transact(
        queue_sms, pressed, words, services.in_force, files, of_text, on=services.network is not None
    )
    _owe(services, outcome, leases)
    return outcome


async def settle(services: Services, pressed: Press, text_id: int, *, send_again: bool) -> TextOutcome:
    """Somebody decides about a text of which nobody knows whether it arrived."""
    outcome, leases = await services.store.transact(
        settle_text, pressed, text_id, services.in_force, send_again=send_again, on=services.network is not None
    )
    _owe(services, outcome, leases)
    return outcome


def _owe(services: Services, outcome: TextOutcome, leases: list[Lease]) -> None:
    if isinstance(outcome, Texted):
        services.tend([outcome.text_id])
    services.owe(leases)


def queue_sms(
    session: Session,
    by: Press,
    words: str,
    in_force: InForce,
    files: Sequence[bytes] = (),
    of_text: int | None = None,
    *,
    on: bool,
) -> tuple[TextOutcome, list[Lease]]:
    """The transaction of a text that an officer sends."""
    lock_reach(session, by.lead, "sms")
    before = text_row(session, of_text) if of_text is not None and not files else None
    gone = False
    if before is not None and (before.officer_id, before.lead_id) == (by.officer_id, by.lead):
        files = files_of(session, before.id)
        gone = len(files) < before.pictures

    def decide() -> TextOutcome:
        return CannotText(by.lead, "files_gone") if gone else _queue(session, by, words, in_force, files, on=on)

    return once(session, by.delivery, by.at, _answers, decide), []


def settle_text(
    session: Session, by: Press, text_id: int, in_force: InForce, *, send_again: bool, on: bool
) -> tuple[TextOutcome, list[Lease]]:
    """The transaction of that decision. Nothing is decided while the network is still asked, for a minute; Send again is a new text."""
    text = lock_text(session, text_id)
    assert text is not None, "texts are never deleted"
    leases: list[Lease] = []

    def decide() -> TextOutcome:
        refused, _, person = allowed(session, by, leaders_too=True, cover_too=True)
        if refused is not None:
            return refused
        if text.lead_id != by.lead:
            return NoSuchLead(by.lead)
        if text.status != "uncertain" or text.due_at is not None or text.because is not None:
            return Settled(by.lead, text.because or text.status)
        if send_again:
            files = files_of(session, text.id)
            if len(files) < text.pictures:
                return CannotText(by.lead, "files_gone")
            again = _queue(session, by, text.words, in_force, files, on=on, read_before=True)
            if not isinstance(again, Texted):
                return again
        decision = "sent_again" if send_again else "said_arrived"
        change_text(session, text.id, gave_up_because=decision)
        fact = Fact("text_settled", f"officer:{person.key}", by.at, {"text": text.id, "decision": decision}, officer_id=by.officer_id)
        append_event(session, by.lead, fact, by.salt)
        if not send_again:
            leases.extend(note_arrival(session, text, by.at))
        redraw_line(session, by.lead, text.event_seq)
        leases.extend(redraw(session, by.lead, at_once=True))
        return again if send_again else Settled(by.lead, decision)

    return once(session, by.delivery, by.at, _answers, decide), leases


def queue_approved(session: Session, by: Press, text: TextRow, in_force: InForce, *, on: bool) -> TextOutcome:
    """Compliance approved these words, which are locked: they leave in the name of `by`, who wrote them, if the gate lets them now."""
    return _queue(session, by, text.words, in_force, files_of(session, text.id), on=on, read_before=True, kept=text)


def _queue(
    session: Session, by: Press, words: str, in_force: InForce, files: Sequence[bytes], *, on: bool, read_before: bool = False,
    kept: TextRow | None = None,
) -> TextOutcome:  # fmt: skip
    refused, standing, person = allowed(session, by, leaders_too=True, cover_too=True)
    if refused is not None:
        return refused
    words = tidy(words)
    if not (words or files) or characters_over(words):
        return CannotText(by.lead, "too_long" if words else "no_words")
    if (unfit := unsendable(files)) is not None:
        return CannotText(by.lead, unfit)
    lead = lead_view(session, by.lead)
    assert lead is not None, "it was just locked"
    reach = find_reach(session, by.lead, "sms") if kept is None else Reach(kept.contact_point_id, kept.address, kept.key)
    judgement, because = _gate(session, lead, reach, in_force, by.at, on=on)
    if because is not None or reach is None:
        note_refused(session, by, person.key, "sms", because or "no_phone", _rule(judgement, because))
        return CannotText(by.lead, because or "no_phone")
    if not read_before and (found := objections(lead, words, "sms")):
        objected = keep_back(session, by, reach, "sms", found, body=words, pictures=len(files))
        keep_files(session, objected.text_id, files)
        return objected
    if is_first_text(session, reach.contact_point_id):
        words = signed(words, signature_of(session, by.officer_id, in_force.config), answered_in(lead))
        if characters_over(words):
            return CannotText(by.lead, "too_long")
    leaves_at, zone = (judgement.at, judgement.zone) if isinstance(judgement, WaitUntil) else (None, None)
    text: dict[str, Any] = {
        "status": "queued" if leaves_at is None else "held",
        "body": words,
        "created_at": by.at,
        "due_at": leaves_at or by.at,
    }
    if kept is None:
        row = {"lead_id": by.lead, "contact_point_id": reach.contact_point_id, "direction": "out", "officer_id": by.officer_id}
        text_id = keep_text(session, {**row, **text, "pictures": len(files)})
        keep_files(session, text_id, files)
    else:
        text_id = kept.id
        change_text(session, text_id, **text)
    waits_for = {"waits_for": judgement.rule} if isinstance(judgement, WaitUntil) else {}
    meta = {"text": text_id, "officer": person.name, "segments": count_segments(words).count, **waits_for}
    if files:
        meta["pictures"] = len(files)
    fact = Fact(
        "texted", f"officer:{person.key}", by.at, meta,
        officer_id=by.officer_id, subject_id=borrower_of(session, by.lead), body={"words": words},
    )  # fmt: skip
    seq = append_event(session, by.lead, fact, by.salt)
    change_text(session, text_id, event_seq=seq)
    post_update(session, by.lead, "texted", seq, standing.score)
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    return Texted(by.lead, text_id, leaves_at, zone, judgement.rule if isinstance(judgement, WaitUntil) else None)
