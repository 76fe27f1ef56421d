"""Who watches over the law hears on Mondays what was decided against the rules, and in time that the do-not-call registry runs out."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.calls.calling_anyway import note_reason
from bot.oversight.compliance import tell_compliance
from bot.oversight.do_not_call import import_registry
from bot.oversight.overrides import table_of_overrides
from bot.rendering import PLAIN, Words
from bot.rules.do_not_call import NATIONAL
from bot.store.events import COMPANY, Event
from bot.store.newest_first import READ_AT_ONCE
from bot.store.outbound import Message
from bot.store.overrides import overrides_since
from bot.updates import ComplianceWeek
from bot.wording.compliance import say_compliance_week
from tests.doubles.branch import Branch
from tests.doubles.plans import planned
from tests.doubles.rows import write_again
from tests.doubles.texts import Texts

WHOLE = re.compile(r"SCAN (?:event|message)\b(?!.*ix_message_due)|Seq Scan on (?:event|message)\b")
PLAIN_WORDS = Words("chat", PLAIN)
FAR = 3 * READ_AT_ONCE
MONDAY = datetime(2026, 11, 30, 14, tzinfo=UTC)


async def looks(branch: Branch, at: datetime) -> list[dict[str, Any]]:
    """What this look told, if anything."""
    known = len(branch.events(COMPANY))
    branch.clock.at = at
    await tell_compliance(branch.services)
    return [dict(event.meta) for event in branch.events(COMPANY)[known:]]


def decided(branch: Branch) -> int:
    """An officer calls outside the hours; the id of the event."""
    branch.lets("calls_outside_hours")
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.clock.skip(hours=9)  # evening in Texas
    branch.store.transact_now(note_reason, branch.press("maya", lead), "She asked me to")
    [event] = [event for event in branch.events(lead) if event.kind == "called_anyway"]
    assert event.id is not None
    return event.id


def imported(branch: Branch, folder: Path, dated: date) -> None:
    file = folder / "512.txt"
    file.write_text("512,5550100\n")
    import_registry(branch.store, file, NATIONAL, dated, branch.clock.at, lambda _: None)


async def test_on_monday_the_decisions_of_the_week_are_told_to_compliance_once(branch: Branch) -> None:
    branch.lets("calls_outside_hours")
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.clock.skip(hours=9)  # evening in Texas
    for _ in range(2):
        branch.store.transact_now(note_reason, branch.press("maya", lead), "She asked me to")

    [told] = await looks(branch, MONDAY)

    assert told["decided"] == [["Maya Torres", "called_anyway", 2]]
    [notice] = [posting for posting in branch.postings("notice") if posting.topic == "compliance_week"]
    assert notice.place_id == branch.place("cora@acme.example").id
    assert await looks(branch, MONDAY + timedelta(hours=1)) == []


async def test_a_week_in_which_nothing_was_decided_or_kept_back_is_no_news(branch: Branch, tmp_path: Path) -> None:
    assert await looks(branch, MONDAY) == []
    imported(branch, tmp_path, date(2026, 11, 24))
    assert await looks(branch, MONDAY) == []


async def test_what_is_older_than_a_week_is_told_no_more(branch: Branch) -> None:
    decided(branch)

    assert await looks(branch, MONDAY + timedelta(days=7)) == []


async def test_the_week_is_whole_however_much_came_in_it(branch: Branch) -> None:
    texts, event = Texts(branch), decided(branch)
    lead = texts.lead(phone="(512) 555-0101")
    branch.clock.skip(hours=14)
    refused, held = (texts.queued(lead) for _ in range(2))
    branch.set(Message, refused, status="refused", due_at=None)
    branch.set(Message, held, status="held")
    write_again(branch.store, Event, event, id=FAR, seq=1000)  # all that came between went again
    write_again(branch.store, Message, refused, id=FAR)

    [told] = await looks(branch, MONDAY)

    assert told["decided"] == [["Maya Torres", "called_anyway", 2]]
    assert (told["refused"], told["held"]) == (2, 1)


def test_what_came_before_the_week_is_not_looked_through(branch: Branch) -> None:
    write_again(branch.store, Event, decided(branch), id=FAR, seq=1000)

    found, page = branch.store.read_now(overrides_since, branch.clock.now() - timedelta(seconds=1), None)
    assert (len(found), page.goes_on) == (1, True)
    found, page = branch.store.read_now(overrides_since, branch.clock.now(), None)
    assert (found, page.goes_on) == ([], False)


async def test_neither_the_week_nor_the_export_reads_a_table_whole(branch: Branch) -> None:
    decided(branch)
    branch.clock.at = MONDAY

    with planned(branch.store) as steps:
        await tell_compliance(branch.services)
        branch.store.read_now(table_of_overrides)

    for table in ("event", "message"):
        assert any(re.search(rf"SEARCH {table} USING INTEGER PRIMARY KEY|Scan using {table}_pkey", step) for step in steps)
    assert [step for step in steps if WHOLE.search(step)] == []


async def test_once_the_week_is_told_nobody_counts_it_again(branch: Branch) -> None:
    decided(branch)
    assert await looks(branch, MONDAY)

    with planned(branch.store) as steps:
        await tell_compliance(branch.services)

    assert steps and not any(re.search(r"\b(event|message)\b", step) for step in steps)


async def test_the_registry_is_told_of_a_week_and_a_day_before_it_runs_out_on_its_last_day_and_once_it_has(
    branch: Branch, tmp_path: Path
) -> None:
    imported(branch, tmp_path, date(2026, 11, 24))  # good through December 25, a Friday

    told = {}
    for days in range(40):
        at = datetime(2026, 11, 25, 14, tzinfo=UTC) + timedelta(days=days)
        if found := await looks(branch, at):
            told[at.date()] = found[0]["registry"]

    assert told == {
        date(2026, 12, 18): "runs_out",
        date(2026, 12, 21): "runs_out",  # Mondays
        date(2026, 12, 24): "runs_out",
        date(2026, 12, 25): "runs_out",
        date(2026, 12, 26): "too_old",
        date(2026, 12, 28): "too_old",
    }


def test_it_is_said_in_both_languages() -> None:
    told = ComplianceWeek((("Maya Torres", "called_anyway", 2),), 1, 3, "runs_out", date(2026, 11, 24), date(2026, 12, 25))

    assert say_compliance_week(PLAIN_WORDS, told, "en") == (
        "In the last seven days: Maya Torres called outside the legal hours (2). `leadbell export overrides` holds the reasons.\n"
        "The rules refused 1 text or email and hold back 3.\n"
        "The do-not-call file of November 24 is good through December 25. Ask who runs Leadbell to import a new one before."
    )
    assert "Maya Torres llamó fuera del horario legal (2)" in say_compliance_week(PLAIN_WORDS, told, "es")
    assert "del 24 de noviembre vale hasta el 25 de diciembre" in say_compliance_week(PLAIN_WORDS, told, "es")
