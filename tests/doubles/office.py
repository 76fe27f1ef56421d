"""An office at work: a stand-in Slack, a running Leadbell, the people of the example company and the leads that come in."""

import asyncio
import contextlib
import hashlib
import io
import math
import os
import re
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import aiohttp
from sqlalchemy.engine import make_url
from sqlmodel import col, update

from bot.app import Leadbell
from bot.configuring import apply_config
from bot.sandbox.clock import SandboxClock
from bot.sandbox.phone.account import ACCOUNT_SID, AUTH_TOKEN, NUMBERS
from bot.sandbox.server import Sandbox, running_sandbox
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from bot.services import Services
from bot.settings import Settings
from bot.store.database import Store
from bot.store.installation import prepare
from bot.store.outages import LifeSign
from bot.store.people import Officer
from bot.store.postings import Place, Posting
from tests.conftest import EXAMPLE
from tests.doubles.configs import read_once
from tests.doubles.databases import Filling, fresh_sqlite, is_empty_sqlite
from tests.doubles.owing import nothing_is_owed
from tests.doubles.ports import free_port
from tests.doubles.rows import Row, rows
from tests.doubles.shown import JSON
from tests.doubles.unhurried import closing_at_once, slack_is_patient, time_stands_still
from tests.doubles.workplace import Workplace

KEY = "a-key-for-tests"
TRUSTEDFORM_KEY = "the-key-of-our-account"
AUSTIN = ZoneInfo("America/Chicago")

DANA: JSON = {
    "first_name": "Dana",
    "last_name": "Rowe",
    "phone": "(512) 555-0100",
    "email": "dana.rowe@example.com",
    "loan_purpose": "purchase",
    "loan_amount": "310000",
    "purchase_price": "390000",
    "credit": "740+",
    "property_city": "Austin",
    "property_state": "TX",
    "property_zip": "78704",
    "timeline": "this month",
}


TUESDAY = date(2040, 4, 17)
"""The day of every story. For a month it meets no holiday and no change of the clocks, and until then the stand-in Slack is ahead of the
store's own clock, never behind."""


def tuesday(at: time) -> datetime:
    """That time in Austin on the day of every story."""
    return datetime.combine(TUESDAY, at, AUSTIN)


def config_of(folder: Path, changes: Mapping[str, str]) -> Path:
    """The example config with these texts replaced by others, and with licenses that hold for as long as these tests may run."""
    text = EXAMPLE.read_text("utf-8").replace("expires: 2027-12-31", "expires: 2099-12-31")
    for old, new in changes.items():
        assert old in text, f"the example config does not say {old!r}"
        text = text.replace(old, new, 1)
    path = folder / "leadbell.yaml"
    path.write_text(text, "utf-8")
    return path


