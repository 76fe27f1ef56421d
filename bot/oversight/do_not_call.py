"""A do-not-call registry comes in from a file: streamed, in small steps, and in force only once all of it is in."""

import secrets
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO

from sqlmodel import Session

from bot.errors import LeadbellError
from bot.rules.do_not_call import NATIONAL, WARNED_FROM, Unread, day_in, good_until, is_good, read_line
from bot.rules.spoken import long_day
from bot.store.database import Store
from bot.store.do_not_call import (
    ASKED_TOGETHER,
    BYTES,
    Marks,
    Speaker,
    begin_import,
    finish_changes,
    finish_import,
    held_registries,
    keep_marks,
    speakers,
    sweep,
)
from bot.store.events import COMPANY, Fact, append_event

MOST_EXCHANGES = 8192
"""Exchanges held in memory at most: some 12 MB. The FTC's files are sorted, so that each is written once."""
PART = 2**20
LONGEST_LINE = 4096

Told = Callable[[int], None]


class NotARegistry(LeadbellError):
    """This is no file of a do-not-call registry."""


class NoDay(LeadbellError):
    """The file's name does not tell of which day it is. Say it: --date 2026-11-20, the day on which the file was made."""


class Superseded(LeadbellError):
    """Another import into this registry began while this one ran, so this one does not count."""


class TooEarly(LeadbellError):
    """What is in force is newer than this file."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a file: the numbers that it lists, adds or removes, in how many area codes, and how many it changes elsewhere."""

    registry: str
    dated: date
    added: int
    removed: int
    area_codes: int
    elsewhere: int
    changes: bool


@dataclass(slots=True)
class _File:
    """What was read of a file so far."""

    changes: bool | None = None
    added: int = 0
    removed: int = 0
    elsewhere: int = 0
    area_codes: set[str] = field(default_factory=set)


def import_registry(store: Store, file: Path, registry: str, dated: date | None, now: datetime, told: Told) -> Registered:
    """Import a file of the national registry or a state's: a full list takes the place of what was there for its area codes, a list of
    changes is added to it. `told` hears how many bytes were read. Raises LeadbellError, and then nothing of a full list counts."""
    day = dated or day_in(file.name)
    if day is None:
        raise NoDay
    if day > now.date() + timedelta(days=1):
        raise LeadbellError(f"{day} is still to come. Say of which day the file is: --date YYYY-MM-DD")
    while store.transact_now(sweep):
        continue
    salt = secrets.token_hex(32)
    import_id = store.transact_now(begin_import, registry, day, salt, now)
    read, known = _File(), store.transact_now(speakers, registry)
    for marks in _piles(file, read, told):
        _keep(store, import_id, marks, known, Speaker(import_id, salt, day), read, day)
    if not read.area_codes:
        raise NotARegistry(f"{file.name} holds no number{' of an area code that was imported before' if read.elsewhere else ''}.")
    done = Registered(registry, day, read.added, read.removed, len(read.area_codes), read.elsewhere, bool(read.changes))
    if not store.transact_now(_finish, import_id, done, frozenset(read.area_codes), now, secrets.token_hex(16)):
        raise Superseded
    while store.transact_now(sweep):
        continue
    return done


def _keep(store: Store, import_id: int, marks: dict[bytes, Marks], known: dict[str, Speaker], new: Speaker, read: _File, day: date) -> None:
    """Write a pile down, a few blocks at a time."""
    whose: dict[bytes, tuple[Speaker, Marks]] = {}
    for exchange, each in marks.items():
        code = exchange[:3].decode()
        speaker = known.get(code)
        if speaker is not None and speaker.dated > day:
            raise TooEarly(f"For area code {code}, the file of {speaker.dated} is in force. Import a file that is not older.")
        if read.changes and speaker is None:
            read.elsewhere += each.added.count(0) != BYTES or each.removed is not None
            continue
        read.area_codes.add(code)
        whose[exchange] = (speaker if read.changes and speaker else new, each)
    rest = iter(whose.items())
    while some := dict(islice(rest, ASKED_TOGETHER)):
        if not store.transact_now(keep_marks, import_id, some):
            raise Superseded


def _finish(session: Session, import_id: int, done: Registered, area_codes: frozenset[str], now: datetime, salt: str) -> bool:
    finish = finish_changes if done.changes else finish_import
    if not finish(session, import_id, done.registry, done.dated, area_codes, now):
        return False
    meta = {
        "registry": done.registry, "dated": done.dated.isoformat(), "changes": done.changes, "added": done.added, "removed": done.removed,
        "area_codes": sorted(area_codes),
    }  # fmt: skip
    append_event(session, COMPANY, Fact("registry_imported", "leadbell", now, meta), salt)
    return True


