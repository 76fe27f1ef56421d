"""An email leaves at least once: its Message-ID is there before it does, and whoever gets it twice gets the same one twice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import structlog
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.config import Company, Config, what_email_lacks
from bot.conversation.greeting import PURPOSE as GREETING
from bot.conversation.greeting import no_longer_needed
from bot.conversation.sending import WRITTEN_ANEW_AFTER, move_on, put_off, reach_of, refuse, write_anew
from bot.conversation.unsubscribing import unsubscribe_url
from bot.leads.lead_facts import letters_in
from bot.outreach import emails
from bot.outreach.emails import AddressFile, address_files
from bot.outreach.network import seconds
from bot.outreach.post import Declined, Letter, NotTaken, PostAnswer, PostOffice, Taken, Unanswered
from bot.rendering import PLAIN, Words, labels
from bot.rules.clicking import link_token, links_in
from bot.rules.compliance import Kind
from bot.rules.emailing import Footer, MayNotLeave, message_id
from bot.rules.mail_opens import open_token
from bot.rules.replying import reply_address
from bot.rules.stages import PARTNER
from bot.rules.text import one_line
from bot.services import Services
from bot.speed_to_lead.paging import TO_STAFF, still_waits
from bot.store.drips import DripView, drip_begun_by, drips_begun_by
from bot.store.leads import WrittenLead, written_leads
from bot.store.messages import (
    DRIP,
    SENDING_ENDS_AFTER,
    Hold,
    Move,
    TextRow,
    deadline_is_over,
    hold_texts,
    lock_text,
    lock_texts,
    wait_with_text,
)
from bot.store.people import officer
from bot.store.postings import Lease
from bot.store.prepared import Prepared
from bot.store.suppressions import suppress
from bot.store.work import WRITING, paused

log = structlog.get_logger()

BACKOFF = 5.0
LONGEST_WAIT = 900.0
MOST_TRIES = 24
"""More than four hours: a server that is in trouble, or does not know us yet, wants to be asked again later."""

below = Words("email", PLAIN)
_of_signer = select(officer.c.id, officer.c.name, officer.c.email, officer.c.nmls_id, officer.c.active)
_signer = Prepared(_of_signer.where(officer.c.id == bindparam("of_officer")))

_language = select(officer.c.language).where(officer.c.email == bindparam("at"))


@dataclass(frozen=True, slots=True)
class House:
    """What letters need to know of the company and this installation."""

    config: Config
    hash_key: bytes
    public_url: str
    answers_at: str | None  # our mailbox, where we read it


@dataclass(frozen=True, slots=True)
class Delivering:
    """An email that is marked as being sent: the right to one call. `again`: an earlier call's answer never came."""

    text_id: int
    fence: int
    letter: Letter
    again: bool
    lead_id: int | None


def house_of(services: Services) -> House:
    config = services.in_force.config
    answers_at = config.email.answers_at if config.email and services.hears_email else None
    return House(config, services.hash_key, services.public_url, answers_at)


def footer_of(config: Config, officer_nmls_id: str | None) -> Footer:
    """What stands below an email of this company and this officer."""
    company = config.company
    return Footer(company.legal_name, company.postal_address, company.nmls_id, officer_nmls_id)


async def deliver(services: Services, text_ids: Sequence[int]) -> None:
    """Mark some emails as being sent, hand each to the mail server once, and write down what came of each as soon as that is there."""
    if services.post_office is None:
        for text_id in text_ids:
            services.owe(await services.store.transact(refuse_switched_off, text_id, services.clock.now(), services.salt()))
        return
    began = seconds()  # before the database counts, so ours is the earlier deadline
    now, house = services.clock.now(), house_of(services)
    begun, troubles = await services.store.transact_each(begin_deliveries, text_ids, house, now, services.salt())
    services.owe(lease for _, leases in begun for lease in leases)

    async def write_down(answers: list[tuple[Delivering, PostAnswer]]) -> None:
        written, untold = await services.store.transact_each(record_post_answers, answers, services.clock.now(), services.salt())
        services.owe(lease for leases in written for lease in leases)
        for _, trouble in untold:
            raise trouble

    calls = (_call(services.post_office, each, began + SENDING_ENDS_AFTER) for deliverings, _ in begun for each in deliverings)
    await services.emails_told.as_they_come(calls, write_down)
    await put_off(services, troubles)


