"""The borrower's texts come in: kept once, told in the lead's thread, and the owner hears that somebody waits for an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.capture.asking_again import show_again, wait_for_answer, wake
from bot.conversation.opting_out import ANSWERED_WITHIN, OPTS_OUT, Answers, Written, answers_of, heed
from bot.conversation.speaking import listen
from bot.distribution.scoring import judge_again
from bot.leads.press import NoSuchLead, Press
from bot.leads.working import MayNotWork
from bot.outreach.reach import Channel
from bot.rules.asking_us import asks_us_again
from bot.rules.opt_out import Wish, read_wish
from bot.rules.phones import read_phone
from bot.rules.roles import may
from bot.rules.scoring import call_wish
from bot.rules.stages import LOAN_UNDER_WAY
from bot.services import Services
from bot.speed_to_lead.chat_down import Reply, answer_reply, reply_to_alarm
from bot.store.clocks import UNANSWERED, UNCLAIMED, clocks_of, stop_clock
from bot.store.contacts import Reachable, forget_contacts, keep_contact, keep_contacts, lock_keys
from bot.store.covering import who_answers
from bot.store.drips import end_drips_of_all
from bot.store.events import COMPANY, UNDONE, Fact, PastEvent, append_event, events_since
from bot.store.installation import contact_key
from bot.store.leads import (
    ENDED_STAGES,
    LeadOfContact,
    add_co_borrower,
    drop_borrowers,
    lead_of,
    leads_of_contacts,
    lock_lead,
    lock_leads,
    there_is,
)
from bot.store.messages import (
    Status,
    TextRow,
    change_text,
    is_kept,
    keep_text,
    last_lead_written_to,
    lock_text,
    newer_was_received,
    text_row,
)
from bot.store.people import compliance_officers, doer, leaders_of, officer_with_phone, team_of
from bot.store.postings import Lease, post_cards, post_notice, post_update, redraw, redraw_line, redraw_notice
from bot.store.reminders import end_plan, take_back_reminders
from bot.store.scoring import Heard, owe_score
from bot.store.seen import once
from bot.store.stages import move_to_stage
from bot.store.suppressions import SALES_CALLS, closed_channels

LATE = timedelta(minutes=5)
"""A text that reaches us so long after it was written is told with its time."""
EVER = datetime(1970, 1, 1, tzinfo=UTC)
NOT_OURS = 0
"""In the place of a lead's number: the words belong to none."""
UNPLACED_WORTH = 100
"""As the best lead: somebody waits for an answer."""
ENDS_DRIPS = {Wish.STOP: "opted_out", Wish.WRONG_NUMBER: "wrong_number", Wish.UNCLEAR: "may_be_opt_out"}
"""Why nothing leaves by itself any more; any other words are an answer, and end it too."""
WAITS_FOR_AN_ANSWER = (Wish.NONE, Wish.START, Wish.UNCLEAR)


@dataclass(frozen=True, slots=True)
class Sms:
    """A text as the provider delivers it. `written_at` is known where it was read back later."""

    provider: str
    provider_id: str
    sender: str
    words: str
    pictures: int = 0
    our_number: str = ""  # that they texted
    answered_there: str = ""  # STOP, START or HELP where the provider acted on that word itself, and answered it
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """Everything that the transaction needs, worked out beforehand. The two answers are the company's, where it gave them; `team` is whose
    number it is, by its key, else the one that gets what belongs to none."""

    sms: Sms
    sender: Reachable
    answers: Answers
    team: str
    company: str
    at: datetime
    salt: str

    @property
    def written_at(self) -> datetime:
        return self.sms.written_at or self.at


