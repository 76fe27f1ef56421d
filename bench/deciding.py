"""`python -m bench.deciding`: what a decision costs, ten thousand steps due at once, and a tick over a million leads that owe nothing."""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import text
from sqlmodel import Session

from bench.company import CONFIG, borrower
from bench.report import spread
from bench.subjects import as_in_use
from bot.capture.intake import prepare, receive, record_arrival
from bot.config import load_config
from bot.configuring import apply_config
from bot.distribution.claiming import claim_lead
from bot.distribution.routing import facts_of
from bot.distribution.scoring import first_score
from bot.in_force import newest
from bot.leads.press import Press
from bot.rules.eligibility import CompanyFacts, LeadFacts, OfficerFacts, judged
from bot.rules.ringing import Candidate, rank
from bot.rules.routing import Between, Rule, When, may_decide
from bot.rules.scoring import DEFAULT
from bot.scheduling.due_loop import look
from bot.services import Services
from bot.sources.generic import parse
from bot.sources.record import record_of
from bot.store import installation
from bot.store.clocks import Clock
from bot.store.columns import table_of
from bot.store.database import Store
from bot.store.leads import Lead
from bot.store.postings import Posting
from tests.doubles.databases import fresh_store

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
"""A Tuesday, noon in Austin."""
OFFICERS, RULES, DECISIONS = 200, 50, 2000
STEPS, LEADS, TICKS, AT_A_TIME = 10_000, 1_000_000, 200, 20_000
EVERY, STILL = 0.05, 0.001
"""Seconds between two webhooks, and two claims, while the steps are decided; and between two looks at whether the loop is held."""


@dataclass(slots=True)
class Noon:
    """A clock that says noon, and goes on from there."""

    began: float = field(default_factory=time.perf_counter)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=time.perf_counter() - self.began)


@contextmanager
def company(kind: str, config: str = CONFIG) -> Iterator[Services]:
    """The bench's company over an empty store, or another one."""
    with tempfile.TemporaryDirectory(prefix="leadbell-bench-") as folder:
        file = Path(folder) / "leadbell.yaml"
        file.write_text(config)
        environment = {**os.environ, "LEADBELL_KEY_WEBSITE": "bench-key"}
        store = fresh_store(kind, Path(folder))
        if kind == "postgresql":
            as_in_use(store.url.render_as_string(hide_password=False))
        store.transact_now(installation.prepare, "00" * 32, NOON)
        store.transact_now(apply_config, load_config(file, environment), by="bench", at=NOON, salt="bench")
        in_force = store.transact_now(newest, environment)
        assert in_force is not None
        yield Services(store, Noon(), bytes(32), in_force)
        store.close()


def arrive(services: Services, number: int) -> int:
    """One lead; its number."""
    outcome = services.store.transact_now(record_arrival, prepare(services, services.in_force.sources["website"], parse(borrower(number))))
    return outcome.lead


def decisions() -> list[float]:
    """Microseconds of deciding what a lead is worth, which of 50 rules it comes under, and whom of 200 officers it rings."""
    california = {"state": frozenset({"ca"})}
    narrow = [Rule(f"rule {number}", When(california, {}, {"amount": Between(number * 10_000)})) for number in range(RULES - 1)]
    rules = [*narrow, Rule("the rest")]
    officers = [
        OfficerFacts("officer", True, {"TX": date(2027, 12, 31), "OK": None}, frozenset({"purchase", "refinance"}), 10, number % 10)
        for number in range(OFFICERS)
    ]
    firm = CompanyFacts({"TX": None})
    records = [record_of(parse(borrower(number))) for number in range(DECISIONS)]
    taken = []
    for record in records:
        began = time.perf_counter()
        score = first_score(record, "website", DEFAULT)
        facts = facts_of(record, source="website", segments=(), grade=score.grade, points=score.points, at=NOON, zone="America/Chicago")
        assert may_decide(rules, facts) == (rules[-1],)
        lead = LeadFacts(record["property_state"], record["property_zip"], (), record.get("purpose"))
        because = judged(lead, firm, NOON, NOON.date())
        able = [number for number, officer in enumerate(officers) if because(officer) is None]
        rung = rank([Candidate(number, number % 7, True, number, 0, False, False, False) for number in able], score.grade)
        taken.append((time.perf_counter() - began) * 1e6)
        assert len(rung) == OFFICERS
    return taken


@dataclass(slots=True)
class Rush:
    """Ten thousand steps at one instant: seconds until all are decided, of the processor too; what was decided before something better;
    milliseconds for which the loop was held; and what webhooks and claims waited meanwhile."""

    seconds: float = 0.0
    processor: float = 0.0
    out_of_order: int = 0
    held: list[float] = field(default_factory=list)
    webhooks: list[float] = field(default_factory=list)
    claims: list[float] = field(default_factory=list)


