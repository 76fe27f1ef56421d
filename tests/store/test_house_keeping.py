"""What need not be kept is let go of, a page at a time, each night and soon after each start; what was to be told meanwhile is told."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import text
from sqlmodel import Session

from bot.capture.returns_due import tell_managers
from bot.outreach.meta import Graph
from bot.oversight.auditor import Auditor
from bot.oversight.compliance import tell_compliance
from bot.oversight.seals import tell_head
from bot.scheduling.calendar import CAUGHT_UP_AFTER, missed_today, start_calendar
from bot.scheduling.house_keeping import SEEN_KEPT, keep_house
from bot.store.contacts import ContactPoint
from bot.store.forgetting import AT_ONCE
from bot.store.message_files import MOST_FILES, MessageFile, forget_files
from bot.store.outbound import Message
from bot.store.pinging import Ping, forget_pings
from bot.store.seen import Seen, forget_before
from bot.store.source_requests import SourceRequest, forget_requests
from tests.conftest import NOON
from tests.doubles.branch import Branch

OLD = timedelta(days=100)


def long_ago(branch: Branch, many: int) -> None:
    """So many answers, pings and requests, and a text with files, of a hundred days ago."""
    lead, at = branch.new_lead(), NOON - OLD
    contact = branch.all(ContactPoint)[0].id or 0

    def keep(session: Session) -> None:
        session.add_all(Seen(key=f"old {number}", outcome="", at=at) for number in range(many))
        session.add_all(Ping(source_id=1, key=f"old {number}", digest="x", at=at) for number in range(many))
        session.add_all(
            SourceRequest(source_id=1, received_at=at, body=b"{}", digest=f"old {number}", state="kept", problems=[])
            for number in range(many)
        )
        text = Message(
            lead_id=lead, contact_point_id=contact, channel="sms", direction="out", status="delivered", body="Your letter", created_at=at
        )
        session.add(text)
        session.flush()
        session.add_all(MessageFile(message_id=text.id or 0, place=place, content=b"a letter") for place in range(1, MOST_FILES + 3))

    branch.store.transact_now(keep)


def test_old_rows_go_a_page_at_a_time(branch: Branch) -> None:
    long_ago(branch, AT_ONCE + 1)
    for forget, table, page, left in (
        (forget_before, Seen, AT_ONCE, 1),
        (forget_pings, Ping, AT_ONCE, 1),
        (forget_requests, SourceRequest, AT_ONCE, 1),
        (forget_files, MessageFile, MOST_FILES, 2),
    ):
        before = branch.count(table)
        assert branch.store.transact_now(forget, NOON - SEEN_KEPT) is True
        assert branch.count(table) == before - page
        assert branch.store.transact_now(forget, NOON - SEEN_KEPT) is False
        assert branch.count(table) == before - page - left


async def test_house_keeping_goes_on_until_nothing_old_is_left_and_lets_everything_else_be(branch: Branch) -> None:
    kept = {table: branch.count(table) for table in (Seen, Ping, SourceRequest, MessageFile)}
    long_ago(branch, 2 * AT_ONCE)
    new = branch.count(Seen) - 2 * AT_ONCE

    await keep_house(branch.services)

    assert {table: branch.count(table) for table in kept} == {**kept, Seen: new}


async def test_after_it_the_database_knows_how_much_there_is_of_what(branch: Branch, kind: str) -> None:
    branch.new_lead()

    await keep_house(branch.services)

    if kind == "sqlite":  # PostgreSQL looks by itself
        asked = text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'lead' LIMIT 1")
        known = branch.store.read_now(lambda session: session.connection().execute(asked).scalar_one())
        assert known.split()[0] == "1"


@pytest.fixture
async def calendar(branch: Branch) -> AsyncIterator[AsyncIOScheduler]:
    graph = Graph("http://127.0.0.1:9")
    scheduler = start_calendar(branch.services, Auditor(branch.services), graph, None)
    yield scheduler
    scheduler.shutdown(wait=False)
    await graph.close()


async def test_each_start_keeps_house_soon_whatever_the_hour(calendar: AsyncIOScheduler) -> None:
    times = sorted(job.next_run_time for job in calendar.get_jobs() if job.func is keep_house)
    assert len(times) == 2 and times[0] <= datetime.now(UTC) + CAUGHT_UP_AFTER


@pytest.mark.parametrize(
    ("hour", "missed"),
    [
        (0, [keep_house, tell_managers]),
        (13, [keep_house, tell_managers]),
        (14, [keep_house, tell_managers, tell_compliance]),
        (15, [keep_house, tell_managers, tell_compliance, tell_head]),
        (23, [keep_house, tell_managers, tell_compliance, tell_head]),
    ],
)
def test_a_start_catches_up_what_that_day_was_to_be_told_by_then(hour: int, missed: list[object]) -> None:
    assert missed_today(datetime(2026, 11, 28, hour, 0, 1, tzinfo=UTC)) == missed
