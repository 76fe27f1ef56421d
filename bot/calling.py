"""An officer has the borrower called: their own phone rings first, the law is asked again, both are connected, and the try logs itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog
from pydantic import TypeAdapter
from sqlmodel import Session

from bot.cadence import plan_next_try
from bot.config import Config
from bot.config.models import Recording
from bot.lead_facts import letters_in, spoken_facts
from bot.missed_calls import end_theirs
from bot.outreach.calls import call_sheet, judgement
from bot.outreach.network import CallAnswer, Door, KnownCall, NeverSent, Nobody, NotNow, seconds
from bot.outreach.numbers import our_number
from bot.paging import still_waits
from bot.press import Press
from bot.refusals import note_refused
from bot.rendering import PLAIN, Words
from bot.rules.calling import recording_forbidden_by
from bot.rules.compliance import Allowed, Rule, WaitUntil
from bot.rules.dispositions import Disposition, stage_after
from bot.rules.numbers import OurNumbers
from bot.rules.phones import digit_by_digit, read_phone
from bot.services import Services
from bot.speed import note_first_attempt
from bot.store.calls import (
    ASKED_AFTER,
    TO_US,
    CallRow,
    Outcome,
    PhoneOfLead,
    call_row,
    call_under_way,
    change_call,
    describe_try,
    keep_call,
    keep_try,
    known_call_ids,
    lock_call,
    phones_of_lead,
    request_is_over,
    take_call,
    wait_with_call,
)
from bot.store.clocks import UNANSWERED, UNCONTACTED, clocks_of, hold_clock, stop_clock
from bot.store.contacts import lock_keys
from bot.store.events import Fact, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.messages import SENDING_ENDS_AFTER
from bot.store.own_voicemail import own_voicemail
from bot.store.people import phone_of, team_of
from bot.store.postings import Lease, post_notice, post_update, redraw, redraw_line
from bot.store.reminders import answer_reminders
from bot.store.scoring import owe_score
from bot.store.seen import once
from bot.store.stages import move_to_stage
from bot.store.suppressions import closed_channels
from bot.store.views import LeadView, lead_view
from bot.store.work import CALLING, paused
from bot.working import CALL_TAKES, NotWorked, NotYourLead, allowed

log = structlog.get_logger()

RINGS_ONCE = timedelta(minutes=2)
"""How long after somebody asked for a call a second press asks for no other."""
WORTH_PLACING_FOR = timedelta(minutes=1)
"""Whoever pressed so long ago does not wait for the ring any more."""
TRIED_AGAIN_AFTER = 2.0
TOLD_WITHIN = 3.0
"""Seconds after the end of a call in which the network tells of its other end too."""
ASK_AGAIN_AFTER = (0.0, 10.0, 20.0, 30.0)
"""Seconds between the questions about a call whose answer was lost."""
ASKED_BEFORE = timedelta(minutes=5)
"""How far the network's clock may be behind ours."""
CONNECT = "1"
"""What an officer presses to be connected, so that no voicemail of theirs ever is."""
CONNECT_OR_LEAVE = "2"
"""The same, with our recorded words for a machine that answers."""
CLOSED_TO_RECORDINGS = frozenset({"marketing", "automation"})
spoken = Words("voice", PLAIN)

Why = Literal["calls_are_off", "no_phone_of_yours", "no_phone", "may_not_be_called"]


@dataclass(frozen=True, slots=True)
class Ringing:
    """Their own phone, which ends in these two digits, rings in a moment, or does so already."""

    lead: int
    ending: str
    kind: Literal["ringing"] = "ringing"


@dataclass(frozen=True, slots=True)
class CannotCall:
    lead: int
    because: Why
    kind: Literal["cannot_call"] = "cannot_call"


@dataclass(frozen=True, slots=True)
class NotYet:
    """The borrower may not be called before then."""

    lead: int
    opens_at: datetime
    zone: str
    waits_for: Rule | None = None
    kind: Literal["not_yet"] = "not_yet"


CallMeOutcome = Ringing | CannotCall | NotYet | NotWorked
_answers: TypeAdapter[CallMeOutcome] = TypeAdapter(CallMeOutcome)