async def rush(services: Services, steps: int) -> Rush:
    """Decide them as the due loop does, while leads come in and are claimed."""
    leads = [arrive(services, number) for number in range(steps)]
    services.store.transact_now(lambda session: session.connection().execute(text("ANALYZE")))  # as a night leaves it
    found, presses, news = Rush(), count(1), count(steps)

    async def come_in() -> None:
        await receive(services, services.in_force.sources["website"], parse(borrower(next(news))))

    async def be_claimed() -> None:
        number = next(presses)
        await services.store.transact(claim_lead, Press(f"press {number}", leads[number * 7 % steps], 1 + number % 2, NOON, "bench", None))

    watching = [
        asyncio.create_task(_again_and_again(come_in, EVERY, found.webhooks)),
        asyncio.create_task(_again_and_again(be_claimed, EVERY, found.claims)),
        asyncio.create_task(_again_and_again(_nothing, STILL, found.held)),
    ]
    began, spent = time.perf_counter(), time.process_time()
    while services.store.transact_now(_undecided, leads[-1]):
        await look(services)
    found.seconds, found.processor = time.perf_counter() - began, time.process_time() - spent
    for each in watching:
        each.cancel()
    worths = services.store.transact_now(_worths_in_order, leads[-1])
    found.out_of_order = sum(later > earlier for earlier, later in pairwise(worths))
    return found


async def _nothing() -> None:
    await asyncio.sleep(0)


async def _again_and_again(step: Callable[[], Coroutine[Any, Any, None]], every: float, waited: list[float]) -> None:
    """Take a step at each instant, and note how many milliseconds after it the step was done."""
    due = time.perf_counter() + every
    while True:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await step()
        waited.append((time.perf_counter() - due) * 1000)
        due = max(due + every, time.perf_counter())


def _undecided(session: Session, last: int) -> bool:
    owed = text("SELECT 1 FROM clock WHERE kind = 'unclaimed' AND step < 0 AND due_at IS NOT NULL AND lead_id <= :last LIMIT 1")
    return session.connection().execute(owed, {"last": last}).first() is not None


def _worths_in_order(session: Session, last: int) -> list[int]:
    """The scores of the leads in the order in which they rang."""
    first_ring = text(
        "SELECT lead.score FROM ring JOIN lead ON lead.id = ring.lead_id "
        "WHERE ring.lead_id <= :last GROUP BY lead.id, lead.score ORDER BY min(ring.id)"
    )
    return [row[0] for row in session.connection().execute(first_ring, {"last": last})]


NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT CAST(:first AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < :last) "


def fill(store: Store, lead: int, leads: int) -> None:
    """Copies of a lead, its clocks and its postings, that owe nothing."""
    for first in range(lead + 1, lead + leads, AT_A_TIME):
        last = min(first + AT_A_TIME, lead + leads) - 1
        store.transact_now(_copy, lead, first, last)


def _copy(session: Session, lead: int, first: int, last: int) -> None:
    settled = {"due_at": "NULL", "stale_at": "NULL", "lease_until": "NULL", "score_due_at": "NULL", "lead_id": "n"}
    for table, of in ((table_of(Lead), "id"), (table_of(Clock), "lead_id"), (table_of(Posting), "lead_id")):
        names = [column.name for column in table.columns if column.name != "id" or of == "id"]
        values = ", ".join("n" if name == of else settled.get(name, name) for name in names)
        copies = f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM {table.name}, numbers WHERE {of} = :lead"  # noqa: S608
        session.connection().execute(text(NUMBERS + copies), {"first": first, "last": last, "lead": lead})


async def ticks(services: Services, leads: int) -> list[float]:
    """Milliseconds of a look of the due loop that finds nothing, over so many leads."""
    lead = arrive(services, 0)
    services.store.transact_now(lambda session: [session.connection().execute(text(each)) for each in _SETTLED])
    fill(services.store, lead, leads)
    services.store.transact_now(lambda session: session.connection().execute(text("ANALYZE")))
    for _ in range(10):
        await look(services)
    taken = []
    for _ in range(TICKS):
        began = time.perf_counter()
        await look(services)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


_SETTLED = ("UPDATE clock SET due_at = NULL", "UPDATE posting SET due_at = NULL, lease_until = NULL", "UPDATE lead SET score_due_at = NULL")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.deciding", description="What deciding costs.")
    options.add_argument("--steps", type=int, default=STEPS, help="steps due at one instant")
    options.add_argument("--leads", type=int, default=LEADS, help="leads that owe nothing")
    options.add_argument("--sqlite", action="store_true", help="only SQLite")
    chosen = options.parse_args()
    taken = decisions()
    middle, least = statistics.median(taken), min(taken)
    print(f"a decision, {RULES} rules, {OFFICERS} officers: median {middle:.0f} us (aim < 200), least {least:.0f}", flush=True)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for kind, aim in (("sqlite", 1),) if chosen.sqlite else (("sqlite", 1), ("postgresql", 3)):
            with company(kind) as services:
                print(f"{kind}: {chosen.steps} steps due at once: {_told(runner.run(rush(services, chosen.steps)))}", flush=True)
            with company(kind) as services:
                tick = statistics.median(runner.run(ticks(services, chosen.leads)))
                print(f"{kind}: a tick over {chosen.leads} leads that owe nothing: median {tick:.2f} ms (aim < {aim})", flush=True)


def _told(found: Rush) -> str:
    return (
        f"{found.seconds:.1f} s (aim < 8), {found.processor:.1f} s of processor, {found.out_of_order} out of the order of worth, "
        f"loop held at most {max(found.held):.0f} ms (aim < 20); meanwhile {len(found.webhooks)} webhooks {spread(found.webhooks)} ms, "
        f"{len(found.claims)} claims {spread(found.claims)} ms"
    )


if __name__ == "__main__":
    main()