async def _call(post_office: PostOffice, delivering: Delivering, deadline: float) -> tuple[Delivering, PostAnswer]:
    answer = await post_office.deliver(delivering.letter, deadline)
    ids = {"email": delivering.text_id, "lead": delivering.lead_id}
    if isinstance(answer, Taken):
        log.info("an email left", **ids)
    elif isinstance(answer, NotTaken):
        log.warning("an email did not leave yet", **ids, because=answer.because)
    else:
        log.warning("an email did not leave for sure", **ids, because=type(answer).__name__)
    return delivering, answer


def email_is_on(services: Services) -> bool:
    """Whether an email would leave now."""
    return services.post_office is not None and not what_email_lacks(services.in_force.config)


def refuse_switched_off(session: Session, text_id: int, now: datetime, salt: str) -> list[Lease]:
    """Email was switched off since this was written: it is not kept until somebody switches it on, since by then nobody expects it."""
    text = lock_text(session, text_id)
    if text is None or text.due_at is None or text.status not in ("queued", "held", "sending"):
        return []
    if text.purpose == DRIP and text.lead_id is not None and text.status != "sending":
        drip = drip_begun_by(session, text.lead_id, text.event_seq)
        if drip is not None and drip.runs:
            return write_anew(session, text, drip, now + WRITTEN_ANEW_AFTER, None, now, salt)
    return refuse(session, text, "may_have_left" if text.status == "sending" else "email_is_off", now, salt)


@dataclass(frozen=True, slots=True)
class Signer:
    """An officer in whose name an email leaves."""

    id: int
    name: str
    email: str
    nmls_id: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """An email that may be its turn, locked, with what it is judged and written by; of one to one of us, `lead` may be None. `signer` has
    the lead or wrote the email. `again`: an earlier call's answer never came."""

    text: TextRow
    lead: WrittenLead | None
    file: AddressFile
    drip: DripView | None
    signer: Signer | None
    again: bool


def begin_deliveries(
    session: Session, text_ids: Sequence[int], house: House, now: datetime, salt: str
) -> tuple[list[Delivering], list[Lease]]:
    """The step to `sending`: allowed still, and nobody else's. Whoever unsubscribes before it is heard: both hold the address's key.

    What they are judged by is looked up for all of them together.
    """
    if WRITING in paused(session):
        return [], []
    deliverings: list[Delivering] = []
    leases: list[Lease] = []
    for each in _ready(session, text_ids, house, now, salt):
        letter, text = _written(session, each, house, now, salt), each.text
        if letter is None:
            continue
        if isinstance(letter, str):
            leases += refuse(session, text, "may_have_left" if each.again else letter, now, salt)
        elif text.attempts >= MOST_TRIES:
            leases += _give_up(session, text, again=each.again, now=now, salt=salt)
        else:
            deliverings.append(Delivering(text.id, text.fence, letter, each.again, text.lead_id))
    holds = [Hold(each.text_id, None if each.again else now, each.letter.message_id) for each in deliverings]
    fences = hold_texts(session, "sending", holds)
    return [replace(each, fence=fence) for each, fence in zip(deliverings, fences, strict=True) if fence is not None], leases


def _ready(session: Session, text_ids: Sequence[int], house: House, now: datetime, salt: str) -> list[Ready]:
    texts: list[tuple[TextRow, bool]] = []
    for text in lock_texts(session, text_ids):
        if text.due_at is None or text.due_at > now:
            continue
        again = text.status == "sending" and deadline_is_over(session, text.id)
        if text.provider_id is None and house.config.email is not None:  # of an email to one of us, whom no config is at hand to write to
            text = replace(text, provider_id=message_id(f"{salt}:{text.id}", house.config.email.from_address))
        texts += [(text, again)] if again or text.status in ("queued", "held") else []
    leads = written_leads(session, sorted({text.lead_id for text, _ in texts if text.lead_id is not None}))
    files = address_files(session, [(text.lead_id or 0, reach_of(text)) for text, _ in texts])
    drips = drips_begun_by(session, [(text.lead_id or 0, text.event_seq) for text, _ in texts])
    abouts = [leads.get(text.lead_id or 0) for text, _ in texts]
    signing = [
        about.owner_id if text.purpose == DRIP and about else text.officer_id for (text, _), about in zip(texts, abouts, strict=True)
    ]
    signers = _signers(session, {officer_id for officer_id in signing if officer_id is not None})
    return [
        Ready(text, about, file, drip, signers.get(signs or 0), again)
        for (text, again), about, file, drip, signs in zip(texts, abouts, files, drips, signing, strict=True)
    ]


