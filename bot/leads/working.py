"""The owner works the lead: says that they are calling, and how it went."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, insert, or_, select
from sqlmodel import Session

from bot.capture.asking_back import AskedBack, ask_back
from bot.conversation.in_vain import came_back_since, go_on_waiting
from bot.leads.cadence import Planned, plan_next_try
from bot.leads.next_touch import ComingBack, keep_next_touch
from bot.leads.press import NoSuchLead, Press
from bot.officers.covering import covers
from bot.rules.dispositions import EFFECTS, Disposition, stage_after
from bot.rules.drips import ENDS_IT
from bot.rules.roles import Role, may
from bot.services import Services
from bot.speed_to_lead.speed import forget_attempt, note_first_attempt
from bot.store.calls import call_of_log, call_to_describe, change_call, describe_try
from bot.store.clocks import UNANSWERED, UNCONTACTED, clocks_of, hold_clock, resume_clock, stop_clock
from bot.store.columns import table_of
from bot.store.covering import stands_in
from bot.store.drips import GOAL, LEFT_STAGE, end_drips, resume_drips_ended_by
from bot.store.events import Fact, PastEvent, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.leads import ENDED_STAGES, borrower_of, lead
from bot.store.outbound import ContactAttempt
from bot.store.people import doer, leaders_of, leads_team, managers_of, officer
from bot.store.postings import Lease, post_notice, post_update, redraw, redraw_line
from bot.store.prepared import Prepared
from bot.store.reminders import answer_reminders, take_back_reminders
from bot.store.returns import drop_returns_of_log
from bot.store.scoring import owe_score
from bot.store.seen import once
from bot.store.stages import move_to_stage
from bot.store.suppressions import lift_written_at, lock_contacts, suppress_marketing, suppress_phones

TOO_QUICK = timedelta(seconds=20)
"""An attempt that is said so soon after the claim is shown to who leads the team: hardly anybody can dial and hear it out by then."""
DESCRIBED_WITHIN = timedelta(minutes=30)
"""How long after a call through the network what its caller logs is about that call, and no second one."""
CALL_TAKES = timedelta(minutes=30)
"""How long "I'm calling" holds the clock."""


@dataclass(frozen=True, slots=True)
class Calling:
    """The clock rests for so many minutes while the owner calls; 0 where none runs."""

    lead: int
    minutes: int = 30  # what an answer means that was kept before it said so
    kind: Literal["calling"] = "calling"


@dataclass(frozen=True, slots=True)
class HeldBefore:
    """The clock rested once already and runs on: only a try to reach the borrower stops it."""

    lead: int
    kind: Literal["held_before"] = "held_before"


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """The attempt is kept; the stage is the one that the lead is in now. With when the owner comes back, where they said so, or when the
    next try is planned; and with what is asked back for a lead that is of no use."""

    lead: int
    disposition: Disposition
    stage: str
    seq: int = 0
    coming_back: ComingBack | None = None
    asked_back: tuple[AskedBack, ...] = ()
    planned: Planned | None = None
    kind: Literal["logged"] = "logged"


@dataclass(frozen=True, slots=True)
class NotYourLead:
    """Somebody else's, or nobody's: free, or closed in this stage."""

    lead: int
    owner: str | None
    closed: str | None = None
    kind: Literal["not_your_lead"] = "not_your_lead"


@dataclass(frozen=True, slots=True)
class MayNotWork:
    lead: int
    role: Role
    kind: Literal["may_not_work"] = "may_not_work"


@dataclass(frozen=True, slots=True)
class OthersLead:
    """Nothing was changed yet: it is somebody else's lead. Who leads may, and is asked first."""

    lead: int
    owner_id: int
    owner: str
    kind: Literal["others_lead"] = "others_lead"


NotWorked = NotYourLead | MayNotWork | NoSuchLead
Deed = Literal["log", "stage", "note", "remind"]
"""What a screen asks for; who leads the team may do all but come back in the owner's place."""
WorkOutcome = Calling | HeldBefore | LoggedCall | OthersLead | NotWorked
_answers: TypeAdapter[WorkOutcome] = TypeAdapter(WorkOutcome)

