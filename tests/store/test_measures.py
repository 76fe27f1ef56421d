"""What is counted for machines says how late Leadbell is."""

import re
from datetime import UTC, datetime, timedelta

from bot.oversight.auditor import Auditor, why_not_ready
from bot.store.measures import Measures, measures
from bot.store.postings import Posting
from bot.store.seals import Sealing, seal_next
from tests.conftest import NOON
from tests.doubles.branch import Branch

HOUR = timedelta(hours=1)


def measured(branch: Branch) -> Measures:
    return branch.store.read_now(measures, NOON.date())


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
    assert await why_not_ready(branch.services, auditor) == []

    branch.set(Sealing, 1, next_at=datetime.now(UTC) - HOUR)

    [reason] = await why_not_ready(branch.services, auditor)
    assert re.fullmatch(r"the timelines were sealed last \d+ minutes ago", reason)