@dataclass(frozen=True, slots=True)
class Asks:
    """Say this, and wait for a digit."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Says:
    """Say this and hang up; nothing where there is nothing to say."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Connects:
    """Ring this number and connect whoever picks up; they see this one of ours, else the one that all teams share.
    `hears_machines`: it is told whether a machine picked up, once it is through with its greeting."""

    number: str
    our_number: str | None = None
    hears_machines: bool = False
    announces: Says | None = None
    """What both ends hear before they are connected, where the call is recorded."""


@dataclass(frozen=True, slots=True)
class Rings:
    """Say this, ring one of us, and connect the caller once they press 1."""

    number: str
    announces: "Says | None" = None
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Records:
    """Say this, then record what is said after a tone, until # is pressed or nobody speaks."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class PlaysBack:
    """Play this recording, say this, and wait for a digit."""

    recording_id: str
    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Leaves:
    """Play an officer's own recording between these words, and hang up."""

    before: str
    recording_id: str
    after: str
    language: str


Spoken = Asks | Connects | Rings | Says | Records | PlaysBack | Leaves
NOTHING = Says("", "en")


@dataclass(frozen=True, slots=True)
class Placing:
    """A call that is marked as being placed: the right to one request."""

    call_id: int
    fence: int
    to: str
    door: Door
    lead_id: int | None


async def call_me(services: Services, pressed: Press) -> CallMeOutcome:
    """Ring the officer's own phone, to connect them with the borrower. When this returns the call is durable and is placed once."""
    outcome, call_id = await services.store.transact(ask_for_call, pressed, on=services.voice is not None)
    if call_id is not None:
        services.ring([call_id])
    return outcome


def ask_for_call(session: Session, by: Press, *, on: bool) -> tuple[CallMeOutcome, int | None]:
    """The transaction of Call me; with the call, where there is a new one."""
    made: list[int] = []

    def decide() -> CallMeOutcome:
        refused, _, person = allowed(session, by, leaders_too=True, cover_too=True)
        if refused is not None:
            return refused
        if not on:
            return CannotCall(by.lead, "calls_are_off")
        lead = lead_view(session, by.lead)
        assert lead is not None, "it was just locked"
        if (closed := _closed(lead, by.at)) is not None:
            _note_closed(session, by, person.key, lead)
            return closed
        phone = own_phone(session, by.officer_id)
        if phone is None:
            return CannotCall(by.lead, "no_phone_of_yours")
        if call_under_way(session, by.lead, by.officer_id, by.at - RINGS_ONCE) is None:
            row = {"lead_id": by.lead, "officer_id": by.officer_id, "created_at": by.at, "due_at": by.at}
            made.append(keep_call(session, "to_borrower", row))
            fact = Fact("call_asked", f"officer:{person.key}", by.at, {"call": made[0]}, officer_id=by.officer_id)
            append_event(session, by.lead, fact, by.salt)
        keep_last_opened(session, by.officer_id, by.lead, by.at)
        return Ringing(by.lead, phone[-2:])

    outcome = once(session, by.delivery, by.at, _answers, decide)
    return outcome, made[0] if made else None


def own_phone(session: Session, officer_id: int | None) -> str | None:
    """The number at which one of us is rung."""
    phone = None if officer_id is None else phone_of(session, officer_id)
    return read_phone(phone) if phone else None


def _closed(lead: LeadView, now: datetime) -> CannotCall | NotYet | None:
    """Why the borrower may not be called at this moment; None where they may."""
    sheet = call_sheet(lead, now)
    if sheet.number is not None:
        return None
    if sheet.opens_at is not None and sheet.zone is not None:
        return NotYet(lead.number, sheet.opens_at, sheet.zone, sheet.waits_for)
    return CannotCall(lead.number, "no_phone" if not lead.phones and not lead.silenced else "may_not_be_called")


def _note_closed(session: Session, by: Press, actor: str, lead: LeadView) -> None:
    found = judgement(lead, by.at)
    assert not isinstance(found, Allowed), "it was just refused"
    note_refused(session, by, actor, "call", found.rule, found.rule, found.at if isinstance(found, WaitUntil) else None)


