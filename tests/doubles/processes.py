"""Leadbell as real processes on real databases, in front of a sandbox that plays Slack: started, killed, stopped and continued."""

import asyncio
import os
import secrets
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import aiohttp
from sqlalchemy import update

from bot.app import open_store, put_in_force
from bot.clock import SystemClock
from bot.sandbox.phone.account import ACCOUNT_SID, AUTH_TOKEN, NUMBERS
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.store.installation import prepare
from bot.store.people import officer
from tests.doubles.branch import DANA
from tests.doubles.discord_server import TOKEN, DiscordServer
from tests.doubles.forks import Fork, fork, run_forked
from tests.doubles.ports import free_port
from tests.doubles.waiting import LOOKS_EVERY, MACHINE, PATIENCE, stopwatch, until

JSON = dict[str, Any]
Point = Literal[
    "before_commit",
    "after_commit",
    "before_post",
    "after_post",
    "before_text",
    "after_text",
    "after_email",
    "after_mail",
    "between_rates",
    "before_promise_is_kept",
]
Signal = Literal["SIGKILL", "SIGSTOP"]

EXAMPLE = Path(__file__).parent.parent.parent / "leadbell.example.yaml"
OFFICE_HOURS = """\
      mon-fri: 8am-8pm
      sat: 9am-5pm
      sun: 12pm-6pm
"""
KEY = "a-key-for-tests"


def closed_today(folder: Path) -> Path:
    """The example config, closed until three days from now: a process of its own has the real clock, and nothing may hang on the hour."""
    text = EXAMPLE.read_text("utf-8")
    assert text.count(OFFICE_HOURS) == 2
    file = folder / "closed-today.yaml"
    far = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(datetime.now(UTC).weekday() + 3) % 7]
    file.write_text(text.replace(OFFICE_HOURS, f"      {far}: 8am-8pm\n"), "utf-8")
    return file


def always_open(folder: Path) -> Path:
    """The example config, open at every hour."""
    text = EXAMPLE.read_text("utf-8")
    assert text.count(OFFICE_HOURS) == 2
    file = folder / "always-open.yaml"
    file.write_text(text.replace(OFFICE_HOURS, "      mon-sun: 12am-12am\n"), "utf-8")
    return file


class Bot:
    """One `leadbell run`, with its door at `url`."""

    def __init__(self, process: Fork, url: str, log: Path) -> None:
        self.process = process
        self.url = url
        self.log = log

    async def opened(self, session: aiohttp.ClientSession) -> None:
        """Return once its door is open. Fails with what it said if it ends instead."""

        async def answers() -> bool:
            assert self.process.returncode is None, self.log.read_text()
            try:
                async with session.get(f"{self.url}/healthz") as answer:
                    return answer.status == 200
            except aiohttp.ClientError:
                return False

        await until(answers, "an open door", self.said)

    async def signed_in(self, session: aiohttp.ClientSession) -> None:
        """Return once what people press reaches it."""

        async def listens() -> bool:
            async with session.get(f"{self.url}/readyz") as answer:
                return not (await answer.json())["reasons"]

        await until(listens, "a Leadbell that is ready", self.said)

    async def said(self) -> str:
        """Its log."""
        return self.log.read_text()

    async def deliver(self, source: str = "website", **fields: Any) -> tuple[int, JSON]:
        """Send Dana's lead, with these fields changed, and return the answer. Raises aiohttp.ClientError when none comes."""
        lead = {name: value for name, value in {**DANA, **fields}.items() if value is not None}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/leads/{source}", json=lead, headers={"Authorization": f"Bearer {KEY}"}) as answer,
        ):
            return answer.status, await answer.json()

    async def kill(self) -> None:
        """As the power does."""
        self.process.kill()
        await self.process.wait()

    async def end(self) -> int:
        """As an operator does; the exit code."""
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def gone_after(self) -> float:
        """End it well: the seconds that took. Those in which it worked, or got no processor, do not count: they say how busy the machine
        is; where the system does not tell them, what a busy machine may add does not count."""
        begun = last = _busy(self.process.pid)
        async with stopwatch() as watch:
            ending = asyncio.create_task(self.end())
            while not ending.done():
                last = _busy(self.process.pid) or last
                await asyncio.wait([ending], timeout=LOOKS_EVERY)
        assert await ending == 0, self.log.read_text()
        return watch.seconds - (MACHINE if begun is None or last is None else last - begun)

    async def died(self) -> None:
        """Return once it has killed itself at its point."""
        assert await asyncio.wait_for(self.process.wait(), PATIENCE) == -signal.SIGKILL

    async def stopped(self) -> None:
        """Return once it has stopped itself at its point."""
        await asyncio.wait_for(self.process.stopped(), PATIENCE)

    def goes_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)


