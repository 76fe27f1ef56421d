"""A team works on the same few leads at the same moment, on PostgreSQL: nothing deadlocks, and all of it adds up."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.capture import intake
from bot.capture.two_people import tell_apart
from bot.distribution.assigning import assign_lead
from bot.distribution.claiming import claim_lead, give_back_lead
from bot.distribution.passing import REASONS, pass_lead
from bot.leads.press import Press
from bot.leads.reminders import keep_reminder, ring_reminders
from bot.leads.staging import stage_lead
from bot.leads.undoing import UNDO, undo_event
from bot.leads.working import note_call, note_calling
from bot.officers.duty import set_off, set_on
from bot.officers.leaving import ask_about_leavers, move_leads_of
from bot.officers.shift_end import ask_at_shift_end
from bot.rules.dispositions import Disposition
from bot.rules.stages import STAGES
from bot.speed_to_lead.escalation import escalate
from bot.store.clocks import AT_ONCE, UNCLAIMED, UNCONTACTED, clocks_in_order, clocks_of
from bot.store.events import COMPANY, broken_links
from bot.store.leads import ENDED_STAGES, Lead
from bot.store.leavers import mark_back, mark_left
from tests.doubles.branch import Branch, a_lead
from tests.doubles.parallel import in_parallel
from tests.store.test_counters import counted, full_count

HANDS, DEEDS_EACH = 4, 60
PEOPLE = ("maya", "luis", "priya", "omar", "tess", "sam")


class Hand:
    """One of those who work at once: what it does next is drawn from its own dice."""

    def __init__(self, branch: Branch, seed: int) -> None:
        self.branch = branch
        self.dice = random.Random(seed)
        self.name = f"hand {seed}"
        self.deeds = 0
        self.ids = {key: branch.officer_id(key) for key in PEOPLE}

    def works(self) -> None:
        for _ in range(DEEDS_EACH):
            self.dice.choice(DEEDS)(self)

    def does(self, deed: Callable[..., Any], *said: Any, who: str | None = None, lead: int | None = None) -> None:
        self.deeds += 1
        number = self.dice.choice(self.leads()) if lead is None else lead
        officer = self.ids[who or self.dice.choice(PEOPLE)]
        by = Press(f"{self.name}, {self.deeds}", number, officer, self.branch.clock.now(), "salt")
        self.branch.store.transact_now(deed, by, *said)

    def leads(self) -> list[int]:
        return [row.id for row in self.branch.all(Lead) if row.id is not None]

    def arrives(self) -> None:
        wish = {"phone": f"(512) 555-010{self.dice.randint(0, 5)}", "first_name": self.dice.choice(("Dana", "Alex"))}
        lead = a_lead(**wish, comments=f"{self.dice.random()}")
        source = self.branch.services.in_force.sources["website"]
        self.branch.store.transact_now(intake.record_arrival, intake.prepare(self.branch.services, source, lead, at_once=True))

    def undoes(self) -> None:
        stream = self.dice.choice([*self.leads(), COMPANY])
        theirs = [event for event in self.branch.events(stream)[-8:] if event.kind in UNDO and event.actor.startswith("officer:")]
        if theirs:
            event = self.dice.choice(theirs)
            self.does(undo_event, event.seq, who=event.actor.removeprefix("officer:"), lead=stream)

    def leaves_or_returns(self) -> None:
        if self.dice.random() < 0.5:
            self.branch.store.transact_now(mark_left, self.ids["maya"], "slack", self.branch.clock.now())
        else:
            self.branch.store.transact_now(mark_back, self.ids["maya"])

    def looks(self) -> None:
        clocks = self.branch.store.transact_now(clocks_in_order, self.branch.clock.now())[:AT_ONCE]
        self.branch.store.transact_now(escalate, self.branch.clock.now(), "salt", clocks)
        for decide in (ring_reminders, ask_about_leavers, ask_at_shift_end):
            self.branch.store.transact_now(decide, self.branch.clock.now(), "salt")
        self.branch.clock.skip(minutes=self.dice.choice((0.1, 1, 2.5, 6)))

    def comes_back_later(self) -> None:
        at = self.branch.clock.now() + timedelta(minutes=self.dice.choice((30, 1500)))
        self.does(keep_reminder, self.dice.choice(("later", "remind", "call_back")), at, None)


def _chosen(deed: Callable[..., Any], *choices: tuple[Any, ...], who: str | None = None) -> Callable[[Hand], None]:
    return lambda hand: hand.does(deed, *(hand.dice.choice(choice) for choice in choices), who=who)


DEEDS: tuple[Callable[[Hand], None], ...] = (
    Hand.arrives, Hand.undoes, Hand.undoes, Hand.leaves_or_returns, Hand.looks, Hand.looks, Hand.comes_back_later,
    *(_chosen(claim_lead),) * 4, _chosen(give_back_lead), _chosen(give_back_lead),
    _chosen(pass_lead, (*REASONS, None)), _chosen(assign_lead, PEOPLE, who="sam"), _chosen(assign_lead, PEOPLE, who="tess"),
    _chosen(stage_lead, STAGES, (True,), (None,), who="sam"), _chosen(note_calling, (True, False)),
    _chosen(note_call, tuple(Disposition), ("a note", None), (None,)),
    _chosen(tell_apart, ("same_request", "two_people", None), who="sam"),
    lambda hand: hand.does(set_on, lead=COMPANY),
    lambda hand: hand.does(set_off, "in 3 hours", lead=COMPANY),
    lambda hand: hand.does(move_leads_of, hand.ids["maya"], hand.dice.choice(("split", "pool")), None, who="sam", lead=COMPANY),
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.fault(18)
def test_whatever_many_do_at_once_adds_up(replicated: Branch, seed: int) -> None:
    branch = replicated
    for person in range(3):
        branch.new_lead(phone=f"(512) 555-010{person}")

    in_parallel([Hand(branch, 100 * seed + number).works for number in range(HANDS)])
    branch.escalate()

    assert branch.store.transact_now(counted) == branch.store.transact_now(full_count)
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []
    for row in branch.all(Lead):
        assert row.id is not None
        runs = {kind for kind, clock in branch.store.transact_now(clocks_of, row.id).items() if clock.runs}
        where = (row.id, row.stage, row.owner_id, runs)
        assert (row.owner_id is None) == (row.claimed_at is None), where
        if row.stage in ENDED_STAGES:
            assert not runs & {UNCLAIMED, UNCONTACTED}, where
        elif row.owner_id is None:
            assert UNCONTACTED not in runs and (UNCLAIMED in runs or row.stage == "nurture"), where
        else:
            assert UNCLAIMED not in runs, where
