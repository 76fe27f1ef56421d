"""The report of rows that were refused: beside each row's own cells what is wrong, so that it can be mended and imported again."""

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from bot.errors import LeadbellError
from bot.rules.text import harmless_cell
from bot.sources.csv_file import ADDED_HEADERS, CsvFile, Row
from bot.sources.unreadable import FieldError

_TOLD = 5


def report_beside(path: Path) -> Path:
    """Where the report of this file goes: leads.refused.csv beside leads.csv, numbered when there is one already."""
    number, report = 1, path.with_name(f"{path.stem}.refused.csv")
    while report.exists():
        number += 1
        report = path.with_name(f"{path.stem}.refused-{number}.csv")
    return report


class RefusedRows:
    """Counts the rows that are refused and writes them to the report, which is made for the first of them."""

    def __init__(self, table: CsvFile, report: Path | None) -> None:
        """Without a `report` the rows are only counted."""
        self.count = 0
        self.report = report
        self.told: list[str] = []
        """The first few, in words for the terminal: no cell of theirs is in it."""
        self._table = table
        self._file: TextIO | None = None

    def __enter__(self) -> "RefusedRows":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, row: Row, errors: Sequence[FieldError]) -> None:
        self.count += 1
        fields = ", ".join(dict.fromkeys(error.field.replace("_", " ") for error in errors))
        what_to_do = " ".join(dict.fromkeys(error.message for error in errors))
        if len(self.told) < _TOLD:
            self.told.append(f"line {row.line}, {fields}: {what_to_do}")
        if self.report is not None:
            self._write(self.report, [str(row.line), fields, what_to_do, *row.cells])

    def _write(self, report: Path, cells: list[str]) -> None:
        try:
            if self._file is None:
                self._file = report.open("x", encoding="utf-8-sig", newline="")
                self._write(report, [*ADDED_HEADERS, *self._table.headers])
            csv.writer(self._file, delimiter=self._table.delimiter).writerow(map(harmless_cell, cells))
        except FileExistsError:
            raise LeadbellError(f"{report} exists already and may be somebody's work. Name another file with --report.") from None
        except OSError as error:
            raise LeadbellError(
                f"The refused rows cannot be written to {report}: {error.strerror}. Name another file with --report; "
                "what was imported so far stays, and is not imported twice."
            ) from error
