"""Whatever people do to leads, in any order: no lead is lost, no clock runs for nobody, and the timeline verifies."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.capture.returns import open_lead_return, settle_lead_return
from bot.capture.two_people import tell_apart
from bot.configuring import apply_config
from bot.distribution.assigning import assign_lead
from bot.distribution.booking import book_lead
from bot.distribution.passing import REASONS, Why
from bot.leads.reminders import keep_reminder, ring_reminders
from bot.leads.staging import stage_lead
from bot.leads.undoing import UNDO, undo_event
from bot.leads.working import note_call
from bot.officers.duty import set_off, set_on
from bot.officers.leaving import ask_about_leavers, move_leads_of
from bot.officers.practice import begin_practice
from bot.officers.shift_end import ask_at_shift_end, note_answer
from bot.rules.dispositions import Disposition
from bot.rules.returns import REASONS as REASONS_TO_RETURN
from bot.rules.stages import STAGES
from bot.store.clocks import UNANSWERED, UNCLAIMED, UNCONTACTED, clocks_of
from bot.store.events import COMPANY, broken_links
from bot.store.installation import prepare
from bot.store.leads import ENDED_STAGES, Lead
from bot.store.leavers import mark_left
from bot.store.outbound import ContactAttempt, Reminder
from bot.store.people import Officer
from bot.store.postings import Posting
from bot.store.returns import LeadReturn
from tests.conftest import EXAMPLE, NOON
from tests.doubles.branch import Branch
from tests.doubles.configs import read_once
from tests.doubles.databases import fresh_store
from tests.doubles.texts import AGREED, Texts
from tests.store.test_counters import counted, full_count

PEOPLE = st.sampled_from(["maya", "luis", "priya", "omar", "tess", "sam", "cora"])
WAITS = st.sampled_from([0.1, 2.5, 5.5, 11.0, 16.0, 45.0, 200.0, 800.0])
NEXT = st.sampled_from([None, 30.0, 1500.0])
ASLEEP = "nurture"


class WorkingDays(RuleBasedStateMachine):
    """A branch where everybody may press everything, also what is not theirs and what is long over."""

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

    def one(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(self.leads))

    def does(self, deed: Callable[..., Any], who: str, lead: int, *said: Any) -> Any:
        return self.store.transact_now(deed, self.branch.press(who, lead), *said)

    # Borrowers

    @rule(
        source=st.sampled_from(["website", "zillow"]),
        person=st.integers(0, 3),
        name=st.sampled_from(["Dana", "Alex"]),
        state=st.sampled_from(["TX", "CO", "FL"]),
    )
    def a_request_comes(self, source: str, person: int, name: str, state: str) -> None:
        wish: dict[str, Any] = {
            "phone": f"(512) 555-010{person}",
            "first_name": name,
            "property_state": state,
            "comments": f"{self.branch.clock.now()}",
        }
        came = self.branch.arrive(source, **{**AGREED, **wish})
        number = getattr(came, "lead", None)
        if number is not None and number not in self.leads:
            self.leads.append(number)

    @rule(person=st.integers(0, 3), words=st.sampled_from(["When can you call?", "STOP", "maybe stop it"]))
    def a_borrower_writes(self, person: int, words: str) -> None:
        self.texts.came(words, f"+1512555010{person}")

    # People

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE)
    def somebody_claims(self, data: st.DataObject, who: str) -> None:
        self.branch.claim(who, self.one(data))

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE)
    def somebody_gives_back(self, data: st.DataObject, who: str) -> None:
        self.branch.give_back(who, self.one(data))

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE, why=st.sampled_from(REASONS))
    def somebody_passes(self, data: st.DataObject, who: str, why: Why) -> None:
        self.branch.lets_go_by(who, self.one(data), why)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE, to=PEOPLE)
    def somebody_assigns(self, data: st.DataObject, who: str, to: str) -> None:
        self.does(assign_lead, who, self.one(data), to)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), to=PEOPLE)
    def the_manager_assigns(self, data: st.DataObject, to: str) -> None:
        self.does(assign_lead, "sam", self.one(data), to)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=st.sampled_from(["tess", "sam", "maya"]), after=st.sampled_from([30.0, 120.0, 700.0, 1500.0]))
    def somebody_books_a_time(self, data: st.DataObject, who: str, after: float) -> None:
        self.does(book_lead, who, self.one(data), self.later(after))

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE, reason=st.sampled_from(REASONS_TO_RETURN))
    def somebody_asks_it_back(self, data: st.DataObject, who: str, reason: str) -> None:
        self.does(open_lead_return, who, self.one(data), reason)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE, status=st.sampled_from(["sent", "dropped"]))
    def somebody_settles_a_return(self, data: st.DataObject, who: str, status: Any) -> None:
        self.does(settle_lead_return, who, self.one(data), status, None)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE, stage=st.sampled_from(sorted(STAGES)))
    def somebody_moves_it(self, data: st.DataObject, who: str, stage: str) -> None:
        self.does(stage_lead, who, self.one(data), stage, True, None)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE)
    def somebody_says_that_they_call(self, data: st.DataObject, who: str) -> None:
        self.branch.calls(who, self.one(data))

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), how=st.sampled_from(Disposition), after=NEXT)
    def its_owner_logs(self, data: st.DataObject, how: Disposition, after: float | None) -> None:
        lead = self.one(data)
        self.does(note_call, self.owner_of(lead), lead, how, None, self.later(after))

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), kind=st.sampled_from(["later", "remind", "call_back"]), after=st.sampled_from([30.0, 1500.0]))
    def its_owner_comes_back_later(self, data: st.DataObject, kind: str, after: float) -> None:
        lead = self.one(data)
        self.does(keep_reminder, self.owner_of(lead), lead, kind, self.later(after), None)

    @precondition(lambda self: self.leads)
    @rule(data=st.data(), who=PEOPLE, answer=st.sampled_from(["same_request", "two_people", None]))
    def somebody_tells_two_apart(self, data: st.DataObject, who: str, answer: Any) -> None:
        self.does(tell_apart, who, self.one(data), answer)

    @precondition(lambda self: self.leads)
    @rule(data=st.data())
    def somebody_undoes_what_they_did(self, data: st.DataObject) -> None:
        stream = data.draw(st.sampled_from([*self.leads, COMPANY]))
        theirs = [event for event in self.branch.events(stream) if event.kind in UNDO and event.actor.startswith("officer:")]
        if theirs:
            event = data.draw(st.sampled_from(theirs[-3:]))
            self.does(undo_event, event.actor.removeprefix("officer:"), stream, event.seq)

    @rule(who=PEOPLE, on=st.booleans())
    def somebody_comes_or_goes(self, who: str, on: bool) -> None:
        if on:
            self.does(set_on, who, COMPANY)
        else:
            self.does(set_off, who, COMPANY, "in 3 hours")

    @rule(who=st.sampled_from(["maya", "luis"]))
    def somebody_leaves_for_good(self, who: str) -> None:
        self.store.transact_now(mark_left, self.branch.officer_id(who), "slack", self.branch.clock.now())
        self.tick()

    @rule(who=st.sampled_from(["maya", "luis"]), how=st.sampled_from(["to", "split", "pool"]))
    def it_is_said_what_becomes_of_a_leavers_leads(self, who: str, how: Any) -> None:
        self.does(move_leads_of, "sam", COMPANY, self.branch.officer_id(who), how, self.branch.officer_id("tess") if how == "to" else None)

    @precondition(lambda self: any(event.kind == "shift_end" for event in self.branch.events(COMPANY)))
    @rule(data=st.data(), choice=st.sampled_from(["keep", "hand", "pool"]))
    def an_evening_question_is_answered(self, data: st.DataObject, choice: Any) -> None:
        event = data.draw(st.sampled_from([event for event in self.branch.events(COMPANY) if event.kind == "shift_end"]))
        self.does(note_answer, self.key_of(event.officer_id), COMPANY, event.seq, choice)

    @rule(who=PEOPLE)
    def somebody_practices(self, who: str) -> None:
        outcome, _ = self.does(begin_practice, who, COMPANY)
        if outcome.kind == "practice_rings" and outcome.lead not in self.leads:
            self.leads.append(outcome.lead)

    @rule(minutes=WAITS)
    def time_goes_by(self, minutes: float) -> None:
        self.branch.clock.skip(minutes=minutes)
        self.tick()

    # What holds

    def tick(self) -> None:
        self.branch.escalate()
        for decide in (ring_reminders, ask_about_leavers, ask_at_shift_end):
            while self.store.transact_now(decide, self.branch.clock.now(), "salt")[0]:
                pass

    def later(self, minutes: float | None) -> Any:
        return None if minutes is None else self.branch.clock.now() + timedelta(minutes=minutes)

    def key_of(self, officer_id: int | None) -> str:
        return next(row.key for row in self.branch.all(Officer) if row.id == officer_id)

    def owner_of(self, lead: int) -> str:
        owner = next(row.owner_id for row in self.branch.all(Lead) if row.id == lead)
        return "maya" if owner is None else self.key_of(owner)

    @invariant()
    def the_counts_are_true(self) -> None:
        assert self.store.transact_now(counted) == self.store.transact_now(full_count)

    @invariant()
    def the_timeline_verifies(self) -> None:
        assert self.store.transact_now(lambda session: list(broken_links(session))) == []

    @invariant()
    def every_open_lead_is_on_somebodys_mind(self) -> None:
        """It rings, or its owner has to call, or was in touch, or said that they come back; no clock runs for nobody."""
        tried = {attempt.lead_id for attempt in self.branch.all(ContactAttempt)}
        for row in self.branch.all(Lead):
            assert row.id is not None
            runs = {kind for kind, clock in self.store.transact_now(clocks_of, row.id).items() if clock.runs}
            where = (row.id, row.stage, row.owner_id, runs, [(e.kind, e.actor) for e in self.branch.events(row.id)])
            assert (row.owner_id is None) == (row.claimed_at is None) or row.practice, where
            if row.practice:
                assert not runs and row.owner_id is None, where
            elif row.stage not in ENDED_STAGES:
                assert row.owner_id is None or UNCLAIMED not in runs, where
                assert row.owner_id is not None or not runs & {UNCONTACTED}, where
                if row.owner_id is None and row.stage != ASLEEP:
                    assert UNCLAIMED in runs, where
                if row.owner_id is not None and row.stage == "new":
                    assert UNCONTACTED in runs or UNANSWERED in runs or row.id in tried, where

    @invariant()
    def nobody_is_rung_who_may_not_take_it(self) -> None:
        """Rung are those whose role and license fit; only Omar, Priya and Tess may call Colorado, nobody Florida."""
        for row in self.branch.all(Lead):
            assert row.id is not None
            able = {"TX": {"maya", "luis", "priya", "tess"}, "CO": {"omar", "priya", "tess"}, "FL": set[str]()}.get(row.state or "", set())
            for event in self.branch.events(row.id):
                if event.kind in ("ring", "offer"):
                    assert set(event.meta["told"]) <= able, (row.id, row.state, event.meta)

    @invariant()
    def what_was_paid_for_is_asked_back_once(self) -> None:
        live = [row.arrival_id for row in self.branch.all(LeadReturn) if row.status != "dropped"]
        assert len(set(live)) == len(live)

    @invariant()
    def what_is_shown_can_be_told(self) -> None:
        assert all(posting.wanted_version >= 1 for posting in self.branch.all(Posting))
        assert all(row.due_at is None or row.gave_up_because is None for row in self.branch.all(Reminder))

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


class WorkingDaysOnSqlite(WorkingDays):
    kind = "sqlite"


class WorkingDaysOnPostgresql(WorkingDays):
    kind = "postgresql"


TestWorkingDaysOnSqlite = WorkingDaysOnSqlite.TestCase
TestWorkingDaysOnSqlite.settings = settings(max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
TestWorkingDaysOnPostgresql = WorkingDaysOnPostgresql.TestCase
TestWorkingDaysOnPostgresql.settings = settings(
    max_examples=4, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