def prepare(services: Services, sms: Sms) -> Came:
    """Work out what can be worked out before the transaction. A sender that is no phone number, such as a short code, is kept as it is."""
    number = read_phone(sms.sender) or sms.sender
    sender = Reachable("phone", number, contact_key(services.hash_key, "phone", number))
    in_force = services.in_force
    team = in_force.config.team_with(sms.our_number) or in_force.config.default_team
    return Came(sms, sender, answers_of(services), team, in_force.company_name, services.clock.now(), services.salt())


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
    known_as = names_of(leads_of_key(session, came.sender.key))
    wish = Wish.STOP if came.sms.answered_there == "STOP" else read_wish(came.sms.words, known_as)
    reply = reply_to_alarm(session, came.sender.value, came.sms.words, came.at) if wish in (Wish.NONE, Wish.UNCLEAR) else None
    if reply is not None and (reply.lead is not None or not leads_of_key(session, came.sender.key)):
        return _hear_officer(session, came, contact_id, reply)
    lock_leads(session, {known.lead_id for known in leads_of_key(session, came.sender.key)})
    leads = leads_of_key(session, came.sender.key)  # as they stand now that nobody changes them
    staff_id = None if leads or wish in OPTS_OUT else officer_with_phone(session, came.sender.value)
    if staff_id is not None and wish is Wish.UNCLEAR:
        wish = Wish.NONE
    if wish in OPTS_OUT:
        concerned = open_ones(leads) or leads[:1]
    else:
        concerned = [lead] if (lead := whose(leads, last_lead_written_to(session, contact_id, came.sms.our_number))) else []
    asks = wish is Wish.UNCLEAR
    text_id = keep_text(
        session,
        {
            "lead_id": concerned[0].lead_id if concerned else None,
            "contact_point_id": contact_id,
            "direction": "in",
            "status": status_of(wish, staff=staff_id is not None, placed=bool(concerned)),
            "body": came.sms.words,
            "pictures": came.sms.pictures,
            "our_number": came.sms.our_number or None,
            "provider": came.sms.provider,
            "provider_id": came.sms.provider_id,
            "created_at": came.written_at,
            "due_at": came.at + ANSWERED_WITHIN if asks else None,
        },
    )
    late = came.at - came.written_at > LATE or newer_was_received(session, contact_id, came.written_at)
    written = Written(text_id, came.sender.key, came.sms.words, came.sms.pictures, late, wish, came.at, came.salt)
    end_drips_of_all(session, [known.lead_id for known in leads], ENDS_DRIPS.get(wish, "replied"), came.at)
    our_number, answered_there = came.sms.our_number or None, bool(came.sms.answered_there)
    heed(session, written, came.written_at, contact_id, came.answers, our_number, answered_there=answered_there)
    leases: list[Lease] = []
    for known in concerned:
        leases += tell(session, written, known)
    if staff_id is not None:
        leases += _tell_staff(session, came, text_id, staff_id)
    elif not concerned and wish not in OPTS_OUT:
        leases += ask_whose(session, text_id, open_ones(leads) or leads, came.team, came.at, came.salt, unclear=asks)
    return leases


def _hear_officer(session: Session, came: Came, contact_id: int, reply: Reply) -> list[Lease]:
    """An officer answers our text from their own phone: no borrower's words, whoever else has that number."""
    row = {
        "contact_point_id": contact_id, "direction": "in", "status": "staff", "body": came.sms.words, "pictures": came.sms.pictures,
        "provider": came.sms.provider, "provider_id": came.sms.provider_id, "created_at": came.written_at,
    }  # fmt: skip
    keep_text(session, row)
    delivery = f"{came.sms.provider}:{came.sms.provider_id}"
    return [*answer_reply(session, reply, contact_id, delivery, came.company, came.at, came.salt)]


def status_of(wish: Wish, *, staff: bool, placed: bool) -> Status:
    if wish in OPTS_OUT:
        return "opt_out"
    if wish is Wish.UNCLEAR:
        return "unclear"
    return "staff" if staff else "received" if placed else "unplaced"


def _tell_staff(session: Session, came: Came, text_id: int, staff_id: int) -> list[Lease]:
    """One of us texted our number from their own phone: no borrower's words, and none that a borrower will read."""
    fact = Fact("staff_texted", "leadbell", came.at, {"text": text_id}, officer_id=staff_id)
    seq = append_event(session, COMPANY, fact, came.salt)
    change_text(session, text_id, event_seq=seq)
    return post_notice(session, None, staff_id, "staff_texted", seq, UNPLACED_WORTH, at_once=True)


