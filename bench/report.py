"""The table: medians with the least and the most of the runs, as multiples of the floor, beside the aims and the machine."""

import platform
import statistics
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from bench.burst import Burst
from bench.load import Load
from bench.measuring import CLAIM_RATE, Measured, Plan, Size
from bench.subjects import Kind

NAMES: dict[Kind, str] = {
    "floor": "floor",
    "sqlite": "Leadbell, SQLite",
    "postgresql": "Leadbell, PostgreSQL",
    "postgresql x2": "two processes",
    "postgresql x4": "four processes",
}
PARTS = (0.5, 0.95, 0.99)
RATES_WITH_AIM = range(20, 101)
AIM_P99, AIM_TIMES_FLOOR, AIM_PROCESSOR = "8", "4", "1.6"
"""Aims on two shared cores, for SQLite: milliseconds, times the floor, and processor milliseconds for each lead."""
Results = dict[Kind, list[Measured]]


def report(results: Results, burst: Burst, plan: Plan, size: Size | None, looks: Sequence[str]) -> str:
    """What this command measured, as RESULTS.md begins."""
    holds = f"{size.leads:,} leads and {size.events:,} events" if size else "nothing"
    return "\n".join(
        [
            "# How fast a lead rings: `python -m bench`",
            "",
            f"{date.today()}, {machine()}. Each store holds {holds} at first.",
            "",
            f"Cells are the median of {len(results['floor'])} runs, with the least and the most in parentheses.",
            "The server, PostgreSQL, the sender of the leads and the stand-in Slack share this machine. SQLite flushes each commit",
            "(`synchronous=FULL`; what waits together shares one) but that something was shown, which is found again; PostgreSQL flushes",
            "each. Open loop: a lead counts from its scheduled instant until its card is received in Slack. Floor: a bare relay on the",
            "same server software that validates, commits one durable row and posts.",
            "The stand-in Slack answers at once; the real one takes 100 ms and more, and one post a second and channel.",
            "A lead's processor time holds all that follows from it: its card, the rings and lists of two officers, and Slack's echo.",
            "",
            *_ringing(results, plan),
            "",
            *_the_rest(results),
            "",
            *(["## Looks at the pipeline", "", *looks, ""] if looks else []),
            "## With Slack's own limit: one post a second and channel",
            "",
            str(burst),
            "",
        ]
    )


def machine() -> str:
    """Cores, processor, kernel and Python."""
    info = Path("/proc/cpuinfo").read_text()
    model = next((line.partition(":")[2].strip() for line in info.splitlines() if line.startswith("model name")), platform.machine())
    return f"{info.count('processor	')} cores ({model}), Linux {platform.release()}, Python {platform.python_version()}"


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Median (least-most)."""
    middle, least, most = (f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
    return middle if len(values) == 1 else f"{middle} ({least}-{most})"


def _ringing(results: Results, plan: Plan) -> list[str]:
    lines = [
        "| leads/s | server | p50 ms | p95 ms | p99 ms | aim | p99 / floor | aim | processor ms/lead | aim | lost |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for rate in plan.leads_at:
        floor = statistics.median(_p99(run.rings[rate]) for run in results["floor"])
        for kind, runs in results.items():
            loads = [run.rings[rate] for run in runs]
            aimed = kind == "sqlite" and rate in RATES_WITH_AIM
            cells = [spread([load.percentile(part) for load in loads]) for part in PARTS]
            cells += [f"< {AIM_P99}" if aimed else "", f"{statistics.median(map(_p99, loads)) / floor:.1f}"]
            cells += [f"< {AIM_TIMES_FLOOR}" if aimed else "", spread([load.processor for load in loads], 2)]
            cells += [f"< {AIM_PROCESSOR}" if aimed else "", str(sum(load.lost for load in loads))]
            lines.append(f"| {rate} | {NAMES[kind]} | {' | '.join(cells)} |")
    return lines


def _p99(load: Load) -> float:
    return load.percentile(0.99)


def _the_rest(results: Results) -> list[str]:
    kinds = list(results)
    rows: list[tuple[str, str, Callable[[Measured], float | None]]] = [
        ("sustained leads/s (p99 under 1 s, none lost)", "> 600", lambda run: run.sustained),
        (f"Claim pressed to ack at {CLAIM_RATE}/s, p50 ms", "", lambda run: run.claims.percentile(0.5) if run.claims else None),
        ("p95 ms", "", lambda run: run.claims.percentile(0.95) if run.claims else None),
        ("p99 ms", "< 6", lambda run: run.claims.percentile(0.99) if run.claims else None),
        ("acks lost", "0", lambda run: run.claims.lost if run.claims else None),
        ("processor ms per claim, with its redrawn card and direct message", "", lambda run: run.claims.processor if run.claims else None),
        ("rows a second of its driver alone", "", lambda run: run.driver),
        ("sustained leads, of that", "", lambda run: (run.sustained or 0.0) / run.driver),
        ("rung again after a minute, seconds late, p50", "", lambda run: run.escalations.half if run.escalations else None),
        ("p95", "< 4", lambda run: run.escalations.most if run.escalations else None),
        ("worst", "", lambda run: run.escalations.worst if run.escalations else None),
        ("start, seconds to the first answer", "< 1.5", lambda run: run.start_seconds),
        ("idle memory of all its processes, MB", "< 150", lambda run: run.idle_megabytes),
    ]
    lines = [f"| | aim | {' | '.join(NAMES[kind] for kind in kinds)} |", "|---" * (len(kinds) + 2) + "|"]
    for name, aim, of in rows:
        cells = [aim]
        for kind in kinds:
            values = [value for value in map(of, results[kind]) if value is not None]
            cells.append(spread(values, 2 if max(values) < 10 else 0) if values else "-")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines
