"""`python -m bench`: measure, print the table, and keep it in RESULTS.md. `--quick` takes less than two minutes and keeps nothing."""

import argparse
import asyncio
import sys
from pathlib import Path

import uvloop

from bench.burst import burst
from bench.measuring import FULL, QUICK, Plan, measure
from bench.report import NAMES, Results, report
from bench.subjects import Kind

KEPT_IN = Path(__file__).parent / "RESULTS.md"
BY_OTHERS = "\n## Deciding: "
"""What stands from here on was measured by the commands that it names, and stays."""
KINDS: tuple[Kind, ...] = ("floor", "sqlite", "postgresql")


async def run(plan: Plan, kinds: tuple[Kind, ...]) -> str:
    """Every server in turn, so that a slow minute of the machine hits all alike; then the burst."""
    results: Results = {kind: [] for kind in kinds}
    for number in range(1, plan.runs + 1):
        for kind in kinds:
            print(f"run {number} of {plan.runs}: {NAMES[kind]}", file=sys.stderr, flush=True)
            results[kind].append(await measure(kind, plan))
    print("a burst under Slack's own limit", file=sys.stderr, flush=True)
    return report(results, await burst("sqlite", plan.burst), plan)


def main() -> None:
    """Read the options and measure."""
    options = argparse.ArgumentParser(prog="python -m bench", description="How fast a lead rings.")
    options.add_argument("--quick", action="store_true", help="one short run, kept nowhere")
    options.add_argument("--sqlite", action="store_true", help="only the floor and SQLite")
    chosen = options.parse_args()
    kinds: tuple[Kind, ...] = ("floor", "sqlite") if chosen.sqlite else KINDS
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        text = runner.run(run(QUICK if chosen.quick else FULL, kinds))
    print(text)
    if not chosen.quick and not chosen.sqlite:
        by_others = KEPT_IN.read_text().partition(BY_OTHERS)
        KEPT_IN.write_text(text + "".join(by_others[1:]))


if __name__ == "__main__":
    main()
