"""`python -m bench.pipeline`: what a look at the pipeline takes over a million leads of ten teams, and that its counts are a full count."""

import argparse
import asyncio
import statistics
import time
from datetime import timedelta
from typing import Any

import uvloop
from sqlalchemy import text
from sqlmodel import Session

from bench.deciding import AT_A_TIME, LEADS, NOON, NUMBERS, arrive, company
from bot.reports import Pipeline, pipeline
from bot.rules.stages import PARTNER, STAGES
from bot.services import Services
from bot.store import speeds
from bot.store.columns import table_of
from bot.store.counters import fold, leads_held
from bot.store.leads import Lead
from bot.store.speeds import COUNTED

TEAMS, OFFICERS, SOURCES, DAYS, WAITING = 10, 100, 10, 30, 300
FRESH = 6000
"""Counts of a minute that are not folded yet: a hundred leads a second."""
LOOKS = 200
QUESTIONS = ("", "source 30 days", "team 3", "mine")


def config() -> str:
    """A company of ten branches."""
    hours = "time_zone: America/Chicago, working_hours: {mon-sun: 8am-8pm}, manager: officer1"
    teams = (f'  - {{key: team{each}, name: "Team {each}", channel: {{slack: "#leads{each}"}}, {hours}}}' for each in range(1, TEAMS + 1))
    officers = (
        f"  - {{key: officer{each}, name: Officer {each}, email: officer{each}@acme.example, teams: team{1 + each % TEAMS}, "
        f"licenses: [TX], role: {'manager' if each == 1 else 'officer'}}}"
        for each in range(1, OFFICERS + 1)
    )
    sources = (
        f"  - {{key: {'website' if each == 1 else f'source{each}'}, label: Source {each}, secret_env: LEADBELL_KEY_WEBSITE, team: team1}}"
        for each in range(1, SOURCES + 1)
    )
    lines = [
        "company:",
        "  legal_name: Acme Mortgage LLC",
        "  nmls_id: 123456",
        "  postal_address: 1 Main St, Austin",
        "  licenses: [TX]",
        "default_team: team1",
    ]
    return "\n".join([*lines, "teams:", *teams, "officers:", *officers, "sources:", *sources, ""])


