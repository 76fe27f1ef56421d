"""What is counted for machines says how late Leadbell is."""

import re
from datetime import UTC, datetime, timedelta

from bot.oversight.auditor import Auditor, health_of
from bot.store.measures import Measures, measures
from bot.store.postings import Place, Posting
from bot.store.seals import Sealing, seal_next
from tests.conftest import NOON
from tests.doubles.branch import Branch

HOUR = timedelta(hours=1)


def measured(branch: Branch) -> Measures:
    return branch.store.read_now(measures, branch.clock.now())


def test_the_most_overdue_message_says_how_long_ago_it_should_have_been_shown(branch: Branch) -> None:
    assert measured(branch).overdue == 0
    card = branch.card(branch.new_lead())
    branch.set(Posting, card.id, due_at=datetime.now(UTC) - HOUR)

    assert measured(branch).overdue >= HOUR.total_seconds() - 1

    branch.set(Posting, card.id, due_at=datetime.now(UTC) + HOUR)
    assert measured(branch).overdue == 0


def test_seals_that_nobody_makes_any_more_are_seen(branch: Branch) -> None:
    assert measured(branch).unsealed == 0
    branch.new_lead()
    branch.store.transact_now(seal_next, NOON)
    branch.set(Sealing, 1, next_at=datetime.now(UTC) - HOUR)

    assert measured(branch).unsealed >= HOUR.total_seconds()


async def test_seals_that_are_late_keep_leadbell_from_being_ready(branch: Branch) -> None:
    auditor = Auditor(branch.services)
    branch.new_lead()
    branch.store.transact_now(seal_next, NOON)
    assert (await health_of(branch.services, auditor)).reasons == []

    branch.set(Sealing, 1, next_at=datetime.now(UTC) - HOUR)

    [reason] = (await health_of(branch.services, auditor)).everywhere
    assert re.fullmatch(r"the timelines were sealed last \d+ minutes ago", reason)


def test_a_card_that_fails_for_hours_is_seen_whenever_its_next_try_is_due(branch: Branch) -> None:
    card = branch.card(branch.new_lead())

    branch.set(Posting, card.id, created_at=datetime.now(UTC) - HOUR, due_at=datetime.now(UTC) + HOUR)

    assert measured(branch).unshown >= HOUR.total_seconds() - 1
    branch.set(Place, card.place_id, broken_because="is_archived")
    assert measured(branch).unshown < HOUR.total_seconds() / 2


def test_a_step_that_nobody_decides_is_seen_until_somebody_does(branch: Branch) -> None:
    branch.new_lead()
    branch.escalate()
    assert measured(branch).undecided == 0

    branch.clock.skip(hours=2)

    assert measured(branch).undecided > HOUR.total_seconds()
    branch.escalate()
    assert measured(branch).undecided == 0


def test_how_late_steps_were_is_counted_anew_each_day_and_each_kind_stands_there_from_its_first_minute(branch: Branch) -> None:
    branch.new_lead()
    branch.escalate()
    of_today = measured(branch).late
    assert {kind: sum(counts.values()) for kind, counts in of_today.items()} == {"ring_best": 1}

    branch.clock.skip(days=1)

    assert {kind: sum(counts.values()) for kind, counts in measured(branch).late.items()} == {"ring_best": 0}
