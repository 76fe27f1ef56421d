"""The demo: the stand-in Slack as a child process, Leadbell itself on its clock, and invented leads that trickle in."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.app import Leadbell
from bot.errors import PortInUse
from bot.sandbox.clock import SandboxClock
from bot.services import Services
from bot.settings import Settings

FOLDER = Path("data/demo")
PID_FILE = FOLDER / "sandbox.pid"
LOG_FILE = FOLDER / "sandbox.log"
KEY = "demo-key"
SOURCES = ("website", "website", "zillow", "lendingtree")
FIRST_LEAD_AFTER, NEXT_LEAD_AFTER = 4.0, 40.0
STARTS_WITHIN = 15.0

PEOPLE = (
    ("Dana", "Rowe", "Austin", "TX", "78704", "512"),
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
    """Show Leadbell until Ctrl-C. Goes on where the last demo ended, unless `fresh`."""
    url = f"http://127.0.0.1:{settings.sandbox_port}"
    if fresh:
        _start_over()
    settings = _demo_settings(settings, url)
    async with _sandbox(settings.sandbox_port, url):
        clock = await SandboxClock.connect(url)

        def alongside(services: Services) -> list[Coroutine[Any, Any, None]]:
            return [clock.follow(services.owed.set), _trickle(settings.port)]

        leadbell = Leadbell(settings, clock, alongside)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, leadbell.stop)
        print(f"\n  Open {url} in a browser. The first lead rings in a few seconds; Ctrl-C ends the demo.\n", flush=True)
        await leadbell.run()


def _demo_settings(settings: Settings, url: str) -> Settings:
    """Everything inside the demo's folder, every source with the same key, and Slack played by the sandbox."""
    for name in ("WEBSITE", "ZILLOW", "LENDINGTREE", "PARTNER"):
        os.environ.setdefault(f"LEADBELL_KEY_{name}", KEY)
    return settings.model_copy(
        update={
            "database_url": f"sqlite:///{FOLDER}/leadbell.db",
            "config": example_config(),
            "slack_bot_token": SecretStr("xoxb-sandbox"),
            "slack_app_token": SecretStr("xapp-sandbox"),
            "slack_signing_secret": None,
            "slack_api_url": f"{url}/api/",
        }
    )


def example_config() -> Path:
    """Inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "leadbell.example.yaml"
    return inside if inside.exists() else Path(__file__).parent.parent / "leadbell.example.yaml"


def _start_over() -> None:
    for path in FOLDER.glob("*.db*"):
        path.unlink()


@contextlib.asynccontextmanager
async def _sandbox(port: int, url: str) -> AsyncIterator[None]:
    """The sandbox: the one that a killed demo left running, or a new child process. It ends with the demo, but is not killed with it."""
    if not await _runs(url):
        await _start(port)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            os.kill(int(PID_FILE.read_text()), signal.SIGTERM)
        PID_FILE.unlink(missing_ok=True)


async def _start(port: int) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with LOG_FILE.open("wb") as log:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.sandbox", "--port", str(port), "--store", str(FOLDER / "sandbox.db"),
            stdout=asyncio.subprocess.PIPE, stderr=log, start_new_session=True,
        )  # fmt: skip
    assert child.stdout is not None
    async with asyncio.timeout(STARTS_WITHIN):
        if not await child.stdout.readline():
            raise PortInUse(LOG_FILE.read_text().strip() or "The sandbox did not start.")
    PID_FILE.write_text(str(child.pid))


async def _runs(url: str) -> bool:
    """Whether a sandbox of ours answers there."""
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session, session.get(f"{url}/_control/clock") as answer:
            return answer.status == 200 and PID_FILE.exists()
    except (aiohttp.ClientError, TimeoutError):
        return False


async def _trickle(port: int) -> None:
    """Invented leads, one now and then, through the door that real ones use."""
    await asyncio.sleep(FIRST_LEAD_AFTER)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.post(f"http://127.0.0.1:{port}/leads/{random.choice(SOURCES)}", json=_invented()):
                    pass
            await asyncio.sleep(random.uniform(0.5, 1.5) * NEXT_LEAD_AFTER)


def _invented() -> dict[str, str]:
    first, last, city, state, zip_code, area = random.choice(PEOPLE)
    number = f"{random.randrange(10_000):04}"
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
