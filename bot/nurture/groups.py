"""A sequence for many leads at once: counted and judged first, begun once the number is typed, a few at a time, taken back as a whole."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.config import Missing, MissingForEmail
from bot.leads.finding import Condition, NotUnderstood, vocabulary_of
from bot.leads.press import Press
from bot.nurture.drip_steps import FOR_GOOD, Sender, Why, first_step, why_not
from bot.nurture.drips import Called, called, known, meant, sender_of
from bot.outreach.reach import Channel, Reaches, find_reach, lock_reaches
from bot.rules.drips import Plan, is_held_out
from bot.rules.finding import Unclear
from bot.rules.groups import read_number, read_wanted
from bot.rules.roles import Role, may
from bot.services import Services
from bot.store.drip_beginnings import HELD_OUT, hold_out
from bot.store.drips import STOPPED, Version, add_drip, drip_view, end_drips, newest_version_of, set_beginning, waiting
from bot.store.events import COMPANY, Fact, append_event
from bot.store.groups import (
    ASKED,
    DONE,
    GOES_BACK,
    RUNS,
    TAKEN_BACK,
    GroupView,
    ask_for_group,
    change_group,
    due_group,
    group_view,
    keep_beginning,
    leads_following,
    leads_to_ask,
    lock_group,
    newest_group_of,
    rest,
    runs_among,
)
from bot.store.leads import lock_leads
from bot.store.people import Doer, doer, leads_team
from bot.store.places import KnownOfficer
from bot.store.postings import Lease, post_notice
from bot.store.seen import once
from bot.store.views import lead_view

AT_ONCE = 10
"""How many leads one transaction begins or takes back: meanwhile SQLite lets nobody else write."""
JUDGED_AT_ONCE = 50
"""How many leads one look judges: longer would hold up who reads something else."""
HOLDS = timedelta(minutes=15)
"""How long a number that was named may be typed: later the leads are others."""
BEGAN = "began"
WhyNot = Literal["runs", "stage", "segment", "waits_for_you", "no_consent", "opted_out", "off", "no_way", "not_yours"]
WHY_NOT: tuple[WhyNot, ...] = get_args(WhyNot)
_OFF = (*get_args(Missing), *get_args(MissingForEmail))


@dataclass(frozen=True, slots=True)
class Proposed:
    """Of so many leads that fit what was understood, so many were looked at, and for `may_begin` it may begin. `why_not` counts the
    others; none began yet. `held_out` could begin too, and are left out to be compared with."""

    sequence: Called
    fitting: int
    looked_at: int
    may_begin: int
    why_not: dict[str, int]
    held_out: int = 0
    understood: tuple[Condition, ...] = ()
    kind: Literal["proposed"] = "proposed"


@dataclass(frozen=True, slots=True)
class NotRead:
    """Which sequence is meant is not known, or none of the leads is spoken of."""

    part: Literal["sequence", "conditions"]
    said: str
    known: tuple[str, ...]
    kind: Literal["not_read"] = "not_read"


@dataclass(frozen=True, slots=True)
class NotSought:
    """Of what was said of the leads, this was not understood."""

    because: NotUnderstood
    kind: Literal["not_sought"] = "not_sought"


@dataclass(frozen=True, slots=True)
class Began:
    """They begin from now on, a few at a time."""

    group: int
    sequence: Called
    many: int
    kind: Literal["began"] = "began"


@dataclass(frozen=True, slots=True)
class OtherNumber:
    """Not the number that was named; nothing begins."""

    said: str
    many: int
    kind: Literal["other_number"] = "other_number"


@dataclass(frozen=True, slots=True)
class NothingAsked:
    """Nobody named a number to this person, not lately, or it was typed already."""

    kind: Literal["nothing_asked"] = "nothing_asked"


@dataclass(frozen=True, slots=True)
class GoesBack:
    """What runs of the group is ended from now on, a few at a time. `already` where somebody asked for that before."""

    sequence: Called
    already: bool
    kind: Literal["goes_back"] = "goes_back"


@dataclass(frozen=True, slots=True)
class NoSuchGroup:
    """There is none of this person's."""

    kind: Literal["no_such_group"] = "no_such_group"


@dataclass(frozen=True, slots=True)
class MayNotBeginForMany:
    role: Role
    kind: Literal["may_not"] = "may_not"


GroupOutcome = Proposed | NotRead | NotSought | Began | OtherNumber | NothingAsked | GoesBack | NoSuchGroup | MayNotBeginForMany
_answers: TypeAdapter[GroupOutcome] = TypeAdapter(GroupOutcome)


