"""A sequence is built in chat: a draft that several may change, a look as a real lead, a test to oneself, and another one's approval."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.config import Config
from bot.config.drips import as_written, stored
from bot.leads.lead_facts import letters_in
from bot.leads.press import NoSuchLead, Press
from bot.nurture.drip_steps import FieldMissing, Sender, Why, facts_of, files_of, known_or_not, may_leave
from bot.nurture.drip_troubles import Trouble, is_readable, stage_names, stage_spellings, troubles_of, troubles_of_words, words_of
from bot.nurture.drips import invented_borrowers, sender_of
from bot.outreach.reach import Channel, find_reach
from bot.rendering import LANGUAGES
from bot.rules.building import (
    EXITS,
    HEAD,
    WRITTEN,
    Body,
    Built,
    Edit,
    begun,
    body_of,
    document_of,
    key_of,
    moved,
    with_part,
    with_step,
    without_step,
)
from bot.rules.roles import Role, may, who_may
from bot.rules.sms_segments import count_segments
from bot.rules.text import clean
from bot.services import Services
from bot.speed_to_lead.paging import TRIAL, email_officer, staff, text_officer
from bot.store.building import (
    ASKED,
    DROPPED,
    OPEN,
    PUBLISHED,
    DraftView,
    add_version,
    begin_draft,
    change_draft,
    draft_view,
    lock_draft,
    officers_in,
    open_draft_of,
    open_drafts,
    write_draft,
)
from bot.store.drips import newest_version_of
from bot.store.events import COMPANY, Fact, append_event
from bot.store.people import Doer, doer, leads_team
from bot.store.places import KnownOfficer
from bot.store.postings import Lease, post_notice, redraw_notice
from bot.store.seen import once
from bot.store.views import LeadView, lead_view

TESTS_AN_HOUR = 20
LONGEST_WHY = 500


@dataclass(frozen=True, slots=True)
class Panel:
    """A draft with all that stands against it, and the version that is live, 0 where none is. `judges`: whether this person may decide."""

    draft: DraftView
    troubles: tuple[Trouble, ...]
    live: int
    judges: bool

    @property
    def may_be_asked(self) -> bool:
        return self.draft.state == OPEN and all(each.code == "newer" for each in self.troubles)


@dataclass(frozen=True, slots=True)
class Shown:
    """The draft as it stands by now. `other` changed something since this person looked; where both changed the same part, `kept` says what
    became of it: "both" steps stand, "theirs" stayed (and what was typed is `typed`)."""

    draft: int
    other: str | None = None
    kept: Literal["both", "theirs"] | None = None
    typed: str = ""
    kind: Literal["shown"] = "shown"


@dataclass(frozen=True, slots=True)
class NoDraft:
    """It was published or dropped meanwhile."""

    kind: Literal["no_draft"] = "no_draft"


@dataclass(frozen=True, slots=True)
class NoName:
    """The name makes no key, or there is such a sequence already."""

    said: str
    taken: bool
    kind: Literal["no_name"] = "no_name"


@dataclass(frozen=True, slots=True)
class MayNotBuild:
    role: Role
    kind: Literal["may_not_build"] = "may_not_build"


@dataclass(frozen=True, slots=True)
class Dropped:
    names: Mapping[str, str]
    kind: Literal["dropped"] = "dropped"


@dataclass(frozen=True, slots=True)
class AskedApproval:
    """So many people were asked."""

    draft: int
    many: int
    kind: Literal["asked_approval"] = "asked_approval"


@dataclass(frozen=True, slots=True)
class NobodyApproves:
    """Only those who wrote it could."""

    draft: int
    kind: Literal["nobody_approves"] = "nobody_approves"


@dataclass(frozen=True, slots=True)
class NotReady:
    """Something stands against it still."""

    draft: int
    kind: Literal["not_ready"] = "not_ready"


@dataclass(frozen=True, slots=True)
class DraftJudged:
    """It is live as this version, or went back with a word why."""

    draft: int
    approved: bool
    version: int
    names: Mapping[str, str]
    kind: Literal["draft_judged"] = "draft_judged"


@dataclass(frozen=True, slots=True)
class NotAsked:
    """It was decided, changed or dropped meanwhile, or a newer version came: nothing is decided about it now."""

    kind: Literal["not_asked"] = "not_asked"


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """Nobody approves what they wrote."""

    kind: Literal["own_draft"] = "own_draft"


@dataclass(frozen=True, slots=True)
class Tried:
    """So many messages leave for the officer's own phone or address."""

    draft: int
    channel: Channel
    many: int
    kind: Literal["tried"] = "tried"


@dataclass(frozen=True, slots=True)
class CannotTry:
    """Texts or email are off, the step cannot be filled yet, or there is no phone, or they had their share for now."""

    draft: int
    because: Literal["off", "troubles", "no_way"]
    kind: Literal["cannot_try"] = "cannot_try"


BuildOutcome = (
    Shown | NoDraft | NoName | MayNotBuild | Dropped | AskedApproval | NobodyApproves | NotReady | DraftJudged | NotAsked | OwnDraft
    | Tried | CannotTry
)  # fmt: skip
_answers: TypeAdapter[BuildOutcome] = TypeAdapter(BuildOutcome)


@dataclass(frozen=True, slots=True)
class Seen:
    """A step as a borrower would get it now. `missing` names a field that is not known of them, so that it is passed over; `why` and
    `until` are what the gate says, neither where it lets it leave."""

    place: int
    channel: str
    subject: str | None
    words: str
    segments: int
    missing: str | None
    why: Why | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """All steps as one borrower would get them: of a lead, or an invented one where `lead` is None."""

    draft: DraftView
    lead: LeadView | None
    language: str
    steps: tuple[Seen, ...]


# What people ask for.


async def new(services: Services, pressed: Press, name: str) -> BuildOutcome:
    """Begin a draft with this name."""
    return await services.store.transact(begin_new, pressed, name)


async def edit(services: Services, pressed: Press, key: str, language: str) -> BuildOutcome:
    """Open the draft of a sequence; a new one of its live version where there is none."""
    return await services.store.transact(open_or_begin, pressed, key, language)


async def look(services: Services, officer: KnownOfficer, draft_id: int) -> Panel | None:
    """A draft as it stands, open or not; None where there is none."""
    return await services.store.read(_panel, officer, draft_id, services.in_force.config)


async def drafts(services: Services) -> list[DraftView]:
    return await services.store.read(open_drafts)


async def change_part(
    services: Services, pressed: Press, draft_id: int, since: int, part: Literal["head", "exits"], fields: Mapping[str, Any]
) -> BuildOutcome:
    """Change its name and audience, or its exits."""
    return await services.store.transact(write_part, pressed, draft_id, since, part, fields)


async def save_step(
    services: Services, pressed: Press, draft_id: int, since: int, step_id: int, channel: str, fields: Mapping[str, str]
) -> BuildOutcome:
    """Change a step, or add one where `step_id` is 0."""
    return await services.store.transact(write_step, pressed, draft_id, since, step_id, channel, fields)


async def move_step(services: Services, pressed: Press, draft_id: int, since: int, step_id: int, *, up: bool) -> BuildOutcome:
    return await services.store.transact(reorder, pressed, draft_id, since, step_id, up)


async def remove_step(services: Services, pressed: Press, draft_id: int, since: int, step_id: int) -> BuildOutcome:
    return await services.store.transact(take_out, pressed, draft_id, since, step_id)


async def drop(services: Services, pressed: Press, draft_id: int) -> BuildOutcome:
    """Nobody goes on with it. What is live stays."""
    return await services.store.transact(drop_draft, pressed, draft_id)


async def ask(services: Services, pressed: Press, draft_id: int, since: int) -> BuildOutcome:
    """Ask those who may approve it, who did not write it."""
    outcome, leases = await services.store.transact(ask_for_approval, pressed, draft_id, since, services.in_force.config)
    services.owe(leases)
    return outcome


async def judge(services: Services, pressed: Press, draft_id: int, since: int, why: str, *, approved: bool) -> BuildOutcome:
    """Have it live as the next version, or send it back with a word why."""
    outcome, leases = await services.store.transact(judge_draft, pressed, draft_id, since, why, services.in_force.config, approved=approved)
    services.owe(leases)
    return outcome


async def try_step(services: Services, pressed: Press, draft_id: int, step_id: int) -> BuildOutcome:
    """Send a step to oneself, in each language, marked as a test."""
    outcome, text_ids = await services.store.transact(send_trial, pressed, draft_id, step_id, sender_of(services), services.in_force.config)
    services.tend(text_ids)
    return outcome


async def preview(services: Services, officer: KnownOfficer, draft_id: int, number: int | None) -> Preview | NoSuchLead | NoDraft:
    """Show it as the borrower of this lead would get it, or an invented one. Whoever may not see the lead is told there is none."""
    config, sender, now = services.in_force.config, sender_of(services), services.clock.now()
    return await services.store.read(_preview, officer, draft_id, number, config, sender, now)


# The transactions.


def begin_new(session: Session, by: Press, name: str) -> BuildOutcome:
    """The transaction of a new draft."""

    def decide(person: Doer) -> BuildOutcome:
        key, body = key_of(name), begun(name)
        if key is None:
            return NoName(name, taken=False)
        draft_id = None
        if newest_version_of(session, key) is None:
            draft_id = begin_draft(session, key, body, 0, person.id, by.at)
        if draft_id is None:
            return NoName(name, taken=True)
        _tell(session, "drip_draft_begun", by, person, {"draft": draft_id, "sequence": key, "version": 0})
        return Shown(draft_id)

    return _by_who_may(session, by, decide)


def open_or_begin(session: Session, by: Press, key: str, language: str) -> BuildOutcome:
    """The transaction of going on with a draft."""

    def decide(person: Doer) -> BuildOutcome:
        seen = open_draft_of(session, key)
        if seen is not None:
            return Shown(seen.id, None if seen.changed_by == person.id else seen.changer)
        version = newest_version_of(session, key)
        if version is None:
            return NoDraft()
        body = body_of(json.loads(version.document), language, stage_names(language))
        draft_id = begin_draft(session, key, body, version.version, person.id, by.at)
        if draft_id is None:  # somebody else began it in this moment
            begun_by_other = open_draft_of(session, key)
            return Shown(begun_by_other.id, begun_by_other.changer) if begun_by_other else NoDraft()
        _tell(session, "drip_draft_begun", by, person, {"draft": draft_id, "sequence": key, "version": version.version})
        return Shown(draft_id)

    return _by_who_may(session, by, decide)


def write_part(
    session: Session, by: Press, draft_id: int, since: int, part: Literal["head", "exits"], fields: Mapping[str, Any]
) -> BuildOutcome:
    """The transaction of a change to its name and audience, or to its exits."""

    kept = {name: clean(value) if isinstance(value, str) else value for name, value in fields.items()}

    def change(draft: DraftView, made: Edit) -> tuple[Body, int | None]:
        return with_part(draft.body, made, HEAD if part == "head" else EXITS, kept)

    typed = "; ".join(", ".join(value) if isinstance(value, list) else str(value) for value in kept.values() if value)
    return _change(session, by, draft_id, since, change, "theirs", typed)


def write_step(
    session: Session, by: Press, draft_id: int, since: int, step_id: int, channel: str, fields: Mapping[str, str]
) -> BuildOutcome:
    """The transaction of a step that was written."""

    def change(draft: DraftView, made: Edit) -> tuple[Body, int | None]:
        said = {name: clean(value) for name, value in fields.items()}
        return with_step(draft.body, made, step_id, _channel(channel), said)

    return _change(session, by, draft_id, since, change, "both", "")


def reorder(session: Session, by: Press, draft_id: int, since: int, step_id: int, up: bool) -> BuildOutcome:
    """The transaction of a step that goes up or down."""
    return _change(session, by, draft_id, since, lambda draft, _: (moved(draft.body, step_id, up), None), "theirs", "")


def take_out(session: Session, by: Press, draft_id: int, since: int, step_id: int) -> BuildOutcome:
    """The transaction of a step that is removed."""
    return _change(session, by, draft_id, since, lambda draft, made: without_step(draft.body, made, step_id), "theirs", "")


def _change(
    session: Session,
    by: Press,
    draft_id: int,
    since: int,
    change: Callable[[DraftView, Edit], tuple[Body, int | None]],
    kept: Literal["both", "theirs"],
    typed: str,
) -> BuildOutcome:
    def decide(person: Doer) -> BuildOutcome:
        draft = lock_draft(session, draft_id)
        if draft is None or not draft.is_open:
            return NoDraft()
        body, clash = change(draft, Edit(person.id, since, draft.revision + 1))
        other = draft.changer if draft.revision > since and draft.changed_by != person.id else None
        if clash is not None:
            other = doer(session, clash).name
        if body != draft.body:
            write_draft(session, draft, body, person.id, by.at)
            if draft.state == ASKED:
                redraw_notice(session, draft.asked_seq)
        return Shown(draft_id, other, kept if clash is not None else None, typed if clash is not None else "")

    return _by_who_may(session, by, decide)


def drop_draft(session: Session, by: Press, draft_id: int) -> BuildOutcome:
    """The transaction of giving it up."""

    def decide(person: Doer) -> BuildOutcome:
        draft = lock_draft(session, draft_id)
        if draft is None or not draft.is_open:
            return NoDraft()
        change_draft(session, draft_id, state=DROPPED)
        _tell(session, "drip_draft_dropped", by, person, {"draft": draft_id, "sequence": draft.key})
        if draft.state == ASKED:
            redraw_notice(session, draft.asked_seq)
        return Dropped(_names(draft))

    return _by_who_may(session, by, decide)


def ask_for_approval(session: Session, by: Press, draft_id: int, since: int, config: Config) -> tuple[BuildOutcome, list[Lease]]:
    """The transaction of asking. A version that came meanwhile is followed by this one."""
    leases: list[Lease] = []

    def decide(person: Doer) -> BuildOutcome:
        draft = lock_draft(session, draft_id)
        if draft is None or not draft.is_open:
            return NoDraft()
        if draft.revision != since or draft.state == ASKED:
            return Shown(draft_id, None if draft.changed_by == person.id else draft.changer)
        version = newest_version_of(session, draft.key)
        live = version.version if version else 0
        troubles = troubles_of(draft.body, draft.key, config, version.document if version else None, newer=False)
        if troubles:
            return NotReady(draft_id)
        authors = {*draft.authors, person.id}
        asked = [each for each in officers_in(session, who_may("approve_drips")) if each not in authors]
        if not asked:
            return NobodyApproves(draft_id)
        seq = _tell(session, "drip_asked", by, person, {"draft": draft_id, "sequence": draft.key, "version": live + 1})
        change_draft(
            session, draft_id, state=ASKED, base_version=live, asked_by=person.id, asked_seq=seq, authors=sorted(authors), why=None,
            judged_by=None,
        )  # fmt: skip
        for each in asked:
            leases.extend(post_notice(session, None, each, "drip_asked", seq, 0, at_once=True))
        return AskedApproval(draft_id, len(asked))

    return _by_who_may(session, by, decide), leases