def ask_whose(
    session: Session, text_id: int, leads: list[LeadOfContact], default_team: str, at: datetime, salt: str, *, unclear: bool
) -> list[Lease]:
    """Whose words they are is asked: the owner, or who covers for them, where all that fit have the same one, else who leads the team.

    Of `unclear` words it is asked first whether they are an opt-out, and compliance is asked too.
    """
    owners = {who_answers(session, lead, at) for lead in leads if lead.owner_id is not None}
    team_id = leads[0].team_id if leads else team_of(session, default_team)
    told = [owner for owner in owners if owner is not None] if len(owners) == 1 else leaders_of(session, team_id)
    meta = {"text": text_id, "leads": [lead.lead_id for lead in leads]}
    seq = append_event(session, COMPANY, Fact("unplaced", "leadbell", at, meta), salt)
    change_text(session, text_id, event_seq=seq)
    leases: list[Lease] = []
    for officer_id in told:
        leases += post_notice(session, None, officer_id, "unplaced", seq, UNPLACED_WORTH, at_once=True)
    for officer_id in set(compliance_officers(session)) - set(told) if unclear else ():
        leases += post_notice(session, None, officer_id, "may_be_opt_out", seq, UNPLACED_WORTH, at_once=True)
    return leases


@dataclass(frozen=True, slots=True)
class Placed:
    """The words stand in that lead's thread; None where they are nobody's. `seq` is the company's event to take back; None where the words
    made a lead of their own."""

    lead: int | None
    seq: int | None = field(default=None, compare=False)
    kind: Literal["placed"] = "placed"


@dataclass(frozen=True, slots=True)
class PlacedBefore:
    """Somebody else was quicker, or whoever presses said it before."""

    by_you: bool = False
    kind: Literal["placed_before"] = "placed_before"


PlaceOutcome = Placed | PlacedBefore | MayNotWork | NoSuchLead
place_answers: TypeAdapter[PlaceOutcome] = TypeAdapter(PlaceOutcome)


async def place(services: Services, pressed: Press, text_id: int) -> PlaceOutcome:
    """Somebody says to which lead a text belongs: a number that is new there is a co-borrower's from now on. Lead 0: to none of ours."""
    outcome, leases = await services.store.transact(place_text, pressed, text_id)
    services.owe(leases)
    return outcome


def place_text(session: Session, by: Press, text_id: int) -> tuple[PlaceOutcome, list[Lease]]:
    """The transaction of that answer. Whoever is first decides."""
    text = lock_text(session, text_id)
    assert text is not None, "texts are never deleted"
    leases: list[Lease] = []

    def said() -> PlaceOutcome:
        refused, key = may_place(session, by, text)
        if refused is not None:
            return refused
        if by.lead != NOT_OURS and not there_is(session, by.lead):
            return NoSuchLead(by.lead)
        asked: dict[str, Any] = {"asked": text.event_seq}
        if by.lead == NOT_OURS:
            return Placed(None, note_placed(session, by, key, text, "not_ours", asked))
        lock_lead(session, by.lead)
        before = lead_of(session, by.lead)
        ran = [kind for kind, clock in clocks_of(session, by.lead).items() if clock.runs]
        borrower_id, told = put_there(session, by, text)
        leases.extend(told)
        wrote = text_row(session, text.id)
        assert wrote is not None, "texts are never deleted"
        asked |= {"wrote": wrote.event_seq, "co_borrower": borrower_id, "stage": before.stage, "owner": before.owner_id, "ran": ran}
        return Placed(by.lead, note_placed(session, by, key, text, "received", asked))

    return once(session, by.delivery, by.at, place_answers, said), leases


def may_place(session: Session, by: Press, text: TextRow) -> tuple[PlaceOutcome | None, str]:
    """Why this person may not say whose the text is, or None; and their key."""
    person = doer(session, by.officer_id)
    if not (person.active and may(person.role, "work")):
        return MayNotWork(by.lead, person.role), person.key
    return (None if text.status == "unplaced" else PlacedBefore(text.officer_id == by.officer_id)), person.key


