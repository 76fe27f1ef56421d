"""The demo: stand-ins for Slack, the phone network and mail as a child process, Leadbell on its clock, and invented leads."""

import asyncio
import contextlib
import os
import random
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.app import Leadbell, listening_socket
from bot.errors import LeadbellError, PortInUse, StoreInUse
from bot.sandbox.clock import SandboxClock
from bot.sandbox.hold import holder_of
from bot.sandbox.server import PORT_BUSY
from bot.scheduling.calendar import TOLD_AT
from bot.services import Services
from bot.settings import Settings
from bot.shipped import shipped
from bot.store.lock import hold_store

FOLDER = Path("data/demo")
STORE = FOLDER / "sandbox.db"
LOG_FILE = FOLDER / "sandbox.log"
KEY_FILE = FOLDER / "leadbell.key"
KEY = "the-demo-key"
SOURCES = ("website", "website", "zillow", "lendingtree")
FIRST_LEAD_AFTER, NEXT_LEAD_AFTER = 4.0, 40.0
STARTS_WITHIN, ENDS_WITHIN = 15.0, 2.0
WELCOME = """
  Open {page} in a browser, choose who you are, and press Claim. The first lead rings in a few seconds.
  Be a borrower at {page}/page/phone.html: pick up the number of a lead, and text. Emails arrive at {page}/page/mailbox.html.
  Leads come in at {door} with the key {key}.
  Ctrl-C ends the demo; the next one goes on from there.
"""

PEOPLE = (
    ("Grace", "Holt", "Austin", "TX", "78704", "512"),
    ("Marcus", "Bell", "Tulsa", "OK", "74103", "918"),
    ("Elena", "Vargas", "San Antonio", "TX", "78205", "210"),
    ("Priscilla", "Wong", "Denver", "CO", "80203", "303"),
    ("Tom", "Okafor", "Dallas", "TX", "75201", "214"),
    ("Ruth", "Lindgren", "Norman", "OK", "73069", "405"),
    ("Sofia", "Ramirez", "El Paso", "TX", "79901", "915"),
    ("Jonah", "Mercer", "Houston", "TX", "77002", "713"),
)
WISHES: tuple[dict[str, str], ...] = (
    {
        "loan_purpose": "purchase",
        "loan_amount": "310000",
        "purchase_price": "390000",
        "timeline": "this month",
        "credit": "740+",
        "best_time": "now",
    },
    {"loan_purpose": "refinance", "loan_amount": "$240k", "property_value": "420000", "timeline": "1-3 months", "credit": "680-719"},
    {"loan_purpose": "purchase", "loan_amount": "250000-300000", "timeline": "3-6 months", "first_time_buyer": "yes", "credit": "Good"},
    {
        "loan_purpose": "cash out",
        "loan_amount": "180000",
        "property_value": "510000",
        "timeline": "immediately",
        "comments": "Please call me.",
    },
    {"loan_purpose": "purchase", "loan_amount": "525000", "timeline": "just looking", "property_type": "condo"},
)


async def run(settings: Settings, *, fresh: bool) -> None:
    """Show Leadbell until Ctrl-C. Goes on where the last demo ended, unless `fresh`. Raises LeadbellError."""
    url = f"http://127.0.0.1:{settings.sandbox_port}"
    settings = _demo_settings(settings, url)
    with _folder(settings.database_url):
        settings = settings.model_copy(update={"key": _own_key(), "old_key": None})
        listening_socket(settings.host, settings.port).close()
        if fresh:
            for ending in ("", "-wal", "-shm"):
                (FOLDER / f"leadbell.db{ending}").unlink(missing_ok=True)
    async with _sandbox(settings.sandbox_port, url, fresh=fresh):
        clock = await SandboxClock.connect(url)
        settings = settings.model_copy(update=await _mail_servers(url))
        await _tell_where_we_are(url, f"http://127.0.0.1:{settings.port}")

        def alongside(services: Services) -> list[Coroutine[Any, Any, None]]:
            skipped = asyncio.Event()

            def skips() -> None:
                services.owed.set()
                skipped.set()

            return [clock.follow(skips), _keep_hours(services, skipped), _trickle(url)]

        leadbell = Leadbell(settings, clock, alongside)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, leadbell.stop)
        print(WELCOME.format(page=url, door=f"http://127.0.0.1:{settings.port}/leads/website", key=KEY), flush=True)
        await leadbell.run()


async def _keep_hours(services: Services, skipped: asyncio.Event) -> None:
    """The calendar goes by real hours: here what people are told at an hour comes when the clock that is skipped passes it."""
    since = services.clock.now()
    while True:
        next_at = min(hour.get_next_fire_time(None, since) for _, hour in TOLD_AT)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout((next_at - services.clock.now()).total_seconds()):
                await skipped.wait()
        skipped.clear()
        now = services.clock.now()
        for tell, hour in TOLD_AT:
            if hour.get_next_fire_time(None, since) <= now:
                await tell(services)
        since = now


