"""Leadbell is killed while borrowers are told of a rate: the rest is still owed, and each lead is told of once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.capture import intake
from bot.capture.intake import Received
from bot.nurture.rates import keep_rate_of, set_rate_of
from bot.store.database import Store
from bot.store.events import COMPANY as OF_COMPANY
from bot.store.events import Event
from bot.store.leads import Lead
from bot.store.rates import AT_ONCE
from tests.conftest import COMPANY
from tests.doubles.branch import Branch, a_lead
from tests.doubles.databases import fresh_postgresql
from tests.doubles.processes import running_bot
from tests.doubles.rows import rows
from tests.doubles.slack_channel import SlackChannel
from tests.doubles.waiting import until

MANY = 2 * AT_ONCE + 5


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store(fresh_postgresql(COMPANY))
    yield opened
    opened.close()


def wait_for_a_rate(store: Store) -> None:
    """So many leads of Maya's wait for a rate that was set an hour ago."""
    branch = Branch(store, datetime.now(UTC) - timedelta(hours=1))
    website = branch.services.in_force.sources["website"]
    for number in range(MANY):
        new = intake.prepare(branch.services, website, a_lead(phone=f"(512) 555-{1000 + number}"), quiet=True)
        received = store.transact_now(intake.record_arrival, new)
        assert isinstance(received, Received)
        branch.set(Lead, received.lead, owner_id=branch.officer_id("maya"), claimed_at=branch.clock.now(), stage="nurture")
        store.transact_now(keep_rate_of, branch.press("maya", received.lead), "target", "30y 6.0")
    store.transact_now(set_rate_of, branch.press("sam", OF_COMPANY), "30y 5.9")


def told(store: Store) -> Counter[int]:
    """How often each lead's timeline says that the rate fell."""
    return Counter(event.stream for event in rows(store, Event) if event.kind == "rate_drop")


async def test_killed_between_two_batches_each_lead_is_told_of_once(store: Store, tmp_path: Path, slack: SlackChannel) -> None:
    wait_for_a_rate(store)
    url = store.url.render_as_string(hide_password=False)
    async with running_bot(url, tmp_path, slack.sandbox, at="between_rates") as bot:
        await bot.died()
    assert len(told(store)) <= AT_ONCE, "those of the kill were not, and are still owed"

    async with running_bot(url, tmp_path, slack.sandbox):
        await until(lambda: all_are_told_of(store), "every lead told of")

    assert set(told(store).values()) == {1}


async def all_are_told_of(store: Store) -> bool:
    return len(told(store)) == MANY
