"""`python -m bench.pipeline`: what a look at the pipeline takes over a million leads of ten teams, and that its counts are a full count."""

import argparse
import asyncio
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import uvloop
from sqlalchemy import text
from sqlmodel import Session

from bench.company import OFFICERS_A_BRANCH
from bench.filled import AT_A_TIME, EVENTS, FOLDER, LEADS, filled, services_of
from bot.reports import Pipeline, pipeline
from bot.rules.stages import PARTNER
from bot.services import Services
from bot.store import counters, speeds
from bot.store.counters import leads_held

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


@dataclass(frozen=True, slots=True)
class Look:
    """Milliseconds of one question on one store, and of the processor of this process."""

    who: str
    words: str
    half: float
    most: float
    processor: float


def is_a_full_count(session: Session) -> bool:
    """Whether what was counted along the way is what there is, by team, owner and stage."""
    asked = text(f"SELECT team_id, stage, owner_id, count(*) FROM lead WHERE stage != '{PARTNER}' GROUP BY 1, 2, 3")  # noqa: S608
    full = {tuple(key): leads for *key, leads in session.connection().execute(asked)}
    teams = {team for team, _, _ in full}
    return full == {(team, stage, owner): leads for team in teams for stage, owner, leads in leads_held(session, [team])}


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
        for statement, key in ((held, "id"), (came, "lead_id")):
            session.connection().execute(text(f"{statement} ORDER BY {key} DESC LIMIT {FRESH}"), {"delta": delta})


def fold(services: Services) -> None:
    services.store.transact_now(counters.fold)
    while services.store.transact_now(speeds.fold, AT_A_TIME):
        pass


async def looks(services: Services) -> list[Look]:
    """Each question, asked again and again after a warm-up."""
    found = []
    for who, officer_id, words in QUESTIONS:
        await _ask(services, officer_id, words, 10)
        spent = time.process_time()
        taken = sorted(await _ask(services, officer_id, words, LOOKS))
        processor = (time.process_time() - spent) / LOOKS * 1000
        found.append(Look(who, words, statistics.median(taken), taken[LOOKS * 95 // 100], processor))
    return found


async def _ask(services: Services, officer_id: int, words: str, times: int) -> list[float]:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        assert isinstance(await pipeline(services, officer_id, words), Pipeline)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


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
    return [
        f"| {kind} | {each.who} | `/pipeline {each.words}`".rstrip() + f" | {each.half:.1f} | {each.most:.1f} | {each.processor:.1f} |"
        for each in found
    ]


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