def _busy(pid: int) -> float | None:
    """Seconds that a process worked, or waited for a processor, in its first thread. None where it is over, or the system does not tell."""
    try:
        worked, waited, *_ = Path(f"/proc/{pid}/schedstat").read_text().split()
    except OSError:
        return None
    return (int(worked) + int(waited)) / 1e9


def environment(database_url: str, sandbox: Sandbox | None = None, *, config: Path = EXAMPLE, port: int = 8080) -> dict[str, str]:
    """What a Leadbell process reads: its config, and the sandbox's tokens if there is one."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("LEADBELL_", "SLACK_", "SMTP_", "TWILIO_"))}
    environ |= {"LEADBELL_DATABASE_URL": database_url, "LEADBELL_CONFIG": str(config), "LEADBELL_PORT": str(port)}
    environ |= {f"LEADBELL_KEY_{source}": KEY for source in ("WEBSITE", "ZILLOW", "LENDINGTREE", "PARTNER")}
    if sandbox is not None:
        environ |= {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_APP_TOKEN": "xapp-sandbox", "SLACK_API_URL": sandbox.api_url}
        environ |= {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN, "TWILIO_FROM": NUMBERS[0]}
        environ |= {"TWILIO_API_URL": sandbox.url, "LEADBELL_PUBLIC_URL": f"http://127.0.0.1:{port}"}
        environ |= {"SMTP_URL": sandbox.smtp_url, "IMAP_URL": sandbox.imap_url} if sandbox.smtp_url else {}
    return environ


@asynccontextmanager
async def running_bot(
    database_url: str,
    folder: Path,
    sandbox: Sandbox | None = None,
    *,
    config: Path | None = None,
    discord: DiscordServer | None = None,
    more: Mapping[str, str] | None = None,
    at: Point | None = None,
    sends_itself: Signal = "SIGKILL",
    newer: bool = False,
) -> AsyncIterator[Bot]:
    """A bot whose door is open and that has signed in to the sandbox, if there is one; killed at the end. With `at` it has a failpoint.
    `more` is added to its environment. `newer` is a version to come, which does the escalation otherwise.

    Without a `config` its teams are closed today and its people were welcomed before: it shows cards and tells nobody anything.
    """
    if config is None:
        config = closed_today(folder)
        if sandbox is not None:
            await asyncio.to_thread(welcome_everybody, Settings.model_construct(database_url=database_url, config=config))
    port = free_port()
    command = ["tests.doubles.run_with_failpoint", at, sends_itself] if at else ["bot", "run", "--unencrypted"]
    command = ["tests.doubles.run_as_newer"] if newer else command
    environ = environment(database_url, sandbox, config=config, port=port)
    environ |= more or {}
    if discord is not None:
        command, environ = ["tests.doubles.run_on_discord", discord.url], {**environ, "DISCORD_TOKEN": TOKEN}
    log = folder / f"bot-{port}.log"
    with log.open("wb") as output:
        process = await fork(*command, env=environ, output=output)
    bot = Bot(process, f"http://127.0.0.1:{port}", log)
    try:
        async with aiohttp.ClientSession() as session:
            await bot.opened(session)
            if sandbox is not None:
                await bot.signed_in(session)
        yield bot
    finally:
        await bot.kill()


def welcome_everybody(settings: Settings) -> None:
    """Set the store up as its first start does, with people who were welcomed long ago."""
    store = open_store(settings)
    store.transact_now(prepare, secrets.token_hex(32), datetime.now(UTC))
    put_in_force(store, settings, SystemClock())
    store.transact_now(lambda session: session.connection().execute(update(officer).values(welcomed_at=datetime.now(UTC))))
    store.close()


@asynccontextmanager
async def running_together(*bots: AbstractAsyncContextManager[Bot]) -> AsyncIterator[list[Bot]]:
    """Bots that are started at the same moment."""
    async with AsyncExitStack() as stack:
        yield await asyncio.gather(*(stack.enter_async_context(bot) for bot in bots))


async def command(database_url: str, *arguments: str, config: Path = EXAMPLE, typed: Sequence[str] = (), **environ: str) -> tuple[int, str]:
    """Run a short command to its end, with these lines typed into it: its exit code, and what it said."""
    lines = "".join(f"{line}\n" for line in typed)
    ended = await asyncio.to_thread(run_forked, "bot", *arguments, env=environment(database_url, config=config) | environ, typed=lines)
    return ended.returncode, ended.stdout
