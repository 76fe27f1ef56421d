"""However changes, drawings, late drawings and deaths follow each other: in the end one card stands, and it shows the newest state."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.configuring import apply_config
from bot.store.installation import prepare
from bot.store.postings import Lease, Posting, redraw, settle, take_due
from tests.conftest import EXAMPLE, NOON
from tests.doubles.branch import Branch
from tests.doubles.configs import read_once
from tests.doubles.databases import fresh_store


@dataclass
class Worker:
    """Somebody who took a lease and read what to draw."""

    lease: Lease
    version: int
    message_id: str | None
    looks_first: bool
    drew: bool = False


class Drawing(RuleBasedStateMachine):
    """One card, a channel that remembers what was last written into each message, and workers of whom any may be slow."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        store = fresh_store("sqlite", Path(self.folder.name))
        store.transact_now(prepare, "00" * 32, NOON)
        store.transact_now(apply_config, read_once(EXAMPLE, {}), by="test", at=NOON, salt="test")
        self.branch = Branch(store, NOON)
        self.lead = self.branch.new_lead(at_once=False)
        self.channel: dict[str, int] = {}
        self.posted = 0
        self.workers: list[Worker] = []

    @property
    def card(self) -> Posting:
        return self.branch.card(self.lead)

    @rule(lead_changed=st.booleans(), lease_ran_out=st.booleans())
    def somebody_looks_for_what_is_due(self, lead_changed: bool, lease_ran_out: bool) -> None:
        if lead_changed:
            self.branch.store.transact_now(redraw, self.lead, at_once=False)
        if lease_ran_out:
            self.branch.let_lease_run_out(self.card.id or 0)
        for lease in self.branch.store.transact_now(take_due):
            card = self.card
            self.workers.append(Worker(lease, card.wanted_version, card.message_id, looks_first=card.attempts > 1))

    @precondition(lambda self: any(not worker.drew for worker in self.workers))
    @rule(data=st.data(), says_so=st.booleans())
    def a_worker_draws(self, data: st.DataObject, says_so: bool) -> None:
        worker = data.draw(st.sampled_from([worker for worker in self.workers if not worker.drew]))
        self.draw(worker)
        if says_so:
            self.say(worker)

    @precondition(lambda self: any(worker.drew for worker in self.workers))
    @rule(data=st.data())
    def a_worker_says_what_it_drew(self, data: st.DataObject) -> None:
        self.say(data.draw(st.sampled_from([worker for worker in self.workers if worker.drew])))

    @precondition(lambda self: any(not worker.drew for worker in self.workers))
    @rule(data=st.data())
    def a_worker_dies_before_it_draws(self, data: st.DataObject) -> None:
        self.workers.remove(data.draw(st.sampled_from([worker for worker in self.workers if not worker.drew])))

    @invariant()
    def what_the_store_calls_the_card_stands_in_the_channel(self) -> None:
        assert self.card.message_id is None or self.card.message_id in self.channel

    def draw(self, worker: Worker) -> None:
        """Write into the known message, or the one that an earlier try left behind, or a new one."""
        if worker.message_id is None and worker.looks_first:
            worker.message_id = next(iter(self.channel), None)
        if worker.message_id is None:
            self.posted += 1
            worker.message_id = f"{self.posted}.0"
        self.channel[worker.message_id] = worker.version
        worker.drew = True

    def say(self, worker: Worker) -> None:
        assert worker.message_id is not None
        settled = self.branch.store.transact_now(settle, worker.lease, worker.version, worker.message_id)
        if settled.message_id != worker.message_id:
            self.channel.pop(worker.message_id, None)
        self.workers.remove(worker)

    def teardown(self) -> None:
        """Everybody finishes, the latest first, then what is still owed is drawn."""
        while self.workers or self.card.due_at is not None:
            for worker in reversed(list(self.workers)):
                if not worker.drew:
                    self.draw(worker)
                self.say(worker)
            self.somebody_looks_for_what_is_due(lead_changed=False, lease_ran_out=True)
        assert self.channel == {self.card.message_id: self.card.wanted_version}
        assert self.card.shown_version == self.card.wanted_version
        self.branch.store.close()
        self.folder.cleanup()


TestAnyOrderOfDrawing = Drawing.TestCase
TestAnyOrderOfDrawing.settings = settings(
    max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
