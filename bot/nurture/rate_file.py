"""Rates come in from a file, as a pricing engine or a spreadsheet writes one: all rows or none, and the same again changes nothing."""

import csv
import secrets
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from bot.errors import LeadbellError
from bot.nurture.rates import RateLeaps, RateSet, set_from_file
from bot.rules.rates import PRODUCTS, in_percent, read_product, read_rate
from bot.rules.text import one_line
from bot.store.database import Store

LONGEST = 64 * 1024
"""Characters of a file: a row for each product fits a hundred times."""
MOST_ROWS = 200


class BadRates(LeadbellError):
    """The rates of this file cannot be taken."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__("\n".join([f"{path}: nothing was changed.", *(f"  {each}" for each in problems)]))


def import_rates(store: Store, path: Path, now: datetime) -> list[str]:
    """Set the rates of a file; what changed, a line each. Raises BadRates with every problem, and then changes nothing."""
    rates = read_rates(path)
    judged = store.transact_now(set_from_file, rates, now, secrets.token_hex(16))
    leaps = [each for each in judged if isinstance(each, RateLeaps)]
    if leaps:
        raise BadRates(path, [_of_leap(each) for each in leaps])
    return [
        f"{each.product} is at {in_percent(each.rate)}%{f', after {in_percent(each.before)}%' if each.before else ''}"
        for each in judged
        if isinstance(each, RateSet)
    ]


def read_rates(path: Path) -> dict[str, int]:
    """The rates by product, in thousandths of a percent. Raises BadRates with every problem."""
    rows = _rows(path)
    columns = [name.strip().casefold() for name in next(rows, (0, []))[1]]
    if columns.count("product") != 1 or columns.count("rate") != 1:
        raise BadRates(path, ["The first line has to name the columns, product and rate among them, each once."])
    where, rates, problems = (columns.index("product"), columns.index("rate")), dict[str, int](), list[str]()
    for line, cells in rows:
        written, said = (cells[place].strip() if place < len(cells) else "" for place in where)
        product, rate = read_product(written), read_rate(said)
        if product is None:
            problems.append(f'Line {line}: "{one_line(written, 40)}" is no product. Write one of {", ".join(PRODUCTS)}.')
        elif rate is None:
            problems.append(f'Line {line}: "{one_line(said, 40)}" is no rate. Write it such as 6.25, from 0.5 to 20.')
        elif rates.setdefault(product, rate) != rate:
            problems.append(f"Line {line}: {product} stands in the file twice, with different rates.")
    if problems or not rates:
        raise BadRates(path, problems or ["It holds no rates."])
    return rates


def _of_leap(leap: RateLeaps) -> str:
    was, written = in_percent(leap.before), in_percent(leap.rate)
    return (
        f"{leap.product} would go from {was}% to {written}%, which is more than a point and may be a slip. "
        f"If it is not, a manager types /rate set {leap.product} {written} sure"
    )


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with its line. Raises BadRates for what is no table of text."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.read(LONGEST + 1)
    except OSError as error:
        raise BadRates(path, [f"It cannot be read: {error.strerror}."]) from error
    except UnicodeDecodeError:
        raise BadRates(path, ["This is not CSV in UTF-8."]) from None
    reader = csv.reader(text.splitlines(keepends=True))
    try:
        rows = [(reader.line_num, cells) for cells in islice(reader, MOST_ROWS + 1) if any(map(str.strip, cells))]
    except csv.Error as error:
        raise BadRates(path, [f"Line {reader.line_num}: this is not CSV: {error}."]) from None
    if len(text) > LONGEST or len(rows) > MOST_ROWS:
        raise BadRates(path, [f"It is longer than {MOST_ROWS} lines, which no list of rates is."])
    yield from rows
