"""Servers under test, each a process of its own, and what they take of the machine."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiohttp
from sqlalchemy import create_engine, make_url, text

from bench.by_day import SHIFT, shift_to_noon
from bench.company import environment
from bench.stand_in import StandIn
from bot.store.database import postgresql_url
from tests.doubles.databases import fresh_postgresql, fresh_sqlite

Kind = Literal["floor", "sqlite", "postgresql", "postgresql x2", "postgresql x4"]
PROCESSES: dict[Kind, int] = {"floor": 1, "sqlite": 1, "postgresql": 1, "postgresql x2": 2, "postgresql x4": 4}

STARTS_WITHIN, ENDS_WITHIN = 120.0, 60.0
SETTLES_AFTER = 1.0
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Subject:
    """A running server of one or more processes, the seconds from its start to its first answer, and its resident megabytes before the
    first lead."""

    urls: tuple[str, ...]
    database_url: str
    process_ids: tuple[int, ...]
    start_seconds: float
    idle_megabytes: float

    def processor_seconds(self) -> float:
        """User and system time of the processes and what they started."""
        return sum(map(processor_seconds, self.process_ids))

    def megabytes(self) -> float:
        """What the processes and what they started hold in memory."""
        return sum(map(resident_megabytes, self.process_ids))


@asynccontextmanager
async def subject(kind: Kind, folder: Path, slack: StandIn, url: str | None = None) -> AsyncIterator[Subject]:
    """A server that is connected to this Slack, over this store or a fresh one, until the end of the block."""
    command = ["-m", "bench.relay"] if kind == "floor" else ["-m", "bench.by_day", "run"]
    url = url or (fresh_sqlite(folder) if kind == "sqlite" else f"sqlite:///{folder}/relay.db" if kind == "floor" else fresh_postgresql())
    if kind.startswith("postgresql"):
        as_in_use(url)
    shift, began = {SHIFT: shift_to_noon()}, time.perf_counter()
    async with AsyncExitStack() as running:
        started: list[tuple[str, int]] = []
        for number in range(PROCESSES[kind]):
            port = _free_port()
            environ = {**environment(folder, url, port, f"{slack.url}/api/"), **shift}
            process = await running.enter_async_context(_process(command, environ, folder / f"server{number}.log"))
            await _healthy(f"http://127.0.0.1:{port}", process, folder / f"server{number}.log")
            started.append((f"http://127.0.0.1:{port}", process.pid))
            if number == 0:
                start = time.perf_counter() - began
        if kind != "floor":
            await slack.connected(2 * PROCESSES[kind])
        await asyncio.sleep(SETTLES_AFTER)
        urls, process_ids = zip(*started, strict=True)
        yield Subject(urls, url, process_ids, start, sum(map(resident_megabytes, process_ids)))


@asynccontextmanager
async def _process(command: list[str], environ: dict[str, str], log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(sys.executable, *command, env=environ, stderr=written, stdout=written)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            await asyncio.wait_for(process.wait(), ENDS_WITHIN)


def as_in_use(url: str) -> None:
    """The server that the tests use flushes and tidies nothing: they cut no power, and last for minutes."""
    engine = create_engine(postgresql_url(make_url(url)), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "autovacuum"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = on"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


async def _healthy(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    async with asyncio.timeout(STARTS_WITHIN), aiohttp.ClientSession() as session:
        while process.returncode is None:
            try:
                async with session.get(f"{url}/healthz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)
    raise RuntimeError(f"the server under test ended before it answered: {log.read_text()}")


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _tree(process_id: int) -> list[int]:
    children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    return [process_id, *(below for child in children for below in _tree(int(child)))]


def processor_seconds(process_id: int) -> float:
    """User and system time of a process and of what it started."""
    return sum(_own_seconds(process) for process in _tree(process_id))


def _own_seconds(process_id: int) -> float:
    # The name in parentheses may hold spaces; user and system time are the 12th and 13th words after it.
    words = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICKS_PER_SECOND


def resident_megabytes(process_id: int) -> float:
    """What a process and what it started hold in memory."""
    return sum(_own_megabytes(process) for process in _tree(process_id))


def _own_megabytes(process_id: int) -> float:
    status = Path(f"/proc/{process_id}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