def _piles(file: Path, read: _File, told: Told) -> Iterator[dict[bytes, Marks]]:
    """What the file says, some thousand exchanges at a time."""
    marks: dict[bytes, Marks] = {}
    for number, line in enumerate(_lines(file, told), 1):
        if not line or line.isspace():
            continue
        try:
            exchange, last, adds = read_line(line)
        except Unread:
            if number == 1 and not any(48 <= each <= 57 for each in line):
                continue  # a heading
            raise NotARegistry(_unread(file, number, line)) from None
        if read.changes is None:
            read.changes = adds is not None
        elif read.changes != (adds is not None):
            raise NotARegistry(f"{file.name}, line {number}: a full list and a list of changes are mixed. Import each by itself.")
        found = marks.get(exchange)
        if found is None:
            if len(marks) >= MOST_EXCHANGES:
                yield marks
                marks = {}
            found = marks[exchange] = Marks(bytearray(BYTES), bytearray(BYTES) if read.changes else None)
        byte, bit = last >> 3, 1 << (last & 7)
        if adds is False:
            assert found.removed is not None
            found.removed[byte] |= bit
            found.added[byte] &= ~bit
            read.removed += 1
        else:
            found.added[byte] |= bit
            if found.removed is not None:
                found.removed[byte] &= ~bit
            read.added += 1
    if marks:
        yield marks


def _unread(file: Path, number: int, line: bytes) -> str:
    where = f"{file.name}, line {number}"
    if line.lstrip(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return f"{where}: this is the XML file. Download the flat text file instead: it says the same."
    return f"{where}: no area code and number, such as 512,5550100. Nothing of this file was put in force."


def _lines(file: Path, told: Told) -> Iterator[bytes]:
    try:
        with ExitStack() as opened:
            for part in _parts(file, opened):
                yield from _lines_of(part, file.name, told)
    except OSError as error:
        raise LeadbellError(f"{file} cannot be read: {error.strerror or 'it is broken'}.") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise NotARegistry(f"{file.name} is no zip file that can be opened, or it has a password. Download it again.") from error


def _parts(file: Path, opened: ExitStack) -> Iterator[IO[bytes]]:
    if not zipfile.is_zipfile(file):
        yield opened.enter_context(file.open("rb"))
        return
    archive = opened.enter_context(zipfile.ZipFile(file))
    for each in archive.infolist():
        if not each.is_dir():
            yield opened.enter_context(archive.open(each))


def _lines_of(part: IO[bytes], name: str, told: Told) -> Iterator[bytes]:
    rest = b""
    while chunk := part.read(PART):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        told(len(chunk))
        if len(rest) > LONGEST_LINE:
            raise NotARegistry(f"{name} has no lines of numbers.")
    yield rest


def size_of(file: Path) -> int:
    """How many bytes will be read of it; of a zip file, what is in it."""
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                return sum(each.file_size for each in archive.infolist())
        return file.stat().st_size
    except (OSError, zipfile.BadZipFile) as error:
        raise LeadbellError(f"{file} cannot be read.") from error


def said_of(done: Registered) -> str:
    """What became of a file, in a sentence."""
    what = "the national registry" if done.registry == NATIONAL else f"the list of {done.registry}"
    areas = "1 area code" if done.area_codes == 1 else f"{done.area_codes:,} area codes"
    if done.changes:
        said = f"{done.added:,} added to {what} and {done.removed:,} removed, in {areas}"
        if done.elsewhere:
            said += f"; {done.elsewhere:,} exchanges of area codes that were never imported are left out"
    else:
        said = f"{'1 number' if done.added == 1 else f'{done.added:,} numbers'} of {what} in {areas}"
    until = f"; good through {long_day(good_until(done.dated), 'en')}" if done.registry == NATIONAL else ""
    return f"Imported {said}, as of {long_day(done.dated, 'en')}{until}."


def advice(session: Session, now: datetime) -> list[str]:
    """What an operator should know of the registries: that one is missing, runs out or is too old."""
    held = held_registries(session)
    if not held or held[0].registry != NATIONAL:
        return [
            "The national do-not-call registry was not imported: nobody is called who neither asked you within three months nor agreed in "
            "writing. Import it: leadbell import dnc FILE"
        ]
    oldest, runs_out = long_day(held[0].oldest, "en"), long_day(good_until(held[0].oldest), "en")
    if not is_good(held[0].oldest, now):
        return [
            f"The do-not-call file of {oldest} is older than 31 days: in its area codes, nobody is called who neither asked you within "
            "three months nor agreed in writing. Import a new one: leadbell import dnc FILE"
        ]
    if now.astimezone(UTC).date() >= held[0].oldest + WARNED_FROM:
        return [f"The do-not-call file of {oldest} runs out after {runs_out}. Import a new one before: leadbell import dnc FILE"]
    return []