def fill(services: Services, leads: int) -> None:
    """So many leads, spread over teams, sources, officers and stages, and what was counted of them."""
    first = arrive(services, 0)
    for start in range(first + 1, first + leads, AT_A_TIME):
        services.store.transact_now(_copy, first, start, min(start + AT_A_TIME, first + leads) - 1)
    for statement in _COUNTS:
        row = {"day": NOON.date(), "waiting": WAITING, "fresh": FRESH // 2}
        services.store.transact_now(_run, statement, {name: value for name, value in row.items() if f":{name}" in statement})
    for days in range(DAYS):
        services.store.transact_now(_run, _SPEEDS, {"day": NOON.date() - timedelta(days=days)})
    while services.store.transact_now(speeds.fold):
        pass
    services.store.transact_now(_run, "ANALYZE", {})


def _run(session: Session, statement: str, row: dict[str, Any]) -> None:
    session.connection().execute(text(statement), row)


def _copy(session: Session, lead: int, first: int, last: int) -> None:
    stage = " ".join(f"WHEN {place} THEN '{each}'" for place, each in enumerate(STAGES))
    spread = {
        "id": "n",
        "team_id": f"1 + n % {TEAMS}",
        "source_id": f"1 + n / 10 % {SOURCES}",
        "owner_id": f"CASE WHEN n % {len(STAGES)} = 0 THEN NULL ELSE n % {TEAMS} + {TEAMS} * (1 + n / 1900 % {OFFICERS // TEAMS - 1}) END",
        "stage": f"CASE n % {len(STAGES)} {stage} END",
        "staged_at": "arrived_at",
        "score_due_at": "NULL",
    }
    names = [column.name for column in table_of(Lead).columns]
    values = ", ".join(spread.get(name, name) for name in names)
    copies = f"INSERT INTO lead ({', '.join(names)}) SELECT {values} FROM lead, numbers WHERE id = :lead"  # noqa: S608
    session.connection().execute(text(NUMBERS + copies), {"first": first, "last": last, "lead": lead})


_COUNT = "INSERT INTO counter (team_id, source_id, owner_id, stage, delta) SELECT team_id, source_id, owner_id, stage, {} FROM lead {}"
_RINGING = """
    INSERT INTO clock (lead_id, kind, round, step, started_at, due_at, attempts, fence)
    SELECT id, 'unclaimed', 1, 0, arrived_at, arrived_at, 0, 0 FROM lead
    WHERE owner_id IS NULL AND id NOT IN (SELECT lead_id FROM clock) ORDER BY id LIMIT :waiting
"""
_COUNTS = (
    "DELETE FROM counter",
    _COUNT.format("count(*)", "GROUP BY team_id, source_id, owner_id, stage"),
    _COUNT.format("1", "ORDER BY id DESC LIMIT :fresh"),
    _COUNT.format("-1", "ORDER BY id DESC LIMIT :fresh"),
    _RINGING,
)
_SPEEDS = (
    f"INSERT INTO speed_count (team_id, source_id, day, step, folded, {', '.join(COUNTED)}) "  # noqa: S608
    "SELECT team.id, source.id, :day, step.n, true, 20, 15, 12, 14, 11, 9 FROM team, source, "
    "(SELECT 1 AS n UNION SELECT 2 UNION SELECT 5 UNION SELECT 10 UNION SELECT 30 UNION SELECT 60) AS step "
    "WHERE NOT EXISTS (SELECT 1 FROM speed_count AS known WHERE known.day = :day AND known.step = step.n AND known.team_id = team.id "
    "AND known.source_id = source.id)"
)


def is_a_full_count(session: Session) -> bool:
    """Whether what was counted along the way is what there is, by team, owner and stage."""
    asked = text(f"SELECT team_id, stage, owner_id, count(*) FROM lead WHERE stage != '{PARTNER}' GROUP BY 1, 2, 3")  # noqa: S608
    full = {tuple(key): leads for *key, leads in session.connection().execute(asked)}
    teams = {team for team, _, _ in full}
    return full == {(team, stage, owner): leads for team in teams for stage, owner, leads in leads_held(session, [team])}


async def looks(services: Services, officer_id: int, words: str) -> list[float]:
    """Milliseconds of each look, the last ones after a warm-up."""
    taken = []
    for _ in range(10 + LOOKS):
        began = time.perf_counter()
        assert isinstance(await pipeline(services, officer_id, words), Pipeline)
        taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken[10:])


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.pipeline", description="What a look at the pipeline takes.")
    options.add_argument("--leads", type=int, default=LEADS)
    options.add_argument("--sqlite", action="store_true", help="only SQLite")
    chosen = options.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for kind in ("sqlite",) if chosen.sqlite else ("sqlite", "postgresql"):
            with company(kind, config()) as services:
                fill(services, chosen.leads)
                print(f"{kind}: {chosen.leads} leads; a full count agrees: {services.store.transact_now(is_a_full_count)}")
                for words in QUESTIONS:
                    spent = time.process_time()
                    taken = runner.run(looks(services, 1, words))
                    spent = (time.process_time() - spent) / len(taken) * 1000
                    print(
                        f"{kind}: /pipeline {words}: median {statistics.median(taken):.1f} ms, p95 {taken[len(taken) * 95 // 100]:.1f} ms "
                        f"(aim < 20), {spent:.1f} ms of this process's processor",
                        flush=True,
                    )
                rows = services.store.transact_now(fold)
                print(f"{kind}: {rows} rows of counts once they are folded")


if __name__ == "__main__":
    main()