def _signers(session: Session, officer_ids: Collection[int]) -> dict[int, Signer]:
    found = _signer.run_each(session, [{"of_officer": officer_id} for officer_id in officer_ids])
    return {rows[0].id: Signer(*rows[0]) for rows in found}


def _touch_may_leave(session: Session, ready: Ready, now: datetime, salt: str) -> bool:
    """Whether an email of a sequence is still in the name of who has the lead, and the sequence runs. Else it is written anew, or not."""
    if ready.drip is None or ready.lead is None or not ready.drip.runs:
        refuse(session, ready.text, "drip_ended", now, salt)
        return False
    if ready.drip.state.get("owner") != ready.lead.owner_id:
        write_anew(session, ready.text, ready.drip, now, None, now, salt)
        return False
    return True


def _written(session: Session, ready: Ready, house: House, now: datetime, salt: str) -> Letter | str | None:
    """The letter, or why there is none; None where that is written down already."""
    text, lead = ready.text, ready.lead
    if text.purpose == DRIP and not ready.again and not _touch_may_leave(session, ready, now, salt):
        return None
    lacks = what_email_lacks(house.config)
    if lacks:
        return lacks[0]
    if "email" in ready.file.closed:
        return "email_closed"
    if text.purpose in TO_STAFF:
        if text.lead_id is not None and not still_waits(session, text.lead_id, text.event_seq, text.created_at, now):
            return "no_longer_needed"
        return staff_letter_of(text, house, _language_of(session, text.address))
    assert lead is not None, "an email to a borrower is about a lead"
    if text.purpose == GREETING:
        return "answered_meanwhile" if no_longer_needed(session, lead) else _judged(ready, lead, "marketing", None, house, now)
    signer = ready.signer
    if text.purpose == DRIP:  # in the name of who has the lead, or of the company alone: whoever may not sign it does not
        return _judged(ready, lead, "marketing", signer if signer is not None and signer.active and signer.nmls_id else None, house, now)
    assert signer is not None, "an officer writes about a lead"
    if not signer.active or (lead.claimed_at is not None and lead.claimed_at > text.created_at and lead.owner_id != text.officer_id):
        return "owner_changed"
    return _judged(ready, lead, "conversation", signer, house, now)


def _judged(ready: Ready, lead: WrittenLead, kind: Kind, signer: Signer | None, house: House, now: datetime) -> Letter | str:
    """The letter in the name of the signer, else of the company alone, unless the gate is against it."""
    footer = footer_of(house.config, signer.nmls_id if signer else None)
    verdict = emails.judge_by_file(ready.file, lead.stage, reach_of(ready.text), kind, footer, now)
    if isinstance(verdict, MayNotLeave):
        return verdict.rule
    return letter_of(ready.text, lead, signer.name if signer else None, signer.email if signer else None, footer, house)