class Office(Workplace):
    """Made by `office_at_work`."""

    def __init__(self, sandbox: Sandbox, clock: SandboxClock, session: aiohttp.ClientSession, settings: Settings) -> None:
        super().__init__(sandbox, session)
        self._clock = clock
        self._settings = settings
        self._leadbell: Leadbell | None = None
        self._running: asyncio.Task[None] | None = None
        self.services: Services | None = None

    async def opens(self, *, listening: bool = True) -> None:
        """Start Leadbell and wait until its doors are open, and until it hears Slack."""
        self._leadbell = leadbell = Leadbell(self._settings, self._clock, self._alongside)
        self._running = running = asyncio.create_task(leadbell.run())

        async def open_or_failed() -> bool:
            return running.done() or (leadbell.port is not None and await self._answers())

        async def hears_slack() -> bool:
            return self.services is not None and "slack" in self.services.platforms and await self.services.platforms["slack"].listening()

        await self.until(open_or_failed, "an open door")
        if running.done():
            running.result()
        if listening:
            await self.until(hears_slack, "Leadbell listening to Slack")

    async def _answers(self) -> bool:
        with contextlib.suppress(aiohttp.ClientConnectionError):
            return (await self.get("/healthz"))[0] == 200
        return False

    def _alongside(self, services: Services) -> list[Any]:
        self.services = services
        return [self._clock.follow(services.owed.set)]

    async def closes(self) -> None:
        assert self._leadbell is not None
        assert self._running is not None
        self._leadbell.stop()
        await self._running
        self._leadbell = self._running = self.services = None

    async def restart_without_email(self) -> None:
        """Somebody took SMTP_URL away."""
        self._settings = self._settings.model_copy(update={"smtp_url": None})
        await self.restart()

    async def restart(self) -> None:
        await self.closes()
        await self.opens()

    @property
    def url(self) -> str:
        assert self._leadbell is not None
        return f"http://127.0.0.1:{self._leadbell.port}"

    # Leads come in.

    async def post(self, source: str = "website", **request: Any) -> tuple[int, JSON, Mapping[str, str]]:
        """POST /leads/{source} with the right key unless `headers` or `params` say otherwise: status, answer, headers."""
        if "headers" not in request and "params" not in request:
            request["headers"] = {"Authorization": f"Bearer {KEY}"}
        async with self._session.post(f"{self.url}/leads/{source}", **request) as answer:
            return answer.status, await answer.json(), answer.headers

    async def lead_arrives(self, source: str = "website", **changes: Any) -> int:
        """Dana's lead, except for these fields (None leaves one out); its number."""
        fields = {name: value for name, value in {**DANA, **changes}.items() if value is not None}
        status, answer, _ = await self.post(source, json=fields)
        assert status == 200, answer
        return int(answer["lead"])

    async def get(self, path: str) -> tuple[int, JSON]:
        async with self._session.get(self.url + path) as answer:
            return answer.status, await answer.json()

    async def nothing_is_owed(self) -> bool:
        """Whether all that is due by now is decided and done, and all that should be shown is shown, or was given up."""
        assert self.services is not None
        return await nothing_is_owed(self.services)

    def all(self, table: type[Row]) -> Sequence[Row]:
        """The rows of a table, the oldest first."""
        assert self.services is not None
        return rows(self.services.store, table)

    async def becomes(self, key: str, role: str) -> None:
        """The officer has another role from now on."""
        assert self.services is not None
        await self.services.store.transact(lambda session: session.exec(update(Officer).where(col(Officer.key) == key).values(role=role)))

    # Time passes.

    async def clock_says(self, at: time) -> None:
        """Set the clock to that time in Austin, on the Tuesday of the story."""
        await self.do("clock", set=tuesday(at).isoformat())
        await self._bot_follows()

    async def skip(self, **span: float) -> None:
        """Let so much time pass: hours=1, minutes=5."""
        await self.do("clock", advance_s=timedelta(**span).total_seconds())
        await self._bot_follows()

    async def _bot_follows(self) -> None:
        async def same() -> bool:
            return self._clock.now() == datetime.fromisoformat((await self.see("clock"))["now"])

        await self.until(same, "a clock that followed")

    async def a_minute_passes_for_the_store(self) -> None:
        """What waits for its next try is tried now: the store's own clock cannot be skipped."""
        assert self.services is not None
        await self.services.store.transact(lambda session: session.exec(update(Place).values(next_at=None)))
        self.services.owed.set()

    async def a_mail_comes_in(self, content: bytes, *, key: str = KEY, kind: str = "message/rfc822") -> int:
        """A mail provider hands it over; our answer's status."""
        headers = {"Authorization": f"Bearer {key}", "Content-Type": kind}
        async with self._session.post(f"{self.url}/email/inbound", data=io.BytesIO(content), headers=headers) as answer:
            return answer.status

    async def audits(self) -> None:
        """The minute of the auditor has come."""
        assert self._leadbell is not None
        assert self._leadbell.auditor is not None
        await self._leadbell.auditor.audit()

    async def two_minutes_passed_for_chat(self) -> None:
        """What waits to be shown, and the last that chat gave of itself, are two minutes old; and Leadbell runs for longer."""
        assert self.services is not None
        then = datetime.now(UTC) - timedelta(minutes=2)
        await self.services.store.transact(lambda session: session.exec(update(Posting).values(created_at=then)))
        await self.services.store.transact(lambda session: session.exec(update(LifeSign).values(at=then)))
        self.services.opened_at = -math.inf


def environment() -> dict[str, str]:
    """The key of every source, for the process's environment."""
    return dict.fromkeys(re.findall(r"secret_env: (\w+)", EXAMPLE.read_text("utf-8")), KEY)


