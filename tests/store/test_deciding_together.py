"""What is decided in one transaction is decided as one after another would be."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, SQLModel

from bot.config import Config
from bot.distribution.passing import REASONS
from bot.speed_to_lead.escalation import escalate
from bot.store.clocks import AT_ONCE, Clock, clocks_in_order
from bot.store.columns import table_of
from bot.store.events import Event
from bot.store.leads import Lead, LeadPass
from bot.store.postings import Posting
from bot.store.rings import Ring
from tests.doubles.branch import BEST, Branch
from tests.store.test_escalation_steps import follows

MINUTES = 20
GIVES_SOON = [{"after": 0, "do": "ring_best"}, {"after": 2, "do": "give"}]
RINGS_AGAIN = [
    {"after": 0, "do": "ring_best"},
    {"after": 1, "do": "ring_best"},
    {"after": 2, "do": "ring_all"},
    {"after": 3, "do": "ring_again", "every": 2, "until": 8},
]
COLUMNS: dict[type[SQLModel], tuple[str, ...]] = {
    Ring: ("lead_id", "officer_id", "round", "handed_out", "digest_seq"),
    Event: ("stream", "seq", "kind", "actor", "officer_id", "at", "meta"),
    Posting: ("lead_id", "place_id", "kind", "topic", "event_seq", "worth"),
    Clock: ("lead_id", "kind", "round", "step", "started_at", "due_at", "held_until", "nobody_told", "nobody_may"),
    Lead: ("id", "owner_id", "stage", "rang_at"),
    LeadPass: ("lead_id", "officer_id", "reason", "until"),
}


class Undone(Exception):
    """What was decided is taken back; this is what it would have left."""


def left_by(branch: Branch, groups: list[list[int]]) -> list[list[Any]]:
    """What the store would hold, had these groups of clocks been decided one after another."""

    def decide(session: Session) -> None:
        for group in groups:
            escalate(session, branch.clock.now(), "salt", group)
        raise Undone([_rows(session, table_of(model), names) for model, names in COLUMNS.items()])

    with pytest.raises(Undone) as undone:
        branch.store.transact_now(decide)
    rows: list[list[Any]] = undone.value.args[0]
    return rows


def _rows(session: Session, table: Any, names: tuple[str, ...]) -> list[Any]:
    return [tuple(row) for row in session.connection().execute(select(*(table.c[name] for name in names)).order_by(*table.primary_key))]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("steps", [GIVES_SOON, RINGS_AGAIN], ids=["gives", "rings again"])
def test_a_batch_rings_lists_and_gives_as_one_after_another_would(
    branch: Branch, example: Config, steps: list[dict[str, Any]], seed: int
) -> None:
    follows(branch, example, unclaimed=steps, uncontacted=[{"after": 3, "do": "take_back"}], repeat_every=600)
    chance, leads, together = Random(seed), [branch.new_lead()], 0
    for _ in range(MINUTES):
        for _ in range(chance.choice((0, 1, 4))):
            worth = BEST if chance.random() < 0.3 else {}
            leads.append(branch.new_lead(**{**worth, "email": None}, phone=f"(512) 555-01{len(leads):02}"))
        lead, officer = chance.choice(leads), chance.choice(("maya", "omar", "tess"))
        if chance.random() < 0.5:
            branch.lets_go_by(officer, lead, chance.choice(REASONS))
        else:
            branch.claim(officer, lead)
        branch.clock.skip(seconds=chance.choice((0, 90)))
        due = branch.store.transact_now(clocks_in_order, branch.clock.now())[:AT_ONCE]
        if len(due) > 1:
            assert left_by(branch, [due]) == left_by(branch, [[each] for each in due])
            together += len(due)
        branch.escalate()
        branch.clock.skip(minutes=chance.choice((1, 1, 3)))
    assert together > MINUTES
