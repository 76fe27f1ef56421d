"""A CSV file as brokers have it: any usual encoding, delimiter and line end, read from the top down in little memory."""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import TextIO

from bot.errors import LeadbellError
from bot.rules.text import one_line
from bot.sources.field_names import known_header
from bot.sources.flat import PHONES
from bot.sources.forms import MOST_FIELDS
from bot.sources.spreadsheet import plain_cell
from bot.sources.unreadable import FieldError

ADDED_HEADERS = ("leadbell: line", "leadbell: field", "leadbell: what to do")
"""The columns that the report of refused rows begins with; a report is read as if they were not there."""

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_LINE = csv.field_size_limit()
_MOST_LINES = 100  # of one row; a cell that goes on for longer misses its closing quotation mark
_LONGEST_HEADER = 100
_HEADERS_NAMED = 20
_NO_TEXT = {
    b"PK\x03\x04": "an Excel workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
}
_SAID_DELIMITER = re.compile(r"sep=([,;\t|])\s*")  # Excel's own first line
_DIGITS_OF_A_PHONE = 7
_SUCH_AS = (
    "First Name, Last Name, Full Name, Phone, Mobile, Home Phone, Work Phone, Email, Lead ID, Created At, Loan Purpose, Loan Amount, "
    "Property Value, Credit Score, City, State, Zip, Timeline, Comments"
)
_SPACES = "\t\n\x0b\x0c\r"
_UNCLOSED = FieldError("unclosed", "row", 'A quotation mark (") opens a cell and is never closed. Close it or take it out.')
_TOO_LONG = FieldError("too_long", "row", "This line is longer than a lead can be, so it is not copied here. Look it up in your file.")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and the number of the line it begins on; `wrong` when they could not be told apart."""

    line: int
    cells: list[str]
    wrong: FieldError | None = None


class _NeverEnds(Exception):
    """The row goes on for too long."""


class _Lines:
    """The lines of a text, of which those of the present row can be put back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._waiting: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) == _MOST_LINES:
            raise _NeverEnds
        line = self._waiting.popleft() if self._waiting else self._read()
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        if len(line) >= _LONGEST_LINE:
            raise _NeverEnds
        return line

    def begin_row(self) -> None:
        self.taken.clear()
        self.ended = False

    def put_back(self, *, keep: int) -> None:
        """Keep the first lines of the row; the others are read again."""
        self._waiting.extendleft(reversed(self.taken[keep:]))
        self.number -= len(self.taken) - keep
        del self.taken[keep:]

    def _read(self) -> str:
        """The next line, or the beginning of one that is too long."""
        line = more = self._text.readline(_LONGEST_LINE)
        while len(more) >= _LONGEST_LINE and not more.endswith(("\n", "\r")):
            more = self._text.readline(_LONGEST_LINE)
        return line


class CsvFile:
    """An open file: its headers, its delimiter, and its rows, which can be read once."""

    def __init__(self, path: Path, text: TextIO, buffer: BufferedReader) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._buffer = buffer
        self._lines = _Lines(text)
        self.delimiter, headers = _read_headers(path, self._lines)
        self._added = len(ADDED_HEADERS) if headers[: len(ADDED_HEADERS)] == ADDED_HEADERS else 0
        self.headers = headers[self._added :]

    def rows(self) -> Iterator[Row]:
        """Every row that has anything in it, the cells as they stand."""
        while (row := _next_row(self._lines, self.delimiter)) is not None:
            cells = row.cells[self._added :]
            if row.wrong or any(cell.strip() for cell in cells):
                yield replace(row, cells=cells)

    def read_so_far(self) -> int:
        """How many bytes of `size` were read."""
        return min(self._buffer.tell(), self.size)


@contextmanager
def open_csv(path: Path) -> Iterator[CsvFile]:
    """Open a CSV file of leads. Raises LeadbellError, in a sentence, for what is no such file."""
    if path.is_dir():
        raise LeadbellError(f"{path} is a folder. Name the CSV file in it.")
    if not path.is_file():
        raise LeadbellError(f"There is no file {path}.")
    try:
        file = path.open("rb")
    except OSError as error:
        raise LeadbellError(f"{path} cannot be read: {error.strerror}.") from error
    codecs.register_error("as on Windows", _as_on_windows)
    with file:
        encoding = _encoding(path, file.peek())
        errors = "as on Windows" if encoding.startswith("utf-8") else "replace"
        yield CsvFile(path, TextIOWrapper(file, encoding, errors, newline=""), file)


