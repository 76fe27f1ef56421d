"""Counts of many kinds, in many steps of time, over any days: as few sums of whole blocks of days, each one long number."""

# A look over 30 days of ten teams adds up what a hundred thousand leads took. As a row for each step that takes a fifth of a second. As
# numbers of 32 bits for each kind and step, laid end to end, it is one addition for each block of days, whatever is in it.

import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

BLOCKS = (1, 4, 16, 64, 256)
"""Days of a block, each a multiple of the one before: any thirty days take seven of them at most, and any year thirteen."""
_BYTES = 4


def blocks_of(day: date) -> list[tuple[int, date]]:
    """The blocks that hold a day: how many days each has, and its first."""
    return [(days, date.fromordinal(day.toordinal() // days * days)) for days in BLOCKS]


def cover(first: date, last: date) -> list[tuple[int, date]]:
    """As few blocks as hold each day from the first on once, and none before; the last of them may go beyond the last day."""
    found, at = [], first.toordinal()
    while at <= last.toordinal():
        days = max(days for days in BLOCKS if at % days == 0)
        found.append((days, date.fromordinal(at)))
        at += days
    return found


def tally(step: int, counts: Sequence[int]) -> int:
    """The long number of so many of each kind in one step. They may be below zero, as long as the sum that they go into is not."""
    return sum(count << 8 * _BYTES * (step * len(counts) + kind) for kind, count in enumerate(counts))


def steps_of(total: int, kinds: int) -> Sequence[Mapping[int, int]]:
    """Of each kind, how many are in which step."""
    words = -(-total.bit_length() // (8 * _BYTES))
    counts = struct.unpack(f"<{words}I", total.to_bytes(words * _BYTES, "little"))
    return [{step: count for step, count in enumerate(counts[kind::kinds]) if count} for kind in range(kinds)]


def packed(total: int) -> bytes:
    """To be kept: most of it is zeros. Raises OverflowError for a total below zero."""
    return zlib.compress(total.to_bytes(-(-total.bit_length() // 8), "little"), level=1)


@lru_cache(maxsize=1024)
def unpacked(kept: bytes) -> int:
    """Remembered, ten kilobytes each: most days are over, and whoever looks at many teams looks at hundreds of these."""
    return int.from_bytes(zlib.decompress(kept), "little")
