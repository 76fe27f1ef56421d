"""An officer moves a lead to another stage. Ending one is asked about first, and a refusal says by when the borrower must hear of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.capture.asking_back import ask_back
from bot.leads.cadence import NOT_REACHED, gives_up_early
from bot.leads.press import Press
from bot.leads.working import NotWorked, OthersLead, allowed_or_asked
from bot.rules.cadence import GIVE_UP_REASONS
from bot.rules.stages import STAGES, ends, notice_due
from bot.services import Services
from bot.speed_to_lead.escalation_rules import start_clock
from bot.store.clocks import UNCLAIMED, UNCONTACTED, clocks_of, resume_clock, stop_clock
from bot.store.drip_beginnings import dates_of, drop_date, keep_date
from bot.store.drips import GOAL, LEFT_STAGE, resume_drips_ended_by
from bot.store.events import Fact, PastEvent, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.postings import Lease, post_update, redraw, redraw_line
from bot.store.reminders import end_plan, take_back_reminders
from bot.store.returns import drop_returns_of_log
from bot.store.seen import once
from bot.store.stages import move_to_stage
from bot.store.views import lead_view

Told = Literal["told", "not_told"]
"""Whether the borrower knows of the refusal."""
ASLEEP = "nurture"
TWICE = "duplicate"
GIVEN_UP = "lost"
"""The stage of a lead whose borrower nobody tries to reach any more."""
FUNDED, CLOSING = "funded", "closing"


@dataclass(frozen=True, slots=True)
class Staged:
    """The lead is in this stage now. `notice_due` is the last day for the written notice where one is due."""

    lead: int
    stage: str
    seq: int
    notice_due: date | None = None
    told: bool | None = None
    why: str | None = None
    kind: Literal["staged"] = "staged"


@dataclass(frozen=True, slots=True)
class AsksFirst:
    """Nothing was changed yet: this stage ends the lead, `early` before the planned tries to reach the borrower are made."""

    lead: int
    stage: str
    notice_due: date | None
    owner_id: int | None = None  # of somebody else, who is known to own it
    early: bool = False
    kind: Literal["asks_first"] = "asks_first"


@dataclass(frozen=True, slots=True)
class InThatStage:
    lead: int
    stage: str
    kind: Literal["in_that_stage"] = "in_that_stage"


StageOutcome = Staged | AsksFirst | InThatStage | OthersLead | NotWorked
_answers: TypeAdapter[StageOutcome] = TypeAdapter(StageOutcome)


async def set_stage(
    services: Services,
    pressed: Press,
    stage: str,
    *,
    sure: bool = False,
    told: Told | None = None,
    why: str | None = None,
    knows_owner: int | None = None,
) -> StageOutcome:
    """Move the lead to a stage. One that ends it is only asked about until the officer is `sure`, somebody else's until they know whose;
    one that gives up on the borrower before the planned tries are made until they say `why`."""
    outcome, leases = await services.store.transact(stage_lead, pressed, stage, sure, told, knows_owner, why)
    services.owe(leases)
    return outcome


def stage_lead(
    session: Session, by: Press, stage: str, sure: bool, told: Told | None, knows_owner: int | None = None, why: str | None = None
) -> tuple[StageOutcome, list[Lease]]:
    """The transaction of a stage. Raises ValueError for a stage or a reason that there is none of, such as an old button may carry."""
    if stage not in STAGES:
        raise ValueError(f"There is no stage {stage!r}.")
    if why is not None and why not in GIVE_UP_REASONS:
        raise ValueError(f"Nobody gives up because of {why!r}.")
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, stage, sure, told, knows_owner, why, leases)), leases


def _decide(
    session: Session,
    by: Press,
    stage: str,
    sure: bool,
    told: Told | None,
    knows_owner: int | None,
    why: str | None,
    leases: list[Lease],
) -> StageOutcome:
    refused, row, person = allowed_or_asked(session, by, knows_owner)
    if refused is not None:
        return refused
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    if row.stage == stage:
        return InThatStage(by.lead, stage)
    lead = lead_view(session, by.lead)
    assert lead is not None, "its row was just locked"
    due = notice_due(stage, by.at, lead.time_zone)
    early = stage == GIVEN_UP and gives_up_early(session, lead)
    if (ends(stage) and not sure) or (early and why is None):
        return AsksFirst(by.lead, stage, due, knows_owner, early)
    clocks = [kind for kind, clock in clocks_of(session, by.lead).items() if clock.runs]
    move_to_stage(session, by.lead, stage, by.at)
    knows = None if told is None else told == "told"
    notice = due and due.isoformat()
    meta = {"officer": person.name, "from": row.stage, "stage": stage, "clocks": clocks, "told": knows, "notice_due": notice}
    meta |= {"why": why} if why else {}
    if stage == FUNDED and CLOSING not in dates_of(session, by.lead):
        keep_date(session, by.lead, CLOSING, by.at.astimezone(ZoneInfo(lead.time_zone)).date())
        meta |= {"closed": True}
    seq = append_event(session, by.lead, Fact("staged", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id), by.salt)
    _let_clocks_follow(session, by.lead, stage, row.owner_id, by.at)
    if stage not in NOT_REACHED:
        end_plan(session, by.lead, "staged", seq)
    post_update(session, by.lead, "staged", seq, row.score)
    if stage == TWICE:
        ask_back(session, by, (person.key, person.name), "duplicate", row.score, seq)
    leases += redraw(session, by.lead, at_once=True)
    return Staged(by.lead, stage, seq, due, knows, why)


def _let_clocks_follow(session: Session, lead_id: int, stage: str, owner_id: int | None, at: datetime) -> None:
    """Nobody is rung for a lead that ended or sleeps, nor for one whose borrower was reached; one that begins again rings again."""
    awake = not ends(stage) and stage != ASLEEP
    clocks = clocks_of(session, lead_id)
    for kind, wanted in ((UNCLAIMED, awake and owner_id is None), (UNCONTACTED, stage == "new" and owner_id is not None)):
        runs = kind in clocks and clocks[kind].runs
        if wanted and not runs:
            start_clock(session, lead_id, kind, started_at=at, due_at=at)
        elif runs and not wanted:
            stop_clock(session, lead_id, kind)


def undo_stage(session: Session, by: Press, staged: PastEvent) -> list[Lease]:
    """Put the lead back into the stage that it was in, as the last thing that happened to it; its clocks go on where they stood."""
    move_to_stage(session, by.lead, staged.meta["from"], by.at)
    ran, clocks = staged.meta["clocks"], clocks_of(session, by.lead)
    for kind in (UNCLAIMED, UNCONTACTED):  # a borrower who wrote meanwhile waits all the same
        if kind in clocks and clocks[kind].runs and kind not in ran:
            stop_clock(session, by.lead, kind)
    for kind in ran:
        resume_clock(session, by.lead, kind, staged.at, by.at)
    take_back_reminders(session, by.lead, staged.seq)
    for told_in in drop_returns_of_log(session, by.lead, staged.seq, by.at, by.officer_id):
        redraw_line(session, by.lead, told_in)
    resume_drips_ended_by(session, by.lead, staged.at, (LEFT_STAGE, GOAL))
    if staged.meta.get("closed"):
        drop_date(session, by.lead, CLOSING)
    return redraw(session, by.lead, at_once=True)
