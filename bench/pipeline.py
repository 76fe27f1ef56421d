"""`python -m bench.pipeline`: what a look at the pipeline and at what else officers ask for takes, over a million leads of ten teams."""

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import uvloop
from sqlalchemy import func, select, text
from sqlmodel import Session

from bench.company import OFFICERS_A_BRANCH
from bench.filled import AT_A_TIME, EVENTS, FOLDER, LEADS, SEQUENCE, filled, services_of
from bot.capture.returns import review
from bot.leads.finding import EXCEPTIONS, best_waiting, find
from bot.leads.mine import my_leads, placed_leads
from bot.leads.reports import Pipeline, pipeline
from bot.nurture.drips import report
from bot.rules.stages import PARTNER
from bot.services import Services
from bot.store import costs, counters, speeds
from bot.store.costs import costs_of_teams
from bot.store.counters import leads_held
from bot.store.leads import arrival
from bot.store.morning import sent_by_sequences
from bot.store.people import officer
from bot.store.places import KnownOfficer

LOOKS, FRESH = 200, 1000
"""How often each question is asked; and leads of the last minute, of which nothing is folded yet."""
MANAGER, TEAM_LEAD, OFFICER = 1, 3, OFFICERS_A_BRANCH
QUESTIONS = (
    ("a manager of ten teams", MANAGER, ""),
    ("a team lead", TEAM_LEAD, ""),
    ("an officer", OFFICER, ""),
    ("an officer", OFFICER, "mine"),
    ("a manager of ten teams", MANAGER, "source 30 days"),
    ("a manager of ten teams", MANAGER, "speed week"),
    ("a manager of ten teams", MANAGER, "365 days"),
)
"""Who asks what."""
Asks = Callable[[Services, KnownOfficer], Awaitable[object]]


def _finds(words: str) -> Asks:
    return lambda services, officer: find(services, officer, words)


async def _next(services: Services, officer: KnownOfficer) -> object:
    return await services.store.read(best_waiting, officer.id, services.clock.now())


async def _morning(services: Services, officer: KnownOfficer) -> object:
    now = services.clock.now()
    await services.store.read(sent_by_sequences, officer.id, now - timedelta(days=1), now)
    return await services.store.read(placed_leads, officer.id, now)


REPORTS: tuple[tuple[str, int, str, Asks], ...] = (
    ("an officer", OFFICER, "/lead mine", lambda services, officer: my_leads(services, officer, 0)),
    ("an officer", OFFICER, "the morning's list", _morning),
    ("an officer", OFFICER, "/lead next", _next),
    ("an officer", OFFICER, "/lead find dana", _finds("dana")),
    ("an officer", OFFICER, "/lead find rowe77", _finds("rowe77")),
    ("a manager of ten teams", MANAGER, "/lead find ines rowe77", _finds("ines rowe77")),
    ("a manager of ten teams", MANAGER, "/lead find zacharias", _finds("zacharias")),
    ("a manager of ten teams", MANAGER, "/lead find 555 0100", _finds("555 0100")),
    ("a manager of ten teams", MANAGER, "/lead find in TX, no contact in 30 days", _finds("in TX, no contact in 30 days")),
    ("a manager of ten teams", MANAGER, "/lead find exceptions", _finds(EXCEPTIONS)),
    ("a manager of ten teams", MANAGER, "/drip report", lambda services, _: report(services, SEQUENCE)),
    ("a manager of ten teams", MANAGER, "returns to review", lambda services, officer: review(services, officer)),
)
"""What else is asked for in chat, or told there each morning."""
FEW = 20
"""How often each of these is asked."""


@dataclass(frozen=True, slots=True)
class Look:
    """Milliseconds of one question on one store, and of the processor of this process."""

    who: str
    what: str
    half: float
    most: float
    processor: float


def is_a_full_count(session: Session) -> bool:
    """Whether what was counted along the way is what there is, by team, owner and stage, and of costs by team and source."""
    asked = text(f"SELECT team_id, stage, owner_id, count(*) FROM lead WHERE stage != '{PARTNER}' GROUP BY 1, 2, 3")  # noqa: S608
    full = {tuple(key): leads for *key, leads in session.connection().execute(asked)}
    teams = {team for team, _, _ in full}
    held = {(team, stage, owner): leads for team in teams for stage, owner, leads in leads_held(session, [team])}
    return full == held and _is_all_that_it_cost(session)


def _is_all_that_it_cost(session: Session) -> bool:
    asked = text(
        "SELECT lead.team_id, arrival.source_id, count(*), sum(arrival.price) FROM arrival JOIN lead ON lead.id = arrival.lead_id "
        "WHERE arrival.day IS NOT NULL GROUP BY 1, 2"
    )
    full = {(team, source): (requests, dollars or 0) for team, source, requests, dollars in session.connection().execute(asked)}
    first: date = session.connection().execute(select(func.min(arrival.c.day))).scalar_one()
    days = (datetime.now(UTC).date() - first).days + 1
    found = costs_of_teams(session, dict.fromkeys({team for team, _ in full}, first), days)
    return full == {place: (figures.requests, figures.dollars) for place, figures in found.items()}


