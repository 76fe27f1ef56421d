"""An officer has the borrower called: their own phone rings, once, and whatever became of it is asked until it is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog
from pydantic import TypeAdapter
from sqlmodel import Session

from bot.calls.bridging import end_call, hear_end, note_closed
from bot.calls.on_the_line import note_id, own_phone
from bot.leads.press import Press
from bot.leads.working import NotWorked, allowed
from bot.outreach.calls import call_sheet
from bot.outreach.network import CallAnswer, Door, KnownCall, NeverSent, Nobody, NotNow, seconds
from bot.rules.compliance import Rule
from bot.services import Services
from bot.speed_to_lead.paging import still_waits
from bot.store.calls import (
    ASKED_AFTER,
    TO_US,
    CallRow,
    call_under_way,
    change_call,
    keep_call,
    known_call_ids,
    lock_call,
    request_is_over,
    take_call,
    wait_with_call,
)
from bot.store.events import Fact, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.messages import SENDING_ENDS_AFTER
from bot.store.postings import Lease
from bot.store.seen import once
from bot.store.views import LeadView, lead_view
from bot.store.work import CALLING, paused

log = structlog.get_logger()

RINGS_ONCE = timedelta(minutes=2)
"""How long after somebody asked for a call a second press asks for no other."""
WORTH_PLACING_FOR = timedelta(minutes=1)
"""Whoever pressed so long ago does not wait for the ring any more."""
TRIED_AGAIN_AFTER = 2.0
ASK_AGAIN_AFTER = (0.0, 10.0, 20.0, 30.0)
"""Seconds between the questions about a call whose answer was lost."""
ASKED_BEFORE = timedelta(minutes=5)
"""How far the network's clock may be behind ours."""
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
            note_closed(session, by, person.key, lead)
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


def _closed(lead: LeadView, now: datetime) -> CannotCall | NotYet | None:
    """Why the borrower may not be called at this moment; None where they may."""
    sheet = call_sheet(lead, now)
    if sheet.number is not None:
        return None
    if sheet.opens_at is not None and sheet.zone is not None:
        return NotYet(lead.number, sheet.opens_at, sheet.zone, sheet.waits_for)
    return CannotCall(lead.number, "no_phone" if not lead.phones and not lead.silenced else "may_not_be_called")


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
    session: Session, call_id: int, stands: tuple[KnownCall, list[KnownCall]] | Literal["gone"] | None, now: datetime, salt: str
) -> list[Lease]:
    """How a call stands of which we heard nothing more, by the network's own books."""
    call = lock_call(session, call_id)
    if call is None or call.status == "over":
        return []
    if stands == "gone":
        nobody_knows = call.kind != "from_borrower" and call.answered_at is None and call.voicemail != "left"
        return end_call(session, call, "unknown", now, salt) if nobody_knows else hear_end(session, call, None, now, salt)
    if stands is None or stands[0].outcome is None:
        wait_with_call(session, call.id, call.status, ASKED_AFTER)
        return []
    return hear_end(session, call, stands[1][-1] if stands[1] else None, now, salt)
