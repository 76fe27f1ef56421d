"""`python -m bench.scale`: what ten, a thousand and a hundred thousand officers ask of one PostgreSQL, from what their acts cost here."""

# First it measures what a lead, a claim, a logged call and a step of a sequence cost: this process's processor, the server's, the log to
# be flushed, and the bytes that stay, table by table. Then it walks through a working day second by second, and says how many replicas
# and cores that takes, what fills first, and where Slack's and the carriers' own limits lie. With --write docs/scale.md says so, too.

import argparse
import asyncio
import math
import random
import re
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlmodel import Session

from bench.company import CONFIG
from bench.deciding import NOON, arrive, company
from bench.drips import FIRST, MAY_TEXT, StandIn, enroll, hand_over
from bench.subjects import processor_seconds
from bot.distribution.claiming import claim_lead
from bot.leads.press import Press
from bot.leads.working import note_call
from bot.logs import only_warnings
from bot.rules.dispositions import Disposition
from bot.services import Services
from tests.doubles.databases import postgres_server

ROOT = Path(__file__).parent.parent
PAGE, COSTS = ROOT / "docs" / "scale.md", ROOT / "bench" / "scale.json"
"""The page, and the costs that it was written from."""
BLOCK = re.compile(r"(<!-- measured: (\w+) -->\n\n).*?(\n<!-- to here -->)", re.DOTALL)
"""What of the page is written by --write."""
LEADS, MEASUREMENTS, OFFICERS = 2_000, 3, [10, 1_000, 100_000]
LEAD_DRAWN, CLAIM_DRAWN = 10.1, 4.3
"""Milliseconds of processor that a lead takes in all at 100 a second: its card, the rings and lists of two officers, and what Slack echoes.
RESULTS.md, "How fast a lead rings"; of a claim, with its redrawn card and direct message. A logged call draws as much, its card and a
line in its thread: what those two take of a claim is added to what it takes to write it down."""

# A day of an officer, on the generous side of what teams report.
LEADS_A_DAY, CLAIMED, CALLS_A_LEAD, STEPS_A_LEAD = 5, 0.9, 6, 14
WORKING_SECONDS, BUSIEST_HOUR = 10 * 3600, 0.2
"""A fifth of a day's leads come in one hour of ten."""
DAYS_A_YEAR = 255
OFFICERS_A_CHANNEL = 12

# Limits of others: docs.slack.dev (rate limits, app_rate_limited), twilio.com/docs/api/errors (30001).
EVENTS_A_WORKSPACE_AND_HOUR = 30_000
REDRAWS_A_WORKSPACE_AND_MINUTE = 50
"""Of chat.update, which is in Slack's third tier: so many at least, and bursts."""
SEGMENTS_A_LONG_CODE_AND_SECOND = 1
SEGMENTS_A_TEXT = 2
OFFICERS_RUNG = 2
POSTS_A_LEAD = 1 + CALLS_A_LEAD
"""In its channel: the card, and a line in its thread of each call."""
CARD_REDRAWS_A_LEAD = CLAIMED + CALLS_A_LEAD
REDRAWS_A_LEAD = CARD_REDRAWS_A_LEAD + CLAIMED * OFFICERS_RUNG
"""With the messages to the officers whom it rang, which say after the claim whose it is."""
EVENTS_A_LEAD = POSTS_A_LEAD + CARD_REDRAWS_A_LEAD
"""What Slack sends us of a lead: what we post and redraw in its channel comes back."""

MEMORY = 16e9
"""Bytes in which an index that is read at each request should fit."""
USEFUL_SHARE = 0.6
"""Of a core that a replica or the server may be busy for, so that what comes in bursts is not late."""
REPLICA_CORES = 1.0
"""A replica is one process, and Python runs on one core of it at a time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one act: milliseconds of our processor and of the server's, bytes of its log, writing commits, and bytes that stay, by table and,
    of those, by index."""

    ours: float
    servers: float
    log: float
    commits: float
    kept: Mapping[str, float]
    indexes: Mapping[str, float]

    @property
    def bytes_kept(self) -> float:
        return sum(self.kept.values())


