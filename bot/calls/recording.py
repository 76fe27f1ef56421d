"""Calls are recorded once both ends heard so: stopped at a word of an officer, heard by who works the lead, deleted in time."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import structlog
from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.leads.press import Press
from bot.leads.working import NotWorked, allowed
from bot.outreach.network import VoiceNetwork
from bot.rules.signed import said_by_us, signed
from bot.services import Services
from bot.store.calls import CallRow, call_row, change_call, erased_recordings, lock_call, old_recordings, untold_recordings
from bot.store.events import Fact, append_event
from bot.store.people import officer
from bot.store.postings import Lease, redraw, redraw_line
from bot.store.seen import once

log = structlog.get_logger()

HOLDS_FOR = timedelta(minutes=15)
TOLD_WITHIN = timedelta(hours=1)
"""How long after a call the network tells that its recording is whole."""
KEPT_DAYS = 90
"""How long a recording is kept where the config says nothing of recordings any more."""
_SAID = re.compile(r"([1-9]\d{0,17})\.([1-9]\d{0,8})\.(\d{1,12})", re.ASCII)
_ID = re.compile("RE[0-9a-f]{32}")
_person = select(officer.c.key, officer.c.language).where(officer.c.id == bindparam("by"))


@dataclass(frozen=True, slots=True)
class RecordingStopped:
    """Nothing more of the call is recorded."""

    lead: int
    kind: Literal["recording_stopped"] = "recording_stopped"


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """The call is over, or nobody records it."""

    lead: int
    kind: Literal["not_recorded"] = "not_recorded"


@dataclass(frozen=True, slots=True)
class StillRecorded:
    """The network did not stop it for sure."""

    lead: int


@dataclass(frozen=True, slots=True)
class MayHear:
    """They may hear the recording, until then."""

    lead: int
    until: datetime
    kind: Literal["may_hear"] = "may_hear"


@dataclass(frozen=True, slots=True)
class LinkOver:
    """The link is too old, or none of ours."""


@dataclass(frozen=True, slots=True)
class MayNotHear:
    """Who had the link may not hear it any more."""

    language: str


@dataclass(frozen=True, slots=True)
class Hears:
    """What the network calls the recording, for somebody who reads this language."""

    recording_id: str
    lead: int
    language: str


StopOutcome = RecordingStopped | NotRecorded | NotWorked
HearOutcome = MayHear | NotRecorded | NotWorked
_stops: TypeAdapter[StopOutcome] = TypeAdapter(StopOutcome)
_hears: TypeAdapter[HearOutcome] = TypeAdapter(HearOutcome)


async def stop(services: Services, pressed: Press, call_id: int) -> StopOutcome | StillRecorded:
    """The borrower does not want to be recorded: nothing more of this call is, once the network says so."""
    outcome, provider_id = await services.store.transact(note_stop, pressed, call_id)
    if not isinstance(outcome, RecordingStopped) or provider_id is None:
        return outcome
    stopped = services.voice is not None and await services.voice.stop_recording(provider_id)
    if not stopped:
        log.warning("a recording was not stopped for sure", call=call_id)
    services.owe(await services.store.transact(settle_stop, pressed, call_id, stopped=stopped))
    return outcome if stopped else StillRecorded(pressed.lead)


def note_stop(session: Session, by: Press, call_id: int) -> tuple[StopOutcome, str | None]:
    """Whether this person may have it stopped; with what the network calls the call."""
    found: list[str] = []

    def decide() -> StopOutcome:
        refused, _, person = allowed(session, by, leaders_too=True, cover_too=True)
        if refused is not None:
            return refused
        call = lock_call(session, call_id)
        if call is None or call.lead_id != by.lead or call.status == "over" or call.recording != "on" or call.provider_id is None:
            return NotRecorded(by.lead)
        found.append(call.provider_id)
        fact = Fact("recording_objected", f"officer:{person.key}", by.at, {"call": call.id}, officer_id=by.officer_id)
        append_event(session, by.lead, fact, by.salt)
        return RecordingStopped(by.lead)

    outcome = once(session, by.delivery, by.at, _stops, decide)
    return outcome, found[0] if found else None


def settle_stop(session: Session, by: Press, call_id: int, *, stopped: bool) -> list[Lease]:
    """What the network said to that."""
    call = lock_call(session, call_id)
    assert call is not None and call.lead_id is not None, "it was just locked, and is about a lead"
    if stopped and call.recording == "on":
        change_call(session, call.id, recording="stopped")
    fact = Fact("recording_stopped" if stopped else "recording_goes_on", "leadbell", by.at, {"call": call.id}, officer_id=by.officer_id)
    append_event(session, call.lead_id, fact, by.salt)
    return _redrawn(session, call)


async def told(services: Services, call_id: int, recording_id: str, status: str, seconds: int) -> None:
    """The network tells of a recording: it began, is complete, or there is none."""
    if not is_id(recording_id):
        return
    now, salt = services.clock.now(), services.salt()
    services.owe(await services.store.transact(hear, call_id, recording_id, status, seconds, now, salt))


def is_id(recording_id: str) -> bool:
    """Whether the network calls a recording so."""
    return _ID.fullmatch(recording_id) is not None


def hear(session: Session, call_id: int, recording_id: str | None, status: str, seconds: int, now: datetime, salt: str) -> list[Lease]:
    """The transaction of that. It is told in any order, and twice; a call has one recording."""
    call = lock_call(session, call_id)
    if call is None or call.lead_id is None or call.recording in (None, "kept", "gone") or call.recording_id not in (None, recording_id):
        return []
    if call.recording == "erased":  # its borrower: who forgets recordings needs its name alone
        change_call(session, call.id, recording_id=recording_id, recording="gone" if status in ("absent", "failed") else "erased")
        return []
    if status not in ("completed", "absent", "failed"):
        change_call(session, call.id, recording_id=recording_id)
        return []
    kept = status == "completed"
    change_call(
        session, call.id, recording_id=recording_id, recording="kept" if kept else "gone", recording_seconds=seconds if kept else None
    )
    if kept:
        meta = {"call": call.id, "recording": recording_id, "seconds": seconds}
        append_event(session, call.lead_id, Fact("call_recorded", "leadbell", now, meta, officer_id=call.officer_id), salt)
    return _redrawn(session, call)


def _redrawn(session: Session, call: CallRow) -> list[Lease]:
    assert call.lead_id is not None, "a recorded call is about a lead"
    redraw_line(session, call.lead_id, call.event_seq)
    return redraw(session, call.lead_id, at_once=True)


async def ask_to_hear(services: Services, pressed: Press, call_id: int) -> tuple[HearOutcome, str | None]:
    """Somebody pressed Listen: whether they may, and then a link that is theirs alone."""
    outcome = await services.store.transact(note_asked, pressed, call_id)
    if not isinstance(outcome, MayHear):
        return outcome, None
    said = f"{call_id}.{pressed.officer_id}.{int(outcome.until.timestamp())}"
    return outcome, f"{services.public_url}/r/{signed(services.hash_key, 'recording', said)}"


def note_asked(session: Session, by: Press, call_id: int) -> HearOutcome:
    """The transaction of that press."""

    def decide() -> HearOutcome:
        refused = allowed(session, by, leaders_too=True, cover_too=True)[0]
        if refused is not None:
            return refused
        call = call_row(session, call_id)
        if call is None or call.lead_id != by.lead or call.recording != "kept":
            return NotRecorded(by.lead)
        _note(session, call, "recording_asked", by)
        return MayHear(by.lead, by.at + HOLDS_FOR)

    return once(session, by.delivery, by.at, _hears, decide)


async def open_link(services: Services, token: str) -> Hears | MayNotHear | NotRecorded | LinkOver:
    """Somebody opened a link. Whether they may is judged now, and written down before anything is fetched."""
    now, found = services.clock.now(), _SAID.fullmatch(said_by_us(services.hash_key, "recording", token) or "")
    if found is None or now >= datetime.fromtimestamp(int(found[3]), UTC):
        return LinkOver()
    return await services.store.transact(note_heard, int(found[1]), int(found[2]), now, services.salt())


def note_heard(session: Session, call_id: int, officer_id: int, now: datetime, salt: str) -> Hears | MayNotHear | NotRecorded:
    """The transaction of a hearing."""
    call = call_row(session, call_id)
    assert call is not None and call.lead_id is not None, "calls are never deleted, and a link is to one about a lead"
    by = Press("", call.lead_id, officer_id, now, salt)
    language: str = session.connection().execute(_person, {"by": officer_id}).one().language
    if allowed(session, by, leaders_too=True, cover_too=True)[0] is not None:
        return MayNotHear(language)
    if call.recording != "kept" or call.recording_id is None:
        return NotRecorded(call.lead_id)
    _note(session, call, "recording_heard", by)
    return Hears(call.recording_id, call.lead_id, language)


def _note(session: Session, call: CallRow, kind: str, by: Press) -> None:
    key = session.connection().execute(_person, {"by": by.officer_id}).one().key
    append_event(session, by.lead, Fact(kind, f"officer:{key}", by.at, {"call": call.id}, officer_id=by.officer_id), by.salt)


async def find_untold(services: Services) -> None:
    """Ask the network for recordings that it did not tell us of, since nobody heard it: else they would be its for ever."""
    assert services.voice is not None, "whoever looks after recordings can make calls"
    before, after = services.clock.now() - TOLD_WITHIN, 0
    while untold := await services.store.read(untold_recordings, before, after):
        for call_id, provider_id in untold:
            after = call_id
            found = await services.voice.recorded(provider_id)
            if found is None:
                log.warning("the network could not be asked for a recording, and is asked again tomorrow", call=call_id)
                continue
            recording_id, status, seconds = (found[0].recording_id, "completed", found[0].seconds) if found else (None, "absent", 0)
            now, salt = services.clock.now(), services.salt()
            services.owe(await services.store.transact(hear, call_id, recording_id, status, seconds, now, salt))


async def forget_old(services: Services) -> None:
    """Delete what was kept for as long as the config says, what the network never told us of included."""
    if services.voice is None:
        return
    await find_untold(services)
    config = services.in_force.config.recording
    before = services.clock.now() - timedelta(days=config.keep_days if config else KEPT_DAYS)
    after = 0
    while old := await services.store.read(old_recordings, before, after):
        for call_id, recording_id in old:
            after = call_id
            await _forget(services, services.voice, call_id, recording_id)
    services.owe([])


async def forget_erased(services: Services) -> None:
    """Delete what was recorded of people who are erased, as soon as the network lets us."""
    if services.voice is None:
        return
    after = 0
    while erased := await services.store.read(erased_recordings, after):
        for call_id, recording_id in erased:
            after = call_id
            await _forget(services, services.voice, call_id, recording_id)
    services.owe([])


async def _forget(services: Services, voice: VoiceNetwork, call_id: int, recording_id: str) -> None:
    if await voice.delete_recording(recording_id):
        await services.store.transact(note_gone, call_id, services.clock.now(), services.salt())
    else:
        log.warning("a recording could not be deleted, and is tried again", call=call_id)


def note_gone(session: Session, call_id: int, now: datetime, salt: str) -> None:
    """The network has the recording no more."""
    call = lock_call(session, call_id)
    if call is None or call.lead_id is None or call.recording == "gone":
        return
    change_call(session, call_id, recording="gone")
    append_event(session, call.lead_id, Fact("recording_deleted", "leadbell", now, {"call": call_id}), salt)
    redraw_line(session, call.lead_id, call.event_seq)
