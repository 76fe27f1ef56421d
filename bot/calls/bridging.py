"""An officer's phone is picked up: the law is asked again, both ends are connected, and what the network tells of them logs itself."""

from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session

from bot.calls.missed_calls import end_theirs
from bot.calls.on_the_line import (
    CONNECT,
    CONNECT_OR_LEAVE,
    NOTHING,
    Asks,
    Connects,
    Says,
    Spoken,
    announced,
    announcement_in,
    name_of,
    note_id,
    ours,
    spoken,
)
from bot.calls.voicemail import recording_forbidden
from bot.config.models import Recording
from bot.conversation.refusals import note_refused
from bot.leads.cadence import plan_next_try
from bot.leads.lead_facts import letters_in, spoken_facts
from bot.leads.press import Press
from bot.leads.working import CALL_TAKES, NotYourLead, allowed
from bot.outreach.calls import call_sheet, judgement
from bot.outreach.network import KnownCall
from bot.outreach.numbers import our_number
from bot.rules.compliance import Allowed, WaitUntil
from bot.rules.dispositions import Disposition, stage_after
from bot.rules.numbers import OurNumbers
from bot.services import Services
from bot.speed_to_lead.speed import note_first_attempt
from bot.store.calls import (
    ASKED_AFTER,
    TO_US,
    CallRow,
    Outcome,
    call_row,
    change_call,
    describe_try,
    keep_try,
    lock_call,
    phones_of_lead,
    wait_with_call,
)
from bot.store.clocks import UNANSWERED, UNCONTACTED, clocks_of, hold_clock, stop_clock
from bot.store.contacts import lock_keys
from bot.store.events import Fact, append_event
from bot.store.postings import Lease, post_notice, post_update, redraw, redraw_line
from bot.store.reminders import answer_reminders
from bot.store.scoring import owe_score
from bot.store.stages import move_to_stage
from bot.store.views import LeadView, lead_view

TOLD_WITHIN = 3.0
"""Seconds after the end of a call in which the network tells of its other end too."""


def note_closed(session: Session, by: Press, actor: str, lead: LeadView) -> None:
    """Keep in the timeline why the borrower may not be called now."""
    found = judgement(lead, by.at)
    assert not isinstance(found, Allowed), "it was just refused"
    note_refused(session, by, actor, "call", found.rule, found.rule, found.at if isinstance(found, WaitUntil) else None)


async def picked_up(services: Services, call_id: int, provider_id: str) -> Spoken:
    """Our call was picked up: what is said, and what is waited for."""
    leaves = services.in_force.config.voicemail is not None
    return await services.store.transact(whisper, call_id, provider_id, name_of(services), leaves_voicemail=leaves)


def whisper(session: Session, call_id: int, provider_id: str, provider: str, *, leaves_voicemail: bool = False) -> Spoken:
    """What an officer hears of the lead before they press anything. Their voicemail hears it too, so it names nobody."""
    call = ours(session, call_id, provider_id, provider)
    if call is None or call.kind != "to_borrower" or call.lead_id is None or call.language is None:
        return NOTHING
    lead = lead_view(session, call.lead_id)
    assert lead is not None, "a call refers to its lead"
    note_id(session, call, provider_id, provider)
    phones = phones_of_lead(session, call.lead_id) if leaves_voicemail else []
    leaves = any(recording_forbidden(session, lead, each) is None for each in phones)
    return Asks(spoken.say("connect", call.language, **spoken_facts(lead), leaves_voicemail=leaves), call.language)


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
        note_closed(session, by, person.key, lead)
        return _refuse(session, call, "wait" if sheet.opens_at else "may_not_be_called", now, salt)
    shown = our_number(session, our_numbers, lead, number.contact_point_id, number.value)
    announces = announced(session, lead, recording, call.language or "en")
    if call.status in ("dialed", "talking"):
        return Connects(number.value, shown, call.voicemail is not None, announces if call.recording else None), []
    if leaves_voicemail and (rule := recording_forbidden(session, lead, number)) is not None:
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
    return Says(announcement_in(recording, language), language)


def _refuse(session: Session, call: CallRow, because: str, now: datetime, salt: str) -> tuple[Spoken, list[Lease]]:
    """The borrower's phone does not ring after all, and the officer hears why."""
    leases = end_call(session, call, "refused", now, salt, because)
    language = call.language or "en"
    return Says(spoken.say("not_connected", language, because=because), language), leases


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