def note_placed(session: Session, by: Press, key: str, text: TextRow, status: Status, before: Mapping[str, Any]) -> int:
    """Write down who said it, with what was so `before`, and take the question away from everybody. Returns the company's event."""
    meta = {"text": text.id, "lead": by.lead, **before}
    seq = append_event(session, COMPANY, Fact("text_placed", f"officer:{key}", by.at, meta, officer_id=by.officer_id), by.salt)
    redraw_notice(session, text.event_seq)
    change_text(session, text.id, status=status, officer_id=by.officer_id)
    return seq


def moved_since(session: Session, _: Press, placed: PastEvent) -> str | None:
    """Whether the words are no longer where this put them."""
    text = lock_text(session, placed.meta["text"])
    there = text is not None and (text.lead_id or NOT_OURS) == placed.meta["lead"] and text.status in ("received", "not_ours")
    return None if there and "asked" in placed.meta else "opt_out_decided"


def undo_placing(session: Session, by: Press, placed: PastEvent) -> list[Lease]:
    """The words leave the thread that they were put into, whose number they made a co-borrower's is that no more, and it is asked again
    whose they are."""
    meta, lead_id = placed.meta, placed.meta["lead"]
    leases: list[Lease] = []
    change_text(session, meta["text"], status="unplaced", lead_id=None, event_seq=meta["asked"], officer_id=None)
    if lead_id != NOT_OURS:
        fact = Fact(UNDONE, placed.actor, by.at, {"seq": meta["wrote"], "what": "wrote"}, officer_id=by.officer_id)
        append_event(session, lead_id, fact, by.salt)
        if meta["co_borrower"] is not None:
            drop_borrowers(session, lead_id, [meta["co_borrower"]])
            forget_contacts(session, meta["co_borrower"])
        take_back_reminders(session, lead_id, meta["wrote"])
        _wait_no_more(session, lead_id, placed, by.at)
        owe_score(session, lead_id, by.at)
        redraw_line(session, lead_id, meta["wrote"])
        leases += redraw(session, lead_id, at_once=True)
    redraw_notice(session, meta["asked"])
    return leases


def _wait_no_more(session: Session, lead_id: int, placed: PastEvent, now: datetime) -> None:
    """Nobody of this lead waits for an answer to words of somebody else, unless they wrote themselves since."""
    events = events_since(session, lead_id, placed.meta["wrote"])
    if any(event.kind in ("wrote", "called_us", "asked_again") and event.seq != placed.meta["wrote"] for event in events):
        return
    for kind, clock in clocks_of(session, lead_id).items():
        if kind in (UNANSWERED, UNCLAIMED) and clock.started_at == placed.at and kind not in placed.meta["ran"]:
            stop_clock(session, lead_id, kind)
    known = lead_of(session, lead_id)
    if known.stage == "new" and known.owner_id == placed.meta["owner"] and placed.meta["stage"] != "new":
        move_to_stage(session, lead_id, placed.meta["stage"], now)  # it had slept, and rang for nobody
        if known.owner_id is None:
            stop_clock(session, lead_id, UNCLAIMED)


def put_there(session: Session, by: Press, text: TextRow) -> tuple[int | None, list[Lease]]:
    """The words belong to that lead; whose number or address is new there is a co-borrower, who is returned."""
    lock_lead(session, by.lead)
    borrower_id = None
    known = next((lead for lead in leads_of_key(session, text.key) if lead.lead_id == by.lead), None)
    if known is None:
        borrower_id = add_co_borrower(session, by.lead)
        kind = "email" if text.channel == "email" else "phone"
        keep_contacts(session, borrower_id, [Reachable(kind, text.address, text.key)])
        known = lead_of(session, by.lead)
    late = by.at - text.created_at > LATE
    channel: Channel = "email" if text.channel == "email" else "sms"
    written = Written(text.id, text.key, text.words, text.pictures, late, Wish.NONE, by.at, by.salt, channel, text.subject)
    return borrower_id, tell(session, written, known)