def _demo_settings(settings: Settings, url: str) -> Settings:
    """Everything inside the demo's folder, every source with the same key, and Slack, Twilio and the mail server played by the sandbox."""
    for name in ("WEBSITE", "ZILLOW", "LENDINGTREE", "PARTNER"):
        os.environ[f"LEADBELL_KEY_{name}"] = KEY
    return settings.model_copy(
        update={
            "database_url": f"sqlite:///{FOLDER}/leadbell.db",
            "config": shipped("leadbell.example.yaml"),
            "slack_bot_token": SecretStr("xoxb-sandbox"),
            "slack_app_token": SecretStr("xapp-sandbox"),
            "slack_signing_secret": None,
            "slack_api_url": f"{url}/api/",
            "public_url": f"http://127.0.0.1:{settings.port}",
            "twilio_account_sid": "AC00000000000000000000000000001ead",
            "twilio_auth_token": SecretStr("sandbox-auth-token"),
            "twilio_from": "+15125550199",
            "twilio_messaging_service_sid": None,
            "twilio_voice_from": None,
            "twilio_api_url": url,
        }
    )


def _own_key() -> SecretStr:
    """The key of this folder's store, made at its first demo."""
    with contextlib.suppress(FileExistsError), os.fdopen(os.open(KEY_FILE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(32))
    return SecretStr(KEY_FILE.read_text())


@contextlib.contextmanager
def _folder(database_url: str) -> Iterator[None]:
    """Be sure that no other demo uses the folder."""
    try:
        with hold_store(database_url):
            yield
    except StoreInUse:
        raise StoreInUse("The demo already runs in this folder. Use that one, or end it with Ctrl-C first.") from None


@contextlib.asynccontextmanager
async def _sandbox(port: int, url: str, *, fresh: bool) -> AsyncIterator[None]:
    """The sandbox: the one that a killed demo left running, or a new child process. It ends with the demo, but is not killed with it."""
    left = holder_of(STORE)
    if left and (fresh or left.url != url):
        await _end_sandbox()
        left = None
    try:
        if left is None:
            await _start_sandbox(port, fresh=fresh)
        yield
    finally:
        await _end_sandbox()


async def _start_sandbox(port: int, *, fresh: bool) -> None:
    command = [sys.executable, "-m", "bot.sandbox", "--port", str(port), "--store", str(STORE), *(["--fresh"] if fresh else [])]
    with LOG_FILE.open("wb") as log:
        child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=log, start_new_session=True)
    assert child.stdout is not None
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(STARTS_WITHIN):
            if await child.stdout.readline():
                return
            if await child.wait() == PORT_BUSY:
                raise PortInUse(
                    f"Port {port} is already in use. Stop the program that has it, or set LEADBELL_SANDBOX_PORT to another number."
                )
    raise LeadbellError(f"The sandbox did not start. {LOG_FILE} says why.")


async def _end_sandbox() -> None:
    """Ask it to end and wait until it has: the next one may take its port and its store. One that does not listen is killed."""
    for asked in (signal.SIGTERM, signal.SIGKILL):
        if holder := holder_of(STORE):
            with contextlib.suppress(ProcessLookupError):
                os.kill(holder.process_id, asked)
        deadline = time.monotonic() + ENDS_WITHIN
        while holder_of(STORE):
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(0.02)
        else:
            return


async def _tell_where_we_are(sandbox: str, us: str) -> None:
    """Where borrowers' texts go, and the leads that people make up on the page."""
    told = {
        "phone": {"inbound_url": f"{us}/twilio/messages", "voice_url": f"{us}/twilio/calls"},
        "door": {"url": f"{us}/leads", "key": KEY},
    }
    async with aiohttp.ClientSession() as session:
        for what, body in told.items():
            async with session.post(f"{sandbox}/_control/{what}", json=body) as response:
                response.raise_for_status()


async def _mail_servers(sandbox: str) -> dict[str, SecretStr]:
    """The SMTP_URL and the IMAP_URL of the sandbox, which takes other ports each time it starts."""
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox}/_control/emails") as response:
        response.raise_for_status()
        told = await response.json()
        return {name: SecretStr(told[name]) for name in ("smtp_url", "imap_url")}


async def _trickle(sandbox: str) -> None:
    """Invented leads, one now and then. The sandbox, which remembers the borrowers' phones, brings them to the door that real ones use."""
    await asyncio.sleep(FIRST_LEAD_AFTER)
    async with aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.post(f"{sandbox}/_control/lead", json={"source": random.choice(SOURCES), "lead": _invented()}):
                    pass
            await asyncio.sleep(random.uniform(0.5, 1.5) * NEXT_LEAD_AFTER)


def _invented() -> dict[str, str]:
    first, last, city, state, zip_code, area = random.choice(PEOPLE)
    number = f"{random.randrange(5_000):04}"  # the endings from 50 on are for those whom a visitor sends, 99 is the company's
    return {
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}{number}@example.com".lower(),
        "phone": f"({area}) 555-01{number[:2]}",
        "property_city": city,
        "property_state": state,
        "property_zip": zip_code,
        **random.choice(WISHES),
    }
