"""How fast leads that waited while the team slept are handed out."""

from datetime import timedelta

PAUSE = timedelta(minutes=3)
"""How long an officer has for one before the next comes."""
ALL_WITHIN = 60.0
"""Callable minutes within which each of them begins to ring, even if nobody is free."""
MOST_RUNG = 3


def rung_for_each(free: int, waiting: int) -> int:
    """How many free officers one lead rings: one while there are as many leads, the usual number where there are few."""
    return max(1, min(MOST_RUNG, free // max(1, waiting)))


def pace(waiting: int, in_line: float) -> timedelta:
    """The time from one to the next while nobody is free. `in_line`: callable minutes that this lead waits for it."""
    left = timedelta(minutes=max(0.0, ALL_WITHIN - in_line))
    return min(PAUSE, left / max(1, waiting))
