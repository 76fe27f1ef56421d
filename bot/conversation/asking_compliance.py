"""Words that were kept back: their writer edits them or asks compliance. What is approved leaves in the writer's name."""

from dataclasses import dataclass, replace
from typing import Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.conversation import emailing, texting
from bot.conversation.emailing import CannotEmail, Emailed
from bot.conversation.judging_words import ASKED, DECLINED, KEPT_BACK
from bot.conversation.texting import CannotText, Texted
from bot.in_force import InForce
from bot.leads.press import Press
from bot.rules.emailing import LONGEST_SUBJECT, MOST_CHARACTERS, tidy_subject, tidy_words
from bot.rules.roles import Role, may
from bot.rules.sms_segments import characters_over, tidy
from bot.services import Services
from bot.store.events import Fact, append_event
from bot.store.leads import borrower_of
from bot.store.messages import TextRow, change_text, lock_text, text_row
from bot.store.people import Doer, compliance_officers, doer
from bot.store.postings import Lease, post_notice, redraw
from bot.store.seen import once
from bot.store.views import lead_view


@dataclass(frozen=True, slots=True)
class AskedCompliance:
    """Compliance was told, and the words wait for them."""

    lead: int
    kind: Literal["asked_compliance"] = "asked_compliance"


@dataclass(frozen=True, slots=True)
class NobodyToAsk:
    """Nobody in the company has the role of compliance, or only the writer has."""

    lead: int
    kind: Literal["nobody_to_ask"] = "nobody_to_ask"


@dataclass(frozen=True, slots=True)
class NotKept:
    """There are no such words of this person's that wait for anything: they left, were decided about, or are another's."""

    lead: int
    kind: Literal["not_kept"] = "not_kept"


@dataclass(frozen=True, slots=True)
class Judged:
    """Compliance said yes or no; `already` where somebody else was quicker. `left` is false where the gate is against it by now."""

    lead: int
    approved: bool
    already: bool
    left: bool
    kind: Literal["judged"] = "judged"


@dataclass(frozen=True, slots=True)
class MayNotJudge:
    """Another role decides about words, and nobody about their own."""

    lead: int
    role: Role
    own: bool
    kind: Literal["may_not_judge"] = "may_not_judge"


AskOutcome = AskedCompliance | NobodyToAsk | NotKept
JudgeOutcome = Judged | MayNotJudge
_asked: TypeAdapter[AskOutcome] = TypeAdapter(AskOutcome)
_judged: TypeAdapter[JudgeOutcome] = TypeAdapter(JudgeOutcome)


async def kept_words(services: Services, pressed: Press, text_id: int) -> TextRow | None:
    """What its writer wrote and did not send yet, to go on with it; None where there is nothing of theirs."""
    text = await services.store.read(text_row, text_id)
    mine = text is not None and text.officer_id == pressed.officer_id and text.lead_id == pressed.lead
    return text if mine and text is not None and text.status in (KEPT_BACK, ASKED, DECLINED) else None


async def ask(services: Services, pressed: Press, text_id: int, subject: str | None = None, words: str | None = None) -> AskOutcome:
    """The writer asks compliance about words that were kept back; about `words` where they edited them since."""
    outcome, leases = await services.store.transact(ask_about, pressed, text_id, subject, words)
    services.owe(leases)
    return outcome


async def asked_about(services: Services, pressed: Press, text_id: int) -> TextRow | MayNotJudge:
    """All of the words about which compliance was asked, for who decides about them."""
    return await services.store.read(read_asked, pressed, text_id)


def read_asked(session: Session, by: Press, text_id: int) -> TextRow | MayNotJudge:
    """The same in one transaction."""
    text, person = text_row(session, text_id), doer(session, by.officer_id)
    assert text is not None, "words are never deleted"
    return text if _may_judge(person, text.officer_id, by) else MayNotJudge(by.lead, person.role, own=text.officer_id == by.officer_id)


def _may_judge(person: Doer, writer_id: int | None, by: Press) -> bool:
    return person.active and may(person.role, "judge_words") and writer_id != by.officer_id


async def judge(services: Services, pressed: Press, text_id: int, *, approved: bool) -> JudgeOutcome:
    """Compliance decides about words. What is approved is durable and leaves by itself, if the gate lets it."""
    on = {"sms": services.network is not None, "email": services.post_office is not None}
    outcome, leases = await services.store.transact(judge_words, pressed, text_id, services.in_force, on, approved=approved)
    if isinstance(outcome, Judged) and outcome.left:
        services.tend([text_id])
    services.owe(leases)
    return outcome


