"""A borrower answers by email: kept once, told in the lead's thread as a text is. Whose it is, is told by what it answers, else by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.capture import lead_mails
from bot.conversation.bouncing import note_fate
from bot.conversation.opting_out import ANSWERED_WITHIN, OPTED_OUT, OPTS_OUT, Written, close_address, heed_email
from bot.conversation.relay import ENDS_DRIPS, LATE, ask_whose, leads_of_key, names_of, open_ones, status_of, tell, whose
from bot.outreach.emails import UNSUBSCRIBED
from bot.outreach.incoming import Mail
from bot.rules.opt_out import Wish, read_wish
from bot.rules.replying import answered_email, new_subject, new_words, repeats_a_subject
from bot.services import Services
from bot.store.contacts import Reachable, keep_contact, lock_keys
from bot.store.drips import end_drips_of_all
from bot.store.events import Fact, append_event
from bot.store.installation import contact_key
from bot.store.leads import LeadOfContact, lead_of, lock_leads, taken_for
from bot.store.messages import TextRow, is_kept, keep_text, last_lead_written_to, message, newer_was_received, text_row
from bot.store.people import is_an_officers
from bot.store.postings import Lease, post_update, redraw
from bot.store.seen import once
from bot.store.suppressions import suppress

PROVIDER = "email"
"""Of what comes in; what leaves is the mail server's."""

Outcome = Literal["kept", "known", "automatic", "came_back", "delayed", "nobodys", "ours", "lead", "unread"]
"""What became of a mail that came in. `nobodys`: from somebody whom no lead has; `ours`: from one of us; the last two: from a vendor."""
_outcomes: TypeAdapter[Outcome] = TypeAdapter(Outcome)


@dataclass(frozen=True, slots=True)
class Came:
    """Everything that the transaction needs, worked out beforehand."""

    mail: Mail
    sender: Reachable
    new: str
    answers: int | None
    our_address: str | None
    default_team: str
    written_at: datetime
    at: datetime
    salt: str


@dataclass(frozen=True, slots=True)
class _Whose:
    """The lead that a mail belongs to, and whose address it counts for. `elsewhere`: it came from an address that this lead lacks."""

    known: LeadOfContact
    contact_id: int
    key: str
    elsewhere: bool


async def email_received(services: Services, mail: Mail, arrived_at: datetime | None = None) -> Outcome:
    """Take in a mail, which reached our mailbox then. When this returns, it is durable and whoever must know will be told."""
    source = lead_mails.source_of(services, mail)
    if source is not None and mail.fate is None:
        return await lead_mails.take_mail(services, source, mail)
    came = prepare(services, mail, arrived_at)
    outcome, leases = await services.store.transact(receive_email, came)
    services.owe(leases)
    return outcome


def prepare(services: Services, mail: Mail, arrived_at: datetime | None) -> Came:
    """Work out what can be worked out before the transaction."""
    now, config = services.clock.now(), services.in_force.config
    return Came(
        mail=mail,
        sender=Reachable("email", mail.sender, contact_key(services.hash_key, "email", mail.sender)),
        new=new_words(mail.words),
        answers=next((found for each in mail.receivers if (found := answered_email(services.hash_key, each)) is not None), None),
        our_address=config.email.from_address.lower() if config.email else None,
        default_team=config.default_team,
        written_at=min(now, arrived_at or now),
        at=now,
        salt=services.salt(),
    )


def _wish(came: Came, answered: TextRow | None, names: Iterable[str]) -> Wish:
    """What the new words ask for. Whoever writes to unsubscribe often writes it as a subject of their own, also above an answer."""
    wish = read_wish(came.new, names)
    if wish not in OPTS_OUT and read_wish(_their_subject(came.mail, answered)) is Wish.STOP:
        return Wish.STOP
    return Wish.NONE if wish in (Wish.HELP, Wish.START) else wish


def _their_subject(mail: Mail, answered: TextRow | None) -> str:
    """The subject, as far as it is no other mail's: our own words opt nobody out."""
    if answered is None:
        return "" if mail.answers and repeats_a_subject(mail.subject) else mail.subject
    ours = answered.subject or ""
    return new_subject(mail.subject, ours) if read_wish(ours) is Wish.NONE else ""


def receive_email(session: Session, came: Came) -> tuple[Outcome, list[Lease]]:
    """The transaction of a mail that came in. The same one again changes nothing."""
    answered = _answered(session, came)
    if came.mail.fate is not None:
        return _report(session, came, answered)
    if came.mail.sender in ("", came.our_address):
        return "ours", []
    lock_keys(session, {came.sender.key} | ({answered.key} if answered else set()))
    if is_kept(session, PROVIDER, came.mail.key):
        return "known", []
    about = _about(session, answered)
    lock_leads(session, {known.lead_id for known in leads_of_key(session, came.sender.key)} | ({about} if about else set()))
    leads = leads_of_key(session, came.sender.key)  # as they stand now that nobody changes them
    if not leads and is_an_officers(session, came.sender.value):
        return "ours", []
    if not leads and about is None:
        return "nobodys", []
    found = _found(session, came, answered, about, leads)
    if came.mail.automatic:
        return _hear_machine(session, came, found)
    wish = _wish(came, answered, names_of([*leads, found.known] if found else leads))
    return "kept", _keep(session, came, found, leads, wish)