_whose = (
    select(lead.c.owner_id, lead.c.claimed_at, lead.c.practice, lead.c.stage, lead.c.team_id, lead.c.score, officer.c.name)
    .outerjoin_from(lead, officer, lead.c.owner_id == officer.c.id)
    .where(lead.c.id == bindparam("lead_id"))
)
_mine = Prepared(_whose.with_for_update(key_share=True, of=lead))
_seen = Prepared(_whose)
_attempt = table_of(ContactAttempt)
_insert_attempt = Prepared(insert(_attempt))
_drop_attempt = delete(_attempt).where(_attempt.c.lead_id == bindparam("of_lead"), _attempt.c.event_seq == bindparam("of_seq"))
_reached_since = (
    select(_attempt.c.id)
    .where(
        _attempt.c.lead_id == bindparam("of_lead"), or_(_attempt.c.at > bindparam("since"), _attempt.c.event_seq > bindparam("after_seq"))
    )
    .limit(1)
)


async def why_not(services: Services, pressed: Press, deed: Deed) -> NotWorked | None:
    """Why this person may not do so, or None. Asked before a screen opens, so in one read that waits for nobody; who sends the screen off
    is judged again."""
    return await services.store.read(_why_not, pressed, deed)


def _why_not(session: Session, by: Press, deed: Deed) -> NotWorked | None:
    refused, row, _ = allowed(session, by, leaders_too=deed != "remind", locks=False)
    if refused is None and row.owner_id is None and deed == "log":
        return _not_yours(by, row)
    return refused


async def say_calling(services: Services, pressed: Press, *, still_on: bool = False) -> WorkOutcome:
    """The owner is calling, or `still_on` the phone when asked how it went: hold the clock for half an hour, each once."""
    outcome, leases = await services.store.transact(note_calling, pressed, still_on)
    services.owe(leases)
    return outcome


async def log_call(
    services: Services,
    pressed: Press,
    disposition: Disposition,
    note: str | None,
    next_touch: datetime | None = None,
    *,
    knows_owner: int | None = None,
) -> WorkOutcome:
    """Somebody says how a call went, and when the owner comes back to the lead; this stops the clock.

    Who leads may say it for the owner; `knows_owner` is whose lead they were asked about.
    """
    outcome, leases = await services.store.transact(note_call, pressed, disposition, note, next_touch, knows_owner)
    services.owe(leases)
    return outcome