async def propose(services: Services, pressed: Press, person: KnownOfficer, words: str) -> GroupOutcome:
    """Count the leads that the words ask for, and ask the gate about each: "refinance watch TX older than 90 days". Nothing begins."""
    if not may(person.role, "begin_for_many"):
        return MayNotBeginForMany(person.role)
    every = (await known(services)).values()
    read = read_wanted(words, [name for each in every for name in (each.key, *each.names.values())])
    wanted = await meant(services, COMPANY, read.sequence) if read.sequence else None
    if wanted is None or wanted.plan is None:
        return NotRead("sequence", read.sequence, tuple(each.named(person.language) for each in every))
    vocabulary = await vocabulary_of(services, person)
    sought = vocabulary.understand(read.leads)
    if isinstance(sought, Unclear):
        return NotSought(vocabulary.ask_back(sought))
    if not sought:
        return NotRead("conditions", "", ())
    key, sender, now = wanted.plan.key, sender_of(services), services.clock.now()
    fitting, numbers = await services.store.read(leads_to_ask, person.id, sought, key, now)
    segments = frozenset(each.value for each in sought if each.part == "segment")
    counted: Counter[str] = Counter()
    able: list[int] = []
    held_out = 0
    for first in range(0, len(numbers), JUDGED_AT_ONCE):
        some = numbers[first : first + JUDGED_AT_ONCE]
        for number, because in (await services.store.read(_judge, some, wanted.plan, segments, sender, now)).items():
            if because is None:
                able.append(number)
                held_out += is_held_out(key, number, sender.holdout_percent)
            else:
                counted[because] += 1
    many, understood = len(able) - held_out, vocabulary.tell(sought)
    proposed = Proposed(called(wanted.plan), fitting, len(numbers), many, dict(counted), held_out, understood)
    return await services.store.transact(keep_proposed, pressed, key, able, proposed)


async def confirm(services: Services, pressed: Press, words: str) -> GroupOutcome:
    """Begin what was counted last, where these words are the number that was named."""
    outcome = await services.store.transact(begin_group, pressed, words)
    services.owed.set()
    return outcome


async def take_back(services: Services, pressed: Press, group_id: int | None) -> GroupOutcome:
    """Begin no more of a group, and end what runs of it; without a number the one that this person began last."""
    outcome = await services.store.transact(take_group_back, pressed, group_id)
    services.owed.set()
    return outcome


def _judge(
    session: Session, numbers: Sequence[int], plan: Plan, segments: Collection[str], sender: Sender, at: datetime
) -> dict[int, WhyNot | None]:
    """Why the sequence would not begin for each of these leads, None where it would."""
    runs = runs_among(session, plan.key, numbers)
    found: dict[int, WhyNot | None] = {}
    channels: tuple[Channel, ...] = ("sms", "email")
    for number in numbers:
        lead = lead_view(session, number)
        if lead is None or (segments and not any(each in lead.segments for each in segments)):
            continue
        reaches = {channel: reach for channel in channels if (reach := find_reach(session, number, channel))}
        because = why_not(session, lead, plan, sender, reaches, at)
        found[number] = "runs" if number in runs else None if because is None else _counted_as(because)
    return found


def _counted_as(because: Why) -> WhyNot:
    """Under which of the few reasons a refusal is counted."""
    match because:
        case "stage" | "segment" | "waits_for_you":
            return because
    if because in _OFF:
        return "off"
    if because == "sms_no_consent" or because.startswith("sms_consent"):
        return "no_consent"
    return "opted_out" if because in FOR_GOOD else "no_way"


def keep_proposed(session: Session, by: Press, key: str, numbers: Sequence[int], proposed: Proposed) -> GroupOutcome:
    """The transaction of a count: what may begin waits for its number to be typed."""

    def decide() -> GroupOutcome:
        person = doer(session, by.officer_id)
        if not _is_able(person):
            return MayNotBeginForMany(person.role)
        version = newest_version_of(session, key)
        assert version is not None, "versions are never deleted"
        ask_for_group(session, by.officer_id, version.id, numbers, proposed.may_begin, by.at)
        return proposed

    return once(session, by.delivery, by.at, _answers, decide)


def begin_group(session: Session, by: Press, words: str) -> GroupOutcome:
    """The transaction of the typed number: from now on the group is owed."""

    def decide() -> GroupOutcome:
        person = doer(session, by.officer_id)
        if not _is_able(person):
            return MayNotBeginForMany(person.role)
        asked = newest_group_of(session, by.officer_id)
        asked = asked and lock_group(session, asked.id)
        if asked is None or asked.state != ASKED or not asked.many or by.at > asked.asked_at + HOLDS:
            return NothingAsked()
        if read_number(words) != asked.many:
            return OtherNumber(words, asked.many)
        change_group(session, asked.id, state=RUNS, due_at=by.at)
        _tell_company(session, "group_begun", asked, person, by.at, by.salt)
        return Began(asked.id, called(asked.version.plan), asked.many)

    return once(session, by.delivery, by.at, _answers, decide)