def judge_draft(
    session: Session, by: Press, draft_id: int, since: int, why: str, config: Config, *, approved: bool
) -> tuple[BuildOutcome, list[Lease]]:
    """The transaction of a decision, about exactly what whoever decides has read."""
    leases: list[Lease] = []

    def decide(person: Doer) -> BuildOutcome:
        draft = lock_draft(session, draft_id)
        if draft is None or draft.state != ASKED or draft.revision != since:
            return NotAsked()
        if person.id in draft.authors:
            return OwnDraft()
        version = newest_version_of(session, draft.key)
        number = draft.base_version
        if approved:
            document, _ = document_of(draft.body, draft.key, stage_spellings())
            if troubles_of(draft.body, draft.key, config, version.document if version else None, newer=False):
                return NotAsked()  # the config changed since: segments went, or the company has another name
            made = add_version(session, draft.key, stored(as_written(document)), draft.base_version)
            if made is None:
                change_draft(session, draft_id, state=OPEN)
                redraw_notice(session, draft.asked_seq)
                return NotAsked()
            number = made
        said = clean(why)[:LONGEST_WHY] or None
        meta = {"draft": draft_id, "sequence": draft.key, "version": number, "why": said}
        kind = "drip_published" if approved else "drip_sent_back"
        seq = _tell(session, kind, by, person, meta)
        change_draft(session, draft_id, state=PUBLISHED if approved else OPEN, judged_by=person.id, why=said)
        redraw_notice(session, draft.asked_seq)
        for each in draft.authors:
            leases.extend(post_notice(session, None, each, "drip_judged", seq, 0, at_once=True))
        return DraftJudged(draft_id, approved, number, _names(draft))

    return _by_who_may(session, by, decide, "approve_drips"), leases


def send_trial(session: Session, by: Press, draft_id: int, step_id: int, sender: Sender, config: Config) -> tuple[BuildOutcome, list[int]]:
    """The transaction of a test: the words leave for whoever asked alone, through the same senders as any page to them."""
    text_ids: list[int] = []

    def decide(person: Doer) -> BuildOutcome:
        draft = draft_view(session, draft_id)
        step = draft.body.step(step_id) if draft is not None else None
        if draft is None or step is None or step.channel not in ("sms", "email"):
            return NoDraft()
        channel: Channel = "sms" if step.channel == "sms" else "email"
        if sender.is_off(channel):
            return CannotTry(draft_id, "off")
        place = draft.body.place(step_id)
        for language in LANGUAGES:
            if any(each.code != "lint" for each in troubles_of_words(step, place, language, config, first=False)):
                return CannotTry(draft_id, "troubles")
        for language in LANGUAGES:
            subject, words = words_of(step, language, known_or_not(invented_borrowers(config)[0]))
            facts = {"sequence": draft.named(language), "step": place, "subject": subject, "words": words}
            queue, write = (text_officer, _trial_text) if channel == "sms" else (email_officer, _trial_email)
            text_id = queue(session, person.id, TRIAL, partial(write, facts), TESTS_AN_HOUR, by.at)
            text_ids.extend([] if text_id is None else [text_id])
        return Tried(draft_id, channel, len(text_ids)) if text_ids else CannotTry(draft_id, "no_way")

    return _by_who_may(session, by, decide), text_ids


def _trial_text(facts: Mapping[str, Any], language: str) -> str:
    return staff.say("trial_text", language, **{name: value for name, value in facts.items() if name != "subject"})


def _trial_email(facts: Mapping[str, Any], language: str) -> str:
    return staff.say("trial_email", language, **facts)


def _by_who_may(
    session: Session,
    by: Press,
    decide: Callable[[Doer], BuildOutcome],
    action: Literal["build_drips", "approve_drips"] = "build_drips",
) -> BuildOutcome:
    """Once for each delivery, and by who works here and may."""

    def judged() -> BuildOutcome:
        person = doer(session, by.officer_id)
        return decide(person) if person.active and may(person.role, action) else MayNotBuild(person.role)

    return once(session, by.delivery, by.at, _answers, judged)


