"""`python -m bench`: measure, print the table, and keep it in RESULTS.md. `--quick` takes less than two minutes and keeps nothing."""

import argparse
import asyncio
import sys
from pathlib import Path

import uvloop

from bench.burst import Burst, burst
from bench.filled import EVENTS, FOLDER, LEADS
from bench.measuring import FULL, QUICK, Plan, Size, measure
from bench.pipeline import HEADER, measured, table
from bench.report import NAMES, Results, report
from bench.subjects import Kind

KEPT_IN = Path(__file__).parent / "RESULTS.md"
BY_OTHERS = "\n## Deciding: "
"""What stands from here on was measured by the commands that it names, and stays."""
KINDS: tuple[Kind, ...] = ("floor", "sqlite", "postgresql", "postgresql x2", "postgresql x4")


async def run(plan: Plan, kinds: tuple[Kind, ...], runs: int, size: Size | None) -> tuple[Results, Burst]:
    """Every server in turn, so that a slow minute of the machine hits all alike; then the burst."""
    results: Results = {kind: [] for kind in kinds}
    for number in range(1, runs + 1):
        for kind in kinds:
            print(f"run {number} of {runs}: {NAMES[kind]}", file=sys.stderr, flush=True)
            results[kind].append(await measure(kind, plan, size))
    print("a burst under Slack's own limit", file=sys.stderr, flush=True)
    return results, await burst("sqlite", plan.burst)


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(prog="python -m bench", description="How fast a lead rings.")
    options.add_argument("--quick", action="store_true", help="one short run over empty stores, kept nowhere")
    options.add_argument("--sqlite", action="store_true", help="only the floor and SQLite; kept nowhere")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--leads", type=int, default=LEADS, help="how many the stores hold at first; 0 for empty ones")
    options.add_argument("--events", type=int, default=EVENTS, help="how many rows their timelines have in all")
    options.add_argument("--folder", type=Path, default=FOLDER, help="where the filled stores are kept")
    chosen = options.parse_args()
    kinds = KINDS[:2] if chosen.sqlite else KINDS[:3] if chosen.quick else KINDS
    size = Size(chosen.leads, chosen.events, chosen.folder) if chosen.leads and not chosen.quick else None
    plan, runs = (QUICK, 1) if chosen.quick else (FULL, chosen.runs)
    looks: list[str] = []
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for kind in ("sqlite", "postgresql") if size else ():
            if kind in kinds:
                looks += table(kind, measured(kind, chosen.leads, chosen.events, chosen.folder, runner))
        results, burst = runner.run(run(plan, kinds, runs, size))
    text = report(results, burst, plan, size, [*HEADER, *looks] if looks else [])
    print(text)
    if not chosen.quick and not chosen.sqlite:
        by_others = KEPT_IN.read_text().partition(BY_OTHERS)
        KEPT_IN.write_text(text + "".join(by_others[1:]))


if __name__ == "__main__":
    main()