def _encoding(path: Path, start: bytes) -> str:
    """UTF-8 unless a byte order mark or every second byte says UTF-16. Raises LeadbellError when it is no text, or nothing at all."""
    kind = next((kind for mark, kind in _NO_TEXT.items() if start.startswith(mark)), None)
    if kind is not None:
        raise LeadbellError(f"{path} is {kind}, not a CSV file. In Excel choose File, Save As, CSV UTF-8, and import that file.")
    encoding = "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif 2 * start[1::2].count(0) > len(start[1::2]):
        encoding = "utf-16-le"
    elif 2 * start[::2].count(0) > len(start[::2]):
        encoding = "utf-16-be"
    text = start.decode(encoding, "replace")
    if not text.strip("\ufeff \t\r\n\0"):
        raise LeadbellError(f"{path} is empty.")
    if 100 * sum(character < " " and character not in _SPACES for character in text) > len(text):
        raise LeadbellError(f"{path} is no text. Save the leads as a CSV file, and import that.")
    return encoding


def _as_on_windows(error: UnicodeError) -> tuple[str, int]:
    """What is no UTF-8 was most likely written by a Windows program; the rest of the file keeps its own encoding."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


def _next_row(lines: _Lines, delimiter: str) -> Row | None:
    """The next row, blank ones too; None at the end. One that cannot be read costs its first line alone."""
    lines.begin_row()
    line = lines.number + 1
    try:
        cells = next(csv.reader(lines, delimiter=delimiter, skipinitialspace=True), None)
    except (_NeverEnds, csv.Error):
        cells = None
    if cells is not None and not lines.ended:
        return Row(line, cells)
    if not lines.taken:
        return None
    lines.put_back(keep=1)
    first = lines.taken[0]
    if len(first) >= _LONGEST_LINE:
        return Row(line, [], _TOO_LONG)
    return Row(line, first.rstrip("\r\n").split(delimiter), _UNCLOSED)


def _read_headers(path: Path, lines: _Lines) -> tuple[str, tuple[str, ...]]:
    """The delimiter by which most headers are known, and the headers. Raises LeadbellError when they name no phone and no email."""
    while (row := _next_row(lines, ",")) is not None and row.wrong is None and not any(cell.strip() for cell in row.cells):
        pass
    said = _SAID_DELIMITER.fullmatch("".join(lines.taken))
    if said is None:
        lines.put_back(keep=0)
    delimiter = said.group(1) if said else max(_DELIMITERS, key=lambda each: _rank(lines, each))
    row = _next_row(lines, delimiter)
    if row is None:
        raise LeadbellError(f"{path} is empty.")
    if row.wrong is not None:
        raise LeadbellError(f"The headers of {path} cannot be read. {row.wrong.message}")
    headers = tuple(one_line(plain_cell(cell), _LONGEST_HEADER) for cell in row.cells)
    _check_headers(path, headers)
    return delimiter, headers


def _rank(lines: _Lines, delimiter: str) -> tuple[int, int]:
    """How many headers would be known, and how many there would be."""
    row = _next_row(lines, delimiter)
    lines.put_back(keep=0)
    return (sum(known_header(cell.strip()) is not None for cell in row.cells), len(row.cells)) if row else (0, 0)


def _check_headers(path: Path, headers: tuple[str, ...]) -> None:
    if len(headers) > MOST_FIELDS:
        raise LeadbellError(f"{path} has {len(headers):,} columns; {MOST_FIELDS} are the most. Take out those that no lead needs.")
    if not {*PHONES, "email"}.isdisjoint(map(known_header, headers)):
        return
    if any("@" in header or sum(character.isdigit() for character in header) >= _DIGITS_OF_A_PHONE for header in headers):
        raise LeadbellError(f"The first line of {path} looks like a lead. Put a line of headers above it, such as: {_SUCH_AS}.")
    found = ", ".join(header for header in headers[:_HEADERS_NAMED] if header) + (", ..." if len(headers) > _HEADERS_NAMED else "")
    known = f"Leadbell knows, among others: {_SUCH_AS}."
    raise LeadbellError(f"{path} has no column for a phone or an email. Its headers are: {found or 'all blank'}. {known}")
