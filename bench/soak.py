"""`python -m bench.soak`: half an hour of fifty leads a second, and whether the memory stays where it is and nothing is lost."""

import argparse
import asyncio
import time
from dataclasses import dataclass, field
from statistics import linear_regression, median

import uvloop

from bench.company import OFFICERS
from bench.load import Leads, open_loop, until
from bench.measuring import under_test
from bench.stand_in import StandIn
from bench.subjects import Kind, Subject

MINUTES, RATE = 30.0, 50.0
WARM_UP, SAMPLED_EVERY, CLAIM_EVERY = 0.25, 5.0, 5
"""The part of the time that counts as warm-up; seconds between two looks at the memory; each fifth card is claimed."""
DRAINS_WITHIN = 120.0


@dataclass(slots=True)
class Soak:
    """Leads sent, not taken (their sender knows) and lost (taken, but never shown); presses of Claim and those never acked; and megabytes,
    with the minutes at which they were read."""

    sent: int = 0
    not_taken: int = 0
    lost: int = 0
    pressed: int = 0
    not_acked: int = 0
    megabytes: list[tuple[float, float]] = field(default_factory=list)

    def __str__(self) -> str:
        kept = [each for each in self.megabytes if each[0] >= self.megabytes[-1][0] * WARM_UP]
        slope = linear_regression(*zip(*kept, strict=True)).slope
        third = max(1, len(kept) // 3)
        first, last = median(size for _, size in kept[:third]), median(size for _, size in kept[-third:])
        at_most = max(size for _, size in kept)
        return (
            f"{self.sent} leads, {self.not_taken} not taken, {self.lost} lost; {self.pressed} claims, {self.not_acked} not acked; "
            f"memory after the warm-up {slope:+.2f} MB a minute: {first:.0f} MB at first, {last:.0f} MB at last, {at_most:.0f} MB at most"
        )


async def soak(kind: Kind, minutes: float, rate: float) -> Soak:
    """Send leads at their instants however long the answers take, and claim some of their cards."""
    async with under_test(kind) as (server, slack, leads):
        found = Soak(sent=round(minutes * 60 * rate))
        watching = asyncio.create_task(_watch(server, found))
        claiming = asyncio.create_task(_claim(slack, found))
        numbers = await _send(leads, rate, found.sent)
        await until(lambda: numbers <= slack.carded.keys(), DRAINS_WITHIN)
        for each in (watching, claiming):
            each.cancel()
        found.not_taken, found.lost = found.sent - len(numbers), len(numbers - slack.carded.keys())
        await until(lambda: found.pressed <= _presses_acked(slack), DRAINS_WITHIN)
        found.not_acked = found.pressed - _presses_acked(slack)
        return found


async def _send(leads: Leads, rate: float, count: int) -> set[int]:
    """The numbers that were taken."""
    first, numbers = leads.take(count), set[int]()

    async def send(position: int) -> None:
        number = await leads.send(first + position)
        if number is not None:
            numbers.add(number)

    await open_loop(rate, count, send)
    return numbers


async def _watch(server: Subject, found: Soak) -> None:
    began = time.perf_counter()
    while True:
        found.megabytes.append(((time.perf_counter() - began) / 60, server.megabytes()))
        if len(found.megabytes) % round(60 / SAMPLED_EVERY) == 1:
            print(f"{found.megabytes[-1][0]:5.1f} min: {found.megabytes[-1][1]:.1f} MB", flush=True)
        await asyncio.sleep(SAMPLED_EVERY)


async def _claim(slack: StandIn, found: Soak) -> None:
    """Press Claim on each fifth card soon after it hangs."""
    seen, officers = len(slack.carded), list(OFFICERS)
    while True:
        hanging = list(slack.carded)
        for place in range(seen, len(hanging)):
            if place % CLAIM_EVERY == 0:
                await slack.press_claim(hanging[place], officers[found.pressed % len(officers)])
                found.pressed += 1
        seen = len(hanging)
        await asyncio.sleep(0.1)


def _presses_acked(slack: StandIn) -> int:
    return sum(envelope.startswith("press-") for envelope in slack.acked)


def main() -> None:
    """Soak and print."""
    options = argparse.ArgumentParser(prog="python -m bench.soak", description="Whether the memory stays flat.")
    options.add_argument("--minutes", type=float, default=MINUTES)
    options.add_argument("--rate", type=float, default=RATE, help="leads a second")
    options.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    chosen = options.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(runner.run(soak("postgresql" if chosen.postgresql else "sqlite", chosen.minutes, chosen.rate)))


if __name__ == "__main__":
    main()
