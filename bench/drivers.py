"""What the drivers themselves can do: one durable row a transaction, without anything of ours."""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from sqlalchemy import make_url

SECONDS, CONNECTIONS = 2.0, 8
ROW = "x" * 1000
"""About as much as a lead's record."""


def sqlite_rows(folder: Path) -> float:
    """Rows a second of one connection that flushes each commit."""
    with sqlite3.connect(folder / "raw.db", isolation_level=None) as database:
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE raw (id INTEGER PRIMARY KEY, body TEXT)"):
            database.execute(statement)
        rows = _in_time(lambda: database.execute("INSERT INTO raw (body) VALUES (?)", (ROW,)))
    database.close()
    return rows / SECONDS


def postgresql_rows(url: str) -> float:
    """Rows a second of as many connections as each process of ours has."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as database:
        database.execute("CREATE TABLE IF NOT EXISTS raw_rows (id bigserial PRIMARY KEY, body text)")
    found: list[int] = []

    def write() -> None:
        with psycopg.connect(address, autocommit=True) as database:
            found.append(_in_time(lambda: database.execute("INSERT INTO raw_rows (body) VALUES (%s)", (ROW,))))

    writers = [threading.Thread(target=write) for _ in range(CONNECTIONS)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    with psycopg.connect(address, autocommit=True) as database:
        database.execute("DROP TABLE raw_rows")
    return sum(found) / SECONDS


def _in_time(write: Callable[[], object]) -> int:
    rows, until = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        write()
        rows += 1
    return rows