def measured(services: Services, acts: int, act: Callable[[], None]) -> Cost:
    """What `act` costs, which does so many of them."""
    before, began, server = _look(services), time.process_time(), _server_seconds()
    act()
    ours, servers, after = time.process_time() - began, _server_seconds() - server, _look(services)

    def grown(sizes: Mapping[str, int], earlier: Mapping[str, int]) -> dict[str, float]:
        more = {name: (size - earlier.get(name, 0)) / acts for name, size in sizes.items()}
        return {name: size for name, size in more.items() if size > 0}

    return Cost(
        ours=ours / acts * 1000,
        servers=servers / acts * 1000,
        log=(after.log - before.log) / acts,
        commits=(after.commits - before.commits) / acts,
        kept=grown(after.sizes, before.sizes),
        indexes=grown(after.indexes, before.indexes),
    )


@dataclass(frozen=True, slots=True)
class _Looked:
    log: int
    commits: int
    sizes: dict[str, int]
    indexes: dict[str, int]


def _look(services: Services) -> _Looked:
    log = text("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")
    commits = text("SELECT pg_current_xact_id()::text::bigint")
    sizes = text("SELECT relname, relkind, pg_total_relation_size(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace")

    def ask(session: Session) -> _Looked:
        connection = session.connection()
        written, count = connection.execute(log).scalar_one(), connection.execute(commits).scalar_one()
        found = connection.execute(sizes).all()
        tables, indexes = ({str(name): int(size) for name, kind, size in found if kind == wanted} for wanted in ("r", "i"))
        return _Looked(written, count, tables, indexes)

    return services.store.transact_now(ask)


def _server_seconds() -> float:
    pid = postgres_server().get_pid()
    assert pid is not None
    return processor_seconds(pid)


@dataclass(frozen=True, slots=True)
class Measured:
    """The median costs of the acts, when they were measured (a date), on which PostgreSQL, over how many leads and how often."""

    on: str
    server: str
    leads: int
    measurements: int
    costs: dict[str, Cost]


MEASURED = TypeAdapter(Measured)


def costs(leads: int, runner: asyncio.Runner) -> dict[str, Cost]:
    """Of each act, over so many leads in a store of their own, after FIRST that do not count.

    With those statements are planned, connections open, and the server knows how much there is of what, as after a night.
    """
    found = {}
    with company("postgresql") as services:
        store = services.store

        def be_claimed(numbers: list[int]) -> None:
            for number in numbers:
                store.transact_now(claim_lead, Press(f"claim {number}", number, 1 + number % 2, NOON, "bench", None))

        def be_called(numbers: list[int]) -> None:
            for number in numbers:
                press = Press(f"log {number}", number, 1 + number % 2, NOON, "bench", None)
                store.transact_now(note_call, press, Disposition.NO_ANSWER, None)

        first, numbers = [arrive(services, number) for number in range(FIRST)], list[int]()
        be_claimed(first)
        be_called(first)
        _look_around(services)
        coming = range(FIRST, FIRST + leads)
        found["a lead comes in"] = measured(services, leads, lambda: numbers.extend(arrive(services, number) for number in coming))
        found["it is claimed"] = measured(services, leads, lambda: be_claimed(numbers))
        found["a call is logged"] = measured(services, leads, lambda: be_called(numbers))
    with company("postgresql", CONFIG + MAY_TEXT) as services:
        services.network = StandIn()  # type: ignore[assignment]  # nothing else is asked of it

        def be_touched() -> None:
            runner.run(hand_over(services))

        enroll(services, range(FIRST))
        be_touched()
        enroll(services, range(FIRST, FIRST + leads))
        _look_around(services)
        found["a step of a sequence"] = measured(services, leads, be_touched)
    return found


def _look_around(services: Services) -> None:
    services.store.transact_now(lambda session: session.connection().execute(text("ANALYZE")))


