"""A look of the due loop that finds nothing costs the same over ten leads and over a million: an index holds just what is owed."""

import re

import pytest
from sqlalchemy import Table
from sqlmodel import SQLModel

from bot.scheduling import due_loop
from bot.scheduling.due_loop import IN_BUSINESS_TIME, NextDue
from bot.store.clocks import next_clock_due
from bot.store.drips import next_drip_due
from bot.store.people import newest_version
from bot.store.postings import next_stale
from tests.doubles.branch import Branch
from tests.doubles.plans import planned

LOOKED_FOR: tuple[NextDue, ...] = (next_clock_due, *(work.next_due for work in IN_BUSINESS_TIME), next_drip_due, next_stale)
READS = re.compile(r"(?:SCAN|SEARCH) (?!CONSTANT ROW)\w|(?:Seq|Index|Index Only) Scan")
OF_THE_COMPANY = ("team", "officer", "place", "source", "policy", "config_version", "installation", "rate_in_force", "work_version")
"""Tables that grow with the company or with Leadbell, not with its leads."""
ONE_ROW_OF = ("ix_rate_watch_fires", "ix_rate_watch_rearms")
"""Indexes that are asked whether there is any row beyond a bound: the first one answers."""


def wide_reads(steps: list[str]) -> list[str]:
    """The steps that read more, the longer the company works: all but those of an index of what is owed, and of one row by its id."""
    tables: list[Table] = list(SQLModel.metadata.tables.values())
    holds = {str(index.name): str(index.dialect_options["sqlite"]["where"]) for table in tables for index in table.indexes}
    owed = [name for name, rows in holds.items() if re.fullmatch(r"\w*(?:due|stale)_at IS NOT NULL", rows)]
    narrow = re.compile(
        "|".join([*owed, *ONE_ROW_OF, "PRIMARY KEY", r"\w+_pkey", *(rf"(?:SCAN|SEARCH|on) {table}\b" for table in OF_THE_COMPANY)])
    )
    return [step for step in steps if READS.search(step) and not narrow.search(step)]


@pytest.mark.parametrize("next_due", LOOKED_FOR, ids=lambda each: each.__name__)
def test_when_the_next_of_a_kind_is_due_is_read_off_an_index(branch: Branch, next_due: NextDue) -> None:
    with planned(branch.store) as steps:
        branch.store.transact_now(next_due)
    assert any(map(READS.search, steps))
    assert wide_reads(steps) == []


def test_what_is_to_be_told_is_read_off_an_index(branch: Branch) -> None:
    with planned(branch.store) as steps:
        branch.store.transact_now(due_loop._what_to_tell, branch.clock.now(), ["slack"])
        branch.store.transact_now(newest_version)
    assert any(map(READS.search, steps))
    assert wide_reads(steps) == []


@pytest.mark.parametrize("question", ["SELECT count(*) FROM event WHERE kind = 'claimed'", "SELECT min(arrived_at) FROM lead"])
def test_a_read_that_grows_with_the_leads_is_seen(branch: Branch, question: str) -> None:
    with planned(branch.store) as steps:
        branch.store.transact_now(lambda session: session.connection().exec_driver_sql(question).all())
    assert len(wide_reads(steps)) == 1