def count_fresh(session: Session) -> None:
    """What a busy minute writes, a lead and its opposite each, so that the sums stay."""
    for delta in (1, -1):
        held = (
            "INSERT INTO counter (team_id, source_id, owner_id, stage, delta) SELECT team_id, source_id, owner_id, stage, :delta FROM lead"
        )
        came = (
            "INSERT INTO speed_count (team_id, source_id, day, step, arrived, claimed, claimed_wall, tried, tried_wall, verified, folded) "
            "SELECT team_id, source_id, day, lead_id % 200, :delta, 0, 0, 0, 0, 0, false FROM speed"
        )
        cost = (
            "INSERT INTO cost_count (team_id, source_id, day, requests, dollars, assumed, asked_back, funded) "
            "SELECT team_id, speed.source_id, arrival.day, :delta, :delta * 40, 0, 0, 0 "
            "FROM arrival JOIN speed ON speed.lead_id = arrival.lead_id"
        )
        for statement, key in ((held, "lead.id"), (came, "speed.lead_id"), (cost, "arrival.id")):
            session.connection().execute(text(f"{statement} ORDER BY {key} DESC LIMIT {FRESH}"), {"delta": delta})


def fold(services: Services) -> None:
    """As each minute does. Years of counts at once leave PostgreSQL with half a gigabyte of empty indexes, which no store has that is
    folded each minute: so they are made anew."""
    services.store.transact_now(counters.fold)
    for folds in (speeds.fold, costs.fold):
        while services.store.transact_now(folds, AT_A_TIME):
            pass
    if not services.store.is_sqlite:
        services.store.transact_now(_make_indexes_anew)


def _make_indexes_anew(session: Session) -> None:
    for table in ("counter", "speed_count", "cost_count"):
        session.connection().execute(text(f"REINDEX TABLE {table}"))


async def looks(services: Services) -> list[Look]:
    """Each question, asked again and again after a warm-up."""
    people = await services.store.read(everybody_known)
    asked: list[tuple[str, str, int, Callable[[], Awaitable[object]]]] = [
        *((who, f"/pipeline {words}".rstrip(), LOOKS, partial(_pipeline, services, by, words)) for who, by, words in QUESTIONS),
        *((who, what, FEW, partial(asks, services, people[by])) for who, by, what, asks in REPORTS),
    ]
    return [await _look(*each) for each in asked]


async def _pipeline(services: Services, officer_id: int, words: str) -> None:
    assert isinstance(await pipeline(services, officer_id, words), Pipeline)


async def _look(who: str, what: str, times: int, ask: Callable[[], Awaitable[object]]) -> Look:
    await _times(ask, max(1, times // 20))
    spent = time.process_time()
    taken = sorted(await _times(ask, times))
    processor = (time.process_time() - spent) / times * 1000
    return Look(who, what, statistics.median(taken), taken[times * 95 // 100], processor)


async def _times(ask: Callable[[], Awaitable[object]], times: int) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def everybody_known(session: Session) -> dict[int, KnownOfficer]:
    rows = session.connection().execute(
        select(officer.c.id, officer.c.key, officer.c.name, officer.c.language, officer.c.role, officer.c.active)
    )
    return {row.id: KnownOfficer(*row) for row in rows}


def measured(kind: str, leads: int, events: int, folder: Path, runner: asyncio.Runner) -> list[Look]:
    """Over a filled store. Raises AssertionError where the counts are no full count."""
    with filled(kind, leads, events, folder) as url, services_of(url) as services:
        fold(services)
        services.store.transact_now(count_fresh)
        assert services.store.transact_now(is_a_full_count)
        found = runner.run(looks(services))
        fold(services)
        assert services.store.transact_now(is_a_full_count)
        return found


def table(kind: str, found: list[Look]) -> list[str]:
    return [f"| {kind} | {each.who} | {each.what} | {each.half:.1f} | {each.most:.1f} | {each.processor:.1f} |" for each in found]


HEADER = ["| store | who asks | what | median ms | p95 ms (aim < 20) | of them processor of this process |", "|---|---|---|---|---|---|"]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.pipeline", description="What a look at the pipeline takes.")
    options.add_argument("--leads", type=int, default=LEADS)
    options.add_argument("--events", type=int, default=EVENTS)
    options.add_argument("--folder", type=Path, default=FOLDER, help="where the filled stores are kept")
    options.add_argument("--sqlite", action="store_true", help="only SQLite")
    chosen = options.parse_args()
    print("\n".join(HEADER))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for kind in ("sqlite",) if chosen.sqlite else ("sqlite", "postgresql"):
            print("\n".join(table(kind, measured(kind, chosen.leads, chosen.events, chosen.folder, runner))), flush=True)


if __name__ == "__main__":
    main()