def measure(leads: int, measurements: int) -> Measured:
    """The median of so many measurements, each in new stores."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = [costs(leads, runner) for _ in range(measurements)]
    with company("postgresql") as services:
        version = services.store.transact_now(lambda session: session.connection().execute(text("SHOW server_version")).scalar_one())
    typical = {act: _median([each[act] for each in found]) for act in ACTS}
    return Measured(datetime.now(UTC).date().isoformat(), str(version).split()[0], leads, measurements, typical)


def _median(found: list[Cost]) -> Cost:
    def of(values: list[float]) -> float:
        return round(statistics.median(values), 3)

    def by_name(sizes: list[Mapping[str, float]]) -> dict[str, float]:
        names = sorted(set[str]().union(*sizes))
        return {name: of([each.get(name, 0.0) for each in sizes]) for name in names}

    return Cost(
        ours=of([each.ours for each in found]),
        servers=of([each.servers for each in found]),
        log=of([each.log for each in found]),
        commits=of([each.commits for each in found]),
        kept=by_name([each.kept for each in found]),
        indexes=by_name([each.indexes for each in found]),
    )


@dataclass(frozen=True, slots=True)
class Day:
    """What a working day of so many officers asks, at its busiest second (the worst of a hundred simulated hours), and in a year."""

    officers: int
    leads: int
    busiest_second: int
    our_cores: float
    servers_cores: float
    commits: float
    log_megabytes: float
    kept_gigabytes_a_year: float
    channels: int
    posts_a_channel: float
    events_an_hour: int
    redraws_a_minute: float
    segments_a_second: float
    days_until_full: float
    """Working days until the largest index takes MEMORY."""

    @property
    def replicas(self) -> int:
        return max(1, math.ceil(self.our_cores / (REPLICA_CORES * USEFUL_SHARE)))

    @property
    def server_size(self) -> int:
        return max(1, math.ceil(self.servers_cores / USEFUL_SHARE))

    @property
    def workspaces(self) -> int:
        """How many Slack workspaces the redraws and the echo of these leads have to be spread over, so that none waits."""
        echo, redrawn = self.events_an_hour / EVENTS_A_WORKSPACE_AND_HOUR, self.redraws_a_minute / REDRAWS_A_WORKSPACE_AND_MINUTE
        return max(1, math.ceil(echo), math.ceil(round(redrawn, 6)))

    @property
    def long_codes(self) -> int:
        """How many numbers these texts have to leave from."""
        return math.ceil(self.segments_a_second / SEGMENTS_A_LONG_CODE_AND_SECOND)


ACTS: Mapping[str, float] = {
    "a lead comes in": 1.0,
    "it is claimed": CLAIMED,
    "a call is logged": CALLS_A_LEAD,
    "a step of a sequence": STEPS_A_LEAD,
}
"""How often each happens for one lead."""


def drawn_with(cost: Mapping[str, Cost]) -> dict[str, float]:
    """Milliseconds of our processor in all, where drawing it in chat is more than writing it."""
    call_drawn = cost["a call is logged"].ours + max(0.0, CLAIM_DRAWN - cost["it is claimed"].ours)
    return {"a lead comes in": LEAD_DRAWN, "it is claimed": CLAIM_DRAWN, "a call is logged": call_drawn}


def _of_a_life(cost: Mapping[str, Cost], of: Callable[[Cost], float]) -> float:
    """Of all acts of one lead."""
    return sum(times * of(cost[act]) for act, times in ACTS.items())


def _ours_of_a_life(cost: Mapping[str, Cost]) -> float:
    drawn = drawn_with(cost)
    return sum(times * max(cost[act].ours, drawn.get(act, 0.0)) for act, times in ACTS.items())


def day_of(officers: int, cost: Mapping[str, Cost], luck: random.Random) -> Day:
    """Leads come as they please: the busiest second of an hour is what chance makes of its mean."""
    leads = officers * LEADS_A_DAY
    busiest_hour = leads * BUSIEST_HOUR
    peak = max(_poisson(busiest_hour / 3600, luck) for _ in range(360_000))
    per_second = busiest_hour / 3600

    def in_all(of: Callable[[Cost], float]) -> float:
        return _of_a_life(cost, of)

    channels = math.ceil(officers / OFFICERS_A_CHANNEL)
    return Day(
        officers=officers,
        leads=leads,
        busiest_second=peak,
        our_cores=per_second * _ours_of_a_life(cost) / 1000,
        servers_cores=per_second * in_all(lambda each: each.servers) / 1000,
        commits=per_second * in_all(lambda each: each.commits),
        log_megabytes=per_second * in_all(lambda each: each.log) / 1e6,
        kept_gigabytes_a_year=leads * DAYS_A_YEAR * in_all(lambda each: each.bytes_kept) / 1e9,
        channels=channels,
        posts_a_channel=per_second * POSTS_A_LEAD / channels,
        events_an_hour=round(busiest_hour * EVENTS_A_LEAD),
        redraws_a_minute=busiest_hour / 60 * REDRAWS_A_LEAD,
        segments_a_second=per_second * STEPS_A_LEAD * SEGMENTS_A_TEXT,
        days_until_full=MEMORY / _largest(cost, lambda each: each.indexes)[0][1] / leads,
    )


def _poisson(mean: float, luck: random.Random) -> int:
    """How many come in one second. For many of them the bell curve is near enough."""
    if mean > 50:
        return max(0, round(luck.gauss(mean, math.sqrt(mean))))
    left, count = math.exp(-mean), 0
    chance = luck.random()
    while chance > left:
        chance *= luck.random()
        count += 1
    return count


def blocks(found: Measured, officers: list[int]) -> dict[str, list[str]]:
    """What docs/scale.md says of these costs, block by block."""
    cost = found.costs
    return {"costs": _costs(found), "kept": _kept(cost), "days": _days(cost, officers), "cores": _cores(cost)}


def _costs(found: Measured) -> list[str]:
    often = f"the medians of {found.measurements} measurements over" if found.measurements > 1 else "one measurement over"
    lines = [f"Of {found.on}, PostgreSQL {found.server}, {often} {found.leads:,} leads, after {FIRST:,} that do not count.", ""]
    lines += ["| | our processor | the server's | its log | commits | kept |", "|---|---|---|---|---|---|"]
    drawn = drawn_with(found.costs)
    for act, each in found.costs.items():
        with_messages = f", {drawn[act]:.1f} ms with its messages" if act in drawn else ""
        lines.append(
            f"| {act} | {each.ours:.1f} ms{with_messages} | {each.servers:.1f} ms | {each.log / 1000:.1f} kB | {each.commits:.1f} "
            f"| {each.bytes_kept / 1000:.1f} kB |"
        )
    return lines


def _kept(cost: Mapping[str, Cost]) -> list[str]:
    lines = ["| table, with its indexes | kB of one lead's whole life |", "|---|---|"]
    lines += [f"| `{name}` | {size / 1000:.1f} |" for name, size in _largest(cost, lambda each: each.kept)]
    filled = f"leads whose part of it fills {MEMORY / 1e9:.0f} GB of memory"
    lines += ["", f"| index | kB of one lead's whole life | {filled} |", "|---|---|---|"]
    return lines + [f"| `{name}` | {size / 1000:.2f} | {MEMORY / size:,.0f} |" for name, size in _largest(cost, lambda each: each.indexes)]


def _days(cost: Mapping[str, Cost], officers: list[int]) -> list[str]:
    days = [day_of(each, cost, random.Random(1)) for each in officers]
    lines = [f"| | {' | '.join(f'{day.officers:,} officers' for day in days)} |", f"|---|{'---|' * len(days)}"]
    first, _ = _largest(cost, lambda each: each.indexes)[0]
    rows: list[tuple[str, Callable[[Day], str]]] = [
        ("leads a day", lambda day: f"{day.leads:,}"),
        ("leads in the busiest second", lambda day: f"{day.busiest_second:,}"),
        ("our cores in the busiest hour", lambda day: f"{day.our_cores:.2f}"),
        ("replicas", lambda day: f"{day.replicas:,}"),
        ("cores of PostgreSQL", lambda day: f"{day.server_size:,} ({day.servers_cores:.2f} busy)"),
        ("commits a second", lambda day: f"{day.commits:,.1f}"),
        ("log a second", lambda day: f"{day.log_megabytes:.2f} MB"),
        ("kept a year", lambda day: f"{day.kept_gigabytes_a_year:,.1f} GB"),
        ("channels, and posts a second in each", lambda day: f"{day.channels:,}, {day.posts_a_channel:.4f}"),
        ("Slack's events in the busiest hour", lambda day: f"{day.events_an_hour:,}"),
        ("redraws a minute in Slack", lambda day: f"{day.redraws_a_minute:,.1f}"),
        ("workspaces that takes", lambda day: f"{day.workspaces:,}"),
        ("text segments a second, and numbers that takes", lambda day: f"{day.segments_a_second:,.1f}, {day.long_codes:,}"),
        (f"working days until `{first}` takes {MEMORY / 1e9:.0f} GB", lambda day: f"{day.days_until_full:,.0f}"),
    ]
    return lines + [f"| {name} | {' | '.join(of(day) for day in days)} |" for name, of in rows]


def _cores(cost: Mapping[str, Cost]) -> list[str]:
    per_core = WORKING_SECONDS * USEFUL_SHARE * 1000 / _ours_of_a_life(cost)
    servers = WORKING_SECONDS * USEFUL_SHARE * 1000 / _of_a_life(cost, lambda each: each.servers)
    return [
        f"One core of ours carries some {per_core:,.0f} whole leads in a working day of {WORKING_SECONDS // 3600} hours, one core of",
        f"PostgreSQL {servers:,.0f}: so one of sixteen cores the leads of {16 * servers / LEADS_A_DAY / 1e6:.1f} million officers.",
    ]


def page(written: str, found: Measured) -> str:
    """docs/scale.md, with what it says between its marks made of these costs."""
    said = blocks(found, OFFICERS)
    assert [name for _, name, _ in BLOCK.findall(written)] == list(said), "the page has a place for each block"
    return BLOCK.sub(lambda place: place[1] + "\n".join(said[place[2]]) + "\n" + place[3], written)


def kept_costs() -> Measured:
    """What the page was written from."""
    return MEASURED.validate_json(COSTS.read_bytes())


def _largest(cost: Mapping[str, Cost], of: Callable[[Cost], Mapping[str, float]]) -> list[tuple[str, float]]:
    """What grows most with a lead's whole life."""
    found: dict[str, float] = {}
    for act, times in ACTS.items():
        for name, size in of(cost[act]).items():
            found[name] = found.get(name, 0.0) + times * size
    return sorted(found.items(), key=lambda item: -item[1])[:6]


def main() -> None:
    """Measure, compute, and print or write."""
    options = argparse.ArgumentParser(prog="python -m bench.scale", description="What many officers ask of one PostgreSQL.")
    options.add_argument("--leads", type=int, default=LEADS, help="over how many leads the costs are measured")
    options.add_argument("--measurements", type=int, default=MEASUREMENTS, help="how often, of which the median counts")
    options.add_argument("--kept", action="store_true", help="measure nothing: take the costs of bench/scale.json")
    what = options.add_mutually_exclusive_group()
    what.add_argument("--officers", type=int, nargs="+", default=OFFICERS)
    what.add_argument("--write", action="store_true", help="write docs/scale.md anew, and bench/scale.json")
    chosen = options.parse_args()
    only_warnings()
    found = kept_costs() if chosen.kept else measure(chosen.leads, chosen.measurements)
    print("\n\n".join("\n".join(lines) for lines in blocks(found, chosen.officers).values()))
    if chosen.write:
        COSTS.write_bytes(MEASURED.dump_json(found, indent=2) + b"\n")
        PAGE.write_text(page(PAGE.read_text("utf-8"), found), "utf-8")


if __name__ == "__main__":
    main()
