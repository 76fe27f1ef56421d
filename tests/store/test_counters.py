"""The pipeline's counts are true whoever writes and folds at the same time."""

from functools import partial

from sqlalchemy import func, select
from sqlmodel import Session

from bot.config import Config
from bot.config.models import Retired
from bot.configuring import apply_config
from bot.store import counters
from bot.store.columns import table_of
from bot.store.counters import Counter
from bot.store.leads import Lead
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel

Count = dict[tuple[object, ...], int]
counter, lead = table_of(Counter), table_of(Lead)


def counted(session: Session) -> Count:
    """Leads by team, source, owner and stage, from the counters."""
    by = (counter.c.team_id, counter.c.source_id, counter.c.owner_id, counter.c.stage)
    rows = session.connection().execute(select(*by, func.sum(counter.c.delta)).group_by(*by))
    return {tuple(key): total for *key, total in rows if total}


def full_count(session: Session) -> Count:
    """The same, lead by lead."""
    by = (lead.c.team_id, lead.c.source_id, lead.c.owner_id, lead.c.stage)
    return {
        tuple(key): total for *key, total in session.connection().execute(select(*by, func.count()).where(~lead.c.practice).group_by(*by))
    }


def test_folding_while_others_count_loses_nothing(branch: Branch) -> None:
    def write(session: Session) -> None:
        counters.count(session, team_id=1, source_id=1, owner_id=None, stage="new", delta=1)

    def write_many(times: int) -> None:
        for _ in range(times):
            branch.store.transact_now(write)

    def fold_many(times: int) -> None:
        for _ in range(times):
            branch.store.transact_now(counters.fold)

    in_parallel([*[partial(write_many, 20)] * 6, *[partial(fold_many, 10)] * 2])
    assert branch.store.transact_now(counters.leads_held, [1]) == [("new", None, 120)]
    branch.store.transact_now(counters.fold)
    assert branch.count(Counter) == 1
    assert branch.store.transact_now(counters.leads_held, [1]) == [("new", None, 120)]


def test_the_counts_equal_a_full_count_after_arrivals_claims_and_give_backs(branch: Branch) -> None:
    def work(officer: str, number: int) -> None:
        lead = branch.new_lead(phone=f"(512) 555-01{number:02}", first_name=f"P{number}")
        branch.claim(officer, lead)
        if number % 3 == 0:
            branch.give_back(officer, lead)

    in_parallel([partial(work, officer, number) for number, officer in enumerate(["maya", "luis", "priya", "tess"] * 4)])
    true_count = branch.store.transact_now(full_count)
    assert branch.store.transact_now(counted) == true_count
    branch.store.transact_now(counters.fold)
    assert branch.store.transact_now(counted) == true_count


def test_a_count_that_came_to_nothing_leaves_no_row(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.give_back("maya", lead)
    assert branch.count(Counter) == 5
    assert branch.store.transact_now(counters.fold) == 5
    assert [(row.owner_id, row.delta) for row in branch.all(Counter)] == [(None, 1)]


def test_what_nothing_happened_to_is_not_written_again(branch: Branch) -> None:
    branch.new_lead(source="zillow", phone="(512) 555-0120")
    branch.new_lead(phone="(512) 555-0121")
    branch.new_lead(phone="(512) 555-0122")
    before = {row.source_id: row.id for row in branch.all(Counter)}

    assert branch.store.transact_now(counters.fold) == 2

    after = {row.source_id: (row.id, row.delta) for row in branch.all(Counter)}
    [(of_website, (number, leads)), (of_zillow, kept)] = sorted(after.items(), key=lambda each: -each[1][1])
    assert (leads, kept) == (2, (before[of_zillow], 1))
    assert number != before[of_website]
    assert branch.store.transact_now(counters.fold) == 0


def test_leads_that_move_with_a_retired_source_are_counted_at_the_one_that_takes_over(branch: Branch, example: Config) -> None:
    claimed, _ = (branch.new_lead(source="lendingtree", phone=f"(512) 555-012{number}") for number in range(2))
    branch.claim("maya", claimed)
    sources = tuple(source for source in example.sources if source.key != "lendingtree")
    retired = (Retired(kind="source", key="lendingtree", moved_to="zillow"),)

    changed = example.model_copy(update={"sources": sources, "retired": retired})
    branch.store.transact_now(apply_config, changed, by="test", at=NOON, salt="test")

    true_count = branch.store.transact_now(full_count)
    assert len(true_count) == 2
    assert branch.store.transact_now(counted) == true_count
