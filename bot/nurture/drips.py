"""What leaves by itself: a sequence for a lead, begun and stopped by its owner, ended by whatever the borrower does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.config import Config, what_email_lacks, what_is_missing
from bot.config.drips import Sequence, read_sequences, stored
from bot.leads.lead_facts import letters_in
from bot.leads.press import Press
from bot.leads.working import NotWorked, allowed
from bot.nurture.drip_steps import BELOW_SCORE, Sender, Why, first_step, is_meant, why_not
from bot.outreach.emails import UNSUBSCRIBED
from bot.outreach.reach import Reaches, lock_reaches
from bot.rendering import messages_folder
from bot.rules.compliance import Rule
from bot.rules.drips import AHEAD, ENDS_IT, REPLIES, Plan, closest_sequences, find_sequence, likely_meant, read_day
from bot.rules.roles import may
from bot.services import Services
from bot.store.drip_beginnings import HELD_OUT, keep_date
from bot.store.drip_figures import Figures, figures_of
from bot.store.drips import (
    FINISHED,
    GOAL,
    LEFT_STAGE,
    STOPPED,
    UNDONE,
    Listed,
    add_drip,
    drips_listed,
    end_drips,
    keep_files,
    newest_version_of,
    newest_versions,
    resume_drip,
    set_beginning,
    waiting,
)
from bot.store.events import UNDONE as TAKEN_BACK
from bot.store.events import Fact, PastEvent, append_event, events_since
from bot.store.last_opened import keep_last_opened
from bot.store.leads import borrower_of
from bot.store.places import KnownOfficer
from bot.store.postings import Lease, post_update, redraw
from bot.store.seen import once
from bot.store.views import LeadView, lead_view

LISTED = 10

ENDINGS = (
    FINISHED, HELD_OUT, STOPPED, UNDONE, LEFT_STAGE, GOAL, BELOW_SCORE, *REPLIES, *ENDS_IT, "takes_no_texts", UNSUBSCRIBED,
    "no_phone", "no_common_hour", "sms_suppressed", "sms_no_consent", "sms_consent_names_no_texts", "sms_consent_has_no_time",
    "sms_consent_is_for_another_number", "sms_consent_names_other_sellers", "sms_unknown_place",
    "email_no_address", "email_bad_address", "email_closed", "email_footer_incomplete",
)  # fmt: skip
"""Everything that ends them: people, the borrower, the networks, and what the gate refuses for good."""


@dataclass(frozen=True, slots=True)
class Called:
    """What officers call a sequence, by their language, and whether all that it sends are texts."""

    names: dict[str, str]
    texts_only: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """The first step comes then, None where it waits for something; `waits_for` is the rule that holds it back so long, if any."""

    lead: int
    sequence: Called
    seq: int
    at: datetime | None
    zone: str
    language: str
    waits_for: Rule | None
    kind: Literal["begun"] = "begun"


@dataclass(frozen=True, slots=True)
class RunsAlready:
    lead: int
    sequence: Called
    kind: Literal["runs_already"] = "runs_already"


@dataclass(frozen=True, slots=True)
class CannotBegin:
    """Nothing would leave, or nothing should. `stages` and `segments` are those that the sequence is for."""

    lead: int
    sequence: Called
    because: Why
    stage: str
    stages: tuple[str, ...]
    segments: tuple[str, ...] = ()
    kind: Literal["cannot_begin"] = "cannot_begin"


@dataclass(frozen=True, slots=True)
class Stopped:
    """Nothing of it, nor of the `others` that ran, leaves any more; so many had left of all. `seq` is the first event of those ends."""

    lead: int
    sequence: Called
    seq: int
    touches: int
    others: tuple[Called, ...] = ()
    kind: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class NothingRuns:
    lead: int
    kind: Literal["nothing_runs"] = "nothing_runs"


@dataclass(frozen=True, slots=True)
class DayKept:
    """Sequences may go by this day from now on."""

    lead: int
    what: str
    day: date
    kind: Literal["day_kept"] = "day_kept"


@dataclass(frozen=True, slots=True)
class NoSuchDay:
    """The words are no kind of day with a day of the calendar."""

    lead: int
    kind: Literal["no_such_day"] = "no_such_day"


@dataclass(frozen=True, slots=True)
class DayGoneBy:
    """Nothing can be told before this day any more; `likely` is the same one that lies ahead."""

    lead: int
    what: str
    day: date
    likely: date
    kind: Literal["day_gone_by"] = "day_gone_by"


DripOutcome = DayKept | DayGoneBy | NoSuchDay | Begun | RunsAlready | CannotBegin | Stopped | NothingRuns | NotWorked
_answers: TypeAdapter[DripOutcome] = TypeAdapter(DripOutcome)


@cache
def library() -> Mapping[str, Sequence]:
    """The sequences that Leadbell brings along. Raises ConfigError when a file of theirs was changed and cannot be read any more."""
    return read_sequences(messages_folder() / "drips")


def keep_library(session: Session) -> None:
    """Have the store hold what the files say."""
    keep_files(session, {key: stored(each) for key, each in library().items()})


async def known(services: Services) -> dict[str, Plan]:
    """The sequences that can begin now, by key."""
    return {key: each.plan for key, each in (await services.store.read(newest_versions)).items()}


@dataclass(frozen=True, slots=True)
class Meant:
    """The sequence that somebody's words mean; where there is none, those to ask back about, and all there are."""

    plan: Plan | None
    nearest: tuple[Plan, ...]
    known: tuple[Plan, ...]


