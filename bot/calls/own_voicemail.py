"""An officer records the message that machines hear: their phone rings, they speak after the tone, hear it, and press 1 to keep it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import structlog
from pydantic import TypeAdapter
from sqlmodel import Session

from bot.calls.on_the_line import NOTHING, PlaysBack, Records, Says, Spoken, name_of, note_id, ours, own_phone, spoken
from bot.leads.press import Press
from bot.leads.working import MayNotWork
from bot.rules.roles import may
from bot.services import Services
from bot.store.calls import CallRow, call_row, change_call, keep_call, lock_call
from bot.store.events import COMPANY, Fact, append_event
from bot.store.own_voicemail import Recorded, forget_own_voicemails, is_heard, keep_own_voicemail, own_voicemail, own_voicemails
from bot.store.people import doer
from bot.store.seen import once

log = structlog.get_logger()

KEEP, AGAIN = "1", "2"
Language = Literal["en", "es"]
Why = Literal["not_on", "calls_are_off", "no_phone_of_yours"]


@dataclass(frozen=True, slots=True)
class InForce:
    """What machines hear in this officer's name: their own recordings, and the spoken words in every other language."""

    own: tuple[Recorded, ...]


@dataclass(frozen=True, slots=True)
class Rings:
    """Their own phone, which ends in these two digits, rings in a moment."""

    ending: str
    language: Language
    kind: Literal["rings"] = "rings"


@dataclass(frozen=True, slots=True)
class SpokenAgain:
    """The spoken words are heard again."""

    kind: Literal["spoken_again"] = "spoken_again"


@dataclass(frozen=True, slots=True)
class CannotRecord:
    because: Why
    kind: Literal["cannot_record"] = "cannot_record"


Outcome = Rings | SpokenAgain | CannotRecord | MayNotWork
_answers: TypeAdapter[Outcome] = TypeAdapter(Outcome)


async def look(services: Services, officer_id: int) -> InForce | CannotRecord:
    """What is in force for this officer."""
    if services.in_force.config.voicemail is None:
        return CannotRecord("not_on")
    return InForce(tuple(await services.store.read(own_voicemails, officer_id)))


async def record(services: Services, pressed: Press, language: Language) -> Outcome:
    """Ring the officer's own phone, to record a message in this language."""
    config = services.in_force.config
    outcome, call_id = await services.store.transact(
        ask_to_record, pressed, language, allowed=config.voicemail is not None, on=services.voice is not None
    )
    if call_id is not None:
        services.ring([call_id])
    return outcome


def ask_to_record(session: Session, by: Press, language: Language, *, allowed: bool, on: bool) -> tuple[Outcome, int | None]:
    """The transaction of that; with the call, where there is a new one."""
    made: list[int] = []

    def decide() -> Outcome:
        person = doer(session, by.officer_id)
        if not (person.active and may(person.role, "work")):
            return MayNotWork(COMPANY, person.role)
        if not allowed or not on:
            return CannotRecord("calls_are_off" if allowed else "not_on")
        phone = own_phone(session, by.officer_id)
        if phone is None:
            return CannotRecord("no_phone_of_yours")
        row = {"officer_id": by.officer_id, "words": language, "created_at": by.at, "due_at": by.at}
        made.append(keep_call(session, "own_voicemail", row))
        return Rings(phone[-2:], language)

    outcome = once(session, by.delivery, by.at, _answers, decide)
    return outcome, made[0] if made else None


async def speak_again(services: Services, pressed: Press) -> Outcome:
    """Go back to the spoken words; what was recorded is deleted."""
    outcome, old = await services.store.transact(drop_own, pressed)
    await _delete(services, old)
    return outcome


def drop_own(session: Session, by: Press) -> tuple[Outcome, list[str]]:
    """The transaction of that; with the network's ids of what is to be deleted."""
    old: list[str] = []

    def decide() -> Outcome:
        person = doer(session, by.officer_id)
        if not (person.active and may(person.role, "work")):
            return MayNotWork(COMPANY, person.role)
        old.extend(each.recording_id for each in own_voicemails(session, by.officer_id))
        if old:
            forget_own_voicemails(session, by.officer_id)
            append_event(session, COMPANY, Fact("voicemail_spoken", f"officer:{person.key}", by.at, {}, officer_id=by.officer_id), by.salt)
        return SpokenAgain()

    return once(session, by.delivery, by.at, _answers, decide), old