def note_calling(session: Session, by: Press, still_on: bool = False) -> tuple[WorkOutcome, list[Lease]]:
    """The transaction of "I'm calling"."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide_calling(session, by, still_on, leases)), leases


def _decide_calling(session: Session, by: Press, still_on: bool, leases: list[Lease]) -> WorkOutcome:
    refused, _, person = allowed(session, by)
    if refused is not None:
        return refused
    stood = clocks_of(session, by.lead)
    running = {kind: stood[kind] for kind in (UNCONTACTED, UNANSWERED) if kind in stood and stood[kind].runs}
    rests_until = [clock.held_until for clock in running.values() if clock.held_until is not None]
    for kind, clock in running.items():
        if not clock.rests and clock.holds <= still_on:
            hold_clock(session, by.lead, kind, by.at + CALL_TAKES)
            rests_until.append(by.at + CALL_TAKES)
    if running and not rests_until:
        return HeldBefore(by.lead)
    append_event(session, by.lead, Fact("calling", f"officer:{person.key}", by.at, {}, officer_id=by.officer_id), by.salt)
    leases += redraw(session, by.lead, at_once=True)  # what asked the owner to call is answered
    return Calling(by.lead, max((ceil((until - by.at) / timedelta(minutes=1)) for until in rests_until), default=0))


def note_call(
    session: Session,
    by: Press,
    disposition: Disposition,
    note: str | None,
    next_touch: datetime | None = None,
    knows_owner: int | None = None,
) -> tuple[WorkOutcome, list[Lease]]:
    """The transaction of a logged call."""
    leases: list[Lease] = []
    if EFFECTS[disposition].stops_calls_and_sms_to_number or EFFECTS[disposition].internal_do_not_call:
        lock_contacts(session, by.lead)

    def decide() -> WorkOutcome:
        refused, row, person = allowed_or_asked(session, by, knows_owner)
        if refused is None and row.owner_id is None:
            refused = _not_yours(by, row)  # what is free is claimed first
        return refused or _keep_call(session, by, row, person, disposition, note, next_touch, leases)

    return once(session, by.delivery, by.at, _answers, decide), leases


def _keep_call(
    session: Session,
    by: Press,
    row: Any,
    person: Any,
    disposition: Disposition,
    note: str | None,
    next_touch: datetime | None,
    leases: list[Lease],
) -> LoggedCall:
    effects = EFFECTS[disposition]
    stage = stage_after(disposition, row.stage)
    stood = clocks_of(session, by.lead)
    clocks = [kind for kind in (UNCONTACTED, UNANSWERED) if kind in stood and stood[kind].runs]
    meta: dict[str, Any] = {"officer": person.name, "disposition": disposition.value, "from": row.stage, "stage": stage, "clocks": clocks}
    owner = replace(by, officer_id=row.owner_id)
    call = call_to_describe(session, by.lead, by.officer_id, by.at - DESCRIBED_WITHIN)
    too_quick = call is None and owner == by and row.claimed_at is not None and by.at - row.claimed_at <= TOO_QUICK
    if too_quick:
        meta["seconds_after_claim"] = max(0, int((by.at - row.claimed_at).total_seconds()))
    body, subject = ({"note": note}, borrower_of(session, by.lead)) if note else (None, None)
    fact = Fact("logged", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id, subject_id=subject, body=body)
    seq = append_event(session, by.lead, fact, by.salt)
    if call is None:
        attempt = {
            "lead_id": by.lead, "officer_id": by.officer_id, "channel": "voice", "disposition": disposition.value,
            "verified": False, "at": by.at, "event_seq": seq,
        }  # fmt: skip
        _insert_attempt.run(session, attempt)
        note_first_attempt(session, by.lead, by.at, verified=False)
    else:  # that they tried is kept already; this says how it went
        describe_try(session, by.lead, call.event_seq, disposition.value)
        change_call(session, call.id, logged_seq=seq)
    stop_clock(session, by.lead, UNCONTACTED)
    stop_clock(session, by.lead, UNANSWERED)
    if effects.stops_calls_and_sms_to_number or effects.internal_do_not_call:
        suppress_phones(session, by.lead, disposition.value, by.at)
    if effects.internal_do_not_call:
        suppress_marketing(session, by.lead, disposition.value, by.at)
    if disposition in ENDS_IT:
        end_drips(session, by.lead, disposition.value, by.at)
    move_to_stage(session, by.lead, stage, by.at)
    owe_score(session, by.lead, by.at)
    answer_reminders(session, by.lead, seq)
    coming_back = None
    if next_touch is not None and stage not in ENDED_STAGES:
        coming_back = keep_next_touch(session, owner, seq, "call_back" if effects.asks_for_time else "later", next_touch, note)
        if owner != by:
            coming_back = replace(coming_back, whom=row.name)
    planned = plan_next_try(session, by.lead, seq, by.at)
    post_update(session, by.lead, "logged", seq, row.score)
    asked_back: list[AskedBack] = []
    if effects.opens_return:
        asked_back = ask_back(session, by, (person.key, person.name), disposition.value, row.score, seq)
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    leases += redraw(session, by.lead, at_once=True)
    if too_quick:
        leaders = set(leaders_of(session, row.team_id)) - {by.officer_id} or set(managers_of(session, row.team_id)) - {by.officer_id}
        for leader in sorted(leaders):
            leases += post_notice(session, by.lead, leader, "quick_log", seq, row.score, at_once=True)
    return LoggedCall(by.lead, disposition, stage, seq, coming_back, tuple(asked_back), planned)


def undo_call(session: Session, by: Press, logged: PastEvent) -> list[Lease]:
    """Take a logged call back, as the last thing that happened to the lead: the attempt, the stage, what it closed, and the clocks."""
    disposition = Disposition(logged.meta["disposition"])
    take_back_reminders(session, by.lead, logged.seq)
    call = call_of_log(session, by.lead, logged.seq)
    if call is None:
        session.connection().execute(_drop_attempt, {"of_lead": by.lead, "of_seq": logged.seq})
        forget_attempt(session, by.lead, logged.at)
    else:  # they tried all the same; what is known of it is what the network told
        describe_try(session, by.lead, call.event_seq, call.outcome or Disposition.CONNECTED.value)
        change_call(session, call.id, logged_seq=None)
    effects = EFFECTS[disposition]
    if effects.stops_calls_and_sms_to_number or effects.internal_do_not_call:
        lift_written_at(session, by.lead, (disposition.value,), logged.at, by.at)
    for told_in in drop_returns_of_log(session, by.lead, logged.seq, by.at, by.officer_id):
        redraw_line(session, by.lead, told_in)
    move_to_stage(session, by.lead, logged.meta["from"], by.at)
    owe_score(session, by.lead, by.at)
    if session.connection().execute(_reached_since, {"of_lead": by.lead, "since": logged.at, "after_seq": logged.seq}).first() is None:
        for kind in logged.meta["clocks"]:
            resume_clock(session, by.lead, kind, logged.at, by.at)
        if came_back_since(session, by.lead, logged.seq):  # what had stopped them before did not arrive
            go_on_waiting(session, by.lead, logged.at, by.at)
    resume_drips_ended_by(session, by.lead, logged.at, (disposition.value, LEFT_STAGE, GOAL))
    return redraw(session, by.lead, at_once=True)


def allowed_or_asked(session: Session, by: Press, knows_owner: int | None) -> tuple[NotWorked | OthersLead | None, Any, Any]:
    """The same, where who leads may too, but is asked about somebody else's lead until they know whose it is."""
    refused, row, person = allowed(session, by, leaders_too=True)
    if refused is None and row.owner_id not in (None, by.officer_id, knows_owner) and not stands_in(session, by.lead, by.officer_id, by.at):
        return OthersLead(by.lead, row.owner_id, row.name), row, person
    return refused, row, person