def settings_for(
    sandbox: Sandbox,
    database_url: str,
    config: Path,
    *,
    over_http: bool = False,
    port: int = 0,
    texting: bool = False,
    emailing: bool = False,
    hearing: bool = False,
    graph_url: str | None = None,
    trustedform_url: str | None = None,
) -> Settings:
    twilio = {
        "LEADBELL_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_FROM": NUMBERS[0],
        "TWILIO_API_URL": sandbox.url,
    }
    settings = Settings.model_validate(
        {
            **(twilio if texting else {}),
            **({"LEADBELL_PUBLIC_URL": f"http://127.0.0.1:{port}", "SMTP_URL": sandbox.smtp_url} if emailing else {}),
            **({"META_API_URL": graph_url} if graph_url else {}),
            **({"TRUSTEDFORM_API_URL": trustedform_url, "TRUSTEDFORM_API_KEY": TRUSTEDFORM_KEY} if trustedform_url else {}),
            **({"IMAP_URL": sandbox.imap_url, "EMAIL_INBOUND_KEY": KEY} if hearing else {}),
            "LEADBELL_DATABASE_URL": database_url,
            "LEADBELL_CONFIG": config,
            "LEADBELL_HOST": "127.0.0.1",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": None if over_http else APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET if over_http else None,
            "SLACK_API_URL": sandbox.api_url,
        }
    )
    return settings.model_copy(update={"port": port})  # with 0, which nobody may write, it is any that is free


def welcome_everybody(database_url: str, file: Path, at: datetime) -> None:
    """Set a store up as its first start does, with people who were welcomed long ago. On SQLite it is a copy of the first such."""

    def first_start(store: Store) -> None:
        store.transact_now(prepare, secrets.token_hex(32), at)
        store.transact_now(apply_config, read_once(file, os.environ), by="leadbell", at=at, salt=secrets.token_hex(16))
        store.transact_now(lambda session: session.connection().execute(update(Officer).values(welcomed_at=at)))

    path = make_url(database_url).database
    if path and is_empty_sqlite(Path(path)):
        config = hashlib.sha256(file.read_bytes()).hexdigest()
        fresh_sqlite(Path(path).parent, Filling(f"office-{config}-{at.timestamp()}", first_start))
        return
    store = Store(database_url)
    first_start(store)
    store.close()


@asynccontextmanager
async def office_at_work(
    folder: Path,
    database_url: str,
    *,
    changes: Mapping[str, str] | None = None,
    http_port: int | None = None,
    texting: bool = False,
    emailing: bool = False,
    hearing: bool = False,
    welcomed: bool = True,
    graph_url: str | None = None,
    trustedform_url: str | None = None,
) -> AsyncIterator[Office]:
    """An office on a Tuesday at noon, open and listening. `changes` are to the example config; with `http_port` Slack comes over HTTP, with
    `texting` the stand-in phone network is wired, with `emailing` the mail server, with `hearing` the mailbox, with
    `graph_url` Meta's Graph API, with `trustedform_url` TrustedForm. Its people were welcomed long ago, unless `welcomed` says no."""
    events_url = f"http://127.0.0.1:{http_port}/slack/events" if http_port else None
    with time_stands_still(), slack_is_patient(), closing_at_once(), patch("bot.app.load_config", read_once):
        # On a busy machine a server may take a connection for idle and close it just as its next request is on the way.
        connector = aiohttp.TCPConnector(force_close=True)
        async with running_sandbox(events_url=events_url) as sandbox, aiohttp.ClientSession(connector=connector) as session:
            async with session.post(f"{sandbox.url}/_control/clock", json={"set": tuesday(time(12)).isoformat()}) as answer:
                answer.raise_for_status()
            clock = await SandboxClock.connect(sandbox.url)
            port = http_port or (free_port() if texting or emailing else 0)
            config = config_of(folder, changes or {})
            settings = settings_for(
                sandbox,
                database_url,
                config,
                over_http=http_port is not None,
                port=port,
                texting=texting,
                emailing=emailing,
                hearing=hearing,
                graph_url=graph_url,
                trustedform_url=trustedform_url,
            )
            office = Office(sandbox, clock, session, settings)
            if texting:
                await office.do(
                    "phone", inbound_url=f"http://127.0.0.1:{port}/twilio/messages", voice_url=f"http://127.0.0.1:{port}/twilio/calls"
                )
            if welcomed:
                welcome_everybody(database_url, config, clock.now())
            await office.opens()
            try:
                yield office
            finally:
                if office.services is not None:
                    await office.closes()
