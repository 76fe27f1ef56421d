"""What the auditor finds, and that it costs the same however much the store holds: over both kinds of store."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import text, update

from bot.store.audits import find
from bot.store.clocks import clock
from bot.store.columns import table_of
from bot.store.leads import Lead
from bot.store.postings import Place, Posting
from bot.store.prepared import _Compiled
from tests.doubles.branch import Branch
from tests.doubles.texts import Texts
from tests.store.test_mine import plan_of


def found(branch: Branch, **skip: float) -> dict[str, int]:
    """What an audit finds, so long from now."""
    now = branch.clock.now() + timedelta(**skip)
    return {str(kind): many for kind, many in branch.store.transact_now(find, now, 0, texts_on=True).many.items()}


def test_a_company_at_work_gives_it_nothing_to_find(branch: Branch) -> None:
    taken = branch.new_lead()
    branch.claim("maya", taken)
    branch.new_lead(phone="(512) 555-0111")
    branch.passes(seconds=1)

    assert found(branch) == {}


def test_a_step_that_nobody_decides_is_late_after_two_ticks_and_a_burst(branch: Branch) -> None:
    branch.new_lead()

    assert found(branch, seconds=29) == {}
    assert found(branch, seconds=31) == {"steps_late": 1}


@pytest.mark.fault(60)
def test_texts_that_do_not_leave_while_the_phone_network_is_away_are_counted(branch: Branch) -> None:
    texts = Texts(branch)
    for number in range(3):
        texts.queued(texts.lead(phone=f"(512) 555-011{number}", last_name=f"Rowe{number}"))

    assert found(branch, seconds=50).get("texts_late") is None
    assert found(branch, hours=1)["texts_late"] == 3


def test_an_open_lead_without_owner_or_clock_is_alone(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.store.transact_now(lambda session: session.connection().execute(update(clock).values(due_at=None)))

    assert found(branch) == {"leads_alone": 1}
    branch.set(Lead, lead, stage="not_interested")
    assert found(branch) == {}


@pytest.mark.parametrize("row", [{"due_at": "long_ago"}, {"attempts": 6}, {"lease_until": "long_ago"}], ids=str)
def test_a_card_that_stays_behind_is_found_unless_its_place_is_known_to_be_broken(branch: Branch, row: dict[str, Any]) -> None:
    lead = branch.new_lead()
    branch.passes(seconds=1)
    long_ago = datetime.now(UTC) - timedelta(minutes=2)
    changed = {name: long_ago if value == "long_ago" else value for name, value in row.items()}
    branch.set(Posting, branch.card(lead).id, **changed)

    assert set(found(branch)) == {"leases_over" if "lease_until" in row else "messages_behind"}
    branch.set(Place, branch.place().id, broken_because="is_archived")
    assert found(branch).get("messages_behind") is None


def test_free_leads_are_looked_at_in_turn_until_all_were(branch: Branch) -> None:
    for number in range(3):
        branch.new_lead(phone=f"(512) 555-01{number + 10}")

    assert branch.store.transact_now(find, branch.clock.now(), 0, texts_on=True).after == 0  # fewer than one turn: it begins anew


def test_no_question_of_the_auditor_reads_a_table_from_end_to_end(branch: Branch) -> None:
    """Owed rows are found by what is owed, free leads by the index of free leads, however many others there are."""

    def plans(session: Any) -> list[str]:
        def ask() -> object:
            return find(session, branch.clock.now(), 0, texts_on=True)

        if session.connection().dialect.name == "sqlite":
            return plan_of(session, ask)
        return plan_on_postgresql(session, ask)

    plan = branch.store.transact_now(plans)

    assert len(plan) >= 8
    assert [step for step in plan if step.startswith(("SCAN", "Seq Scan")) and " USING " not in step] == []


def plan_on_postgresql(session: Any, ask: Any) -> list[str]:
    """How PostgreSQL answers what is asked, where reading from end to end is its last resort."""
    connection = session.connection()
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    driver = connection.connection.driver_connection
    asked: list[tuple[str, Any]] = []
    run = _Compiled.run

    def listening(compiled: _Compiled, driver: Any, row: Any) -> Any:
        asked.append((compiled.sql, compiled._values(row)))
        return run(compiled, driver, row)

    with patch.object(_Compiled, "run", listening):
        ask()
    lines = [row[0] for sql, values in asked for row in driver.execute(f"EXPLAIN {sql}", values).fetchall()]
    scans = [line.strip().removeprefix("->").strip() for line in lines if "Scan" in line]
    owed = {table_of(model).name for model in (Posting, Lead)}
    return [
        scan for scan in scans if any(f" on {name}" in scan or f" {name} " in scan for name in owed) or "clock" in scan or "message" in scan
    ]