def _tell(session: Session, kind: str, by: Press, person: Doer, meta: Mapping[str, Any]) -> int:
    fact = Fact(kind, f"officer:{person.key}", by.at, {**meta, "officer": person.name}, officer_id=person.id)
    return append_event(session, COMPANY, fact, by.salt)


def _names(draft: DraftView) -> dict[str, str]:
    return {language: draft.named(language) for language in LANGUAGES}


def _channel(said: str) -> Literal["sms", "email", "task", "branch"]:
    for each in ("sms", "email", "task", "branch"):
        if said == each:
            return each
    raise ValueError(f"No step is made of {said!r}.")


# What is shown.


def _panel(session: Session, officer: KnownOfficer, draft_id: int, config: Config) -> Panel | None:
    draft = draft_view(session, draft_id)
    if draft is None:
        return None
    version = newest_version_of(session, draft.key)
    live = version.version if version else 0
    troubles: tuple[Trouble, ...] = ()
    if draft.is_open:
        troubles = troubles_of(draft.body, draft.key, config, version.document if version else None, newer=live > draft.base_version)
    judges = draft.state == ASKED and may(officer.role, "approve_drips") and officer.id not in draft.authors
    return Panel(draft, troubles, live, judges)


def _preview(
    session: Session, officer: KnownOfficer, draft_id: int, number: int | None, config: Config, sender: Sender, now: datetime
) -> Preview | NoSuchLead | NoDraft:
    draft = draft_view(session, draft_id)
    if draft is None:
        return NoDraft()
    lead = lead_view(session, number) if number is not None else None
    if number is not None and (lead is None or not _may_see(session, officer, lead)):
        return NoSuchLead(number)
    if lead is None:
        facts, language = known_or_not(invented_borrowers(config)[0]), officer.language
    else:
        facts, language = facts_of(session, lead, sender, 1), letters_in(lead)
    gate = _gate(session, lead, sender, now) if lead is not None else {}
    steps = tuple(_seen(step, place, language, facts, gate) for place, step in enumerate(draft.body.steps, 1) if step.channel in WRITTEN)
    return Preview(draft, lead, language, steps)


def _gate(session: Session, lead: LeadView, sender: Sender, now: datetime) -> dict[str, tuple[Why | None, datetime | None]]:
    """By channel, why nothing may leave to this borrower now, or until when it has to wait."""
    channels: tuple[Channel, ...] = ("sms", "email")
    reaches = {channel: reach for channel in channels if (reach := find_reach(session, lead.number, channel))}
    files = files_of(session, {lead.number: reaches}, now)[lead.number]
    found: dict[str, tuple[Why | None, datetime | None]] = {}
    for channel in channels:
        off = sender.missing if channel == "sms" else sender.lacks_email
        why, wait = (off, None) if off else may_leave(lead, reaches.get(channel), files, channel, sender, now)
        found[channel] = why, wait[0] if wait else None
    return found


def _may_see(session: Session, officer: KnownOfficer, lead: LeadView) -> bool:
    if may(officer.role, "see_unmasked_any") or lead.owner_id == officer.id:
        return True
    return may(officer.role, "work_any") and leads_team(session, officer.id, lead.team_id)


def _seen(
    step: Built, place: int, language: str, facts: Mapping[str, object], gate: Mapping[str, tuple[Why | None, datetime | None]]
) -> Seen:
    subject, words, missing = None, "", None
    if is_readable(step, language):
        try:
            subject, words = words_of(step, language, facts)
        except FieldMissing as field:
            missing = field.name
    else:  # what stands against the step says so
        words = step.fields.get(language, "")
    why, until = gate.get(step.channel, (None, None))
    segments = count_segments(words).count if step.channel == "sms" else 0
    return Seen(place, step.channel, subject, words, segments, missing, why, until)
