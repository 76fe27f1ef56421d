"""How quickly leads were answered by state, source and language, as a table for a review of fair lending."""

import csv
import io
from calendar import monthrange
from datetime import date

from sqlmodel import Session

from bot.rules.fair_lending import Group, side_by_side
from bot.rules.text import harmless_cell
from bot.store.fair_lending import answers_of

COLUMNS = (
    "month", "by", "value", "leads", "claimed", "tried", "not tried", "tried within 5 minutes", "minutes to claim (median)",
    "minutes to first try (median)", "minutes to first try (90th percentile)", "wall-clock minutes to first try (median)",
)  # fmt: skip


def table_of_answers(session: Session, month: date) -> tuple[str, int]:
    """The month of that day as CSV, and how many leads it counts: all of them, then by each state, source and language."""
    first, (_, days) = month.replace(day=1), monthrange(month.year, month.month)
    answers = answers_of(session, first, month.replace(day=days))
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    writer.writerows([f"{first:%Y-%m}", *map(harmless_cell, _cells(group))] for group in side_by_side(answers))
    return table.getvalue(), len(answers)


def _cells(group: Group) -> list[str]:
    counts = (group.leads, group.claimed, group.tried, group.leads - group.tried, group.tried_soon)
    lengths = (group.claim_median, group.try_median, group.try_90th, group.try_median_wall)
    return [group.by, group.value, *map(str, counts), *("" if length is None else f"{length:.1f}" for length in lengths)]
