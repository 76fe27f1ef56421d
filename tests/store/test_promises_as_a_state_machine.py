"""Whatever comes, whoever presses, whenever we die: what is promised of every lead holds after each step, on both stores."""

# To look longer: LONG=1 .venv/bin/python -m pytest -n 0 --hypothesis-profile new-examples tests/store/test_promises_as_a_state_machine.py

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import Session, SQLModel, select

from bot.capture import intake
from bot.configuring import apply_config
from bot.distribution.assigning import assign_lead
from bot.distribution.booking import book_lead
from bot.distribution.claiming import claim_lead
from bot.distribution.passing import REASONS, Why
from bot.leads.finding import next_lead
from bot.leads.press import Press
from bot.leads.staging import stage_lead
from bot.leads.working import note_call
from bot.officers.duty import set_off, set_on
from bot.rules.dispositions import Disposition
from bot.rules.routing import Rule, When
from bot.rules.stages import STAGES
from bot.speed_to_lead.escalation import escalate
from bot.store.audits import find
from bot.store.clocks import UNANSWERED, UNCLAIMED, UNCONTACTED, Clock
from bot.store.columns import table_of
from bot.store.database import Store
from bot.store.events import Event, broken_links
from bot.store.installation import prepare
from bot.store.leads import ENDED_STAGES, Lead
from bot.store.outbound import ContactAttempt, Reminder
from bot.store.people import Officer, Team, TeamOfficer
from bot.store.postings import Posting
from bot.store.rings import Ring
from tests.conftest import EXAMPLE, NOON
from tests.doubles.branch import BEST, Branch, a_lead
from tests.doubles.configs import read_once
from tests.doubles.databases import fresh_store
from tests.doubles.rows import let_leases_run_out
from tests.doubles.texts import AGREED, Texts

Row = TypeVar("Row", bound=SQLModel)

PEOPLE = st.sampled_from(["maya", "luis", "priya", "omar", "tess", "sam", "cora"])
OFFICERS = st.sampled_from(["maya", "luis", "priya", "omar", "tess"])
COMPANY_LICENSES = ("TX", "OK", "CO", "NM")
SKIPS = st.sampled_from([0.1, 1, 2.5, 5.5, 11, 16, 31, 90, 60 * 14, 60 * 24, 60 * 66])
"""Minutes: within one step, over several, an evening, a night, a weekend."""

RULES = (
    Rule("Claimed", officers={"luis": 1, "omar": 1}),
    Rule("Staggered", mode="staggered", first=1, rest_after=45),
    Rule("In turn", mode="round_robin"),
    Rule("By weight", officers={"maya": 3, "luis": 1, "priya": 2}, mode="round_robin"),
    Rule("Direct", officers={"priya": 1, "maya": 1}, mode="direct"),
    Rule("Pulled", mode="blind_pull"),
    Rule("South", When(words={"state": frozenset({"co"})}), team="south"),
    Rule("South in turn", When(words={"state": frozenset({"co"})}), team="south", mode="round_robin"),
    Rule("Shared", percents={"austin": 60, "south": 40}),
    Rule("Shared in turn", percents={"austin": 50, "south": 50}, mode="round_robin"),
    Rule("Named", mode="direct", to=("recipient", "last_owner")),
    Rule("Named, else Priya", officers={"priya": 1}, mode="direct", to=("last_owner", "recipient"), team="south"),
)
NAMED: tuple[dict[str, str], ...] = ({}, {"loan_officer": "maya"}, {"loan_officer": "omar"}, {"loan_officer": "sam"})
"""Whom a request may name: an officer of Austin, one of the south, and one who takes no leads."""
OWNS = ("claimed", "assigned")
FREES = ("given_back", "lapsed", "owner_away")


@dataclass(frozen=True)
class Seen:
    """The rows that promises are about, read at one moment."""

    leads: dict[int | None, Lead]
    clocks: Sequence[Clock]
    events: Sequence[Event]
    people: dict[int | None, Officer]
    zones: dict[int | None, str]
    members: set[tuple[int, int]]
    rings: Sequence[Ring]
    postings: Sequence[Posting]
    tried: set[int]
    comes_back: set[int | None]


