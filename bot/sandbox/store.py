"""What the sandbox remembers over a restart: channels, messages, files, the clock, the phone network's texts and the emails."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from bot.sandbox.phone.texts import Texts
from bot.sandbox.workspace import BOT_USER_ID, CHANNELS, dm_id

JSON = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS channel (id TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    channel TEXT NOT NULL, ts INTEGER NOT NULL, thread INTEGER, ephemeral_to TEXT, body BLOB NOT NULL,
    PRIMARY KEY (channel, ts));
CREATE INDEX IF NOT EXISTS message_thread ON message (channel, thread, ts) WHERE thread IS NOT NULL;
CREATE TABLE IF NOT EXISTS email (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS incoming (uid INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS file (id TEXT PRIMARY KEY, body BLOB NOT NULL, content BLOB NOT NULL);
"""
EARLIER_BLOCKS, REDRAWN_MESSAGES = 3, 1_000
"""How many earlier looks of one message are remembered, and of how many messages."""


def to_ts(micros: int) -> str:
    """Slack's message id: seconds and six decimals."""
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def from_ts(ts: object) -> int | None:
    """Microseconds of a Slack message id, or None when it is none."""
    seconds, dot, decimals = str(ts).partition(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12):
        return None
    if dot and not (decimals.isascii() and decimals.isdigit() and len(decimals) <= 6):
        return None
    return int(seconds) * 1_000_000 + int(decimals.ljust(6, "0") if decimals else 0)


