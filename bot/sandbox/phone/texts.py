"""What the phone network remembers over a restart: texts both ways, pictures, who blocked whom, how numbers behave."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

SCHEMA = """
CREATE TABLE IF NOT EXISTS text (id INTEGER PRIMARY KEY AUTOINCREMENT, sid TEXT NOT NULL UNIQUE, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS picture (sid TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS opt_out (sender TEXT NOT NULL, number TEXT NOT NULL, PRIMARY KEY (sender, number));
CREATE TABLE IF NOT EXISTS behavior (number TEXT PRIMARY KEY, ends TEXT NOT NULL, error_code INTEGER);
"""


@dataclass(frozen=True)
class Picture:
    """Of an inbound text: kept here. Of an outbound one: an address of the sender's, without a sid until it was fetched."""

    content_type: str = ""
    sid: str = ""
    url: str = ""
    size: int = 0


@dataclass(frozen=True)
class Text:
    """One message in either direction; times are ISO, or empty when it has not happened yet."""

    sid: str
    direction: str
    sender: str
    to: str
    body: str
    status: str
    created: str
    updated: str
    sent: str = ""
    service: str = ""
    segments: int = 1
    pictures: tuple[Picture, ...] = ()
    error_code: int | None = None
    validity_s: int = 36_000
    ends: str = "delivered"
    ends_with: int | None = None
    """The status that an outbound text comes to, and the error that it has then."""
    callback_url: str = ""
    callback_fault: str = ""
    """What goes wrong with its status callbacks: the kind of an armed fault."""

    def borrower(self) -> str:
        """The number at the other end of ours."""
        return self.sender if self.direction == "inbound" else self.to


@dataclass
class Texts:
    """Its part of the sandbox's one SQLite file."""

    db: sqlite3.Connection

    def __post_init__(self) -> None:
        self.db.executescript(SCHEMA)

    def clear(self) -> None:
        self.db.executescript("DELETE FROM text; DELETE FROM picture; DELETE FROM opt_out; DELETE FROM behavior;")

    def add(self, text: Text) -> None:
        self.db.execute("INSERT INTO text (sid, body) VALUES (?, ?)", (text.sid, orjson.dumps(text)))

    def change(self, sid: str, **changes: Any) -> None:
        found = self.get(sid)
        if found is not None:
            self.db.execute("UPDATE text SET body = ? WHERE sid = ?", (orjson.dumps(replace(found, **changes)), sid))

    def get(self, sid: str) -> Text | None:
        row = self.db.execute("SELECT body FROM text WHERE sid = ?", (sid,)).fetchone()
        return _text(row[0]) if row else None

    def newest_first(self, before_sid: str = "") -> Iterator[Text]:
        """All of them, or only those that are older than this one."""
        found = self.db.execute("SELECT id FROM text WHERE sid = ?", (before_sid,)).fetchone()
        before = found[0] if found else 2**62
        for (body,) in self.db.execute("SELECT body FROM text WHERE id < ? ORDER BY id DESC", (before,)):
            yield _text(body)

    def add_picture(self, sid: str, content: bytes) -> None:
        self.db.execute("INSERT INTO picture VALUES (?, ?)", (sid, content))

    def picture(self, sid: str) -> bytes | None:
        row = self.db.execute("SELECT content FROM picture WHERE sid = ?", (sid,)).fetchone()
        return bytes(row[0]) if row else None

    def is_opted_out(self, sender: str, number: str) -> bool:
        return self.db.execute("SELECT 1 FROM opt_out WHERE sender = ? AND number = ?", (sender, number)).fetchone() is not None

    def opt_out(self, sender: str, number: str) -> None:
        self.db.execute("INSERT OR IGNORE INTO opt_out VALUES (?, ?)", (sender, number))

    def opt_in(self, sender: str, number: str) -> None:
        self.db.execute("DELETE FROM opt_out WHERE sender = ? AND number = ?", (sender, number))

    def behavior(self, number: str) -> tuple[str, int | None] | None:
        """How texts to this number end, and with which error, if somebody has said so."""
        row = self.db.execute("SELECT ends, error_code FROM behavior WHERE number = ?", (number,)).fetchone()
        return (str(row[0]), row[1]) if row else None

    def behave(self, number: str, ends: str, error_code: int | None) -> None:
        self.db.execute("INSERT OR REPLACE INTO behavior VALUES (?, ?, ?)", (number, ends, error_code))


def _text(body: bytes) -> Text:
    row = orjson.loads(body)
    return Text(**{**row, "pictures": tuple(Picture(**picture) for picture in row["pictures"])})
