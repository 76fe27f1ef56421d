"""Whatever a day brings, in any order, and whenever it is folded: what was counted along the way equals a full count."""

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select
from sqlmodel import Session

from bot.capture import intake
from bot.capture.intake import Received
from bot.configuring import apply_config
from bot.leads.undoing import undo_event
from bot.outreach.calls import whereabouts_of
from bot.rules.callable_time import between, calendars
from bot.rules.dispositions import Disposition
from bot.rules.durations import step_of
from bot.rules.tallies import steps_of, unpacked
from bot.speed_to_lead.escalation_rules import start_clock
from bot.store import counters, speeds
from bot.store.clocks import UNCLAIMED
from bot.store.columns import table_of
from bot.store.events import Fact, append_event
from bot.store.installation import prepare
from bot.store.leads import ENDED_STAGES, Lead, add_borrower, add_lead
from bot.store.outbound import ContactAttempt
from bot.store.people import Team, works
from bot.store.speeds import COUNTED, SpeedCount, SpeedSum, speeds_of_teams
from bot.store.stages import move_to_stage
from tests.conftest import EXAMPLE, NOON
from tests.doubles.branch import Branch, a_lead
from tests.doubles.configs import read_once
from tests.doubles.databases import fresh_store
from tests.store.test_counters import counted, full_count

OFFICERS = st.sampled_from(["maya", "luis", "priya", "tess"])
WAITS = st.sampled_from([0.05, 1.0, 4.9, 5.0, 5.1, 12.0, 61.0, 700.0])
Figures = dict[str, dict[tuple[int, int, str, int], int]]
"""Of each thing counted, how many per team, source, day and step."""

WINDOWS = (1, 2, 3, 7, 30, 366)
"""So many days that end today."""
count, speed_sum = table_of(SpeedCount), table_of(SpeedSum)


def figures_counted(session: Session) -> Figures:
    """What is folded, by the blocks of one day, and what is not yet."""
    figures: Figures = {name: {} for name in COUNTED}

    def add(name: str, key: tuple[int, int, str, int], more: int) -> None:
        figures[name][key] = figures[name].get(key, 0) + more

    for row in session.connection().execute(select(count)):
        for name in COUNTED:
            add(name, (row.team_id, row.source_id, row.day.isoformat(), row.step), getattr(row, name))
    for row in session.connection().execute(select(speed_sum).where(speed_sum.c.days == 1)):
        for name, steps in zip(COUNTED, steps_of(unpacked(row.counts), len(COUNTED)), strict=True):
            for step, leads in steps.items():
                add(name, (row.team_id, row.source_id, row.first_day.isoformat(), step), leads)
    return {name: {key: total for key, total in counts.items() if total} for name, counts in figures.items()}


Seen = dict[tuple[int, int], list[dict[int, int]]]
"""By team and source, of each thing counted, how many in which step."""


def seen_from(session: Session, since: date, days: int) -> Seen:
    """What a look at so many days finds."""
    found = {
        (team, source): [dict(steps) for steps in steps_of(counts, len(COUNTED))]
        for team in session.connection().execute(select(table_of(Team).c.id)).scalars().all()
        for source, counts in speeds_of_teams(session, {team: since}, days).items()
    }
    return {place: counts for place, counts in found.items() if any(counts)}


def of_days(figures: Figures, since: date) -> Seen:
    """The same of a full count."""
    found: Seen = {}
    for kind, name in enumerate(COUNTED):
        for (team, source, day, step), leads in figures[name].items():
            if day >= since.isoformat():
                steps = found.setdefault((team, source), [{} for _ in COUNTED])[kind]
                steps[step] = steps.get(step, 0) + leads
    return found


def practice_lead(session: Session, at: datetime) -> int:
    """A lead that rings like any other and is never counted."""
    number = add_lead(
        session,
        {
            "team_id": 1, "source_id": 1, "stage": "new", "staged_at": at, "purpose": None, "state": "TX", "score": 0, "grade": "D",
            "score_reasons": [], "arrived_at": at, "linked_lead_id": None, "link_answer": None, "practice": True, "details": {},
            "head_seq": 0, "head_digest": "",
        },
    )  # fmt: skip
    add_borrower(session, number, "Pat", "Practice", None)
    append_event(session, number, Fact("arrived", "leadbell", at, {}), "salt", first=True)
    start_clock(session, number, UNCLAIMED, started_at=at, due_at=at)
    return number