class Store:
    """One SQLite file, or memory when no path is given. Every write is there at once, also after kill -9 of the sandbox."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(SCHEMA)
        self.texts = Texts(self._db)
        self._redrawn: dict[tuple[str, str], list[list[JSON]]] = {}
        self._seed()

    def _seed(self) -> None:
        self._db.executemany("INSERT OR IGNORE INTO channel VALUES (?, ?)", [(row["id"], orjson.dumps(row)) for row in CHANNELS])

    def close(self) -> None:
        self._db.close()

    def reset(self) -> None:
        """Forget all but the clock's version, which must go on counting for those who follow it."""
        self._db.executescript("DELETE FROM channel; DELETE FROM message; DELETE FROM file; DELETE FROM email; DELETE FROM incoming;")
        self._seed()

    def setting(self, name: str, default: str) -> str:
        row = self._db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def set_setting(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def channels(self) -> list[JSON]:
        return [orjson.loads(body) for (body,) in self._db.execute("SELECT body FROM channel ORDER BY rowid")]

    def channel(self, channel_id: str) -> JSON | None:
        row = self._db.execute("SELECT body FROM channel WHERE id = ?", (channel_id,)).fetchone()
        return orjson.loads(row[0]) if row else None

    def save_channel(self, row: JSON) -> None:
        self._db.execute(
            "INSERT INTO channel VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body", (row["id"], orjson.dumps(row))
        )

    def open_dm(self, user_id: str) -> JSON:
        """The direct messages between the bot and the person, opened when they are not yet."""
        found = self.channel(dm_id(user_id))
        if found:
            return found
        row = {"id": dm_id(user_id), "name": user_id, "is_private": True, "is_im": True, "user": user_id, "members": [BOT_USER_ID, user_id]}
        self.save_channel(row)
        return row

    def newest_ts(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(ts), 0) FROM message").fetchone()[0])

    def save_message(self, message: JSON) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?)",
            (
                message["channel"],
                from_ts(message["ts"]),
                from_ts(message["thread_ts"]) if "thread_ts" in message else None,
                message.get("ephemeral_to"),
                orjson.dumps(message),
            ),
        )

    def message(self, channel_id: str, ts: object) -> JSON | None:
        row = self._db.execute("SELECT body FROM message WHERE channel = ? AND ts = ?", (channel_id, from_ts(ts))).fetchone()
        return orjson.loads(row[0]) if row else None

    def keep_blocks(self, message: JSON) -> None:
        """Remember what a message bore, now that it is drawn anew: somebody may be pressing just that."""
        earlier = self._redrawn.setdefault((message["channel"], message["ts"]), [])
        earlier.insert(0, message.get("blocks") or [])
        del earlier[EARLIER_BLOCKS:]
        if len(self._redrawn) > REDRAWN_MESSAGES:
            del self._redrawn[next(iter(self._redrawn))]

    def earlier_blocks(self, message: JSON) -> list[list[JSON]]:
        """What a message bore before it was drawn anew, newest first."""
        return self._redrawn.get((message["channel"], message["ts"]), [])

    def delete_message(self, message: JSON) -> None:
        self._db.execute("DELETE FROM message WHERE channel = ? AND ts = ?", (message["channel"], from_ts(message["ts"])))

    def timeline(self, channel_id: str, newest: int) -> list[JSON]:
        """Everything in a channel, ephemeral messages and replies too, oldest first: its last `newest` messages."""
        rows = self._db.execute("SELECT body FROM message WHERE channel = ? ORDER BY ts DESC LIMIT ?", (channel_id, newest)).fetchall()
        return [orjson.loads(body) for (body,) in reversed(rows)]

    def history(self, channel_id: str, after: int, before: int) -> Iterator[JSON]:
        """Lasting messages that stand in the channel itself, after and before excluded, newest first."""
        rows = self._db.execute(
            "SELECT body FROM message WHERE channel = ? AND ts > ? AND ts < ? AND ephemeral_to IS NULL ORDER BY ts DESC",
            (channel_id, after, before),
        )
        for (body,) in rows:
            message = orjson.loads(body)
            if message.get("thread_ts", message["ts"]) == message["ts"] or message.get("subtype") == "thread_broadcast":
                yield message

    def replies(self, channel_id: str, thread: int, after: int, before: int) -> Iterator[JSON]:
        """The lasting replies of a thread, without its parent, oldest first, after and before excluded."""
        rows = self._db.execute(
            "SELECT body FROM message WHERE channel = ? AND thread = ? AND ts <> ? AND ts > ? AND ts < ? AND ephemeral_to IS NULL"
            " ORDER BY ts",
            (channel_id, thread, thread, after, before),
        )
        for (body,) in rows:
            yield orjson.loads(body)

    def save_email(self, body: bytes) -> None:
        self._db.execute("INSERT INTO email (body) VALUES (?)", (body,))

    def emails(self) -> list[JSON]:
        """The oldest first."""
        return [orjson.loads(body) for (body,) in self._db.execute("SELECT body FROM email ORDER BY id")]

    def save_incoming(self, at: str, content: bytes) -> int:
        """A mail to the company; its UID, which no later one gets again."""
        return int(self._db.execute("INSERT INTO incoming (at, content) VALUES (?, ?) RETURNING uid", (at, content)).fetchone()[0])

    def incoming(self, first: int = 1) -> list[tuple[int, str, bytes]]:
        """The mails to the company from this UID on."""
        return list(self._db.execute("SELECT uid, at, content FROM incoming WHERE uid >= ? ORDER BY uid", (first,)))

    def renumber_incoming(self) -> None:
        """All of them get other UIDs, in their order."""
        for _, at, content in self.incoming():
            self.save_incoming(at, content)
        self._db.execute("DELETE FROM incoming WHERE uid <= (SELECT max(uid) - count(*) / 2 FROM incoming)")

    def newest_uid(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(uid), 0) FROM incoming").fetchone()[0])

    def save_file(self, file: JSON, content: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", (file["id"], orjson.dumps(file), content))

    def file(self, file_id: str) -> tuple[JSON, bytes] | None:
        row = self._db.execute("SELECT body, content FROM file WHERE id = ?", (file_id,)).fetchone()
        return (orjson.loads(row[0]), row[1]) if row else None
