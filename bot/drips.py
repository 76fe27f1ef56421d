"""Texts that leave by themselves: a sequence for a lead, begun and stopped by its owner, ended by whatever the borrower does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.config import Missing, what_is_missing
from bot.config.drips import Sequence, read_sequences
from bot.lead_facts import own_facts
from bot.outreach.calls import whereabouts_of
from bot.outreach.emails import UNSUBSCRIBED
from bot.outreach.reach import Reach, lock_reach
from bot.outreach.texts import judge_automatic
from bot.press import Press
from bot.rendering import PLAIN, Words, messages_folder
from bot.rules.compliance import Refused, Rule, WaitUntil
from bot.rules.drips import ENDS_IT, REPLIES, closest_sequences, find_sequence, step_due
from bot.rules.roles import may
from bot.rules.sms_segments import count_segments, tidy
from bot.rules.zones import candidate_zones
from bot.services import Services
from bot.store.drips import (
    FINISHED,
    LEFT_STAGE,
    STOPPED,
    UNDONE,
    DripView,
    Listed,
    add_drip,
    drips_listed,
    end_drip,
    end_drips,
    first_due,
    keep_sequence,
    lock_drip,
    move_drip,
    resume_drip,
    set_beginning,
    touch_is_on_its_way,
)
from bot.store.events import Fact, PastEvent, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.leads import borrower_of, lock_lead
from bot.store.messages import DRIP, keep_text
from bot.store.people import officer
from bot.store.places import KnownOfficer
from bot.store.postings import Lease, post_update, redraw, redraw_line
from bot.store.seen import once
from bot.store.suppressions import closed_channels
from bot.store.views import LeadView, lead_view
from bot.working import NotWorked, allowed

LOOK_AGAIN_AFTER = timedelta(hours=1)
"""When a step is looked at again while texts are off, or the one before is still on its way."""
CLOSES_AFTER = timedelta(minutes=1)
"""How long after its last text a sequence is over: until then what the borrower does still takes that text back."""
LISTED = 10

ENDINGS = (
    FINISHED, STOPPED, UNDONE, LEFT_STAGE, *REPLIES, *ENDS_IT, "takes_no_texts", UNSUBSCRIBED,
    "no_phone", "no_common_hour", "sms_suppressed", "sms_no_consent", "sms_consent_names_no_texts", "sms_consent_has_no_time",
    "sms_consent_is_for_another_number", "sms_unknown_place",
)  # fmt: skip
"""Everything that ends them: people, the borrower, the network, and what the gate refuses for good."""

borrower = Words("sms", PLAIN)
Why = Rule | Missing | Literal["opted_out", "wrong_number", "takes_no_texts", "may_be_opt_out", "stage", "segment", "waits_for_you"]


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name texts leave by themselves; `missing` says why none may."""

    company: str
    nmls: str
    missing: Missing | None


@dataclass(frozen=True, slots=True)
class Begun:
    """The first text leaves then; `waits_for` is the rule that holds it back so long, if any."""

    lead: int
    sequence: str
    seq: int
    at: datetime
    zone: str
    language: str
    waits_for: Rule | None
    kind: Literal["begun"] = "begun"


@dataclass(frozen=True, slots=True)
class RunsAlready:
    lead: int
    sequence: str
    kind: Literal["runs_already"] = "runs_already"


@dataclass(frozen=True, slots=True)
class CannotBegin:
    """Nothing would leave, or nothing should. `stages` and `segments` are those that the sequence is for."""

    lead: int
    sequence: str
    because: Why
    stage: str
    stages: tuple[str, ...]
    segments: tuple[str, ...] = ()
    kind: Literal["cannot_begin"] = "cannot_begin"


@dataclass(frozen=True, slots=True)
class Stopped:
    """Nothing of it leaves any more; so many had left."""

    lead: int
    sequence: str
    seq: int
    touches: int
    kind: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class NothingRuns:
    lead: int
    kind: Literal["nothing_runs"] = "nothing_runs"


DripOutcome = Begun | RunsAlready | CannotBegin | Stopped | NothingRuns | NotWorked
_answers: TypeAdapter[DripOutcome] = TypeAdapter(DripOutcome)
_nmls = select(officer.c.nmls_id).where(officer.c.id == bindparam("of_officer"))


@cache
def library() -> Mapping[str, Sequence]:
    """The sequences that Leadbell brings along. Raises ConfigError when a file of theirs was changed and cannot be read any more."""
    return read_sequences(messages_folder() / "drips")


def sequence_named(words: str) -> Sequence | None:
    """The sequence that these words name, in any language; where nothing is said, the only one there is."""
    known = library()
    if not words:
        return next(iter(known.values())) if len(known) == 1 else None
    key = find_sequence(words, _spellings())
    return known[key] if key else None


def sequences_like(words: str) -> list[Sequence]:
    """Those that the words resemble, to be asked back."""
    return [library()[key] for key in closest_sequences(words, _spellings())]


def _spellings() -> dict[str, str]:
    return {name: key for key, each in library().items() for name in (key, each.name.en, each.name.es)}