async def _delete(services: Services, recording_ids: list[str]) -> None:
    for recording_id in recording_ids:
        if services.voice is not None and not await services.voice.delete_recording(recording_id):
            log.warning("a recorded message that nobody hears any more could not be deleted")


async def picked_up(services: Services, call_id: int, provider_id: str) -> Spoken:
    """The officer picked up: they are told to speak after the tone."""
    return await services.store.transact(ask_for_words, call_id, provider_id, name_of(services))


def ask_for_words(session: Session, call_id: int, provider_id: str, provider: str) -> Spoken:
    """What they hear first."""
    call = _theirs(session, call_id, provider_id, provider)
    if call is None:
        return NOTHING
    note_id(session, call, provider_id, provider)
    return _asks(call)


def _theirs(session: Session, call_id: int, provider_id: str, provider: str) -> CallRow | None:
    call = ours(session, call_id, provider_id, provider)
    return call if call is not None and call.kind == "own_voicemail" and call.officer_id is not None else None


def _asks(call: CallRow) -> Records:
    language = call.language or "en"
    return Records(spoken.say("record_own_voicemail", language, spanish=call.words == "es"), language)


async def spoke(services: Services, call_id: int, provider_id: str, recording_id: str, seconds: int) -> Spoken:
    """They spoke: they hear it, and decide."""
    known_as = name_of(services)
    found, old = await services.store.transact(hear_words, call_id, provider_id, known_as, recording_id, seconds, services.clock.now())
    await _delete(services, old)
    return found


def hear_words(
    session: Session, call_id: int, provider_id: str, provider: str, recording_id: str, seconds: int, now: datetime
) -> tuple[Spoken, list[str]]:
    """The transaction of that; an earlier try of the same call is to be deleted. The network may tell again, also what is kept by now."""
    call = _theirs(session, call_id, provider_id, provider)
    if call is None:
        return NOTHING, [] if is_heard(session, recording_id) else [recording_id]
    old = call.recording_id if call.recording_id != recording_id else None
    values: dict[str, Any] = {"recording_id": recording_id, "recording_seconds": seconds, "answered_at": call.answered_at or now}
    change_call(session, call.id, **values)
    language = call.language or "en"
    replaced = [old] if old is not None and not is_heard(session, old) else []
    return PlaysBack(recording_id, spoken.say("keep_own_voicemail", language), language), replaced


async def decided(services: Services, call_id: int, provider_id: str, digits: str) -> Spoken:
    """They pressed a digit: 1 keeps it, 2 records it again."""
    found, old = await services.store.transact(
        keep_or_not, call_id, provider_id, name_of(services), digits, services.clock.now(), services.salt()
    )
    await _delete(services, old)
    return found


def keep_or_not(
    session: Session, call_id: int, provider_id: str, provider: str, digits: str, now: datetime, salt: str
) -> tuple[Spoken, list[str]]:
    """The transaction of that. The network asks again where our answer was lost, and hears the same."""
    call = _theirs(session, call_id, provider_id, provider)
    if call is None or call.officer_id is None or call.recording_id is None:
        return NOTHING, []
    if digits == AGAIN:
        return _asks(call), []
    if digits != KEEP:
        return NOTHING, []
    language = call.language or "en"
    kept = Says(spoken.say("own_voicemail_kept", language), language)
    before = own_voicemail(session, call.officer_id, call.words)
    if before is not None and before.recording_id == call.recording_id:
        return kept, []
    seconds = call.recording_seconds or 0
    keep_own_voicemail(session, call.officer_id, Recorded(call.words, call.recording_id, seconds, now))
    meta = {"language": call.words, "seconds": seconds, "recording": call.recording_id}
    append_event(session, COMPANY, Fact("voicemail_recorded", f"officer:{call.officer_key}", now, meta, officer_id=call.officer_id), salt)
    return kept, [before.recording_id] if before is not None else []


async def over_told(services: Services, call_id: int) -> None:
    """The call is over: what was recorded on it and not kept is deleted."""
    await _delete(services, await services.store.transact(not_kept, call_id))


def not_kept(session: Session, call_id: int) -> list[str]:
    """The network's id of what was recorded on this call and is not in force; none on another kind of call."""
    seen = call_row(session, call_id)
    if seen is None or seen.kind != "own_voicemail":
        return []
    call = lock_call(session, call_id)
    if call is None or call.officer_id is None or call.recording_id is None:
        return []
    kept = own_voicemail(session, call.officer_id, call.words)
    return [] if kept is not None and kept.recording_id == call.recording_id else [call.recording_id]
