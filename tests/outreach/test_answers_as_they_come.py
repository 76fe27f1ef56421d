"""What comes of several calls at once is written down as it comes: a slow one holds up no other, and one that breaks loses no other."""

import asyncio

import pytest

from bot.runner import as_they_come


async def test_what_comes_first_is_written_first_and_what_comes_meanwhile_together() -> None:
    slow, written = asyncio.Event(), list[set[int]]()

    async def answers(number: int, after: asyncio.Event | None = None) -> int:
        if after is not None:
            await after.wait()
        return number

    async def write_down(numbers: list[int]) -> None:
        written.append(set(numbers))
        slow.set()

    await as_they_come([answers(1), answers(2, slow), answers(3, slow)], write_down)

    assert written == [{1}, {2, 3}]


async def test_a_call_that_breaks_is_told_once_the_others_are_written_down() -> None:
    written: list[int] = []

    async def breaks() -> int:
        raise ValueError("broken")

    async def answers() -> int:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return 2

    async def write_down(numbers: list[int]) -> None:
        written.extend(numbers)

    with pytest.raises(ValueError, match="broken"):
        await as_they_come([breaks(), answers()], write_down)

    assert written == [2]


async def test_what_cannot_be_written_down_keeps_back_nothing_that_comes_later() -> None:
    first_failed, written = asyncio.Event(), list[int]()

    async def answers(number: int, after: asyncio.Event | None) -> int:
        if after is not None:
            await after.wait()
        return number

    async def write_down(numbers: list[int]) -> None:
        if 1 in numbers:
            first_failed.set()
            raise ValueError("away")
        written.extend(numbers)

    with pytest.raises(ValueError, match="away"):
        await as_they_come([answers(1, None), answers(2, first_failed)], write_down)

    assert written == [2]
