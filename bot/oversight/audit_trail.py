"""The timelines as compliance reads them: whether they are whole, and one of them written out."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import orjson
from sqlmodel import Session

from bot.errors import LeadbellError
from bot.rules.text import harmless_cell
from bot.store.events import COMPANY, Read, broken_links, whole_events
from bot.store.leads import HIGHEST_NUMBER
from bot.store.seals import Head, against, broken_seals, newest_head, sealed_until

MOST_TOLD = 50
COLUMNS = ("event", "at (UTC)", "who", "what", "details", "words", "digest", "sealed")
ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong, each in a line, the first of them first; `whole` is what is said where nothing is."""

    bad: tuple[str, ...]
    whole: str


def check_timelines(session: Session, posted: Head | None) -> Checked:
    """Read all of them. Wants one snapshot, as `Store.read_now` gives."""
    read = Read()
    wrong = chain(broken_links(session, read), broken_seals(session))
    told = [say_bad(*bad_event) for bad_event in islice(wrong, MOST_TOLD + 1)]
    bad = [*told[:MOST_TOLD], "There is more."] if len(told) > MOST_TOLD else told
    if posted is not None and (what := against(session, posted)):
        bad.append(f"The seal that was told: {what}.")
    head = newest_head(session)
    said = ["Every timeline is whole."] if posted is None else ["Every timeline is whole, and this seal stands in it as it was told."]
    said.append("Nothing is sealed yet." if head is None else f"Its newest seal: {head}")
    said.append(say_read(read))
    return Checked(tuple(bad), "\n".join(said))


def say_read(read: Read) -> str:
    leads, events = (f"1 {one}" if many == 1 else f"{many:,} {one}s" for one, many in (("lead", read.leads), ("event", read.events)))
    return f"{leads} and {events} were read."


def say_bad(stream: int, seq: int, what: str) -> str:
    return f"{'the company' if stream == COMPANY else f'lead #{stream}'}, event {seq}: {what}"


def timeline_as_csv(session: Session, lead: int | None) -> tuple[str, int]:
    """Every event, the oldest first, and how many there are. A cell that a spreadsheet would run is shown as text. Raises LeadbellError."""
    table, many = io.StringIO(newline=""), 0
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for event in _events(session, lead):
        words = ERASED if event["erased"] else event["words"] and _json(event["words"])
        cells = (str(event["event"]), event["at"], event["who"], event["what"], _json(event["details"]), words or "", event["digest"])
        writer.writerow([harmless_cell(cell) for cell in (*cells, "yes" if event["sealed"] else "not yet")])
        many += 1
    return table.getvalue(), many


def timeline_as_json(session: Session, lead: int | None) -> tuple[str, int]:
    """The same as one JSON document."""
    events = list(_events(session, lead))
    document = {"lead": lead, "events": events}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n", len(events)


def _events(session: Session, lead: int | None) -> Iterator[dict[str, Any]]:
    stream = COMPANY if lead is None else lead
    is_lead = lead is None or 0 < lead <= HIGHEST_NUMBER
    events = whole_events(session, stream) if is_lead else ()
    if lead is not None and not events:
        raise LeadbellError(f"There is no lead {lead}.")
    sealed = sealed_until(session, stream)
    for event in events:
        yield {
            "event": event.seq,
            "at": event.at.isoformat(timespec="seconds"),
            "who": event.actor,
            "what": event.kind,
            "details": event.meta,
            "words": None if event.body is None else orjson.loads(event.body),
            "erased": event.body is None and event.body_digest is not None,
            "digest": event.digest,
            "sealed": event.seq <= sealed,
        }


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