def take_group_back(session: Session, by: Press, group_id: int | None) -> GroupOutcome:
    """The transaction of taking a group back: who began it may, and a manager."""

    def decide() -> GroupOutcome:
        person = doer(session, by.officer_id)
        if not _is_able(person):
            return MayNotBeginForMany(person.role)
        found = newest_group_of(session, by.officer_id) if group_id is None else group_view(session, group_id)
        found = found and lock_group(session, found.id)
        if found is None or found.state == ASKED or not (found.officer_id == person.id or may(person.role, "take_back_any")):
            return NoSuchGroup()
        sequence = called(found.version.plan)
        if found.state in (GOES_BACK, TAKEN_BACK):
            return GoesBack(sequence, already=True)
        change_group(session, found.id, state=GOES_BACK, by_id=person.id, reached=0, tally={}, due_at=by.at)
        _tell_company(session, "group_goes_back", found, person, by.at, by.salt)
        return GoesBack(sequence, already=False)

    return once(session, by.delivery, by.at, _answers, decide)


def _is_able(person: Doer) -> bool:
    return person.active and may(person.role, "begin_for_many")


def _tell_company(session: Session, kind: str, about: GroupView, person: Doer, at: datetime, salt: str, **more: Any) -> int:
    plan = about.version.plan
    meta = {"group": about.id, "sequence": plan.key, "version": about.version.version, "many": about.many, "officer": person.name, **more}
    return append_event(session, COMPANY, Fact(kind, f"officer:{person.key}", at, meta, officer_id=person.id), salt)


def go_on_with_groups(
    session: Session, now: datetime, salt: str, sender: Sender, chosen: Sequence[int] | None = None
) -> tuple[int, list[Lease]]:
    """Begin or take back the next leads of the group that waits the longest; how many were looked at, and at its end who is told."""
    seen = due_group(session, now) if chosen is None else group_view(session, chosen[0])
    if seen is None or seen.due_at is None or seen.due_at > now:
        return 0, []
    following = leads_following(session, seen.id, seen.reached, AT_ONCE)
    reaches = lock_reaches(session, following)
    lock_leads(session, following)
    now_is = lock_group(session, seen.id)
    if now_is is None or (now_is.state, now_is.reached, now_is.due_at) != (seen.state, seen.reached, seen.due_at):
        return 1, []  # another process was quicker, or somebody takes it back: it is looked at again
    person, tally = doer(session, now_is.by_id), Counter(now_is.tally)
    if not following:
        return 1, _end(session, now_is, person, now, salt)
    for number, drip_id in leads_following(session, seen.id, seen.reached, AT_ONCE).items():
        if now_is.state == RUNS:
            tally[_begin_one(session, now_is, number, person, reaches[number], sender, now, salt)] += 1
        elif drip_id is not None:
            tally[_take_one_back(session, now_is.version, number, drip_id, person, now)] += 1
    change_group(session, seen.id, reached=max(following), tally=dict(tally))
    return len(following), []


def _begin_one(
    session: Session, of: GroupView, number: int, person: Doer, reaches: Reaches, sender: Sender, now: datetime, salt: str
) -> str:
    """BEGAN, HELD_OUT, or why it does not begin. Its line and its card stay as they are: a hundred of them would tell nobody anything."""
    lead, version = lead_view(session, number), of.version
    assert lead is not None, "its row was just locked"
    if not (_is_able(person) and leads_team(session, person.id, lead.team_id)):
        return "not_yours"
    because = why_not(session, lead, version.plan, sender, reaches, now)
    if because is not None:
        return _counted_as(because)
    if is_held_out(version.plan.key, number, sender.holdout_percent):
        hold_out(session, number, version, now, None)
        return HELD_OUT
    step, at, waits_for = first_step(session, lead, version.plan, reaches, now, now)
    drip_id = add_drip(session, number, version, step, at, now)
    if drip_id is None:
        return "runs"
    meta = {
        "officer": person.name, "enrollment": drip_id, "sequence": version.plan.key, "version": version.version, "group": of.id,
        **waiting(waits_for, at),
    }  # fmt: skip
    set_beginning(
        session, drip_id, append_event(session, number, Fact("drip_begun", f"officer:{person.key}", now, meta, officer_id=person.id), salt)
    )
    keep_beginning(session, of.id, number, drip_id)
    return BEGAN


def _take_one_back(session: Session, version: Version, number: int, drip_id: int, person: Doer, now: datetime) -> str:
    drip = drip_view(session, drip_id)
    if drip is None or not drip.runs:
        return "over"
    end_drips(session, number, STOPPED, now, key=version.plan.key, by=(person.id, person.key), redraws=False)
    return "ended"


def _end(session: Session, of: GroupView, person: Doer, now: datetime, salt: str) -> list[Lease]:
    """All were looked at: one line says what became of them."""
    rest(session, of.id, DONE if of.state == RUNS else TAKEN_BACK)
    names = {"names": dict(of.version.plan.names), "texts_only": called(of.version.plan).texts_only}
    kind = "group_done" if of.state == RUNS else "group_taken_back"
    seq = _tell_company(session, kind, of, person, now, salt, **names, tally=dict(of.tally))
    told = sorted({of.officer_id, person.id})
    return [lease for each in told for lease in post_notice(session, None, each, kind, seq, 0, at_once=True)]
