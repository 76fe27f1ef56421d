"""What is measured: ringing at several rates, the highest sustained rate, claims, and the order under Slack's own limit."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bench.company import HASTY
from bench.drivers import postgresql_rows, sqlite_rows
from bench.filled import filled, newest_lead, services_of
from bench.load import Leads, Load, leads_for, press_claims
from bench.stand_in import StandIn, stand_in
from bench.subjects import Kind, Subject, as_in_use, subject
from bot.store.lateness import Late, lateness_since
from tests.doubles.databases import fresh_postgresql

CLAIM_RATE = 200
SEARCH_FROM, SEARCH_TO, SEARCH_FACTOR, SEARCH_SECONDS = 300.0, 1500.0, 1.6, 3.0
"""Leads a second; the floor shows that the sender and the stand-in Slack could take more than what is measured against them."""
HASTY_RATE, ESCALATES_WITHIN = 20, 90.0
"""Leads a second that nobody claims; seconds until each of them has been rung again, a minute after it came."""
IDLE, RESTS_WITHIN = 0.04, 20.0
"""Processor seconds in half a second that are nothing; and seconds after which what is left to do stays, since some always is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: leads at each rate, claims, halvings of the search, leads that escalate, and leads of the burst."""

    leads_at: dict[int, int]
    claims: int
    halvings: int
    hasty: int
    burst: int


FULL = Plan({5: 30, 20: 160, 50: 300, 100: 500, 200: 800}, claims=1000, halvings=2, hasty=300, burst=30)
QUICK = Plan({20: 60, 100: 300, 200: 400}, claims=400, halvings=1, hasty=0, burst=10)


@dataclass(frozen=True, slots=True)
class Size:
    """What the store holds when it begins, and the folder in which such stores are kept."""

    leads: int
    events: int
    folder: Path


@dataclass(slots=True)
class Measured:
    """One run of one server."""

    start_seconds: float
    idle_megabytes: float
    driver: float
    """Rows a second that the driver of its store keeps, each in a transaction of its own, beside nothing else."""
    rings: dict[int, Load] = field(default_factory=dict)
    sustained: float | None = None
    claims: Load | None = None
    escalations: Late | None = None


@asynccontextmanager
async def under_test(kind: Kind, size: Size | None = None) -> AsyncIterator[tuple[Subject, StandIn, Leads]]:
    """A server over a fresh store, or one of that size, its Slack, and somebody who sends it leads."""
    with ExitStack() as stores:
        folder = Path(stores.enter_context(tempfile.TemporaryDirectory(prefix="leadbell-bench-")))
        url, first = None, 0
        if size is not None and kind != "floor":
            url = stores.enter_context(filled(kind.partition(" ")[0], size.leads, size.events, size.folder))
            first = newest_lead(url)
        async with stand_in() as slack, subject(kind, folder, slack, url) as server, leads_for(server, slack, first) as leads:
            await leads.ring(50, 50)  # the first ones compile statements and templates
            yield server, slack, leads


async def measure(kind: Kind, plan: Plan, size: Size | None = None) -> Measured:
    """One run against a server that was just started."""
    driver = _driver(kind)
    async with under_test(kind, size) as (server, slack, leads):
        measured = Measured(server.start_seconds, server.idle_megabytes, driver)
        for rate, count in plan.leads_at.items():
            measured.rings[rate] = await leads.ring(rate, count)
        measured.sustained = await _highest_rate(leads, server, plan.halvings)
        if kind != "floor":
            measured.claims = await press_claims(server, slack, CLAIM_RATE, plan.claims)
            await _rest(server)
            measured.escalations = await _escalations(leads, server, plan.hasty)
        return measured


def _driver(kind: Kind) -> float:
    if kind.startswith("postgresql"):
        url = fresh_postgresql()
        as_in_use(url)
        return postgresql_rows(url)
    with tempfile.TemporaryDirectory(prefix="leadbell-bench-") as folder:
        return sqlite_rows(Path(folder))


async def _escalations(leads: Leads, server: Subject, count: int) -> Late | None:
    """How many seconds after its minute each lead that nobody claims was rung again, as the store counts it."""
    if not count:
        return None
    await leads.ring(HASTY_RATE, count, HASTY)
    await asyncio.sleep(ESCALATES_WITHIN)
    with services_of(server.database_url) as services:
        late = services.store.read_now(lateness_since, date(2000, 1, 1))
    return next((each for each in late if each.kind == "ring_again"), None)


async def _highest_rate(leads: Leads, server: Subject, halvings: int) -> float:
    """The highest rate that is sustained: by big steps up, then halving the gap."""

    async def sustains(rate: float) -> bool:
        load = await leads.ring(rate, int(rate * SEARCH_SECONDS))
        await _rest(server)
        return load.sustained

    good, bad = 0.0, SEARCH_FROM
    while bad < SEARCH_TO and await sustains(bad):
        good, bad = bad, bad * SEARCH_FACTOR
    if bad >= SEARCH_TO:
        return good
    for _ in range(halvings):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if await sustains(middle) else (good, middle)
    return good


async def _rest(server: Subject) -> None:
    """Wait until the server has little left to do, so that one load does not burden the next."""
    before, deadline = -IDLE, time.perf_counter() + RESTS_WITHIN
    while (spent := server.processor_seconds()) - before >= IDLE and time.perf_counter() < deadline:
        before = spent
        await asyncio.sleep(0.5)