def seen(session: Session) -> Seen:
    """Everything anew, and with it whether the timeline verifies."""
    assert list(broken_links(session)) == []

    def every(model: type[Row]) -> Sequence[Row]:
        return session.exec(select(model).order_by(*table_of(model).primary_key)).all()

    return Seen(
        leads={row.id: row for row in every(Lead)},
        clocks=every(Clock),
        events=every(Event),
        people={row.id: row for row in every(Officer)},
        zones={row.id: row.time_zone for row in every(Team)},
        members={(row.team_id, row.officer_id) for row in every(TeamOfficer)},
        rings=every(Ring),
        postings=every(Posting),
        tried={row.lead_id for row in every(ContactAttempt)},
        comes_back={row.lead_id for row in every(Reminder) if row.due_at is not None},
    )


class WeDied(Exception):
    """The process ended in the middle of a transaction."""


class Promises(RuleBasedStateMachine):
    """Two teams under rules that change, with people who come, go, lose licenses and have a full day."""

    kind: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = fresh_store(self.kind, Path(self.folder.name))
        self.store.transact_now(prepare, "00" * 32, NOON)
        self.store.transact_now(apply_config, read_once(EXAMPLE, {}), by="test", at=NOON, salt="test")
        self.branch = Branch(self.store, NOON)
        self.texts = Texts(self.branch)
        self.leads: list[int] = []
        self.last_claim: tuple[Press, Any] | None = None
        self.judged = 0  # the id of the last event that was looked at
        self.rings = 0  # how many were looked at
        self.ticked = True

    def one(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(self.leads))

    def does(self, deed: Callable[..., Any], who: str, lead: int, *said: Any) -> Any:
        self.ticked = False
        return self.store.transact_now(deed, self.branch.press(who, lead), *said)

    def tick(self) -> None:
        self.branch.escalate()
        self.ticked = True

    # What comes

    @rule(
        source=st.sampled_from(["website", "zillow"]),
        person=st.integers(0, 4),
        name=st.sampled_from(["Dana", "Alex"]),
        state=st.sampled_from(["TX", "TX", "CO", "AK", None]),
        more=st.sampled_from([{}, BEST, {"language": "es"}, {"loan_purpose": "refinance"}, {"loan_purpose": "reverse"}]),
        sent=st.sampled_from([None, "A-1", "A-2", "A-3"]),
        named=st.sampled_from(NAMED),
    )
    def a_request_comes(
        self, source: str, person: int, name: str, state: str | None, more: dict[str, Any], sent: str | None, named: dict[str, str]
    ) -> None:
        self.ticked = False
        wish = {**AGREED, **more, **named, "phone": f"(512) 555-010{person}", "first_name": name, "property_state": state}
        before = self.branch.count(Lead)
        came = self.branch.arrive(source, **wish, external_id=sent)
        again = self.branch.arrive(source, **wish, external_id=sent)  # the sender never got our answer
        assert again == replace(came, leases=()) if isinstance(came, intake.Received) else again == came
        assert self.branch.count(Lead) <= before + 1
        if came.lead not in self.leads:
            self.leads.append(came.lead)

    @rule(person=st.integers(0, 4))
    def a_borrower_writes(self, person: int) -> None:
        self.ticked = False
        self.texts.came("When can you call?", f"+1512555010{person}")

    @initialize(rules=st.lists(st.sampled_from(RULES), max_size=2), states=st.lists(st.sampled_from(["TX", "CO"]), min_size=2, max_size=4))
    def a_morning_begins(self, rules: list[Rule], states: list[str]) -> None:
        self.other_rules_are_in_force(rules)
        for number, state in enumerate(states):
            self.leads.append(self.branch.new_lead(phone=f"(512) 555-012{number}", property_state=state))
        self.tick()

    # What people do

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE)
    def somebody_claims(self, data: st.DataObject, who: str) -> None:
        self.ticked = False
        lead = self.one(data)
        rung = [key for kind, told in self.branch.told(lead) if kind == "ring" for key in told]
        press = self.branch.press(data.draw(st.sampled_from([*rung, who])), lead)
        self.last_claim = press, self.store.transact_now(claim_lead, press)[0]

    @precondition(lambda self: self.last_claim)
    @rule()
    def a_claim_whose_answer_was_lost_is_sent_again(self) -> None:
        assert self.last_claim is not None
        press, answer = self.last_claim
        before = self.branch.count(Event)
        assert self.store.transact_now(claim_lead, press)[0] == answer
        assert self.branch.count(Event) == before

    @rule(who=PEOPLE)
    def somebody_asks_for_the_next(self, who: str) -> None:
        self.does(next_lead, who, 0)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE)
    def somebody_gives_back(self, data: st.DataObject, who: str) -> None:
        self.ticked = False
        lead = self.one(data)
        self.branch.give_back(data.draw(st.sampled_from([who, self.owner_of(lead)])), lead)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=st.sampled_from(["tess", "sam", "maya"]), to=PEOPLE)
    def somebody_assigns(self, data: st.DataObject, who: str, to: str) -> None:
        self.does(assign_lead, who, self.one(data), to)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE, why=st.sampled_from(REASONS))
    def somebody_passes(self, data: st.DataObject, who: str, why: Why) -> None:
        self.ticked = False
        self.branch.lets_go_by(who, self.one(data), why)

    @precondition(lambda self: self.leads)
    @rule(data=st.data())
    def its_owner_calls(self, data: st.DataObject) -> None:
        self.ticked = False
        lead = self.one(data)
        self.branch.calls(self.owner_of(lead), lead)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), how=st.sampled_from(Disposition))
    def its_owner_logs(self, data: st.DataObject, how: Disposition) -> None:
        lead = self.one(data)
        self.does(note_call, self.owner_of(lead), lead, how, None)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE, stage=st.sampled_from(sorted(STAGES)))
    def somebody_moves_it(self, data: st.DataObject, who: str, stage: str) -> None:
        self.does(stage_lead, who, self.one(data), stage, True, None)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), after=st.sampled_from([30.0, 120.0, 1500.0]))
    def a_call_is_promised(self, data: st.DataObject, after: float) -> None:
        self.does(book_lead, "tess", self.one(data), self.branch.clock.now() + timedelta(minutes=after))

    # What changes

    @rule(rules=st.lists(st.sampled_from(RULES), max_size=2))
    def other_rules_are_in_force(self, rules: list[Rule]) -> None:
        self.branch.services.in_force = replace(self.branch.services.in_force, rules=tuple(rules))

    @rule(who=OFFICERS, how=st.sampled_from(["off", "on"]))
    def somebody_comes_or_goes(self, who: str, how: str) -> None:
        if how == "on":
            self.does(set_on, who, 0)
        else:
            self.does(set_off, who, 0, "in 3 hours")

    @rule(
        who=OFFICERS,
        values=st.fixed_dictionaries(
            {},
            optional={
                "active": st.booleans(),
                "licenses": st.dictionaries(
                    st.sampled_from(["TX", "CO", "AK"]), st.sampled_from([None, "2026-11-24", "2026-11-23"]), max_size=2
                ),
                "purposes": st.sampled_from([[], ["purchase"]]),
                "daily_cap": st.sampled_from([None, 1]),
                "open_without_attempt_cap": st.sampled_from([None, 1]),
            },
        ),
    )
    def somebody_is_changed(self, who: str, values: dict[str, Any]) -> None:
        if values:
            self.branch.set(Officer, self.branch.officer_id(who), **values)

    @rule(minutes=SKIPS)
    def time_goes_by(self, minutes: float) -> None:
        self.branch.clock.skip(minutes=minutes)
        self.tick()

    @rule()
    def the_loop_looks_again(self) -> None:
        self.tick()
        before = self.branch.count(Event)
        self.branch.escalate()
        assert self.branch.count(Event) == before

    # How we die

    @rule(data=st.data(), who=OFFICERS, what=st.sampled_from(["claims", "comes", "ticks"]))
    def we_die_before_a_commit(self, data: st.DataObject, who: str, what: str) -> None:
        self.branch.clock.skip(minutes=1)
        deed: Callable[..., Any] = escalate
        due = [clock.id for clock in self.branch.all(Clock) if clock.due_at is not None and clock.due_at <= self.branch.clock.now()]
        said: tuple[Any, ...] = (self.branch.clock.now(), "salt", due)
        if what == "claims" and self.leads:
            deed, said = claim_lead, (self.branch.press(who, self.one(data)),)
        elif what == "comes":
            source = self.branch.services.in_force.sources["website"]
            deed, said = intake.record_arrival, (intake.prepare(self.branch.services, source, a_lead(phone="(512) 555-0177")),)

        def dies(session: Any) -> None:
            deed(session, *said)
            raise WeDied

        before = self.branch.all(Event), self.branch.all(Clock), self.branch.all(Lead), self.branch.count(Posting)
        with pytest.raises(WeDied):
            self.store.transact_now(dies)
        assert (self.branch.all(Event), self.branch.all(Clock), self.branch.all(Lead), self.branch.count(Posting)) == before
        self.ticked = False

    @rule()
    def we_start_again_and_all_leases_are_lost(self) -> None:
        self.store.close()
        self.store = self.branch.store = self.texts.store = Store(self.store.url.render_as_string(hide_password=False))
        let_leases_run_out(self.store)

    # What holds

    def owner_of(self, lead: int) -> str:
        people = {row.id: row.key for row in self.branch.all(Officer)}
        return next((people[row.owner_id] for row in self.branch.all(Lead) if row.id == lead and row.owner_id is not None), "maya")

    @invariant()
    def every_promise_holds(self) -> None:
        now = self.store.transact_now(seen)
        self.every_open_lead_has_an_owner_or_a_clock_that_runs(now)
        self.a_lead_has_one_owner_and_no_step_comes_twice_or_after_the_claim(now)
        self.nobody_ineligible_is_rung_given_or_wins(now)
        self.what_is_owed_is_in_a_row(now)
        if self.ticked:
            self.nothing_that_is_due_stays_and_the_auditor_finds_nothing(now)

    def every_open_lead_has_an_owner_or_a_clock_that_runs(self, now: Seen) -> None:
        """Or it sleeps, or its owner was in touch, or promised to come back: nothing else."""
        runs = {(clock.lead_id, clock.kind) for clock in now.clocks if clock.due_at is not None}
        for row in now.leads.values():
            kinds = {kind for lead, kind in runs if lead == row.id}
            where = (row.id, row.stage, row.owner_id, kinds)
            assert (row.owner_id is None) == (row.claimed_at is None), where
            if row.stage in ENDED_STAGES:
                assert not kinds & {UNCLAIMED, UNCONTACTED}, where
            elif row.owner_id is None:
                assert UNCONTACTED not in kinds and (UNCLAIMED in kinds or row.stage == "nurture"), where
            else:
                assert UNCLAIMED not in kinds, where
                if row.stage == "new":
                    assert kinds & {UNCONTACTED, UNANSWERED} or row.id in now.tried | now.comes_back, where

    def nothing_that_is_due_stays_and_the_auditor_finds_nothing(self, now: Seen) -> None:
        at = self.branch.clock.now()
        assert all(clock.due_at is None or clock.due_at > at for clock in now.clocks)
        found = self.store.transact_now(find, at, 0, texts_on=False).many
        assert not found.keys() & {"steps_late", "leads_alone"}, found

    def a_lead_has_one_owner_and_no_step_comes_twice_or_after_the_claim(self, now: Seen) -> None:
        for row in now.leads.values():
            owner: int | None = None
            steps: Counter[tuple[Any, ...]] = Counter()
            for event in (each for each in now.events if each.stream == row.id):
                if event.kind in OWNS:
                    assert event.kind != "claimed" or owner is None, (row.id, event.seq)
                    owner = event.officer_id
                elif event.kind in FREES:
                    assert owner == event.officer_id, (row.id, event.seq)
                    owner = None
                elif "step" in event.meta:
                    assert (owner is None) == (event.meta["clock"] == UNCLAIMED), (row.id, event.seq, event.kind)
                    for told in event.meta["told"]:
                        steps[event.meta["clock"], event.meta["round"], event.meta["step"], event.kind, told] += 1
            assert owner == row.owner_id, row.id
            assert all(count == 1 for count in steps.values()), (row.id, steps)

    def nobody_ineligible_is_rung_given_or_wins(self, now: Seen) -> None:
        by_key = {row.key: row for row in now.people.values()}
        for event in now.events:
            assert event.id is not None
            if event.id <= self.judged or event.stream not in now.leads:
                continue
            lead = now.leads[event.stream]
            if event.kind in ("ring", "offer"):
                takers = [by_key[key] for key in event.meta["told"]]
            elif event.kind in OWNS and event.officer_id is not None:
                takers = [now.people[event.officer_id]]
            else:
                continue
            for officer in takers:
                assert may_have(now, officer, lead, event.at), (lead.id, event.kind, officer.key)
                if event.kind != "assigned" or event.actor == "leadbell":
                    assert not is_full(now, officer, lead, event), (lead.id, event.kind, officer.key, "is full")
            self.judged = event.id
        for ring in now.rings[self.rings :]:
            officer = now.people[ring.officer_id]
            assert may_have(now, officer, now.leads[ring.lead_id], ring.at), (ring.lead_id, officer.key)
        self.rings = len(now.rings)

    def what_is_owed_is_in_a_row(self, now: Seen) -> None:
        """Each lead has its card, and each step a message to everybody whom it tells."""
        notices = Counter((posting.lead_id, posting.topic, posting.event_seq) for posting in now.postings if posting.kind == "notice")
        assert now.leads.keys() <= {posting.lead_id for posting in now.postings if posting.kind == "card"}
        for event in now.events:
            if "step" in event.meta:
                assert notices[event.stream, event.kind, event.seq] == len(event.meta["told"]), (event.stream, event.seq, event.kind)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


