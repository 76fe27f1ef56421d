"""Leads from a file: each row kept once, quietly, in small steps that can be broken off and begun again."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from sqlmodel import Session

from bot.capture.intake import Conflict, NewArrival, prepare, record_arrival
from bot.errors import LeadbellError
from bot.in_force import SourceInForce
from bot.services import Services
from bot.sources.csv_file import CsvFile, Row
from bot.sources.generic import fingerprint, parse
from bot.sources.mapping import FieldMap
from bot.sources.new_lead import NewLead
from bot.sources.refused_rows import RefusedRows
from bot.sources.spreadsheet import fields_of
from bot.sources.unreadable import FieldError, Unreadable
from bot.store import counters
from bot.store.contacts import lock_keys
from bot.store.leads import UNDATED, known_arrival

Kept = Literal["new", "joined", "known", "conflict"]

ROWS_TOGETHER = 20
"""Rows in one transaction: one wait for the disk for all of them, and claims beside it wait for milliseconds."""
FOLDED_AFTER = 5_000
"""Rows after which the pipeline's counts are added up: those of a million at once would hold the store for seconds."""

_CONFLICT = FieldError(
    "conflict",
    "external_id",
    "This id came before with other content, and the first stands. Give the row an id of its own, or leave its id empty.",
)


def chosen_source(known: Collection[str], key: str | None) -> str:
    """The key of the source that the leads count for; none needs to be named where there is only one. Raises LeadbellError."""
    if key is None and len(known) == 1:
        return next(iter(known))
    if key is None:
        raise LeadbellError(f"Say which source these leads count for: --source KEY, with one of {', '.join(known)}.")
    if key not in known:
        raise LeadbellError(f"There is no source {key}. Choose one of {', '.join(known)}.")
    return key


@dataclass(slots=True)
class Imported:
    """How many rows became leads, joined a lead that stood already, and were imported before."""

    new: int = 0
    joined: int = 0
    known: int = 0


def understood(table: CsvFile, refused: RefusedRows, *, trigger_leads: bool = False) -> Iterator[tuple[Row, NewLead]]:
    """Every row that holds a lead; the others go to the report, as do rows of a source of `trigger_leads` that say no basis.

    A lead without an id gets one from its words and its date: the same row is the same arrival in whatever file, order, encoding or
    year it comes again, while the door's ten minutes for repeats would be too short.
    """
    means = FieldMap(trigger_leads=trigger_leads)
    for row in table.rows():
        try:
            if row.wrong is not None:
                raise Unreadable(422, [row.wrong])
            lead = parse(fields_of(table.headers, row.cells), means)
        except Unreadable as error:
            refused.add(row, error.errors)
            continue
        if lead.external_id is None:
            day = lead.submitted_at.date().isoformat() if lead.submitted_at else "undated"
            lead = replace(lead, external_id=f"row {fingerprint(lead)} {day}")
        yield row, lead


async def import_leads(
    services: Services, source: SourceInForce, table: CsvFile, refused: RefusedRows, *, ring: bool, told: Callable[[], None]
) -> Imported:
    """Keep every row of the table that holds a lead, as an arrival of the source; `told` is called after every step.

    Nothing is shown, unless `ring` puts the leads up as fresh cards. Broken off, the same again completes it.
    """
    imported, read = Imported(), 0
    leads = understood(table, refused, trigger_leads=source.map.trigger_leads)
    while together := list(islice(leads, ROWS_TOGETHER)):
        arrivals = [_dated(prepare(services, source, lead, quiet=not ring, at_once=False)) for _, lead in together]
        for (row, _), kept in zip(together, await services.store.transact(record_rows, arrivals), strict=True):
            match kept:
                case "new":
                    imported.new += 1
                case "joined":
                    imported.joined += 1
                case "known":
                    imported.known += 1
                case "conflict":
                    refused.add(row, [_CONFLICT])
        told()
        read += len(together)
        if read % FOLDED_AFTER == 0:
            await services.store.transact(counters.fold)
    return imported


def _dated(arrival: NewArrival) -> NewArrival:
    """Nobody knows when a row asked that does not say so: it is no request of the day on which it is imported."""
    lead = arrival.lead
    return arrival if lead.submitted_at else replace(arrival, lead=replace(lead, attribution={**lead.attribution, UNDATED: "yes"}))


def record_rows(session: Session, arrivals: Sequence[NewArrival]) -> list[Kept]:
    """The transaction of a few rows. Repeating it keeps nothing twice, and finds them known."""
    lock_keys(session, [key for arrival in arrivals for key in arrival.keys])  # of all rows at once, so in one order
    return [_record(session, arrival) for arrival in arrivals]


def _record(session: Session, arrival: NewArrival) -> Kept:
    known = known_arrival(session, arrival.source.id, arrival.lead.external_id, arrival.fingerprint, arrival.at)
    if known is not None:
        return "known" if known.fingerprint == arrival.fingerprint else "conflict"
    received = record_arrival(session, arrival)
    if isinstance(received, Conflict):
        return "conflict"
    return "joined" if received.duplicate else "new"


def summary(imported: Imported, refused: RefusedRows) -> str:
    """What happened to the rows: "Imported 118 new leads, 3 joined a lead that stood already, 2 rows refused: see leads.refused.csv"."""
    parts = [f"Imported {_count(imported.new, 'new lead')}"]
    if imported.joined:
        parts.append(f"{imported.joined:,} joined a lead that stood already")
    if imported.known:
        parts.append(f"{_count(imported.known, 'row')} had been imported before")
    return ", ".join([*parts, *_refused(refused)])


def summary_of_dry_run(readable: int, refused: RefusedRows) -> str:
    """What would happen to the rows."""
    return ", ".join([f"Dry run, nothing was imported: {_count(readable, 'row')} can be", *_refused(refused)])


def _refused(refused: RefusedRows) -> list[str]:
    if refused.count == 0:
        return []
    return [f"{_count(refused.count, 'row')} refused" + (f": see {refused.report}" if refused.report else "")]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