async def place_next(services: Services) -> None:
    """One step of a worker: do what one call needs."""
    call_id = await services.calls.get()
    try:
        await place(services, call_id)
    finally:
        services.calls.task_done()
        services.called.discard(call_id)


async def place(services: Services, call_id: int) -> None:
    """Mark one call as being placed, ask the network for it once, and write down what it said; or ask what became of it."""
    began = seconds()  # before the database counts, so ours is the earlier deadline
    placing, leases = await services.store.transact(
        begin_placing, call_id, services.clock.now(), services.salt(), on=services.voice is not None
    )
    services.owe(leases)
    if services.voice is None:
        return
    if placing is None:
        await _ask(services, call_id)
        return
    answer = await services.voice.ring(placing.to, placing.call_id, placing.door, began + SENDING_ENDS_AFTER)
    ids = {"call": call_id, "lead": placing.lead_id}
    if isinstance(answer, KnownCall):
        log.info("a call was placed", **ids, provider_id=answer.provider_id)
    else:
        log.warning("a call was not placed for sure", **ids, because=type(answer).__name__)
    known_as = services.voice.name
    services.owe(await services.store.transact(record_answer, placing, answer, known_as, services.clock.now(), services.salt()))


def begin_placing(session: Session, call_id: int, now: datetime, salt: str, *, on: bool) -> tuple[Placing | None, list[Lease]]:
    """The step to `placing`: still wanted, and nobody else's."""
    call = None if CALLING in paused(session) else lock_call(session, call_id)
    if call is None or call.status != "queued" or call.due_at is None or call.due_at > now:
        return None, []
    to = own_phone(session, call.officer_id)
    if not on or to is None or (call.kind not in TO_US and now - call.created_at >= WORTH_PLACING_FOR):
        return None, end_call(session, call, "failed", now, salt)
    if call.kind in TO_US and not (call.lead_id and still_waits(session, call.lead_id, call.event_seq, call.created_at, now)):
        return None, end_call(session, call, "refused", now, salt, "no_longer_needed")
    fence = take_call(session, call.id, "placing")
    door: Door = "paged" if call.kind in TO_US else "records" if call.kind == "own_voicemail" else "answered"
    return (None if fence is None else Placing(call.id, fence, to, door, call.lead_id)), []


def record_answer(session: Session, placing: Placing, answer: CallAnswer, provider: str, now: datetime, salt: str) -> list[Lease]:
    """What the network answered. Our own door may have been asked before it did; then that stands."""
    call = lock_call(session, placing.call_id)
    assert call is not None, "calls are never deleted"
    match answer:
        case KnownCall() as known:
            return _learn(session, call, known, provider, now, salt)
        case NeverSent(code):
            log.warning("the network refused a call", call=call.id, lead=call.lead_id, error_code=code)
            return end_call(session, call, "failed", now, salt)
        case NotNow() if call.status == "placing" and call.fence == placing.fence:
            wait_with_call(session, call.id, "queued", TRIED_AGAIN_AFTER)
        case Nobody() if call.status == "placing" and call.fence == placing.fence:
            change_call(session, call.id, attempts=0)
            wait_with_call(session, call.id, "uncertain", ASK_AGAIN_AFTER[0])
    return []


def _learn(session: Session, call: CallRow, known: KnownCall, provider: str, now: datetime, salt: str) -> list[Lease]:
    """The network has the call: from here on our doors are asked what happens on it."""
    note_id(session, call, known.provider_id, provider)
    return [] if known.outcome is None else hear_end(session, call, None, now, salt)


def note_id(session: Session, call: CallRow, provider_id: str, provider: str) -> None:
    """Keep by what the network knows a call, which is locked; from now on it rings."""
    if call.provider_id is None:
        change_call(session, call.id, provider=provider, provider_id=provider_id)
    if call.status in ("queued", "placing", "uncertain"):
        wait_with_call(session, call.id, "ringing", ASKED_AFTER)


async def _ask(services: Services, call_id: int) -> None:
    """Ask the network about a call whose answer was lost, or of which it told nothing for long."""
    assert services.voice is not None
    call, to = await services.store.transact(begin_asking, call_id)
    if call is None:
        return
    now, salt = services.clock.now(), services.salt()
    if call.provider_id is None:
        rung = await services.voice.rung(to, call.created_at - ASKED_BEFORE) if to else []
        services.owe(await services.store.transact(record_rung, call_id, rung, services.voice.name, now, salt))
    else:
        stands = await services.voice.how_it_stands(call.provider_id)
        services.owe(await services.store.transact(record_standing, call_id, stands, now, salt))


