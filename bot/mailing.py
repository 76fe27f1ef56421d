"""An email leaves at least once: its Message-ID is there before it does, and whoever gets it twice gets the same one twice."""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.config import Config, what_email_lacks
from bot.greeting import PURPOSE as GREETING
from bot.greeting import no_longer_needed
from bot.lead_facts import letters_in
from bot.outreach import emails
from bot.outreach.network import seconds
from bot.outreach.post import Declined, Letter, NotTaken, PostAnswer, Taken, Unanswered
from bot.outreach.reach import Reach
from bot.paging import TO_STAFF, still_waits
from bot.rendering import PLAIN, Words, labels
from bot.rules.clicking import link_token, links_in
from bot.rules.emailing import Footer, MayNotLeave, message_id
from bot.rules.replying import reply_address
from bot.rules.text import one_line
from bot.sending import WRITTEN_ANEW_AFTER, move_on, refuse, write_anew
from bot.services import Services
from bot.store.drips import drip_begun_by
from bot.store.messages import (
    DRIP,
    SENDING_ENDS_AFTER,
    TextRow,
    change_text,
    deadline_is_over,
    lock_text,
    take_text,
    wait_with_text,
)
from bot.store.people import officer
from bot.store.postings import Lease
from bot.store.prepared import Prepared
from bot.store.suppressions import closed_channels, suppress
from bot.store.views import LeadView, lead_view
from bot.unsubscribing import unsubscribe_url

log = structlog.get_logger()

BACKOFF = 5.0
LONGEST_WAIT = 900.0
MOST_TRIES = 24
"""More than four hours: a server that is in trouble, or does not know us yet, wants to be asked again later."""

below = Words("email", PLAIN)
_sender = Prepared(
    select(officer.c.name, officer.c.email, officer.c.nmls_id, officer.c.active).where(officer.c.id == bindparam("of_officer"))
)

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


def house_of(services: Services) -> House:
    config = services.in_force.config
    answers_at = config.email.answers_at if config.email and services.hears_email else None
    return House(config, services.hash_key, services.public_url, answers_at)


def footer_of(config: Config, officer_nmls_id: str | None) -> Footer:
    """What stands below an email of this company and this officer."""
    company = config.company
    return Footer(company.legal_name, company.postal_address, company.nmls_id, officer_nmls_id)


async def deliver(services: Services, text_id: int) -> None:
    """Mark one email as being sent, hand it to the mail server once, and write down what came of it."""
    if services.post_office is None:
        services.owe(await services.store.transact(refuse_switched_off, text_id, services.clock.now(), services.salt()))
        return
    began = seconds()  # before the database counts, so ours is the earlier deadline
    now = services.clock.now()
    delivering, leases = await services.store.transact(begin_delivery, text_id, house_of(services), now, services.salt())
    services.owe(leases)
    if delivering is None:
        return
    answer = await services.post_office.deliver(delivering.letter, began + SENDING_ENDS_AFTER)
    if isinstance(answer, NotTaken):
        log.warning("an email did not leave yet", email=text_id, because=answer.because)
    elif not isinstance(answer, Taken):
        log.warning("an email did not leave for sure", email=text_id, because=type(answer).__name__)
    services.owe(await services.store.transact(record_post_answer, delivering, answer, services.clock.now(), services.salt()))


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


def begin_delivery(session: Session, text_id: int, house: House, now: datetime, salt: str) -> tuple[Delivering | None, list[Lease]]:
    """The step to `sending`: allowed still, and nobody else's. Whoever unsubscribes before it is heard: both hold the address's key."""
    text = lock_text(session, text_id)
    if text is None or text.due_at is None or text.due_at > now:
        return None, []
    again = text.status == "sending" and deadline_is_over(session, text.id)
    if text.status not in ("queued", "held") and not again:
        return None, []
    if text.provider_id is None and house.config.email is not None:  # of an email to one of us, whom no config is at hand to write to
        text = replace(text, provider_id=message_id(f"{salt}:{text.id}", house.config.email.from_address))
        change_text(session, text.id, provider="smtp", provider_id=text.provider_id)
    if text.purpose == DRIP and not again and not _touch_may_leave(session, text, now, salt):
        return None, []
    letter = _written(session, text, house, now)
    if isinstance(letter, str):
        return None, refuse(session, text, "may_have_left" if again else letter, now, salt)
    if text.attempts >= MOST_TRIES:
        return None, _give_up(session, text, again=again, now=now, salt=salt)
    fence = take_text(session, text.id, "sending", None if again else now)
    if fence is None:
        return None, []
    return Delivering(text.id, fence, letter, again), []


def _touch_may_leave(session: Session, text: TextRow, now: datetime, salt: str) -> bool:
    """Whether an email of a sequence is still in the name of who has the lead, and the sequence runs. Else it is written anew, or not."""
    assert text.lead_id is not None, "a sequence is about a lead"
    drip, lead = drip_begun_by(session, text.lead_id, text.event_seq), lead_view(session, text.lead_id)
    if drip is None or lead is None or not drip.runs:
        refuse(session, text, "drip_ended", now, salt)
        return False
    if drip.state.get("owner") != lead.owner_id:
        write_anew(session, text, drip, now, None, now, salt)
        return False
    return True