def ask_about(session: Session, by: Press, text_id: int, subject: str | None, words: str | None) -> tuple[AskOutcome, list[Lease]]:
    """The transaction of a question to compliance."""
    text = lock_text(session, text_id)
    leases: list[Lease] = []

    def decide() -> AskOutcome:
        if text is None or text.officer_id != by.officer_id or text.lead_id != by.lead or text.status != KEPT_BACK:
            return NotKept(by.lead)
        asked = [each for each in compliance_officers(session) if each != by.officer_id]
        if not asked:
            return NobodyToAsk(by.lead)
        person, lead = doer(session, by.officer_id), lead_view(session, by.lead)
        assert lead is not None, "it is locked"
        shown = _edited(text, subject, words)
        meta = {"text": text.id, "officer": person.name, "channel": text.channel}
        fact = Fact(
            "wording_asked", f"officer:{person.key}", by.at, meta,
            officer_id=by.officer_id, subject_id=borrower_of(session, by.lead), body={"subject": shown.subject, "words": shown.words},
        )  # fmt: skip
        seq = append_event(session, by.lead, fact, by.salt)
        change_text(session, text.id, status=ASKED, subject=shown.subject, body=shown.words, event_seq=seq)
        for each in asked:
            leases.extend(post_notice(session, by.lead, each, "wording_asked", seq, lead.score, at_once=True))
        return AskedCompliance(by.lead)

    return once(session, by.delivery, by.at, _asked, decide), leases


def _edited(text: TextRow, subject: str | None, words: str | None) -> TextRow:
    """The words as they stand on the screen by now, where they can be sent at all."""
    if text.channel == "sms":
        edited = tidy(words or "")
        return replace(text, words=edited) if edited and not characters_over(edited) else text
    edited_subject, edited = tidy_subject(subject or "")[:LONGEST_SUBJECT], tidy_words(words or "")
    return replace(text, subject=edited_subject or text.subject, words=edited if edited and len(edited) <= MOST_CHARACTERS else text.words)


def judge_words(
    session: Session, by: Press, text_id: int, in_force: InForce, on: dict[str, bool], *, approved: bool
) -> tuple[JudgeOutcome, list[Lease]]:
    """The transaction of that decision. Whoever is first decides; then the gate is asked again, about the writer and this moment."""
    text = lock_text(session, text_id)
    assert text is not None and text.lead_id is not None, "words are never deleted, and are about a lead"
    lead_id, writer_id = text.lead_id, text.officer_id
    assert writer_id is not None, "somebody wrote them"
    leases: list[Lease] = []

    def decide() -> JudgeOutcome:
        person = doer(session, by.officer_id)
        if not _may_judge(person, writer_id, by):
            return MayNotJudge(lead_id, person.role, own=writer_id == by.officer_id)
        if text.status != ASKED:
            yes = text.status not in (KEPT_BACK, DECLINED)
            return Judged(lead_id, yes, already=True, left=yes)
        kind = "wording_approved" if approved else "wording_declined"
        fact = Fact(kind, f"officer:{person.key}", by.at, {"text": text.id, "officer": person.name}, officer_id=by.officer_id)
        seq = append_event(session, lead_id, fact, by.salt)
        left = approved and _leave(session, replace(by, lead=lead_id, officer_id=writer_id), text, in_force, on)
        if not approved:
            change_text(session, text.id, status=DECLINED)
        lead = lead_view(session, lead_id)
        assert lead is not None, "it is locked"
        leases.extend(post_notice(session, lead_id, writer_id, "wording_judged", seq, lead.score, at_once=True))
        leases.extend(redraw(session, lead_id, at_once=True))
        return Judged(lead_id, approved, already=False, left=left)

    return once(session, by.delivery, by.at, _judged, decide), leases


def _leave(session: Session, writer: Press, text: TextRow, in_force: InForce, on: dict[str, bool]) -> bool:
    """Owe the text or the email as if its writer had just sent it; else write down why it does not leave."""
    outcome: texting.TextOutcome | emailing.EmailOutcome
    if text.channel == "sms":
        outcome = texting.queue_approved(session, writer, text, in_force, on=on["sms"])
    else:
        outcome = emailing.queue_approved(session, writer, text, in_force.config, on=on["email"])
    left = isinstance(outcome, Texted | Emailed)
    if not left:
        because = outcome.because if isinstance(outcome, CannotText | CannotEmail) else "owner_changed"
        change_text(session, text.id, status="refused", gave_up_because=because)
    return left
