"""A bad lead is asked back from its vendor: opened by hand, marked as sent, or dropped; and all of them as a table for the vendors."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import orjson
from pydantic import TypeAdapter
from sqlmodel import Session

from bot.capture.asking_back import AskedBack, ask_back
from bot.errors import LeadbellError
from bot.leads.press import Press
from bot.leads.working import MayNotWork, NotWorked, allowed
from bot.rules.phones import national
from bot.rules.roles import may
from bot.rules.text import harmless_cell
from bot.services import Services
from bot.store.events import COMPANY, Fact, PastEvent, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.people import leads_team, source_keys, team_zones
from bot.store.places import KnownOfficer
from bot.store.postings import Lease, redraw_line
from bot.store.returns import OpenReturn, ReturnView, open_returns_of, reopen_return, returns_for_export, returns_of, settle_return
from bot.store.seen import once

Settled = Literal["sent", "dropped"]
MOST_REVIEWED = 5
"""At a time: what is said of one makes room for the next."""
COLUMNS = (
    "lead", "source", "vendor_id", "first_name", "last_name", "phone", "email", "arrived_on", "price", "reason", "due_on", "status",
    "opened_on", "opened_by", "settled_on", "settled_by", "had_since", "had_as",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReturnsOpened:
    """What came of asking for each of the lead's requests."""

    lead: int
    asked: tuple[AskedBack, ...]
    kind: Literal["returns_opened"] = "returns_opened"


@dataclass(frozen=True, slots=True)
class ReturnSettled:
    lead: int
    source: str
    status: Settled
    seq: int
    kind: Literal["return_settled"] = "return_settled"


@dataclass(frozen=True, slots=True)
class WhichReturn:
    """Several are open: which is meant?"""

    lead: int
    returns: tuple[ReturnView, ...]
    status: Settled
    kind: Literal["which_return"] = "which_return"


@dataclass(frozen=True, slots=True)
class NoOpenReturn:
    lead: int
    kind: Literal["no_open_return"] = "no_open_return"


ReturnOutcome = ReturnsOpened | ReturnSettled | WhichReturn | NoOpenReturn | NotWorked
_answers: TypeAdapter[ReturnOutcome] = TypeAdapter(ReturnOutcome)


async def open_returns(services: Services, number: int) -> tuple[ReturnView, ...]:
    """The lead's returns that wait to be sent."""
    return tuple(each for each in await services.store.read(returns_of, number) if each.status == "open")


@dataclass(frozen=True, slots=True)
class ToReview:
    """What the vendors of somebody's teams would still take back, those whose time ends first; `more` wait behind these."""

    returns: tuple[OpenReturn, ...]
    more: int
    kind: Literal["to_review"] = "to_review"


async def review(services: Services, officer: KnownOfficer) -> ToReview | MayNotWork:
    """What waits for who leads a team to say whether it goes back."""
    if not may(officer.role, "work_any"):
        return MayNotWork(COMPANY, officer.role)
    return await services.store.read(returns_to_review, officer.id, services.clock.now())


def returns_to_review(session: Session, officer_id: int, now: datetime) -> ToReview:
    """The question behind it."""
    waiting = [
        each
        for team_id, zone in team_zones(session)
        if leads_team(session, officer_id, team_id)
        for each in open_returns_of(session, team_id, now.astimezone(ZoneInfo(zone)).date())
    ]
    waiting.sort(key=lambda each: (each.due_on, each.id))
    return ToReview(tuple(waiting[:MOST_REVIEWED]), max(0, len(waiting) - MOST_REVIEWED))


async def open_return(services: Services, pressed: Press, reason: str) -> ReturnOutcome:
    """Ask the lead back for this reason."""
    outcome = await services.store.transact(open_lead_return, pressed, reason)
    services.owe(())
    return outcome


async def settle(services: Services, pressed: Press, status: Settled, return_id: int | None = None) -> ReturnOutcome:
    """The vendor was asked, or nobody will ask. Without an id it is the one that is open."""
    outcome = await services.store.transact(settle_lead_return, pressed, status, return_id)
    services.owe(())
    return outcome