def _not_yours(by: Press, row: Any) -> NotYourLead:
    return NotYourLead(by.lead, row.name, row.stage if row.owner_id is None and row.stage in ENDED_STAGES else None)


def may_claim_first(outcome: object, role: Role) -> bool:
    """Whether they were refused because nobody has the lead, and may claim it."""
    return isinstance(outcome, NotYourLead) and outcome.owner is None and outcome.closed is None and may(role, "claim")


def allowed(
    session: Session, by: Press, *, leaders_too: bool = False, cover_too: bool = False, locks: bool = True
) -> tuple[NotWorked | None, Any, Any]:
    """Why this person may not work this lead, or None; with the lead's row, locked unless it is only looked at, and the person's.

    Who covers for an owner who is away may as the owner may. With `leaders_too`, who leads the lead's team may, whoever owns it; with
    `cover_too`, who was asked to answer in the owner's place.
    """
    person = doer(session, by.officer_id)
    row = next(iter((_mine if locks else _seen).run(session, {"lead_id": by.lead})), None)
    if row is None or row.practice:  # whoever practices only claims
        return NoSuchLead(by.lead), row, person
    if not (person.active and may(person.role, "work")):
        return MayNotWork(by.lead, person.role), row, person
    leads = leaders_too and may(person.role, "work_any") and leads_team(session, by.officer_id, row.team_id)
    asked = cover_too and covers(session, by.lead, by.officer_id)
    if row.owner_id != by.officer_id and not leads and not asked and not stands_in(session, by.lead, by.officer_id, by.at):
        return _not_yours(by, row), row, person
    return None, row, person
