"""The borrower's texts come in: kept once, told in the lead's thread, and the owner hears that somebody waits for an answer."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.asking_again import sleeps, wake
from bot.opting_out import ANSWERED_WITHIN, OPTS_OUT, Answers, Written, answers_of, heed
from bot.rules.opt_out import Wish, read_wish
from bot.rules.phones import read_phone
from bot.services import Services
from bot.store.clocks import UNANSWERED, clocks_of, start_clock
from bot.store.contacts import Reachable, keep_contact, lock_keys
from bot.store.events import Fact, append_event
from bot.store.installation import contact_key
from bot.store.leads import ENDED_STAGES, LeadOfContact, leads_of_contacts, lock_lead
from bot.store.messages import change_text, is_kept, keep_text, last_lead_written_to, newer_was_received
from bot.store.people import compliance_officers
from bot.store.postings import Lease, post_cards, post_notice, post_update, redraw
from bot.store.stages import move_to_stage

LATE = timedelta(minutes=5)
"""A text that reaches us so long after it was written is told with its time."""
EVER = datetime(1970, 1, 1, tzinfo=UTC)
OWNER_TOLD = 0
"""The first step of an unanswered clock: done with the message that the text itself brings."""
WAITS_FOR_AN_ANSWER = (Wish.NONE, Wish.START, Wish.UNCLEAR)


@dataclass(frozen=True, slots=True)
class Sms:
    """A text as the provider delivers it. `written_at` is known where it was read back later."""

    provider: str
    provider_id: str
    sender: str
    words: str
    pictures: int = 0
    answered_there: str = ""  # STOP, START or HELP where the provider acted on that word itself, and answered it
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """Everything that the transaction needs, worked out beforehand. The two answers are the company's, where it gave them."""

    sms: Sms
    sender: Reachable
    answers: Answers
    at: datetime
    salt: str

    @property
    def written_at(self) -> datetime:
        return self.sms.written_at or self.at


def prepare(services: Services, sms: Sms) -> Came:
    """Work out what can be worked out before the transaction. A sender that is no phone number, such as a short code, is kept as it is."""
    number = read_phone(sms.sender) or sms.sender
    sender = Reachable("phone", number, contact_key(services.hash_key, "phone", number))
    return Came(sms, sender, answers_of(services), services.clock.now(), services.salt())


async def sms_received(services: Services, sms: Sms) -> None:
    """Keep a borrower's text. When this returns, it is durable and whoever must know will be told."""
    leases = await services.store.transact(receive_sms, prepare(services, sms))
    services.owe(leases)


def receive_sms(session: Session, came: Came) -> list[Lease]:
    """The transaction of a text that came in. The same text again changes nothing."""
    lock_keys(session, [came.sender.key])
    if is_kept(session, came.sms.provider, came.sms.provider_id):
        return []
    contact_id = keep_contact(session, came.sender)
    leads = _leads_of(session, came.sender.key)
    wish = Wish.STOP if came.sms.answered_there == "STOP" else read_wish(came.sms.words)
    if wish in OPTS_OUT:
        concerned = _open(leads) or leads[:1]
    else:
        concerned = [lead] if (lead := _whose(leads, last_lead_written_to(session, contact_id))) else []
    asks = wish is Wish.UNCLEAR
    text_id = keep_text(
        session,
        {
            "lead_id": concerned[0].lead_id if concerned else None,
            "contact_point_id": contact_id,
            "direction": "in",
            "status": "opt_out" if wish in OPTS_OUT else "unclear" if asks else "received" if concerned else "unplaced",
            "body": came.sms.words,
            "pictures": came.sms.pictures,
            "provider": came.sms.provider,
            "provider_id": came.sms.provider_id,
            "created_at": came.written_at,
            "due_at": came.at + ANSWERED_WITHIN if asks else None,
        },
    )
    late = came.at - came.written_at > LATE or newer_was_received(session, contact_id, came.written_at)
    written = Written(text_id, came.sender.key, came.sms.words, came.sms.pictures, late, wish, came.at, came.salt)
    heed(session, written, contact_id, came.answers, answered_there=bool(came.sms.answered_there))
    leases: list[Lease] = []
    for known in concerned:
        leases += tell(session, written, known)
    return leases


def tell(session: Session, written: Written, known: LeadOfContact) -> list[Lease]:
    """A lead's thread is told what its borrower wrote; its owner hears of it, or the pool where nobody owns it."""
    lock_lead(session, known.lead_id)
    # Whoever claimed or released it meanwhile is seen now.
    known = next((lead for lead in _leads_of(session, written.key) if lead.lead_id == known.lead_id), known)
    meta = {"text": written.text_id, "wish": written.wish, "late": written.late}
    body = {"words": written.words, "pictures": written.pictures}
    fact = Fact("wrote", "borrower", written.at, meta, subject_id=known.borrower_id, body=body)
    seq = append_event(session, known.lead_id, fact, written.salt)
    change_text(session, written.text_id, lead_id=known.lead_id, event_seq=seq)
    cards = post_cards(session, known.lead_id, known.team_id, known.score, at_once=True)  # an imported lead had none until now
    post_update(session, known.lead_id, "wrote", seq, known.score)
    leases = [card for card in cards if card.held]
    leases += _ring(session, written, known, seq)
    return leases + redraw(session, known.lead_id, at_once=True)


def _ring(session: Session, written: Written, known: LeadOfContact, seq: int) -> list[Lease]:
    """Who has to know: the owner who is here, else whoever is quickest; and of what may be an opt-out, compliance too."""
    waits = written.wish in WAITS_FOR_AN_ANSWER
    leases: list[Lease] = []
    if known.owner_id is not None and known.owner_is_here(written.at):
        leases += post_notice(session, known.lead_id, known.owner_id, "wrote", seq, known.score, at_once=True)
        if waits and known.stage != "funded":
            if sleeps(known.stage):
                move_to_stage(session, known.lead_id, "new", written.at)
            clocks = clocks_of(session, known.lead_id)
            if not (UNANSWERED in clocks and clocks[UNANSWERED].runs):
                start_clock(session, known.lead_id, UNANSWERED, started_at=written.at, due_at=written.at, step=OWNER_TOLD)
    elif waits:
        leases += wake(session, known, written.at, written.at, written.salt)
    for officer_id in compliance_officers(session) if written.wish is Wish.UNCLEAR else []:
        leases += post_notice(session, known.lead_id, officer_id, "may_be_opt_out", seq, known.score, at_once=True)
    return leases


def _leads_of(session: Session, key: str) -> list[LeadOfContact]:
    """The leads that have this number, each once, the newest first; as the asker's, unless it is only a co-borrower's."""
    found = leads_of_contacts(session, [key], EVER)
    by_lead = {lead.lead_id: lead for lead in sorted(found, key=_position, reverse=True)}
    return [by_lead[number] for number in dict.fromkeys(lead.lead_id for lead in found)]


def _position(known: LeadOfContact) -> int:
    return known.position


def _open(leads: list[LeadOfContact]) -> list[LeadOfContact]:
    return [lead for lead in leads if lead.stage not in ENDED_STAGES]


def _whose(leads: list[LeadOfContact], answered: int | None) -> LeadOfContact | None:
    """The lead that these words belong to; None where a person has to say. Words of one borrower must never reach another's thread."""
    for lead in leads:
        if lead.lead_id == answered:
            return lead
    fitting = _open(leads)
    if not fitting and len({(lead.first_name or "").casefold() for lead in leads}) == 1:
        fitting = leads[:1]
    return fitting[0] if len(fitting) == 1 and fitting[0].position == 0 else None
