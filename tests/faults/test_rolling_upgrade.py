"""A newer Leadbell upgrades the store while an older one runs beside it: the older one goes on, but for what has changed its meaning."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args
from unittest.mock import patch

import aiohttp
import pytest
from sqlalchemy import create_engine, inspect, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from bot.calls.calling import begin_placing
from bot.scheduling import due_loop
from bot.scheduling.due_loop import Work
from bot.settings import Settings
from bot.store import work
from bot.store.calls import Call
from bot.store.clocks import UNCLAIMED, Clock, next_clock_due
from bot.store.columns import table_of
from bot.store.database import Store, postgresql_url
from bot.store.postings import Lease, Posting, take_due
from bot.store.tables import HEAD
from bot.store.upgrade import upgrade
from bot.store.work import CALLING, SHOWING, WRITING, Kind, change_work, paused
from tests.conftest import COMPANY, NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import bare_postgresql, fresh_postgresql
from tests.doubles.held import held, wait_until_one_waits
from tests.doubles.processes import Bot, always_open, running_bot, welcome_everybody
from tests.doubles.rows import rows
from tests.doubles.slack_channel import SlackChannel
from tests.doubles.texts import Texts
from tests.doubles.waiting import until
from tests.doubles.workplace import Workplace

BEFORE = f"{int(HEAD) - 1:04}"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LEFT_ALONE = "a newer Leadbell changed the store, and this one leaves alone: escalation"


def changes(store: Store, kind: Kind, version: int = 2) -> None:
    """As a migration of a version to come does."""
    store.transact_now(lambda session: change_work(session.connection(), kind, version))


@pytest.fixture
def shared() -> Iterator[Store]:
    """What both versions run on."""
    opened = Store(fresh_postgresql())
    yield opened
    opened.close()


@pytest.fixture
def branch(company: Store) -> Branch:
    return Branch(company, NOON)


@pytest.fixture
def replicated() -> Iterator[Branch]:
    """The company on PostgreSQL."""
    store = Store(fresh_postgresql(COMPANY))
    yield Branch(store, NOON)
    store.close()


@pytest.fixture
def bare(kind: str, tmp_path: Path) -> str:
    """The URL of a database without a single table."""
    return f"sqlite:///{tmp_path}/bare.db" if kind == "sqlite" else bare_postgresql()


@pytest.mark.fault(13)
async def test_the_older_one_leaves_the_escalation_to_the_newer_one_and_takes_and_shows_leads_as_before(
    shared: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    url, config = shared.url.render_as_string(hide_password=False), always_open(tmp_path)
    await asyncio.to_thread(welcome_everybody, Settings.model_construct(database_url=url, config=config))
    async with running_bot(url, tmp_path, slack.sandbox, config=config) as older, aiohttp.ClientSession() as session:
        assert (await older.deliver(external_id="a-1"))[0] == 200
        falls_due(shared, 1001)
        await until(lambda: decided(shared, 1001), "a step that was decided")
        changes(shared, "escalation")

        assert (await older.deliver(external_id="a-2", phone="(512) 555-0111", email="ann@example.com"))[0] == 200
        falls_due(shared, 1002)
        office = Workplace(slack.sandbox, session)
        await office.card_of(1002)
        await office.presses("maya", "Claim", 1001)
        await office.card_of(1001, says="Maya Torres has it")
        assert not await decided(shared, 1002)
        assert LEFT_ALONE in await reasons(older)

        async with running_bot(url, tmp_path, slack.sandbox, config=config, newer=True) as newer:
            await until(lambda: decided(shared, 1002), "a step that the newer one decided")
            assert LEFT_ALONE not in await reasons(newer)


def falls_due(store: Store, lead: int) -> None:
    """Its next step is due, whatever the hour is."""
    table = table_of(Clock)
    fallen = update(table).where(table.c.lead_id == lead, table.c.kind == UNCLAIMED).values(due_at=LONG_AGO)
    store.transact_now(lambda session: session.connection().execute(fallen))


async def decided(store: Store, lead: int) -> bool:
    """Whether somebody took the step, or put it off until the borrower may be called."""
    return all(each.due_at != LONG_AGO for each in rows(store, Clock) if each.lead_id == lead and each.kind == UNCLAIMED)


async def reasons(bot: Bot) -> list[str]:
    async with aiohttp.ClientSession() as session, session.get(f"{bot.url}/readyz") as answer:
        found: list[str] = (await answer.json())["reasons"]
        assert answer.status == 503 or LEFT_ALONE not in found
        return found


DECIDED = tuple(kind for kind in get_args(Kind) if kind not in (SHOWING, WRITING, CALLING))


@pytest.mark.fault(13)
@pytest.mark.parametrize("what", DECIDED)
def test_what_changed_is_not_decided_and_all_else_is(branch: Branch, what: Kind) -> None:
    decided: list[Kind] = []

    def look(kind: Kind) -> int:
        def decide(_session: Session, _now: datetime, _salt: str) -> tuple[int, list[Lease]]:
            decided.append(kind)
            return 1, []

        work = Work(kind, next_clock_due, decide)
        return branch.store.transact_now(due_loop._decide_some, work, None, branch.clock.now(), "salt")[0]

    changes(branch.store, what)

    assert {kind: look(kind) for kind in DECIDED} == {kind: int(kind != what) for kind in DECIDED}
    assert sorted(decided) == sorted(set(DECIDED) - {what})


@pytest.mark.fault(13)
def test_what_changed_is_neither_shown_nor_sent_nor_rung(branch: Branch) -> None:
    texts = Texts(branch)
    texts.lead()
    texts.came("Are you there?")
    text_id = texts.queued(1001)
    call_id = branch.store.transact_now(asks_for_call, branch.officer_id("maya"), branch.clock.now())
    for posting in branch.all(Posting):
        branch.let_lease_run_out(posting.id or 0)

    def owed() -> tuple[list[int], list[int], bool]:
        return branch.store.transact_now(due_loop._what_to_tell, branch.clock.now(), ["slack"])[:3]

    assert owed() == ([text_id], [call_id], True)
    for kind in (SHOWING, WRITING, CALLING):
        changes(branch.store, kind)
    assert owed() == ([], [], False)
    # Nor is it where somebody had taken it in hand before the store was changed.
    assert branch.store.transact_now(take_due) == []
    assert texts.begin(text_id) is None and texts.status(text_id) == "queued"
    assert branch.store.transact_now(begin_placing, call_id, branch.clock.now(), "salt", on=True) == (None, [])
    with patch.object(work, "KNOWN", {SHOWING: 2, WRITING: 2, CALLING: 2}):
        assert owed() == ([text_id], [call_id], True)
        assert branch.store.transact_now(take_due) != []
        assert texts.begin(text_id) is not None
        assert branch.store.transact_now(begin_placing, call_id, branch.clock.now(), "salt", on=True)[0] is not None


def asks_for_call(session: Session, officer_id: int, now: datetime) -> int:
    call = Call(kind="own_voicemail", officer_id=officer_id, created_at=now, due_at=now)
    session.add(call)
    session.flush()
    assert call.id is not None
    return call.id


def test_what_a_version_to_come_alone_does_is_no_concern_of_ours(branch: Branch) -> None:
    branch.store.transact_now(lambda session: session.connection().exec_driver_sql("INSERT INTO work_version VALUES ('dreams', 7)"))
    assert branch.store.transact_now(paused) == frozenset()


@pytest.mark.fault(13)
def test_an_upgrade_waits_for_whoever_is_in_the_middle_of_what_it_changes(replicated: Branch) -> None:
    with held(replicated.store) as deciding, ThreadPoolExecutor(1) as aside:
        assert paused(deciding) == frozenset()
        upgrading = aside.submit(changes, replicated.store, "escalation")
        wait_until_one_waits(replicated.store)
        assert not upgrading.done()
        deciding.commit()
        upgrading.result()
    assert replicated.store.transact_now(paused) == {"escalation"}


@pytest.mark.fault(13)
def test_the_newest_migration_only_adds_so_that_the_version_before_it_goes_on_writing(bare: str) -> None:
    url = make_url(bare)
    upgrade(url, BEFORE)
    before = shape(url)
    upgrade(url)
    after = shape(url)

    assert before.keys() <= after.keys()
    for table, columns in before.items():
        for name, column in columns.items():
            assert str(after[table][name]["type"]) == str(column["type"]), (table, name)
            assert after[table][name]["nullable"] or not column["nullable"], f"{table}.{name} may not be left empty any more"
        for name in after[table].keys() - columns.keys():
            left_out = after[table][name]
            assert left_out["nullable"] or left_out["default"] is not None, f"{table}.{name} is not written by the version before"


def shape(url: URL) -> dict[str, dict[str, Any]]:
    """The columns of each table by name."""
    engine = create_engine(url if url.get_backend_name() == "sqlite" else postgresql_url(url), poolclass=NullPool)
    there = inspect(engine)
    return {table: {column["name"]: column for column in there.get_columns(table)} for table in there.get_table_names()}