def may_have(now: Seen, officer: Officer, lead: Lead, at: datetime) -> bool:
    """Said anew in the plainest words. Where the state is unknown, the phones of these leads say Texas."""
    until = officer.licenses.get(lead.state or "TX", "never")
    licensed = (lead.state or "TX") in COMPANY_LICENSES and until != "never"
    licensed = licensed and (until is None or at.astimezone(ZoneInfo(now.zones[lead.team_id])).date() <= date.fromisoformat(until))
    return (
        officer.active
        and officer.role in ("officer", "team_lead")
        and licensed
        and (officer.off_until is None or officer.off_until <= at)
        and (not officer.purposes or lead.purpose is None or lead.purpose in officer.purposes)
        and (lead.team_id, officer.id) in now.members
    )


def is_full(now: Seen, officer: Officer, lead: Lead, event: Event) -> bool:
    """Whether the officer had their leads of the day before this event, and the lead waits too short a time for that to be no reason."""
    if officer.daily_cap is None:
        return False
    began = max(clock.started_at for clock in now.clocks if clock.lead_id == lead.id and clock.kind == UNCLAIMED)
    midnight = event.at.astimezone(ZoneInfo(now.zones[lead.team_id])).replace(hour=0, minute=0, second=0, microsecond=0)
    taken = [
        each
        for each in now.events
        if each.officer_id == officer.id
        and each.at >= midnight
        and (each.id or 0) < (event.id or 0)
        and (each.kind == "claimed" or (each.kind == "assigned" and each.actor == "leadbell"))
    ]
    return event.at - began < timedelta(minutes=5) and len(taken) >= officer.daily_cap


class PromisesOnSqlite(Promises):
    kind = "sqlite"


class PromisesOnPostgresql(Promises):
    kind = "postgresql"


def steps(many: int) -> settings:
    """So many walks of 30 steps each; hundreds of 60 where somebody looks longer."""
    walks, long = (300, 60) if "LONG" in os.environ else (many, 30)
    return settings(max_examples=walks, stateful_step_count=long, deadline=None, suppress_health_check=list(HealthCheck))


TestPromisesOnSqlite = PromisesOnSqlite.TestCase
TestPromisesOnSqlite.settings = steps(8)
TestPromisesOnPostgresql = PromisesOnPostgresql.TestCase
TestPromisesOnPostgresql.settings = steps(4)
