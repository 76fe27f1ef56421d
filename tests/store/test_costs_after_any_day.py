"""Whatever requests, prices, returns, stages, closed teams and erasures any day brings: costs counted along the way equal a full count."""

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.capture import intake
from bot.capture.asking_back import Opened
from bot.capture.intake import Received
from bot.capture.returns import ReturnsOpened, open_lead_return, settle_lead_return
from bot.config.models import Config, Retired
from bot.configuring import apply_config
from bot.in_force import newest
from bot.oversight.erasing import Asked, find_subject
from bot.sources.formats import VENDOR
from bot.store import costs
from bot.store.costs import COUNTED, CostSum, costs_of_teams
from bot.store.erasing import OPERATOR, erase
from bot.store.installation import prepare
from bot.store.leads import ENDED_STAGES, Arrival, Lead
from bot.store.people import Team
from bot.store.returns import LeadReturn
from bot.store.stages import move_to_stage
from tests.conftest import EXAMPLE, NOON
from tests.doubles.branch import Branch, a_lead
from tests.doubles.configs import read_once
from tests.doubles.databases import fresh_store

PRICES = st.sampled_from([None, 0, 45, 70])
WINDOWS = (1, 2, 3, 7, 30, 366)
"""So many days that end today."""
Figures = dict[tuple[int, int], dict[str, int]]


def without_south(example: Config) -> Config:
    """The example company once it closed its second team: whatever was there is Austin's."""
    return example.model_copy(
        update={
            "teams": tuple(team for team in example.teams if team.key != "south"),
            "officers": tuple(officer.model_copy(update={"teams": ("austin",)} if officer.teams else {}) for officer in example.officers),
            "sources": tuple(source.model_copy(update={"team": "austin"}) for source in example.sources),
            "retired": (Retired(kind="team", key="south", moved_to="austin"),),
        }
    )