class Days(RuleBasedStateMachine):
    """A branch through a few days: leads come, are claimed, given back, lapse, are tried, move through the stages and end."""

    kind: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = fresh_store(self.kind, Path(self.folder.name))
        self.store.transact_now(prepare, "00" * 32, NOON)
        self.store.transact_now(apply_config, read_once(EXAMPLE, {}), by="test", at=NOON, salt="test")
        self.branch = Branch(self.store, NOON)
        self.leads: list[int] = []
        self.uncounted: set[int] = set()

    @rule(person=st.integers(0, 9), source=st.sampled_from(["website", "zillow", "partner"]), quietly=st.booleans())
    def a_request_comes(self, person: int, source: str, quietly: bool) -> None:
        """A new lead, or one that joins the lead of the same person."""
        wish = a_lead(phone=f"(512) 555-01{person:02}", first_name=f"P{person}", comments=f"{self.branch.clock.now()} {len(self.leads)}")
        new = intake.prepare(self.branch.services, self.branch.services.in_force.sources[source], wish, quiet=quietly)
        received = self.store.transact_now(intake.record_arrival, new)
        assert isinstance(received, Received)
        if received.lead not in self.leads:
            self.leads.append(received.lead)
            self.uncounted |= {received.lead} if quietly else set()

    @rule()
    def somebody_rings_themselves_a_practice_lead(self) -> None:
        number = self.store.transact_now(practice_lead, self.branch.clock.now())
        self.leads.append(number)
        self.uncounted.add(number)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), officer=OFFICERS)
    def somebody_claims(self, data: st.DataObject, officer: str) -> None:
        self.branch.claim(officer, data.draw(st.sampled_from(self.leads)))

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), officer=OFFICERS)
    def somebody_gives_back(self, data: st.DataObject, officer: str) -> None:
        self.branch.give_back(officer, data.draw(st.sampled_from(self.leads)))

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), officer=OFFICERS, how=st.sampled_from(Disposition))
    def somebody_logs(self, data: st.DataObject, officer: str, how: Disposition) -> None:
        self.branch.logs(officer, data.draw(st.sampled_from(self.leads)), how.value)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), stage=st.sampled_from(["contacted", "preapproved", "nurture", *ENDED_STAGES]))
    def a_lead_moves(self, data: st.DataObject, stage: str) -> None:
        self.store.transact_now(move_to_stage, data.draw(st.sampled_from(self.leads)), stage, self.branch.clock.now())

    @precondition(lambda self: self.leads)
    @rule(data=st.data())
    def the_last_call_is_taken_back(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.leads))
        logged = [event for event in self.branch.events(number) if event.kind == "logged"]
        if logged:
            press = self.branch.press(logged[-1].actor.removeprefix("officer:"), number)
            self.store.transact_now(undo_event, press, logged[-1].seq)

    @rule(minutes=WAITS)
    def time_goes_by_and_what_is_due_is_decided(self, minutes: float) -> None:
        self.branch.passes(minutes=minutes)

    @rule()
    def it_is_folded(self) -> None:
        self.store.transact_now(counters.fold)
        self.store.transact_now(speeds.fold)

    @invariant()
    def the_stages_are_true(self) -> None:
        assert self.store.transact_now(counted) == self.store.transact_now(full_count)

    @invariant()
    def the_speeds_are_true(self) -> None:
        full, today = self.recounted(), self.branch.clock.now().date()
        assert self.store.transact_now(figures_counted) == full
        for days in WINDOWS:
            since = today - timedelta(days=days - 1)
            assert self.store.transact_now(seen_from, since, days) == of_days(full, since)

    def recounted(self) -> Figures:
        """The speeds from the timelines and the attempts themselves."""
        figures: Figures = {name: {} for name in COUNTED}
        attempts = sorted(self.branch.all(ContactAttempt), key=lambda attempt: attempt.at, reverse=True)
        first_tries = {attempt.lead_id: attempt.at for attempt in attempts}
        teams = {team.id: team for team in self.branch.all(Team)}
        for row in self.branch.all(Lead):
            assert row.id is not None
            if row.id in self.uncounted:
                continue
            team = teams[row.team_id]
            hours = calendars(works(team), whereabouts_of(self.branch.view(row.id)))
            day = row.arrived_at.astimezone(ZoneInfo(team.time_zone)).date().isoformat()
            timeline = self.branch.events(row.id)
            claims = [event.at for event in timeline if event.kind == "claimed"]
            handed_out = [event.at for event in timeline if event.meta.get("overnight")]
            lengths = {"arrived": 0.0}
            for name, at in (("claimed", claims[0] if claims else None), ("tried", first_tries.get(row.id))):
                if at is not None:
                    began = max((each for each in handed_out if each <= at), default=row.arrived_at)
                    lengths[name] = between(began, at, hours)
                    lengths[f"{name}_wall"] = (at - row.arrived_at) / timedelta(minutes=1)
            for name, minutes in lengths.items():
                key = (row.team_id, row.source_id, day, step_of(minutes))
                figures[name][key] = figures[name].get(key, 0) + 1
        return figures

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


class DaysOnSqlite(Days):
    kind = "sqlite"


class DaysOnPostgresql(Days):
    kind = "postgresql"


TestDaysOnSqlite = DaysOnSqlite.TestCase
TestDaysOnSqlite.settings = settings(max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
TestDaysOnPostgresql = DaysOnPostgresql.TestCase
TestDaysOnPostgresql.settings = settings(max_examples=8, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
