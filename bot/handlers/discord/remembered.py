"""What is known of Discord's threads without asking again, as far as memory may grow: the oldest is forgotten, and asked for once more."""

from collections import OrderedDict
from typing import TypeVar

MOST = 10_000
"""Threads: more than a large company works at a time."""

Key = TypeVar("Key")
Value = TypeVar("Value")


def remember(known: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    """Keep it, in place of the oldest where there are too many."""
    known[key] = value
    known.move_to_end(key)
    if len(known) > MOST:
        known.popitem(last=False)