def open_lead_return(session: Session, by: Press, reason: str) -> ReturnOutcome:
    """The transaction of a return that is opened by hand."""
    return once(session, by.delivery, by.at, _answers, lambda: _decide_open(session, by, reason))


def _decide_open(session: Session, by: Press, reason: str) -> ReturnOutcome:
    refused, row, person = allowed(session, by, leaders_too=True)
    if refused is not None:
        return refused
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    return ReturnsOpened(by.lead, tuple(ask_back(session, by, (person.key, person.name), reason, row.score)))


def settle_lead_return(session: Session, by: Press, status: Settled, return_id: int | None) -> ReturnOutcome:
    """The transaction of Sent and of Drop."""
    return once(session, by.delivery, by.at, _answers, lambda: _decide_settle(session, by, status, return_id))


def _decide_settle(session: Session, by: Press, status: Settled, return_id: int | None) -> ReturnOutcome:
    refused, _, person = allowed(session, by, leaders_too=True)
    if refused is not None:
        return refused
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    meant = tuple(each for each in returns_of(session, by.lead) if each.status == "open" and return_id in (None, each.id))
    if not meant:
        return NoOpenReturn(by.lead)
    if len(meant) > 1:
        return WhichReturn(by.lead, meant, status)
    [one] = meant
    settle_return(session, one.id, status, by.at, by.officer_id)
    meta = {"officer": person.name, "source": one.source, "arrival": one.arrival_id, "return": one.id, "told_in": one.opened_seq}
    fact = Fact(f"return_{status}", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id)
    seq = append_event(session, by.lead, fact, by.salt)
    redraw_line(session, by.lead, one.opened_seq)
    return ReturnSettled(by.lead, one.source, status, seq)


def undo_opening(session: Session, by: Press, opened: PastEvent) -> list[Lease]:
    """Nobody will ask after all. Its line is drawn again by who undoes."""
    [one] = [each for each in returns_of(session, by.lead) if each.opened_seq == opened.seq]
    settle_return(session, one.id, "dropped", by.at, by.officer_id)
    return []


def undo_settling(session: Session, by: Press, settled: PastEvent) -> list[Lease]:
    """It waits to be sent again."""
    reopen_return(session, settled.meta["return"])
    redraw_line(session, by.lead, settled.meta["told_in"])
    return []


def table_of_returns(session: Session, source: str | None, first: date | None, last: date | None) -> tuple[str, int]:
    """The returns that were opened from the first day to the last one, as CSV for the vendors, and how many there are.

    The days are those of the lead's team. A cell that a spreadsheet would run is shown as text. Raises LeadbellError for no known source.
    """
    if source is not None and source not in (known := source_keys(session)):
        raise LeadbellError(f"There is no source {source}. Choose one of {', '.join(known)}.")
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    many = 0
    for row in returns_for_export(session, source):
        opened_on = _day(row.opened_at, row.time_zone)
        if opened_on is not None and (first is None or opened_on >= first) and (last is None or opened_on <= last):
            writer.writerow(map(harmless_cell, _cells(row)))
            many += 1
    return table.getvalue(), many


def _cells(row: Any) -> list[str]:
    record = orjson.loads(row.record) if row.record else {}
    phones, emails = record.get("phones") or [{}], record.get("emails") or [None]
    first, last, number = record.get("first_name"), record.get("last_name"), phones[0].get("number")
    values = (
        row.lead_id, row.source, row.external_id, first, last, number and national(number), emails[0],
        _day(row.received_at, row.time_zone), row.price, row.reason, row.due_on, row.status, _day(row.opened_at, row.time_zone),
        row.opened_by or "Leadbell", _day(row.settled_at, row.time_zone), row.settled_by, _day(row.had_at, row.time_zone), row.had_as,
    )  # fmt: skip
    return ["" if value is None else str(value) for value in values]


def _day(at: datetime | None, zone: str) -> date | None:
    return None if at is None else at.astimezone(ZoneInfo(zone)).date()
