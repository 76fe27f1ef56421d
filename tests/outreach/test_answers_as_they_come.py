"""What comes of several calls at once is written down as it comes: a slow one holds up no other, and one that breaks loses no other."""

import asyncio

import pytest

from bot import runner
from bot.runner import DONE_TOGETHER, Together


async def answers(number: int, after: asyncio.Event | None = None) -> int:
    if after is not None:
        await after.wait()
    return number


async def breaks() -> int:
    raise ValueError("broken")


async def test_what_comes_first_is_written_first() -> None:
    slow, written = asyncio.Event(), list[int]()

    async def write_down(numbers: list[int]) -> None:
        written.extend(numbers)
        slow.set()

    await Together[int]().as_they_come([answers(1, slow), answers(2)], write_down)

    assert written == [2, 1]


async def test_a_call_that_breaks_is_told_once_the_others_are_written_down() -> None:
    written: list[int] = []

    async def answers_late() -> int:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return 2

    async def write_down(numbers: list[int]) -> None:
        written.extend(numbers)

    with pytest.raises(ValueError, match="broken"):
        await Together[int]().as_they_come([breaks(), answers_late()], write_down)

    assert written == [2]


async def test_what_cannot_be_written_down_keeps_back_nothing_that_comes_later() -> None:
    first_failed, written = asyncio.Event(), list[int]()

    async def write_down(numbers: list[int]) -> None:
        if numbers == [1]:
            first_failed.set()
            raise ValueError("away")
        written.extend(numbers)

    with pytest.raises(ValueError, match="away"):
        await Together[int]().as_they_come([answers(1), answers(2, first_failed)], write_down)

    assert written == [2]


async def test_what_comes_while_something_is_written_is_written_together_next_whoever_brings_it() -> None:
    together, written, may_end = Together[int](), list[list[int]](), asyncio.Event()

    async def write_down(numbers: list[int]) -> None:
        written.append(numbers)
        await may_end.wait()

    async def bring(*numbers: int) -> None:
        await together.as_they_come(map(answers, numbers), write_down)

    first = asyncio.create_task(bring(0))
    while not written:
        await asyncio.sleep(0)
    others = [asyncio.create_task(bring(number)) for number in range(1, DONE_TOGETHER + 3)]
    for _ in range(10):  # each begins, is answered, and waits for its turn
        await asyncio.sleep(0)
    may_end.set()
    await asyncio.gather(first, *others)

    assert written == [[0], [*range(1, DONE_TOGETHER + 1)], [DONE_TOGETHER + 1, DONE_TOGETHER + 2]]


async def test_while_others_are_under_way_what_came_waits_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "COMPANY_COMES_WITHIN", 600.0)
    together, written, second, third = Together[int](), list[list[int]](), asyncio.Event(), asyncio.Event()

    async def write_down(numbers: list[int]) -> None:
        written.append(numbers)

    both = asyncio.create_task(together.as_they_come([answers(1), answers(2, second)], write_down))
    other = asyncio.create_task(together.as_they_come([answers(3, third)], write_down))
    for event in (second, third):
        for _ in range(10):
            await asyncio.sleep(0)
        assert not written
        event.set()
    await asyncio.gather(both, other)

    assert written == [[1, 2, 3]]


async def test_nobody_waits_for_company_that_cannot_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "COMPANY_COMES_WITHIN", 600.0)
    together, written = Together[int](), list[list[int]]()

    async def write_down(numbers: list[int]) -> None:
        written.append(numbers)

    await together.as_they_come([answers(1)], write_down)
    with pytest.raises(ValueError, match="broken"):
        await together.as_they_come([answers(2), breaks()], write_down)
    never = asyncio.create_task(together.as_they_come([answers(3, asyncio.Event())], write_down))
    for _ in range(10):
        await asyncio.sleep(0)
    never.cancel()
    await asyncio.wait([never])
    await together.as_they_come([answers(4)], write_down)

    assert written == [[1], [2], [4]]


async def test_enough_company_waits_for_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "COMPANY_COMES_WITHIN", 600.0)
    together, written, last = Together[int](), list[list[int]](), asyncio.Event()

    async def write_down(numbers: list[int]) -> None:
        written.append(numbers)
        last.set()

    await together.as_they_come([*map(answers, range(DONE_TOGETHER)), answers(DONE_TOGETHER, last)], write_down)

    assert written == [[*range(DONE_TOGETHER)], [DONE_TOGETHER]]


async def test_whoever_is_told_that_it_is_written_down_can_rely_on_it() -> None:
    together, written = Together[int](), set[int]()

    async def write_down(numbers: list[int]) -> None:
        await asyncio.sleep(0)
        written.update(numbers)

    async def bring(number: int) -> None:
        await together.as_they_come([answers(number)], write_down)
        assert number in written

    await asyncio.gather(*(bring(number) for number in range(5 * DONE_TOGETHER)))


async def test_what_could_not_be_written_down_is_told_to_whoever_wrote_and_keeps_back_no_other() -> None:
    together, written = Together[int](), list[int]()

    async def write_down(numbers: list[int]) -> None:
        if 1 in numbers:
            raise ValueError("away")
        written.extend(numbers)

    with pytest.raises(ValueError, match="away"):
        await together.as_they_come([answers(1)], write_down)
    await together.as_they_come([answers(2)], write_down)

    assert written == [2]