def sequence_for(lead: LeadView) -> Sequence | None:
    """The first one that is for leads such as this one."""
    return next((each for each in library().values() if lead.stage in each.stages and is_meant(lead, each)), None)


def is_meant(lead: LeadView, sequence: Sequence) -> bool:
    """Whether the lead belongs to one of the segments that the sequence is for."""
    return not sequence.segments or not lead.segments.keys().isdisjoint(sequence.segments)


def sender_of(services: Services) -> Sender:
    config = services.in_force.config
    missing = what_is_missing(config) or (() if services.network else ("texts_are_off",))
    return Sender(services.in_force.company_name, config.company.nmls_id, missing[0] if missing else None)


async def begin(services: Services, pressed: Press, sequence: Sequence) -> DripOutcome:
    """Have the texts of a sequence leave for the lead by themselves, from its first step on."""
    outcome, leases = await services.store.transact(begin_drip, pressed, sequence, sender_of(services))
    services.owe(leases)
    return outcome


async def stop(services: Services, pressed: Press, key: str | None = None) -> DripOutcome:
    """Nothing of it leaves any more, nor of any other that runs where no key is given."""
    outcome, leases = await services.store.transact(stop_drip, pressed, key)
    services.owe(leases)
    return outcome


async def listed(services: Services, person: KnownOfficer) -> list[Listed]:
    """What runs for this person's leads, and for those of the teams that they lead."""
    return await services.store.read(drips_listed, person.id, LISTED, teams_too=may(person.role, "work_any"))


def begin_drip(session: Session, by: Press, sequence: Sequence, sender: Sender) -> tuple[DripOutcome, list[Lease]]:
    """The transaction of a beginning."""
    leases: list[Lease] = []
    reach = lock_reach(session, by.lead, "sms")
    return once(session, by.delivery, by.at, _answers, lambda: _begin(session, by, sequence, sender, reach, leases)), leases


def _begin(session: Session, by: Press, sequence: Sequence, sender: Sender, reach: Reach | None, leases: list[Lease]) -> DripOutcome:
    refused, row, person = allowed(session, by, leaders_too=True)
    if refused is not None:
        return refused
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    lead = lead_view(session, by.lead)
    assert lead is not None, "its row was just locked"
    zone, first = _zone(lead), sequence.steps[0]
    at, waits_for, because = step_due(first.after, first.at, by.at, zone), None, _why_not(lead, sequence, sender)
    if because is None and reach is None:
        because = "no_phone"
    elif because is None and reach is not None:
        match judge_automatic(session, lead, reach, at):
            case Refused(rule):
                because = _closed_because(session, reach, rule)
            case WaitUntil(opens_at, rule=rule):
                at, waits_for = opens_at, rule
    if because is not None:
        return CannotBegin(by.lead, sequence.key, because, lead.stage, sequence.stages, sequence.segments)
    content = sequence.model_dump(mode="json")
    version = keep_sequence(session, sequence.key, content["name"], content["stages"], content["steps"])
    drip_id = add_drip(session, by.lead, version, sequence.key, at, by.at)
    if drip_id is None:
        return RunsAlready(by.lead, sequence.key)
    meta = {"officer": person.name, "enrollment": drip_id, "sequence": sequence.key}
    seq = append_event(session, by.lead, Fact("drip_begun", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id), by.salt)
    set_beginning(session, drip_id, seq)
    post_update(session, by.lead, "drip", seq, row.score)
    leases += redraw(session, by.lead, at_once=True)
    return Begun(by.lead, sequence.key, seq, at, lead.time_zone, _language(lead), waits_for)


def _why_not(lead: LeadView, sequence: Sequence, sender: Sender) -> Why | None:
    if lead.stage not in sequence.stages:
        return "stage"
    if not is_meant(lead, sequence):
        return "segment"
    if sender.missing is not None:
        return sender.missing
    return "waits_for_you" if lead.waits_since is not None else None


def _closed_because(session: Session, reach: Reach, rule: Rule) -> Why:
    """Why this number is closed, where it is: the rule alone does not say it."""
    if rule != "sms_suppressed":
        return rule
    closed = closed_channels(session, reach.key)
    if "sms" not in closed and "marketing" not in closed:
        return "may_be_opt_out"
    reasons: dict[str, Why] = {"opted_out": "opted_out", "wrong_number": "wrong_number", "takes_no_texts": "takes_no_texts"}
    return reasons.get(closed.get("sms") or closed["marketing"], rule)


def stop_drip(session: Session, by: Press, key: str | None) -> tuple[DripOutcome, list[Lease]]:
    """The transaction of a stop."""
    leases: list[Lease] = []

    def decide() -> DripOutcome:
        refused, _, person = allowed(session, by, leaders_too=True)
        if refused is not None:
            return refused
        keep_last_opened(session, by.officer_id, by.lead, by.at)
        ended = end_drips(session, by.lead, STOPPED, by.at, key=key, by=(by.officer_id, person.key))
        if not ended:
            return NothingRuns(by.lead)
        leases.extend(redraw(session, by.lead, at_once=True))
        return Stopped(by.lead, ended[0].drip.key, ended[0].seq, ended[0].drip.step)

    return once(session, by.delivery, by.at, _answers, decide), leases