async def meant(services: Services, number: int, words: str) -> Meant:
    """What these words mean, in any language; without words the one sequence that is for the lead, where that is only one."""
    plans = await known(services)
    every = tuple(plans.values())
    if not words:
        lead = await services.store.read(lead_view, number)
        fitting = fitting_for(lead, every) if lead is not None else ()
        return Meant(fitting[0] if len(fitting) == 1 else None, fitting, every)
    spellings = {name: plan.key for plan in every for name in (plan.key, *plan.names.values())}
    key = find_sequence(words, spellings)
    if key is not None:
        return Meant(plans[key], (), every)
    return Meant(None, tuple(plans[each] for each in closest_sequences(words, spellings)), every)


def is_for(lead: LeadView, plan: Plan) -> bool:
    """Whether it is for leads in this stage and of these segments."""
    return lead.stage in plan.stages and is_meant(lead, plan)


def fitting_for(lead: LeadView, plans: Iterable[Plan]) -> tuple[Plan, ...]:
    """Those that are for leads such as this one; first those for few others."""
    return tuple(sorted((plan for plan in plans if is_for(lead, plan)), key=lambda plan: (not plan.segments, len(plan.stages), plan.key)))


def called(plan: Plan) -> Called:
    return Called(dict(plan.names), plan.channels == ("sms",))


def sender_of(services: Services) -> Sender:
    config = services.in_force.config
    missing = what_is_missing(config) or (() if services.network else ("texts_are_off",))
    lacks = what_email_lacks(config) or (() if services.post_office else ("email_is_off",))
    company = config.company
    return Sender(
        services.in_force.company_name,
        company.nmls_id,
        missing[0] if missing else None,
        lacks[0] if lacks else None,
        company.legal_name,
        company.postal_address,
        config.drips.most_per_week,
        config.drips.holdout_percent,
        frozenset(config.drips.begin_by_themselves),
    )


def invented_borrowers(config: Config) -> tuple[dict[str, Any], dict[str, Any]]:
    """One of whom all is known, and one of whom nothing is: a place that stays empty shows with the second."""
    company = {"company": config.company.display_name, "nmls": config.company.nmls_id, "years": 2}
    dana = {"first_name": "Dana", "purpose": "purchase", "city": "Austin", "officer": "Maya Torres", "officer_nmls": "200101"}
    nobody = {"first_name": "", "purpose": None, "city": None, "officer": "Maya Torres", "officer_nmls": None}
    return company | dana, company | nobody


async def begin(services: Services, pressed: Press, key: str) -> DripOutcome:
    """Have a sequence run for the lead by itself, from its first step on. Raises ValueError where there is no such sequence any more."""
    outcome, leases = await services.store.transact(begin_drip, pressed, key, sender_of(services))
    services.owe(leases)
    return outcome