class Days(RuleBasedStateMachine):
    """Requests come with prices or without, cost more or less later, are asked back, lead to a loan or to nothing."""

    kind: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = fresh_store(self.kind, Path(self.folder.name))
        self.store.transact_now(prepare, "00" * 32, NOON)
        self.example = read_once(EXAMPLE, {})
        self.store.transact_now(apply_config, self.example, by="test", at=NOON, salt="test")
        self.branch = Branch(self.store, NOON)
        self.leads: list[int] = []
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.closed = False
        self.not_paid = 0

    def comes(self, source: str, words: dict[str, Any], *, quietly: bool) -> int:
        of = replace(self.branch.services.in_force.sources[source], format=VENDOR)
        before = self.branch.count(Arrival)
        received = self.store.transact_now(intake.record_arrival, intake.prepare(self.branch.services, of, a_lead(**words), quiet=quietly))
        assert isinstance(received, Received)
        self.not_paid += quietly and self.branch.count(Arrival) > before
        return received.lead

    @rule(person=st.integers(0, 3), source=st.sampled_from(["zillow", "zillow", "partner"]), price=PRICES, quietly=st.booleans())
    def a_request_comes(self, person: int, source: str, price: int | None, quietly: bool) -> None:
        """A new lead, or one that joins the lead of the same person."""
        words = {"phone": f"(512) 555-01{person:02}", "first_name": f"P{person}", "lead_id": f"r-{len(self.said)}", "price": price}
        lead = self.comes(source, words, quietly=quietly)
        self.said.append((source, words))
        self.leads = sorted({*self.leads, lead})

    @precondition(lambda self: self.said)
    @rule(data=st.data(), price=PRICES)
    def a_source_says_it_again_at_another_price(self, data: st.DataObject, price: int | None) -> None:
        source, words = data.draw(st.sampled_from(self.said))
        self.comes(source, words | {"price": price, "comments": f"said at {self.branch.clock.now()}"}, quietly=False)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), sent=st.booleans(), undone=st.booleans())
    def a_lead_is_asked_back(self, data: st.DataObject, sent: bool, undone: bool) -> None:
        """Opened; maybe sent to the vendor; and maybe the last of it is taken back."""
        number = data.draw(st.sampled_from(self.leads))
        opened = self.store.transact_now(open_lead_return, self.branch.press("sam", number), "no_intent")
        if isinstance(opened, ReturnsOpened) and sum(isinstance(each, Opened) for each in opened.asked) == 1 and sent:
            self.store.transact_now(settle_lead_return, self.branch.press("sam", number), "sent", None)
        if undone:
            self.branch.undoes("sam", number, self.branch.events(number)[-1].seq)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), stage=st.sampled_from(["contacted", "funded", "funded", "nurture", *ENDED_STAGES]))
    def a_lead_moves(self, data: st.DataObject, stage: str) -> None:
        self.store.transact_now(move_to_stage, data.draw(st.sampled_from(self.leads)), stage, self.branch.clock.now())

    @precondition(lambda self: self.leads)
    @rule(data=st.data())
    def somebody_is_erased(self, data: st.DataObject) -> None:
        asked = Asked(lead=data.draw(st.sampled_from(self.leads)))
        subject = self.store.transact_now(find_subject, self.branch.services.hash_key, asked)
        self.store.transact_now(erase, subject, (OPERATOR,), self.branch.clock.now(), "salt")

    @rule()
    def a_team_closes_or_opens(self) -> None:
        self.closed = not self.closed
        config = without_south(self.example) if self.closed else self.example
        self.store.transact_now(apply_config, config, by="test", at=self.branch.clock.now(), salt="test", overwrite=True)
        in_force = self.store.transact_now(newest, {"LEADBELL_KEY_WEBSITE": "demo-key"})
        assert in_force is not None
        self.branch.services.in_force = in_force

    @rule(minutes=st.sampled_from([1, 61, 400, 1000, 3000]))
    def time_goes_by(self, minutes: int) -> None:
        self.branch.clock.skip(minutes=minutes)

    @rule(at_once=st.sampled_from([1, 500]))
    def it_is_folded(self, at_once: int) -> None:
        self.store.transact_now(costs.fold, at_once)

    @invariant()
    def the_costs_are_true(self) -> None:
        zones = {team.id: ZoneInfo(team.time_zone) for team in self.branch.all(Team) if team.id is not None}
        leads = {lead.id: lead for lead in self.branch.all(Lead)}
        back = {each.arrival_id: each.price or 0 for each in self.branch.all(LeadReturn) if each.status == "sent"}
        arrivals = self.branch.all(Arrival)
        for days in WINDOWS:
            since = {team: self.branch.clock.now().astimezone(zone).date() - timedelta(days=days - 1) for team, zone in zones.items()}
            found = self.store.transact_now(costs_of_teams, since, days)
            seen = {place: {name: getattr(figures, name) for name in COUNTED} for place, figures in found.items()}
            assert seen == full_count(leads, arrivals, back, since)
        assert sum(arrival.day is None for arrival in arrivals) == self.not_paid
        assert all(row.requests >= 0 and row.dollars >= row.asked_back >= 0 for row in self.branch.all(CostSum) if self.is_folded())

    def is_folded(self) -> bool:
        return not self.branch.count(costs.CostCount)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


def full_count(leads: dict[int | None, Lead], arrivals: Any, back: dict[int, int], since: dict[int, date]) -> Figures:
    """From the requests themselves: a funded lead once for its own source, where that sent it on one of these days."""
    found: dict[tuple[int, int], Counter[str]] = {}
    funded: set[int] = set()
    for arrival in arrivals:
        lead = leads[arrival.lead_id]
        if arrival.day is None or arrival.day < since[lead.team_id]:
            continue
        of = found.setdefault((lead.team_id, arrival.source_id), Counter())
        of["requests"] += 1
        of["dollars"] += arrival.price or 0
        of["assumed"] += bool(arrival.price_assumed and arrival.price)
        of["asked_back"] += back.get(arrival.id, 0)
        if lead.stage == "funded" and lead.source_id == arrival.source_id and arrival.lead_id not in funded:
            funded.add(arrival.lead_id)
            of["funded"] += 1
    return {place: {name: figures[name] for name in COUNTED} for place, figures in found.items()}


class DaysOnSqlite(Days):
    kind = "sqlite"


class DaysOnPostgresql(Days):
    kind = "postgresql"


TestDaysOnSqlite = DaysOnSqlite.TestCase
TestDaysOnSqlite.settings = settings(max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
TestDaysOnPostgresql = DaysOnPostgresql.TestCase
TestDaysOnPostgresql.settings = settings(max_examples=8, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