def begin_asking(session: Session, call_id: int) -> tuple[CallRow | None, str | None]:
    """Hold a call that is to be asked about, with the number that it rings. One whose request is over without an answer is uncertain."""
    call = lock_call(session, call_id)
    if call is None or call.due_at is None or call.status in ("queued", "over") or not request_is_over(session, call_id):
        return None, None
    lost = call.status == "placing"
    if lost:
        change_call(session, call_id, attempts=0)
    if take_call(session, call_id, "uncertain" if lost else call.status) is None:
        return None, None
    return call, own_phone(session, call.officer_id)


def record_rung(session: Session, call_id: int, found: list[KnownCall] | None, provider: str, now: datetime, salt: str) -> list[Lease]:
    """What the network has of ours to this phone: this call, where the id is no other call's of ours."""
    call = lock_call(session, call_id)
    if call is None or call.status != "uncertain" or call.officer_id is None:
        return []
    others = known_call_ids(session, call.officer_id)
    ours = next((known for known in found or () if known.provider_id not in others), None)
    if ours is not None:
        return _learn(session, call, ours, provider, now, salt)
    if found is None or call.attempts < len(ASK_AGAIN_AFTER):
        wait_with_call(session, call.id, "uncertain", ASK_AGAIN_AFTER[min(call.attempts, len(ASK_AGAIN_AFTER) - 1)])
        return []
    return end_call(session, call, "unknown", now, salt)


def record_standing(
    session: Session, call_id: int, stands: tuple[KnownCall, list[KnownCall]] | None, now: datetime, salt: str
) -> list[Lease]:
    """How a call stands of which we heard nothing more, by the network's own books."""
    call = lock_call(session, call_id)
    if call is None or call.status == "over":
        return []
    if stands is None or stands[0].outcome is None:
        wait_with_call(session, call.id, call.status, ASKED_AFTER)
        return []
    return hear_end(session, call, stands[1][-1] if stands[1] else None, now, salt)


async def picked_up(services: Services, call_id: int, provider_id: str) -> Spoken:
    """Our call was picked up: what is said, and what is waited for."""
    leaves = services.in_force.config.voicemail is not None
    return await services.store.transact(whisper, call_id, provider_id, name_of(services), leaves_voicemail=leaves)


def name_of(services: Services) -> str:
    assert services.voice is not None, "its doors are closed while calls are off"
    return services.voice.name


def whisper(session: Session, call_id: int, provider_id: str, provider: str, *, leaves_voicemail: bool = False) -> Spoken:
    """What an officer hears of the lead before they press anything. Their voicemail hears it too, so it names nobody."""
    call = ours(session, call_id, provider_id, provider)
    if call is None or call.kind != "to_borrower" or call.lead_id is None or call.language is None:
        return NOTHING
    lead = lead_view(session, call.lead_id)
    assert lead is not None, "a call refers to its lead"
    note_id(session, call, provider_id, provider)
    phones = phones_of_lead(session, call.lead_id) if leaves_voicemail else []
    leaves = any(_recording_forbidden(session, lead, each) is None for each in phones)
    return Asks(spoken.say("connect", call.language, **spoken_facts(lead), leaves_voicemail=leaves), call.language)


def ours(session: Session, call_id: int, provider_id: str, provider: str) -> CallRow | None:
    """The call, locked, that the network asks about; None where it is over, or the network's call is another one."""
    call = lock_call(session, call_id)
    return call if call is not None and is_ours(call, provider_id, provider) else None


def is_ours(call: CallRow, provider_id: str, provider: str) -> bool:
    """Whether the network, which knows a call by this id, speaks of this one, and it is not over."""
    return call.status != "over" and (call.provider, call.provider_id) in ((None, None), (provider, provider_id))


