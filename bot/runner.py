"""Keeps background work going: one step after another, whatever a single step runs into."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import LeadbellError

log = structlog.get_logger()

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


async def do_or_report(step: Callable[[], Awaitable[None]], report: Callable[[Exception], Awaitable[None]]) -> None:
    """Do something that a person waits for, where nobody else would hear that it broke."""
    try:
        await step()
    except Exception as error:  # whatever it is, the person is told
        await report(error)


def places(error: BaseException) -> list[str]:
    """The innermost lines an error went through, as file:line."""
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
