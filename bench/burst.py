"""`python -m bench.burst`: a thousand leads in one second, of which Slack shows one a second, and officers who claim meanwhile."""

import argparse
import asyncio
import time
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import uvloop

from bench.company import OFFICERS, worth
from bench.load import open_loop, until
from bench.measuring import under_test
from bench.stand_in import StandIn
from bench.subjects import Kind

FIRST = 1_000_000
LEADS = 1000
A_SECOND = 1000.0
"""How many come in one."""
CLAIM_EVERY = 2.0


@dataclass(frozen=True, slots=True)
class Burst:
    """Leads sent, cards received, posts refused, cards after the first that came before a better one right behind them, seconds until the
    last card, and milliseconds from each press of Claim meanwhile to its ack."""

    sent: int
    carded: int
    refused: int
    out_of_order: int
    seconds: float
    acks: list[float]

    def __str__(self) -> str:
        acks = sorted(self.acks)
        claims = f"{len(acks)} claims acked in {median(acks):.0f} ms at the median and {acks[-1]:.0f} ms at most" if acks else "no claims"
        return (
            f"{self.sent} leads of mixed worth at once: {self.carded} cards in {self.seconds:.0f} s, {self.refused} posts refused with\n"
            f"429, {self.out_of_order} cards out of the order of worth after the first; meanwhile {claims}."
        )


async def burst(kind: Kind, sent: int) -> Burst:
    """Leads of mixed worth, all at once, while Slack takes one post a second in the channel and two officers claim what hangs there."""
    async with under_test(kind) as (_, slack, leads):
        slack.pace = 1.0
        worth_of: dict[int, int] = {}

        async def send(position: int) -> None:
            number = await leads.send(FIRST + position)
            if number is not None:
                worth_of[number] = worth(FIRST + position)

        acks: list[float] = []
        claiming = asyncio.create_task(_claim(slack, worth_of, acks))
        began = (await open_loop(A_SECOND, sent, send))[0]
        await until(lambda: worth_of.keys() <= slack.carded.keys(), within=3.0 * sent)
        claiming.cancel()
        came = sorted((at, worth_of[lead]) for lead, at in slack.carded.items() if lead in worth_of)
        afterwards = [value for _, value in came[1:]]
        return Burst(
            sent=sent,
            carded=len(came),
            refused=slack.refused,
            out_of_order=sum(later > earlier for earlier, later in pairwise(afterwards)),
            seconds=came[-1][0] - began,
            acks=acks,
        )


async def _claim(slack: StandIn, of_burst: dict[int, int], acks: list[float]) -> None:
    """Press Claim on each second card or so of the burst, as it hangs."""
    officers, pressed = list(OFFICERS), set[int]()
    while True:
        await asyncio.sleep(CLAIM_EVERY)
        lead = next((lead for lead in reversed(slack.carded) if lead in of_burst and lead not in pressed), None)
        if lead is None:
            continue
        pressed.add(lead)
        began = time.perf_counter()
        envelope = await slack.press_claim(lead, officers[len(pressed) % len(officers)])
        await until(lambda envelope=envelope: envelope in slack.acked)  # type: ignore[misc]
        acks.append((slack.acked[envelope] - began) * 1000)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m bench.burst", description="A burst under Slack's own limit.")
    options.add_argument("--leads", type=int, default=LEADS, help="how many come at once")
    options.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    chosen = options.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(runner.run(burst("postgresql" if chosen.postgresql else "sqlite", chosen.leads)))


if __name__ == "__main__":
    main()
