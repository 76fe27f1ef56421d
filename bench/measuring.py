"""What is measured: ringing at several rates, the highest sustained rate, claims, and the order under Slack's own limit."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.load import Leads, Load, leads_for, press_claims
from bench.stand_in import StandIn, stand_in
from bench.subjects import Kind, Subject, subject

CLAIM_RATE = 200
SEARCH_FROM, SEARCH_TO, SEARCH_FACTOR, SEARCH_SECONDS = 300.0, 1500.0, 1.6, 3.0
"""Leads a second; the floor shows that the sender and the stand-in Slack could take more than what is measured against them."""
IDLE = 0.04
"""Processor seconds in half a second that are nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: leads at each rate, claims, halvings of the search, leads of the burst, and how many times it all runs."""

    leads_at: dict[int, int]
    claims: int
    halvings: int
    burst: int
    runs: int


FULL = Plan({5: 30, 20: 160, 50: 300, 100: 500, 200: 800}, claims=1000, halvings=2, burst=30, runs=3)
QUICK = Plan({20: 60, 100: 300, 200: 400}, claims=400, halvings=1, burst=10, runs=1)


@dataclass(slots=True)
class Measured:
    """One run of one server."""

    start_seconds: float
    idle_megabytes: float
    rings: dict[int, Load] = field(default_factory=dict)
    sustained: float | None = None
    claims: Load | None = None


@asynccontextmanager
async def under_test(kind: Kind) -> AsyncIterator[tuple[Subject, StandIn, Leads]]:
    """A fresh server, its Slack, and somebody who sends it leads."""
    with tempfile.TemporaryDirectory(prefix="leadbell-bench-") as folder:
        async with stand_in() as slack, subject(kind, Path(folder), slack) as server, leads_for(server, slack) as leads:
            await leads.ring(50, 50)  # the first ones compile statements and templates
            yield server, slack, leads


async def measure(kind: Kind, plan: Plan) -> Measured:
    """One run against a fresh server."""
    async with under_test(kind) as (server, slack, leads):
        measured = Measured(server.start_seconds, server.idle_megabytes)
        for rate, count in plan.leads_at.items():
            measured.rings[rate] = await leads.ring(rate, count)
        measured.sustained = await _highest_rate(leads, server, plan.halvings)
        if kind != "floor":
            measured.claims = await press_claims(server, slack, CLAIM_RATE, plan.claims)
        return measured


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
    """Wait until the server has nothing left to do, so that one load does not burden the next."""
    before = -IDLE
    while (spent := server.processor_seconds()) - before >= IDLE:
        before = spent
        await asyncio.sleep(0.5)
