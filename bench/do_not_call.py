"""`python -m bench.do_not_call`: importing a do-not-call registry of ten million numbers, and looking a number up in it."""

import argparse
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Integer, bindparam, select, text
from sqlmodel import Session

from bot.oversight.do_not_call import import_registry
from bot.store.database import Store
from bot.store.do_not_call import listed
from bot.store.installation import prepare
from bot.store.prepared import Prepared
from tests.doubles.databases import fresh_store

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
LOOK_UPS, TOGETHER = 20_000, 20
_NOTHING = Prepared(select(bindparam("one", type_=Integer).label("one")))


def numbers(many: int) -> Iterator[tuple[int, int, int]]:
    """Area code, exchange and last four digits as the registry is sorted, about four of ten numbers of each exchange listed."""
    drawn = random.Random(8)
    area = 200
    while True:
        area += 1
        for exchange in range(200, 1000):
            for line in range(10_000):
                if drawn.random() < 0.4:
                    yield area, exchange, line
                    many -= 1
                    if many == 0:
                        return


def write(file: Path, many: int) -> None:
    """A file as the FTC delivers it."""
    with file.open("w") as written:
        written.writelines(f"{area},{exchange}{line:04}\n" for area, exchange, line in numbers(many))


def looked_up(session: Session, some: list[str]) -> tuple[list[float], list[float]]:
    """How many microseconds each look-up took, and just before it a question that asks for nothing."""
    took, floor = [], []
    for number in some:
        began = time.perf_counter()
        _NOTHING.run(session, {"one": 1})
        between = time.perf_counter()
        listed(session, [number])
        took.append((time.perf_counter() - between) * 1e6)
        floor.append((between - began) * 1e6)
    return sorted(took), sorted(floor)


def looked_up_together(session: Session, some: list[str]) -> list[float]:
    """How many microseconds each look-up took of those that were asked for together, as for the leads of a batch of steps."""
    took = []
    for first in range(0, len(some), TOGETHER):
        began = time.perf_counter()
        listed(session, some[first : first + TOGETHER])
        took.append((time.perf_counter() - began) * 1e6 / TOGETHER)
    return sorted(took)


def megabytes() -> float:
    """The most memory that this process held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(kind: str, file: Path, many: int, folder: Path, tell: Callable[[str], None]) -> None:
    """Import the file into a new store of this kind, and ask it."""
    store: Store = fresh_store(kind, folder)
    store.transact_now(prepare, "00" * 32, NOW)
    before, began = megabytes(), time.perf_counter()
    done = import_registry(store, file, "national", date(2026, 11, 24), NOW, lambda _: None)
    seconds = time.perf_counter() - began
    tell(f"| {kind}: {done.added:,} numbers imported | > 200,000/s | {done.added / seconds:,.0f}/s ({seconds:.1f} s) |")
    tell(f"| {kind}: memory that this took on top | flat | {megabytes() - before:.0f} MB |")
    if kind == "sqlite":
        tell(f"| sqlite: the store's file | | {sum(each.stat().st_size for each in folder.glob('*.db*')) / 2**20:.0f} MB |")
    drawn = random.Random(9)
    last_area = 200 + many // 3_200_000
    some = [f"+1{drawn.randint(201, last_area + 1)}{drawn.randint(200, 999)}{drawn.randint(0, 9999):04}" for _ in range(LOOK_UPS)]
    store.transact_now(lambda session: session.connection().execute(text("ANALYZE")))
    took, floor = store.transact_now(looked_up, some)
    tell(f"| {kind}: a look-up, median | < 50 us | {statistics.median(took):.0f} us, p99 {took[len(took) * 99 // 100]:.0f} us |")
    tell(f"| {kind}: a question for nothing before each, median | | {statistics.median(floor):.0f} us |")
    took = store.transact_now(looked_up_together, some)
    tell(f"| {kind}: a look-up of {TOGETHER} together, median | < 50 us | {statistics.median(took):.0f} us |")
    store.close()


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(prog="python -m bench.do_not_call", description=__doc__)
    options.add_argument("--numbers", type=int, default=10_000_000)
    options.add_argument("--sqlite", action="store_true", help="only SQLite")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "registry.txt"
        write(file, chosen.numbers)
        print(f"{os.cpu_count()} cores, a file of {file.stat().st_size / 2**20:.0f} MB")
        for kind in ("sqlite",) if chosen.sqlite else ("sqlite", "postgresql"):
            measure(kind, file, chosen.numbers, Path(folder), print)


if __name__ == "__main__":
    main()