def letter_of(text: TextRow, lead: WrittenLead, name: str | None, reply_to: str | None, footer: Footer, house: House) -> Letter:
    """What an officer wrote to a borrower, or a sequence in their name or the company's, with what the law wants below it."""
    email, company = house.config.email, house.config.company
    assert email is not None and text.provider_id is not None, "an email is kept with its Message-ID, once there is an address to send from"
    language = letters_in(lead)
    from_name, signed = _signed(company, language, name, footer.officer_nmls_id, partner=lead.stage == PARTNER)
    return Letter(
        message_id=text.provider_id,
        written_at=text.created_at,
        from_name=from_name,
        from_address=email.from_address,
        returns_to=reply_address(house.answers_at, house.hash_key, text.id) if house.answers_at else email.from_address,
        reply_to=reply_address(house.answers_at, house.hash_key, text.id) if house.answers_at else reply_to,
        to=text.address,
        language=language,
        subject=text.subject or "",
        words=text.words,
        below=signed,
        unsubscribe=labels(language)("button", "unsubscribe"),
        unsubscribe_url=unsubscribe_url(house.public_url, house.hash_key, text.contact_point_id, lead.number),
        links=_counted_links(text, house) if email.track_links else (),
        picture=f"{house.public_url}/p/{open_token(house.hash_key, text.id)}" if email.track_links else None,
    )


@lru_cache(maxsize=1000)
def _signed(company: Company, language: str, name: str | None, nmls_id: str | None, *, partner: bool) -> tuple[str, tuple[str, ...]]:
    """In whose name an email leaves, and the lines below it: alike for all that one officer's leads are sent in one language."""
    name, called = name and one_line(name, 60), one_line(company.display_name, 80)
    signed = below.say(
        "email_below", language,
        officer=name, officer_nmls=nmls_id, legal_name=company.legal_name, dba=company.dba,
        nmls=company.nmls_id, postal_address=one_line(company.postal_address, 200),
        states=", ".join(license.state for license in company.licenses), partner=partner,
    )  # fmt: skip
    return f"{name}, {called}" if name else called, tuple(signed.splitlines())


def _counted_links(text: TextRow, house: House) -> tuple[str, ...]:
    return tuple(f"{house.public_url}/l/{link_token(house.hash_key, text.id, number)}" for number in range(len(links_in(text.words))))


def staff_letter_of(text: TextRow, house: House, language: str) -> Letter:
    """What one of us is told by email. Nobody unsubscribes from their work."""
    email, company = house.config.email, house.config.company
    assert email is not None and text.provider_id is not None, "an email gets its Message-ID before it leaves"
    return Letter(
        message_id=text.provider_id,
        written_at=text.created_at,
        from_name=f"Leadbell, {one_line(company.display_name, 80)}",
        from_address=email.from_address,
        returns_to=reply_address(house.answers_at, house.hash_key, text.id) if house.answers_at else email.from_address,
        reply_to=None,
        to=text.address,
        language=language,
        subject=text.subject or "",
        words=text.words,
        below=(company.display_name,),
        unsubscribe="",
        unsubscribe_url=None,
    )


def _language_of(session: Session, address: str) -> str:
    return str(session.connection().execute(_language, {"at": address}).scalar_one_or_none() or "en")


def record_post_answers(session: Session, answers: Sequence[tuple[Delivering, PostAnswer]], now: datetime, salt: str) -> list[Lease]:
    """What the mail server answered, each of another email. That it has the email is true whoever tries again since; anything else is the
    last holder's word."""
    texts = {text.id: text for text in lock_texts(session, [delivering.text_id for delivering, _ in answers])}
    moves: list[Move] = []
    leases: list[Lease] = []
    for delivering, answer in answers:
        text = texts[delivering.text_id]
        if isinstance(answer, Taken):
            moves.append(Move(text, "sent"))
        elif text.status != "sending" or text.fence != delivering.fence:
            continue
        elif isinstance(answer, Declined):
            if answer.no_mailbox:
                suppress(session, text.key, ("email",), "no_mailbox", now)
            moves.append(Move(text, "failed", answer.code))
        else:
            may_have_left = delivering.again or isinstance(answer, Unanswered)
            if text.attempts >= MOST_TRIES:
                leases += _give_up(session, text, again=may_have_left, now=now, salt=salt)
                continue
            wait = min(LONGEST_WAIT, BACKOFF * 2 ** (text.attempts - 1))
            wait_with_text(session, text.id, delivering.fence, "sending" if may_have_left else "queued", wait, text.attempts)
    return leases + move_on(session, moves, now, salt)


def _give_up(session: Session, text: TextRow, *, again: bool, now: datetime, salt: str) -> list[Lease]:
    return refuse(session, text, "may_have_left" if again else "never_taken", now, salt)