async def keep_day(services: Services, pressed: Press, words: str) -> DripOutcome:
    """Keep the day of a borrower's that these words tell, such as "closing 12/1/2026": sequences may go by it."""
    outcome, leases = await services.store.transact(keep_day_of, pressed, words)
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


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a sequence, of the version that begins now."""

    plan: Plan
    version: int
    figures: Figures


async def report(services: Services, words: str) -> Report | Meant:
    """What came of the sequence that these words name; where they name none, those to ask back about."""
    wanted = await meant(services, 0, words)
    if wanted.plan is None:
        return wanted
    return await services.store.read(_report, wanted.plan.key)


def _report(session: Session, key: str) -> Report:
    version = newest_version_of(session, key)
    assert version is not None, "versions are never deleted"
    return Report(version.plan, version.version, figures_of(session, version))


def begin_drip(session: Session, by: Press, key: str, sender: Sender) -> tuple[DripOutcome, list[Lease]]:
    """The transaction of a beginning."""
    leases: list[Lease] = []
    reaches: Reaches = lock_reaches(session, [by.lead])[by.lead]
    return once(session, by.delivery, by.at, _answers, lambda: _begin(session, by, key, sender, reaches, leases)), leases


def _begin(session: Session, by: Press, key: str, sender: Sender, reaches: Reaches, leases: list[Lease]) -> DripOutcome:
    refused, row, person = allowed(session, by, leaders_too=True)
    if refused is not None:
        return refused
    version = newest_version_of(session, key)
    if version is None:
        raise ValueError(f"There is no sequence {key!r}.")
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    lead, plan = lead_view(session, by.lead), version.plan
    assert lead is not None, "its row was just locked"
    because = why_not(session, lead, plan, sender, reaches, by.at)
    if because is not None:
        return CannotBegin(by.lead, called(plan), because, lead.stage, plan.stages, plan.segments)
    step, at, waits_for = first_step(session, lead, plan, reaches, by.at, by.at)
    drip_id = add_drip(session, by.lead, version, step, at, by.at)
    if drip_id is None:
        return RunsAlready(by.lead, called(plan))
    meta = {"officer": person.name, "enrollment": drip_id, "sequence": plan.key, **waiting(waits_for, at)}
    seq = append_event(session, by.lead, Fact("drip_begun", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id), by.salt)
    set_beginning(session, drip_id, seq)
    post_update(session, by.lead, "drip", seq, row.score)
    leases += redraw(session, by.lead, at_once=True)
    return Begun(by.lead, called(plan), seq, at, lead.time_zone, letters_in(lead), waits_for)


def keep_day_of(session: Session, by: Press, words: str) -> tuple[DripOutcome, list[Lease]]:
    """The transaction of a day. The day itself is personal, and stands in no event's metadata."""

    def decide() -> DripOutcome:
        refused, _, person = allowed(session, by, leaders_too=True)
        if refused is not None:
            return refused
        keep_last_opened(session, by.officer_id, by.lead, by.at)
        read = read_day(words)
        if read is None:
            return NoSuchDay(by.lead)
        what, day = read
        lead = lead_view(session, by.lead)
        assert lead is not None, "its row was just locked"
        today = by.at.astimezone(ZoneInfo(lead.time_zone)).date()
        if what in AHEAD and day < today:
            return DayGoneBy(by.lead, what, day, likely_meant(day, today))
        keep_date(session, by.lead, *read)
        fact = Fact(
            "dated", f"officer:{person.key}", by.at, {"officer": person.name, "what": read[0]},
            officer_id=by.officer_id, subject_id=borrower_of(session, by.lead), body={"day": read[1].isoformat()},
        )  # fmt: skip
        append_event(session, by.lead, fact, by.salt)
        return DayKept(by.lead, *read)

    return once(session, by.delivery, by.at, _answers, decide), []


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
        first, *others = [called(each.drip.plan) for each in ended]
        return Stopped(by.lead, first, ended[0].seq, sum(each.drip.touches for each in ended), tuple(others))

    return once(session, by.delivery, by.at, _answers, decide), leases


def undo_beginning(session: Session, by: Press, begun: PastEvent) -> list[Lease]:
    """Nothing had left yet, and nothing will."""
    end_drips(session, by.lead, UNDONE, by.at, key=begun.meta["sequence"])
    return redraw(session, by.lead, at_once=True)


def undo_stop(session: Session, by: Press, stopped: PastEvent) -> list[Lease]:
    """All that this press ended go on where they stood."""
    for ended in events_since(session, by.lead, stopped.seq):
        if (ended.kind, ended.actor, ended.at) == (stopped.kind, stopped.actor, stopped.at):
            resume_drip(session, ended.meta["enrollment"])
            if ended.seq != stopped.seq:
                append_event(session, by.lead, Fact(TAKEN_BACK, ended.actor, by.at, {"seq": ended.seq, "what": ended.kind}), by.salt)
    return redraw(session, by.lead, at_once=True)