async def pressed(services: Services, call_id: int, provider_id: str, digits: str) -> Spoken:
    """Whoever picked up pressed these digits."""
    leaves = digits == CONNECT_OR_LEAVE and services.in_force.config.voicemail is not None
    if digits != CONNECT and not leaves:
        return NOTHING
    known_as, now, salt = name_of(services), services.clock.now(), services.salt()
    found, leases = await services.store.transact(
        dial_borrower,
        call_id,
        provider_id,
        known_as,
        services.our_numbers,
        now,
        salt,
        leaves_voicemail=leaves,
        recording=services.in_force.config.recording,
    )
    services.owe(leases)
    return found


def dial_borrower(
    session: Session,
    call_id: int,
    provider_id: str,
    provider: str,
    our_numbers: OurNumbers,
    now: datetime,
    salt: str,
    *,
    leaves_voicemail: bool = False,
    recording: Recording | None = None,
) -> tuple[Spoken, list[Lease]]:
    """Right before the borrower's phone rings: still theirs, still legal. Whoever says do-not-call before it is heard, since both hold the
    number's key. The network asks again where our answer was lost, and acts on one answer alone."""
    seen = call_row(session, call_id)
    if seen is None or seen.kind != "to_borrower" or seen.lead_id is None or seen.officer_id is None:
        return NOTHING, []
    lock_keys(session, [phone.key for phone in phones_of_lead(session, seen.lead_id)])
    by = Press(f"{provider}:{provider_id}", seen.lead_id, seen.officer_id, now, salt)
    refused, row, person = allowed(session, by, leaders_too=True, cover_too=True)
    call = ours(session, call_id, provider_id, provider)
    if call is None:
        return NOTHING, []
    if refused is not None:
        return _refuse(session, call, "not_yours" if isinstance(refused, NotYourLead) else "may_not", now, salt)
    lead = lead_view(session, by.lead)
    assert lead is not None, "it was just locked"
    sheet = call_sheet(lead, now)
    number = next((phone for phone in phones_of_lead(session, by.lead) if phone.value == sheet.number), None)
    if number is None:
        _note_closed(session, by, person.key, lead)
        return _refuse(session, call, "wait" if sheet.opens_at else "may_not_be_called", now, salt)
    shown = our_number(session, our_numbers, lead, number.contact_point_id, number.value)
    announces = announced(session, lead, recording, call.language or "en")
    if call.status in ("dialed", "talking"):
        return Connects(number.value, shown, call.voicemail is not None, announces if call.recording else None), []
    if leaves_voicemail and (rule := _recording_forbidden(session, lead, number)) is not None:
        note_refused(session, by, person.key, "voicemail", rule, rule)
        return Asks(spoken.say("no_voicemail", call.language or "en"), call.language or "en"), []
    fact = Fact("called", f"officer:{person.key}", now, {"call": call.id, "officer": person.name}, officer_id=by.officer_id)
    seq = append_event(session, by.lead, fact, salt)
    change_call(
        session, call.id, provider=provider, provider_id=provider_id, dialed_at=now, contact_point_id=number.contact_point_id,
        our_number=shown, event_seq=seq, voicemail="asked" if leaves_voicemail else None,
        recording="on" if announces else None,
    )  # fmt: skip
    wait_with_call(session, call.id, "dialed", ASKED_AFTER)
    clocks = clocks_of(session, by.lead)
    for kind in (UNCONTACTED, UNANSWERED):
        if kind in clocks and clocks[kind].runs and not clocks[kind].rests:
            hold_clock(session, by.lead, kind, now + CALL_TAKES)
    post_update(session, by.lead, "called", seq, row.score)
    return Connects(number.value, shown, leaves_voicemail, announces), redraw(session, by.lead, at_once=True)


def announced(session: Session, lead: LeadView, recording: Recording | None, language: str) -> Says | None:
    """What who reads this language hears of the recording; None where calls of the lead's team are not recorded."""
    if recording is None or (recording.teams and lead.team_id not in {team_of(session, key) for key in recording.teams}):
        return None
    return Says(_in(recording, language), language)


def _in(recording: Recording, language: str) -> str:
    return recording.announcement.es if language == "es" else recording.announcement.en


