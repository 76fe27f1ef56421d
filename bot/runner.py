"""Keeps background work going: one step after another, whatever a single step runs into."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Generic, TypeVar

import structlog

from bot.errors import LeadbellError

log = structlog.get_logger()

Answer = TypeVar("Answer")

AFTER_A_FAILURE = 1.0
COMPANY_COMES_WITHIN = 0.01
"""Seconds that whoever's turn it is waits for others: a transaction takes as long for one as for five."""
DONE_TOGETHER = 20
"""How much of what several wait for goes into one transaction: meanwhile SQLite lets nobody else write."""


async def forever(step: Callable[[], Awaitable[None]]) -> None:
    """Repeat a step until cancelled. A step that breaks is reported by kind and place, never by its text, which may quote a borrower."""
    while True:
        try:
            await step()
        except LeadbellError as error:
            log.error(str(error))
            await asyncio.sleep(AFTER_A_FAILURE)
        except Exception as error:  # the one place that keeps everything else alive
            log.error("background work broke", error=type(error).__name__, where=places(error))
            await asyncio.sleep(AFTER_A_FAILURE)


async def as_they_come(calls: Iterable[Coroutine[Any, Any, Answer]], write_down: Callable[[Answer], Awaitable[None]]) -> None:
    """Make these calls at once, and write down what comes of each as soon as it is there. Raises the first trouble once all are over."""

    async def one(call: Coroutine[Any, Any, Answer]) -> None:
        await write_down(await call)

    for ended in await asyncio.gather(*map(one, calls), return_exceptions=True):
        if ended is not None:
            raise ended


class Together(Generic[Answer]):
    """Where several have something done that is cheaper for many at once: what comes while one has its turn shares the next."""

    def __init__(self) -> None:
        self._waiting: list[Answer] = []
        self._turn = asyncio.Lock()

    async def share(self, each: Answer, do: Callable[[list[Answer]], Awaitable[None]]) -> None:
        """Have this done, with what waits beside it, by whoever's turn it is. Whose turn it is hears of the trouble with it."""
        self._waiting.append(each)
        async with self._turn:  # turns come in the order of what waits, so nobody's turn is over before theirs is done
            if not self._waiting:
                return
            await asyncio.sleep(COMPANY_COMES_WITHIN)
            some = self._waiting[:DONE_TOGETHER]
            del self._waiting[:DONE_TOGETHER]
            await do(some)


async def do_or_report(step: Callable[[], Awaitable[None]], report: Callable[[Exception], Awaitable[None]]) -> None:
    """Do something that a person waits for, where nobody else would hear that it broke."""
    try:
        await step()
    except Exception as error:  # whatever it is, the person is told
        await report(error)


def places(error: BaseException) -> list[str]:
    """The innermost lines an error went through, as file:line."""
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