def _written(session: Session, text: TextRow, house: House, now: datetime) -> Letter | str:
    """The letter, or why there is none."""
    lacks = what_email_lacks(house.config)
    if lacks:
        return lacks[0]
    if "email" in closed_channels(session, text.key):
        return "email_closed"
    if text.purpose in TO_STAFF:
        if text.lead_id is not None and not still_waits(session, text.lead_id, text.event_seq, text.created_at, now):
            return "no_longer_needed"
        return staff_letter_of(text, house, _language_of(session, text.address))
    assert text.lead_id is not None, "an email to a borrower is about a lead"
    lead = lead_view(session, text.lead_id)
    assert lead is not None, "an email refers to its lead"
    if text.purpose == GREETING:
        return "answered_meanwhile" if no_longer_needed(session, lead) else _greeting_letter(session, text, lead, house, now)
    if text.purpose == DRIP:
        return _touch_letter(session, text, lead, house, now)
    assert text.officer_id is not None, "an officer writes about a lead"
    [sender] = _sender.run(session, {"of_officer": text.officer_id})
    if not sender.active or (lead.claimed_at is not None and lead.claimed_at > text.created_at and lead.owner_id != text.officer_id):
        return "owner_changed"
    reach, footer = Reach(text.contact_point_id, text.address, text.key), footer_of(house.config, sender.nmls_id)
    verdict = emails.judge(session, lead, reach, "conversation", footer, now)
    return verdict.rule if isinstance(verdict, MayNotLeave) else letter_of(text, lead, sender.name, sender.email, footer, house)


def _touch_letter(session: Session, text: TextRow, lead: LeadView, house: House, now: datetime) -> Letter | str:
    """What a sequence writes: in the name of who has the lead, or of the company alone."""
    owner = _sender.run(session, {"of_officer": lead.owner_id})[0] if lead.owner_id is not None else None
    if owner is not None and not (owner.active and owner.nmls_id):
        owner = None  # whoever may not sign it does not
    footer = footer_of(house.config, owner.nmls_id if owner else None)
    verdict = emails.judge(session, lead, Reach(text.contact_point_id, text.address, text.key), "marketing", footer, now)
    if isinstance(verdict, MayNotLeave):
        return verdict.rule
    return letter_of(text, lead, owner.name if owner else None, owner.email if owner else None, footer, house)


def _greeting_letter(session: Session, text: TextRow, lead: LeadView, house: House, now: datetime) -> Letter | str:
    footer = footer_of(house.config, None)
    verdict = emails.judge(session, lead, Reach(text.contact_point_id, text.address, text.key), "marketing", footer, now)
    return verdict.rule if isinstance(verdict, MayNotLeave) else letter_of(text, lead, None, None, footer, house)


def letter_of(text: TextRow, lead: LeadView, name: str | None, reply_to: str | None, footer: Footer, house: House) -> Letter:
    """What an officer wrote to a borrower, or a sequence in their name or the company's, with what the law wants below it."""
    email, company = house.config.email, house.config.company
    assert email is not None and text.provider_id is not None, "an email is kept with its Message-ID, once there is an address to send from"
    language = letters_in(lead)
    name, called = name and one_line(name, 60), one_line(company.display_name, 80)
    signed = below.say(
        "email_below", language,
        officer=name, officer_nmls=footer.officer_nmls_id, legal_name=company.legal_name, dba=company.dba,
        nmls=company.nmls_id, postal_address=one_line(company.postal_address, 200),
        states=", ".join(license.state for license in company.licenses),
    )  # fmt: skip
    return Letter(
        message_id=text.provider_id,
        written_at=text.created_at,
        from_name=f"{name}, {called}" if name else called,
        from_address=email.from_address,
        returns_to=reply_address(house.answers_at, house.hash_key, text.id) if house.answers_at else email.from_address,
        reply_to=reply_address(house.answers_at, house.hash_key, text.id) if house.answers_at else reply_to,
        to=text.address,
        language=language,
        subject=text.subject or "",
        words=text.words,
        below=tuple(signed.splitlines()),
        unsubscribe=labels(language)("button", "unsubscribe"),
        unsubscribe_url=unsubscribe_url(house.public_url, house.hash_key, text.contact_point_id, lead.number),
        links=_counted_links(text, house) if email.track_links else (),
    )


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


def record_post_answer(session: Session, delivering: Delivering, answer: PostAnswer, now: datetime, salt: str) -> list[Lease]:
    """What the mail server answered. That it has the email is true whoever tries again since; anything else is the last holder's word."""
    text = lock_text(session, delivering.text_id)
    assert text is not None, "emails are never deleted"
    if isinstance(answer, Taken):
        return move_on(session, text, "sent", None, now, salt)
    if text.status != "sending" or text.fence != delivering.fence:
        return []
    match answer:
        case Declined(code, no_mailbox):
            if no_mailbox:
                suppress(session, text.key, ("email",), "no_mailbox", now)
            return move_on(session, text, "failed", code, now, salt)
        case NotTaken() | Unanswered():
            may_have_left = delivering.again or isinstance(answer, Unanswered)
            if text.attempts >= MOST_TRIES:
                return _give_up(session, text, again=may_have_left, now=now, salt=salt)
            wait = min(LONGEST_WAIT, BACKOFF * 2 ** (text.attempts - 1))
            wait_with_text(session, text.id, delivering.fence, "sending" if may_have_left else "queued", wait, text.attempts)
            return []


def _give_up(session: Session, text: TextRow, *, again: bool, now: datetime, salt: str) -> list[Lease]:
    return refuse(session, text, "may_have_left" if again else "never_taken", now, salt)
