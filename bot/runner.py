"""Keeps background work going: one step after another, whatever a single step runs into."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

import structlog

from bot.errors import LeadbellError

log = structlog.get_logger()

Answer = TypeVar("Answer")

AFTER_A_FAILURE = 1.0


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


async def as_they_come(calls: Iterable[Coroutine[Any, Any, Answer]], write_down: Callable[[list[Answer]], Awaitable[None]]) -> None:
    """Make these calls at once. What comes of one is written down as soon as it is there; what comes meanwhile, together after that.
    Raises the first trouble once all are over."""
    waiting = {asyncio.create_task(call) for call in calls}
    troubles: list[BaseException] = []
    try:
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            broken = [trouble for each in done if (trouble := each.exception()) is not None]
            came = [each.result() for each in done if each.exception() is None]
            written = await asyncio.gather(*([write_down(came)] if came else []), return_exceptions=True)
            troubles += [*broken, *(each for each in written if each is not None)]
    finally:
        for each in waiting:
            each.cancel()
    if troubles:
        raise troubles[0]


async def do_or_report(step: Callable[[], Awaitable[None]], report: Callable[[Exception], Awaitable[None]]) -> None:
    """Do something that a person waits for, where nobody else would hear that it broke."""
    try:
        await step()
    except Exception as error:  # whatever it is, the person is told
        await report(error)


def places(error: BaseException) -> list[str]:
    """The innermost lines an error went through, as file:line."""
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
