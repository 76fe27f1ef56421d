"""What comes of several calls at once is written down as it comes: a slow one holds up no other, and one that breaks loses no other."""

import asyncio

import pytest

from bot.runner import DONE_TOGETHER, Together, as_they_come


async def test_what_comes_first_is_written_first() -> None:
    slow, written = asyncio.Event(), list[int]()

    async def answers(number: int, after: asyncio.Event | None = None) -> int:
        if after is not None:
            await after.wait()
        return number

    async def write_down(number: int) -> None:
        written.append(number)
        slow.set()

    await as_they_come([answers(1, slow), answers(2)], write_down)

    assert written == [2, 1]


async def test_a_call_that_breaks_is_told_once_the_others_are_written_down() -> None:
    written: list[int] = []

    async def breaks() -> int:
        raise ValueError("broken")

    async def answers() -> int:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return 2

    async def write_down(number: int) -> None:
        written.append(number)

    with pytest.raises(ValueError, match="broken"):
        await as_they_come([breaks(), answers()], write_down)

    assert written == [2]


async def test_what_cannot_be_written_down_keeps_back_nothing_that_comes_later() -> None:
    first_failed, written = asyncio.Event(), list[int]()

    async def answers(number: int, after: asyncio.Event | None) -> int:
        if after is not None:
            await after.wait()
        return number

    async def write_down(number: int) -> None:
        if number == 1:
            first_failed.set()
            raise ValueError("away")
        written.append(number)

    with pytest.raises(ValueError, match="away"):
        await as_they_come([answers(1, None), answers(2, first_failed)], write_down)

    assert written == [2]


async def test_what_comes_while_something_is_written_is_written_together_next_whoever_brings_it() -> None:
    together, written, may_end = Together[int](), list[list[int]](), asyncio.Event()

    async def write_down(numbers: list[int]) -> None:
        written.append(numbers)
        await may_end.wait()

    first = asyncio.create_task(together.share(0, write_down))
    while not written:
        await asyncio.sleep(0)
    others = [asyncio.create_task(together.share(number, write_down)) for number in range(1, DONE_TOGETHER + 3)]
    await asyncio.sleep(0)  # each task begins, and waits for its turn
    may_end.set()
    await asyncio.gather(first, *others)

    assert written == [[0], [*range(1, DONE_TOGETHER + 1)], [DONE_TOGETHER + 1, DONE_TOGETHER + 2]]


async def test_whoever_is_told_that_it_is_written_down_can_rely_on_it() -> None:
    together, written = Together[int](), set[int]()

    async def write_down(numbers: list[int]) -> None:
        await asyncio.sleep(0)
        written.update(numbers)

    async def bring(number: int) -> None:
        await together.share(number, write_down)
        assert number in written

    await asyncio.gather(*(bring(number) for number in range(5 * DONE_TOGETHER)))


async def test_what_could_not_be_written_down_is_told_to_whoever_wrote_and_keeps_back_no_other() -> None:
    together, written = Together[int](), list[int]()

    async def write_down(numbers: list[int]) -> None:
        if 1 in numbers:
            raise ValueError("away")
        written.extend(numbers)

    with pytest.raises(ValueError, match="away"):
        await together.share(1, write_down)
    await together.share(2, write_down)

    assert written == [2]
