"""Where people decided against the rules or the machine, as a table for compliance."""

import csv
import io

from sqlmodel import Session

from bot.rules.text import harmless_cell
from bot.store.overrides import Override, overrides

COLUMNS = ("at (UTC)", "lead", "who", "name", "what", "reason", "hours opened at", "zone")
WHAT = {
    "called_anyway": "called outside the legal hours",
    "text_settled": "sent a text again that may have arrived",
    "opt_out_decided": "said that unclear words were no opt-out",
    "replies_in": "answered in English who wrote or asked for Spanish",
}


def table_of_overrides(session: Session) -> tuple[str, int]:
    """All of them as CSV, the oldest first, and how many there are. A cell that a spreadsheet would run is shown as text. Wants one
    snapshot, as `Store.read_now` gives."""
    table, found = io.StringIO(newline=""), overrides(session)
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    writer.writerows([harmless_cell(cell) for cell in _cells(each)] for each in found)
    return table.getvalue(), len(found)


def _cells(override: Override) -> list[str]:
    return [
        override.at.isoformat(timespec="seconds"),
        str(override.lead or ""),
        override.officer,
        override.name,
        WHAT[override.kind],
        override.reason or "",
        override.meta.get("opens_at", ""),
        override.meta.get("zone", ""),
    ]
