"""Keeps background work going: one step after another, whatever a single step runs into."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any, Generic, TypeVar

import structlog

from bot.errors import LeadbellError

log = structlog.get_logger()

Answer = TypeVar("Answer")

AFTER_A_FAILURE = 1.0
COMPANY_COMES_WITHIN = 0.01
"""Seconds that whoever's turn it is waits at most for others that are under way: a transaction takes as long for one as for five."""
DONE_TOGETHER = 20
"""How much of what several wait for goes into one transaction: meanwhile SQLite lets nobody else write."""


async def forever(step: Callable[[], Awaitable[None]]) -> None:
    """Repeat a step until cancelled."""
    while True:
        await _do_a_step(step)


async def until(ending: asyncio.Event, step: Callable[[], Awaitable[None]]) -> None:
    """The same until the event: a step that was begun is finished, and none is begun any more."""
    while not ending.is_set():
        await _do_a_step(step)


async def _do_a_step(step: Callable[[], Awaitable[None]]) -> None:
    """A step that breaks is reported by kind and place, never by its text, which may quote a borrower."""
    try:
        await step()
    except LeadbellError as error:
        log.error(str(error))
        await asyncio.sleep(AFTER_A_FAILURE)
    except Exception as error:  # the one place that keeps everything else alive
        log.error("background work broke", error=type(error).__name__, where=places(error))
        await asyncio.sleep(AFTER_A_FAILURE)


class Together(Generic[Answer]):
    """Where what comes of calls is written down: cheaper for many at once, so what comes while some is written shares the next turn."""

    def __init__(self) -> None:
        self._under_way: set[Coroutine[Any, Any, Answer]] = set()
        self._waiting: list[Answer] = []
        self._complete = asyncio.Event()
        self._turn = asyncio.Lock()

    async def as_they_come(self, calls: Iterable[Coroutine[Any, Any, Answer]], do: Callable[[list[Answer]], Awaitable[None]]) -> None:
        """Make these calls at once, and have what comes of each written down, with what waits beside it, by whoever's turn it is. Raises
        the first trouble, of a call or of a turn that it had, once all are over."""
        ours = list(calls)
        self._under_way.update(ours)
        try:
            for ended in await asyncio.gather(*(self._one(call, do) for call in ours), return_exceptions=True):
                if ended is not None:
                    raise ended
        finally:
            self._under_way.difference_update(ours)

    async def _one(self, call: Coroutine[Any, Any, Answer], do: Callable[[list[Answer]], Awaitable[None]]) -> None:
        try:
            self._waiting.append(await call)
        finally:
            self._under_way.discard(call)
            if self._is_complete():
                self._complete.set()
        async with self._turn:  # turns come in the order of what waits, so nobody's turn is over before theirs is done
            if not self._waiting:
                return
            await self._company()
            some = self._waiting[:DONE_TOGETHER]
            del self._waiting[:DONE_TOGETHER]
            await do(some)

    def _is_complete(self) -> bool:
        return len(self._waiting) >= DONE_TOGETHER or not self._under_way

    async def _company(self) -> None:
        """Wait for others, while some may come."""
        if self._is_complete():
            return
        self._complete.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(COMPANY_COMES_WITHIN):
                await self._complete.wait()


async def do_or_report(step: Callable[[], Awaitable[None]], report: Callable[[Exception], Awaitable[None]]) -> None:
    """Do something of which it has to be told, or written down, that it broke."""
    try:
        await step()
    except Exception as error:  # whatever it is, it is told
        await report(error)


def places(error: BaseException) -> list[str]:
    """The innermost lines an error went through, as file:line."""
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
