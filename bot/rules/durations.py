"""Lengths of time counted in steps, fine where it matters: a median over a million leads then costs as little as over ten."""

from bisect import bisect_left
from collections.abc import Mapping

_STEPS = ((10.0, 0.1), (60.0, 1.0), (600.0, 10.0), (7200.0, 60.0), (86400.0, 1440.0))
"""Up to so many minutes in steps of so many: 6 seconds up to ten minutes, in the end days, up to 60 of them."""


def _edges() -> tuple[float, ...]:
    edges: list[float] = []
    for last, width in _STEPS:
        first = edges[-1] if edges else 0.0
        edges += [round(first + step * width, 1) for step in range(1, round((last - first) / width) + 1)]
    return tuple(edges)


EDGES = _edges()
"""The last minute that each step holds. What is longer still is in one more step."""


def step_of(minutes: float) -> int:
    """The step that holds so many minutes, counted from 0. A whole step's last minute is in it: 5.0 minutes are within 5."""
    return bisect_left(EDGES, minutes)


def within(counts: Mapping[int, int], minutes: float) -> int:
    """How many took so long or less; `minutes` is the end of a step."""
    return sum(count for step, count in counts.items() if step <= step_of(minutes))


def percentile(counts: Mapping[int, int], percent: int) -> float | None:
    """The minutes that so many percent of all took at most, as the middle of a step; None of nothing. The last step is its beginning."""
    wanted, seen = max(1, -(-sum(counts.values()) * percent // 100)), 0
    for step in sorted(counts):
        seen += counts[step]
        if counts[step] and seen >= wanted:
            return _middle(step)
    return None


def total(counts: Mapping[int, int]) -> float:
    """The minutes of all together, each as the middle of its step; those of the last step as its beginning."""
    return sum(count * _middle(step) for step, count in counts.items())


def _middle(step: int) -> float:
    if step == len(EDGES):
        return EDGES[-1]
    return (EDGES[step] + (EDGES[step - 1] if step else 0.0)) / 2