async def borrower_hears(services: Services, call_id: int) -> Spoken | None:
    """What the borrower hears before they are connected: that the call is recorded. None where it may not be connected, since nobody knows
    the words any more."""
    recording = services.in_force.config.recording
    call = await services.store.read(call_row, call_id)
    if call is None or call.recording is None or call.lead_id is None or recording is None:
        return None
    lead = await services.store.read(lead_view, call.lead_id)
    assert lead is not None, "a call refers to its lead"
    language = letters_in(lead)
    return Says(_in(recording, language), language)


def _refuse(session: Session, call: CallRow, because: str, now: datetime, salt: str) -> tuple[Spoken, list[Lease]]:
    """The borrower's phone does not ring after all, and the officer hears why."""
    leases = end_call(session, call, "refused", now, salt, because)
    language = call.language or "en"
    return Says(spoken.say("not_connected", language, because=because), language), leases


def _recording_forbidden(session: Session, lead: LeadView, phone: PhoneOfLead) -> Rule | None:
    """Why no recorded words may be left at this number of the lead's; None where they may. Whoever wrote STOP, or may have, took back what
    they had agreed to: an officer may call where they asked again or their loan is under way, no recording may."""
    called = next((each for each in lead.numbers if each.number == phone.value), None)
    if called is None:
        return "call_own_do_not_call"
    if not CLOSED_TO_RECORDINGS.isdisjoint(closed_channels(session, phone.key)):
        return "call_recorded_no_written_consent"
    return recording_forbidden_by(called)


async def machine_told(services: Services, call_id: int, leg_id: str) -> None:
    """The network tells that a machine is on the borrower's end, and that its greeting is over: it hears our words where the officer asked
    for that, and the officer is free."""
    assert services.voice is not None, "its doors are closed while calls are off"
    leaves = await services.store.transact(begin_voicemail, call_id, services.clock.now(), services.salt())
    if leaves and not await services.voice.leave_words(leg_id, call_id):
        log.warning("a machine did not hear our words for sure", call=call_id)
        await services.store.transact(go_on_talking, call_id)


def begin_voicemail(session: Session, call_id: int, now: datetime, salt: str) -> bool:
    """Right before the words are left: asked for, and still legal. Whoever takes a consent back before it is heard, since both hold the
    number's key."""
    seen = call_row(session, call_id)
    if seen is None or seen.lead_id is None or seen.officer_id is None or seen.voicemail is None:
        return False
    phones = phones_of_lead(session, seen.lead_id)
    lock_keys(session, [phone.key for phone in phones])
    call = lock_call(session, call_id)
    if call is None or call.status not in ("dialed", "talking") or call.voicemail != "asked":
        return False
    lead = lead_view(session, seen.lead_id)
    assert lead is not None, "a call refers to its lead"
    rung = next((phone for phone in phones if phone.contact_point_id == call.contact_point_id), None)
    rule: Rule | None = "call_own_do_not_call" if rung is None else _recording_forbidden(session, lead, rung)
    if rule is not None:
        by = Press("", lead.number, seen.officer_id, now, salt)
        note_refused(session, by, call.officer_key or "", "voicemail", rule, rule)
    change_call(session, call_id, voicemail="left" if rule is None else None)
    return rule is None


def go_on_talking(session: Session, call_id: int) -> None:
    """The words were not left for sure: the officer is still on the line, unless our door is asked for them all the same."""
    call = lock_call(session, call_id)
    if call is not None and call.status in ("dialed", "talking"):
        change_call(session, call_id, voicemail="asked")


async def machine_listens(services: Services, call_id: int) -> Spoken:
    """What a machine hears on the borrower's end."""
    assert services.voice is not None, "its doors are closed while calls are off"
    return await services.store.transact(leave_voicemail, call_id, services.in_force.config, services.voice.number)


def leave_voicemail(session: Session, call_id: int, config: Config, shared_number: str) -> Spoken:
    """The transaction of that: from here on the words are left. Where our answer to the network was lost meanwhile, it is judged anew."""
    seen = call_row(session, call_id)
    phones = phones_of_lead(session, seen.lead_id) if seen is not None and seen.lead_id is not None else []
    lock_keys(session, [phone.key for phone in phones])
    call = lock_call(session, call_id)
    if call is None or call.lead_id is None or call.voicemail is None or config.voicemail is None:
        return NOTHING
    lead = lead_view(session, call.lead_id)
    assert lead is not None, "a call refers to its lead"
    if call.voicemail == "asked":
        rung = next((phone for phone in phones if phone.contact_point_id == call.contact_point_id), None)
        if call.status not in ("dialed", "talking") or rung is None or _recording_forbidden(session, lead, rung) is not None:
            return NOTHING
    change_call(session, call.id, voicemail="left")
    language, company = letters_in(lead), config.company
    facts = {
        "company": company.legal_name, "nmls": " ".join(company.nmls_id), "officer": call.officer_name,
        "number": digit_by_digit(call.our_number or shared_number), "opt_out": digit_by_digit(config.voicemail.opt_out_phone),
    }  # fmt: skip
    own = own_voicemail(session, call.officer_id, language) if call.officer_id is not None else None
    if own is None:
        return Says(spoken.say("voicemail", language, **facts), language)
    before, after = spoken.say("before_own_voicemail", language, **facts), spoken.say("after_own_voicemail", language, **facts)
    return Leaves(before, own.recording_id, after, language)


async def leg_told(services: Services, call_id: int, leg: KnownCall) -> None:
    """The network tells of the borrower's end: it picked up, or it is over."""
    services.owe(await services.store.transact(hear_leg, call_id, leg, services.clock.now(), services.salt()))


def hear_leg(session: Session, call_id: int, leg: KnownCall, now: datetime, salt: str) -> list[Lease]:
    """The transaction of that. Both ends are told of in any order, and twice."""
    call = lock_call(session, call_id)
    if call is None or call.status not in ("dialed", "talking"):
        return []
    if leg.outcome is not None:
        return hear_end(session, call, leg, now, salt)
    return _answered(session, call, now)


def _answered(session: Session, call: CallRow, at: datetime) -> list[Lease]:
    """Both ends are connected: the clock stops at once, however long they talk."""
    if call.status == "talking":
        return []
    change_call(session, call.id, answered_at=at)
    wait_with_call(session, call.id, "talking", ASKED_AFTER)
    return _keep_try(session, call, "connected")


def say_ended(language: str, outcome: str) -> Says:
    """What an officer who is still on the phone hears once the borrower's end is over."""
    return Says(spoken.say("call_ended", language, outcome=outcome), language)


async def borrower_ended(services: Services, call_id: int, leg: KnownCall) -> Spoken:
    """The borrower's end is over, and the officer's is not: what they hear."""
    services.owe(await services.store.transact(hear_parted, call_id, leg, services.clock.now(), services.salt()))
    call = await services.store.read(call_row, call_id)
    return NOTHING if call is None or call.outcome is None else say_ended(call.language or "en", call.outcome)


def hear_parted(session: Session, call_id: int, leg: KnownCall, now: datetime, salt: str) -> list[Lease]:
    """The transaction of that. The borrower's end may go on alone, where a machine hears our words."""
    call = lock_call(session, call_id)
    if call is None or call.status not in ("dialed", "talking") or (leg.outcome is None and call.voicemail != "left"):
        return []
    return hear_end(session, call, leg, now, salt)


async def over_told(services: Services, call_id: int, provider_id: str) -> None:
    """The network tells that the officer's end is over. What it never told of the borrower's is asked for."""
    services.owe(await services.store.transact(hear_over, call_id, provider_id, name_of(services), services.clock.now(), services.salt()))


def hear_over(session: Session, call_id: int, provider_id: str, provider: str, now: datetime, salt: str) -> list[Lease]:
    """The transaction of that."""
    call = ours(session, call_id, provider_id, provider)
    if call is None:
        return []
    if call.status in ("dialed", "talking") and call.kind not in TO_US:
        change_call(session, call.id, provider=provider, provider_id=provider_id)
        wait_with_call(session, call.id, call.status, TOLD_WITHIN)
        return []
    return end_call(session, call, "connected" if call.answered_at else "not_taken", now, salt)