def undo_beginning(session: Session, by: Press, begun: PastEvent) -> list[Lease]:
    """Nothing had left yet, and nothing will."""
    end_drips(session, by.lead, UNDONE, by.at, key=begun.meta["sequence"])
    return redraw(session, by.lead, at_once=True)


def undo_stop(session: Session, by: Press, stopped: PastEvent) -> list[Lease]:
    """It goes on where it stood."""
    resume_drip(session, stopped.meta["enrollment"])
    return redraw(session, by.lead, at_once=True)


def touch_next(session: Session, now: datetime, salt: str, sender: Sender) -> tuple[int, list[Lease]]:
    """Send the text that is due the longest, or say when it may; return how many were looked at. One at a time: a step locks its number's
    key first, so that a borrower's STOP or answer comes before it or after it, never between."""
    found = first_due(session, now)
    if found is None:
        return 0, []
    drip_id, lead_id = found
    reach = lock_reach(session, lead_id, "sms")
    lock_lead(session, lead_id)
    drip = lock_drip(session, drip_id)
    if drip is None or drip.due_at is None or drip.due_at > now:
        return 1, []  # another process was quicker, or somebody ended it
    if sender.missing is not None or touch_is_on_its_way(session, drip):
        move_drip(session, drip.id, drip.step, now + LOOK_AGAIN_AFTER, drip.state)  # untold: the thread would say so each hour
    else:
        _touch(session, drip, reach, sender, now, salt)
        redraw_line(session, lead_id, drip.set_seq)
    return 1, []


def _touch(session: Session, drip: DripView, reach: Reach | None, sender: Sender, now: datetime, salt: str) -> None:
    if drip.step == len(drip.steps):
        end_drip(session, drip, FINISHED, now)
        return
    if reach is None:
        end_drip(session, drip, "no_phone", now)
        return
    lead = lead_view(session, drip.lead_id)
    assert lead is not None, "its row was just locked"
    match judge_automatic(session, lead, reach, now):
        case Refused(rule):
            end_drip(session, drip, _closed_because(session, reach, rule), now)
        case WaitUntil(at, rule=rule):
            move_drip(session, drip.id, drip.step, at, {**drip.state, "waits_for": rule})
        case _:
            _send(session, drip, lead, reach, sender, now, salt)


def _send(session: Session, drip: DripView, lead: LeadView, reach: Reach, sender: Sender, now: datetime, salt: str) -> None:
    """Owe the text of this step, and see when the next one may leave: counted from now, so that a late one is not followed by a burst."""
    step, language = drip.steps[drip.step], _language(lead)  # as it was stored: an older version obeyed older rules
    words = tidy(borrower.fill(step["sms"][language], language, **_facts(session, lead, sender, now)))
    row = {
        "lead_id": drip.lead_id, "contact_point_id": reach.contact_point_id, "direction": "out", "purpose": DRIP, "body": words,
        "status": "queued", "created_at": now, "due_at": now, "event_seq": drip.set_seq,
    }  # fmt: skip
    text_id = keep_text(session, row)
    meta = {
        "text": text_id, "enrollment": drip.id, "sequence": drip.key, "version": drip.version, "step": drip.step + 1,
        "language": language, "segments": count_segments(words).count,
    }  # fmt: skip
    append_event(
        session, drip.lead_id,
        Fact("drip_touched", "leadbell", now, meta, subject_id=borrower_of(session, drip.lead_id), body={"words": words}), salt,
    )  # fmt: skip
    at, waits_for = now + CLOSES_AFTER, None
    if drip.step + 1 < len(drip.steps):
        following = drip.steps[drip.step + 1]
        at = step_due(following["after"], following["at"], now, _zone(lead))
        match judge_automatic(session, lead, reach, at):
            case WaitUntil(opens_at, rule=rule):
                at, waits_for = opens_at, rule
    move_drip(session, drip.id, drip.step + 1, at, {"owner": lead.owner_id, "waits_for": waits_for})


def _facts(session: Session, lead: LeadView, sender: Sender, now: datetime) -> dict[str, object]:
    """What a text is filled with: the owner of this moment, or the company alone where nobody has the lead."""
    own = own_facts(lead, now)
    nmls = session.connection().execute(_nmls, {"of_officer": lead.owner_id}).scalar_one() if lead.owner_id else None
    return {
        "first_name": own["first_name"], "purpose": own["purpose"], "city": own["city"], "officer": own["owner"], "officer_nmls": nmls,
        "company": sender.company, "nmls": sender.nmls,
    }  # fmt: skip


def _language(lead: LeadView) -> Literal["en", "es"]:
    """The language that the borrower stated or wrote, unless the owner goes on in English: never guessed."""
    return "es" if (lead.details.get("replies_in") or lead.details.get("language")) == "es" else "en"


def _zone(lead: LeadView) -> str:
    """By whose clocks the times of day are: the borrower's where we know them."""
    zones = candidate_zones(whereabouts_of(lead))
    return zones[0] if zones else lead.time_zone