def _report(session: Session, came: Came, answered: TextRow | None) -> tuple[Outcome, list[Lease]]:
    assert came.mail.fate is not None, "it is a report"
    if answered is None:
        return "nobodys", []
    lock_keys(session, [answered.key])
    leases: list[Lease] = []

    def noted() -> Outcome:
        assert came.mail.fate is not None, "it is a report"
        outcome, more = note_fate(session, answered.id, came.mail.fate, came.at, came.salt)
        leases.extend(more)
        return outcome

    return once(session, f"{PROVIDER}:{came.mail.key}", came.at, _outcomes, noted), leases


_of_message_id = select(message.c.id).where(message.c.provider == "smtp", message.c.provider_id == bindparam("named"))


def _answered(session: Session, came: Came) -> TextRow | None:
    """The email of ours that it answers, or reports of: by the address that it came to, else by what it names."""
    ids = [came.answers] if came.answers is not None else []
    for named in came.mail.answers:
        found = session.connection().execute(_of_message_id, {"named": named}).scalar_one_or_none()
        ids += [found] if found is not None else []
    rows = [row for each in ids if (row := text_row(session, each)) is not None and row.direction == "out" and row.channel == "email"]
    return rows[0] if rows else None


def _about(session: Session, answered: TextRow | None) -> int | None:
    """The lead that our email was about; where it was joined with another since, that one."""
    if answered is None or answered.lead_id is None:
        return None
    return taken_for(session, answered.lead_id) or answered.lead_id


def _found(session: Session, came: Came, answered: TextRow | None, about: int | None, leads: list[LeadOfContact]) -> _Whose | None:
    """Whose mail it is; None where a person has to say."""
    if about is not None and answered is not None:
        theirs = next((known for known in leads if known.lead_id == about), None)
        if theirs is None:
            return _Whose(lead_of(session, about), answered.contact_point_id, answered.key, elsewhere=True)
        return _Whose(theirs, keep_contact(session, came.sender), came.sender.key, elsewhere=False)
    contact_id = keep_contact(session, came.sender)
    fitting = whose(leads, last_lead_written_to(session, contact_id))
    return _Whose(fitting, contact_id, came.sender.key, elsewhere=False) if fitting else None


def _keep(session: Session, came: Came, found: _Whose | None, leads: list[LeadOfContact], wish: Wish) -> list[Lease]:
    """What a person wrote: heeded first, then told."""
    contact_id, key = (found.contact_id, found.key) if found else (keep_contact(session, came.sender), came.sender.key)
    concerned = [found.known] if found else (open_ones(leads) or leads[:1]) if wish in OPTS_OUT else []
    asks = wish is Wish.UNCLEAR
    words = came.new or ("" if came.mail.files else came.mail.words)
    text_id = keep_text(
        session,
        {
            "lead_id": concerned[0].lead_id if concerned else None,
            "contact_point_id": contact_id,
            "channel": "email",
            "direction": "in",
            "status": status_of(wish, staff=False, placed=bool(concerned)),
            "subject": came.mail.subject,
            "body": words,
            "whole": came.mail.words if came.mail.words != words else None,
            "files": "\n".join(came.mail.files) or None,
            "provider": PROVIDER,
            "provider_id": came.mail.key,
            "created_at": came.written_at,
            "due_at": came.at + ANSWERED_WITHIN if asks else None,
        },
    )
    late = came.at - came.written_at > LATE or newer_was_received(session, contact_id, came.written_at)
    written = Written(
        text_id, key, words, 0, late, wish, came.at, came.salt, "email", came.mail.subject, elsewhere=bool(found and found.elsewhere)
    )
    all_of_them = {known.lead_id for known in (*leads, *concerned)}
    end_drips_of_all(session, sorted(all_of_them), ENDS_DRIPS.get(wish, "replied"), came.at)
    heed_email(session, written, contact_id)
    leases: list[Lease] = []
    if written.elsewhere and wish is Wish.STOP:
        leases += _close_sender(session, came, leads)
    for known in concerned:
        leases += tell(session, written, known)
    if not concerned:
        leases += ask_whose(session, text_id, open_ones(leads) or leads, came.default_team, came.at, came.salt, unclear=asks)
    return leases


def _close_sender(session: Session, came: Came, leads: list[LeadOfContact]) -> list[Lease]:
    """No offers leave for the address either from which they wrote, whose leads these are; nor once one brings it. Its key is locked."""
    if not leads:  # of who is nobody's, the hash alone is kept
        suppress(session, came.sender.key, ("marketing",), UNSUBSCRIBED, came.at)
        return []
    close_address(session, came.sender.key, keep_contact(session, came.sender), OPTED_OUT, came.at)
    return [lease for known in leads for lease in redraw(session, known.lead_id, at_once=True)]


def _hear_machine(session: Session, came: Came, found: _Whose | None) -> tuple[Outcome, list[Lease]]:
    """Their mailbox answered by itself: the thread shows it, nobody is rung, and nothing stops for it."""
    if found is None:
        return "automatic", []
    number = found.known.lead_id
    row = {
        "lead_id": number, "contact_point_id": found.contact_id, "channel": "email", "direction": "auto", "status": "received",
        "subject": came.mail.subject, "body": came.new or came.mail.words, "provider": PROVIDER, "provider_id": came.mail.key,
        "created_at": came.written_at,
    }  # fmt: skip
    text_id = keep_text(session, row)
    body = {"subject": row["subject"], "words": row["body"]}
    fact = Fact("auto_replied", "borrower", came.at, {"text": text_id}, subject_id=found.known.borrower_id, body=body)
    seq = append_event(session, number, fact, came.salt)
    post_update(session, number, "auto_replied", seq, found.known.score)
    return "automatic", []