def hear_end(session: Session, call: CallRow, leg: KnownCall | None, now: datetime, salt: str) -> list[Lease]:
    """A call, locked, is over; `leg` is the borrower's end, where their phone was rung."""
    if call.kind == "from_borrower":
        return end_theirs(session, call, now, salt)
    if call.status not in ("dialed", "talking"):
        return end_call(session, call, "not_taken", now, salt)
    if call.voicemail == "left":
        return _answered(session, call, call.dialed_at or now) + end_call(session, call, "left_voicemail", now, salt)
    if leg is None or leg.outcome is None:
        return end_call(session, call, "connected" if call.answered_at else "failed", now, salt)
    leases: list[Lease] = []
    if leg.outcome == "connected" and call.answered_at is None:
        at = max(call.dialed_at or now, now - timedelta(seconds=leg.seconds or 0))
        leases = _answered(session, call, at)
        again = call_row(session, call.id)
        assert again is not None, "it is locked"
        call = again
    outcome: Outcome = "connected" if call.answered_at else leg.outcome
    return leases + end_call(session, call, outcome, now, salt)


def end_call(session: Session, call: CallRow, outcome: Outcome, now: datetime, salt: str, because: str | None = None) -> list[Lease]:
    """Write down what became of a call, which is locked; who asked for it hears of it."""
    change_call(session, call.id, status="over", outcome=outcome, due_at=None, lease_until=None, ended_at=now, gave_up_because=because)
    if call.lead_id is None or call.kind != "to_borrower" or call.officer_id is None:
        return []
    lead = lead_view(session, call.lead_id)
    assert lead is not None, "a call refers to its lead"
    meta = {"call": call.id, "outcome": outcome, **({"because": because} if because else {})}
    seq = append_event(session, call.lead_id, Fact("call_over", "leadbell", now, meta, officer_id=call.officer_id), salt)
    leases: list[Lease] = []
    if call.event_seq:
        if outcome in ("no_answer", "busy"):
            leases += _keep_try(session, call, outcome)
        if outcome == "left_voicemail" and call.logged_seq is None:
            describe_try(session, call.lead_id, call.event_seq, Disposition.LEFT_VOICEMAIL.value)
        if outcome in ("connected", "left_voicemail"):
            plan_next_try(session, call.lead_id, call.event_seq, now)
        if outcome == "failed":
            _go_on_waiting(session, call.lead_id, now)
        redraw_line(session, call.lead_id, call.event_seq)
    if outcome != "refused":
        leases += post_notice(session, call.lead_id, call.officer_id, "call_over", seq, lead.score, at_once=True)
    return leases + redraw(session, call.lead_id, at_once=True)


def _go_on_waiting(session: Session, lead_id: int, now: datetime) -> None:
    """Nobody's phone rang: what rested for the call goes on."""
    clocks = clocks_of(session, lead_id)
    for kind in (UNCONTACTED, UNANSWERED):
        if kind in clocks and clocks[kind].rests:
            hold_clock(session, lead_id, kind, now)


def _keep_try(session: Session, call: CallRow, outcome: Literal["connected", "no_answer", "busy"]) -> list[Lease]:
    """The network vouches that somebody tried to reach the borrower. That both talked is more than it knows: a machine may have answered,
    so the lead comes as far as a try brings it, and the officer says the rest."""
    assert call.lead_id is not None and call.officer_id is not None and call.dialed_at is not None, "somebody called a borrower"
    at = call.dialed_at
    row = {
        "lead_id": call.lead_id, "officer_id": call.officer_id, "contact_point_id": call.contact_point_id,
        "disposition": Disposition(outcome).value, "at": at, "event_seq": call.event_seq,
    }  # fmt: skip
    if not keep_try(session, row):
        return []
    lead = lead_view(session, call.lead_id)
    assert lead is not None, "a call refers to its lead"
    note_first_attempt(session, call.lead_id, at, verified=True)
    stop_clock(session, call.lead_id, UNCONTACTED)
    stop_clock(session, call.lead_id, UNANSWERED)
    move_to_stage(session, call.lead_id, stage_after(Disposition.NO_ANSWER, lead.stage), at)
    owe_score(session, call.lead_id, at)
    answer_reminders(session, call.lead_id, call.event_seq)
    if outcome != "connected":
        plan_next_try(session, call.lead_id, call.event_seq, at)
    redraw_line(session, call.lead_id, call.event_seq)
    return redraw(session, call.lead_id, at_once=True)