def tell(session: Session, written: Written, known: LeadOfContact) -> list[Lease]:
    """A lead's thread is told what its borrower wrote; its owner hears of it, or the pool where nobody owns it. The lead is locked, and
    read since."""
    closed = closed_channels(session, written.key)
    # Their carrier lets texts through again; our own list opens for a consent alone.
    in_vain = written.wish is Wish.START and "sms" in closed
    worth, news = _score_anew(session, written, known) if written.wish is Wish.NONE else (known.score, {})
    speaks = listen(session, known.lead_id, written.words, written.at) if written.wish in WAITS_FOR_AN_ANSWER else None
    meta = {"text": written.text_id, "wish": written.wish, "late": written.late, "in_vain": in_vain, "speaks": speaks, **news}
    if written.elsewhere:
        meta["elsewhere"] = True
    body = {"words": written.words, "pictures": written.pictures, "subject": written.subject}
    fact = Fact("wrote", "borrower", written.at, meta, subject_id=known.borrower_id, body=body)
    seq = append_event(session, known.lead_id, fact, written.salt)
    change_text(session, written.text_id, lead_id=known.lead_id, event_seq=seq)
    end_plan(session, known.lead_id, "wrote", seq)
    cards = post_cards(session, known.lead_id, known.team_id, worth, at_once=True)  # an imported lead had none until now
    post_update(session, known.lead_id, "wrote", seq, worth)
    leases = [card for card in cards if card.held]
    waits = written.wish in WAITS_FOR_AN_ANSWER and not in_vain and (asks_us_again(written.words) or not _opted_out(known, closed))
    leases += _ring(session, written, known, seq, waits=waits)
    show_again(session, known.lead_id, news, seq, worth)
    return leases + redraw(session, known.lead_id, at_once=True)


def _opted_out(known: LeadOfContact, closed: Mapping[str, str]) -> bool:
    """Whether neither a text nor a call may answer them: who is told to answer would only be tempted to call."""
    return {"sms", SALES_CALLS} <= closed.keys() and known.stage not in LOAN_UNDER_WAY


def _score_anew(session: Session, written: Written, known: LeadOfContact) -> tuple[int, dict[str, Any]]:
    """Whoever writes wants it more than the form told: the new score, and what is worth telling of it."""
    heard = Heard("replied", written.at, call_wish(written.words))
    judged = judge_again(session, known.lead_id, written.at, heard)
    return judged.score.points, judged.news(heard)


def _ring(session: Session, written: Written, known: LeadOfContact, seq: int, *, waits: bool) -> list[Lease]:
    """Who has to know: the owner or who covers for them, else whoever is quickest; and of what may be an opt-out, compliance too."""
    leases: list[Lease] = []
    answers = who_answers(session, known, written.at)
    if answers is not None:
        leases += post_notice(session, known.lead_id, answers, "wrote", seq, known.score, at_once=True)
        if waits:
            wait_for_answer(session, known, written.at)
    elif waits:
        leases += wake(session, known, written.at, written.at, written.salt)
    for officer_id in compliance_officers(session) if written.wish is Wish.UNCLEAR else []:
        leases += post_notice(session, known.lead_id, officer_id, "may_be_opt_out", seq, known.score, at_once=True)
    return leases


def leads_of_key(session: Session, key: str) -> list[LeadOfContact]:
    """The leads that have this number or address, each once, the newest first; as the asker's, unless it is only a co-borrower's."""
    found = leads_of_contacts(session, [key], EVER)
    by_lead = {lead.lead_id: lead for lead in sorted(found, key=_position, reverse=True)}
    return [by_lead[number] for number in dict.fromkeys(lead.lead_id for lead in found)]


def names_of(leads: Iterable[LeadOfContact]) -> set[str]:
    """Who has them, as far as we know."""
    return {known.first_name for known in leads if known.first_name}


def _position(known: LeadOfContact) -> int:
    return known.position


def open_ones(leads: list[LeadOfContact]) -> list[LeadOfContact]:
    return [lead for lead in leads if lead.stage not in ENDED_STAGES]


def whose(leads: list[LeadOfContact], answered: int | None) -> LeadOfContact | None:
    """The lead that these words belong to; None where a person has to say. Words of one borrower must never reach another's thread."""
    for lead in leads:
        if lead.lead_id == answered:
            return lead
    fitting = open_ones(leads)
    if not fitting and len({(lead.first_name or "").casefold() for lead in leads}) == 1:
        fitting = leads[:1]
    return fitting[0] if len(fitting) == 1 and fitting[0].position == 0 else None
